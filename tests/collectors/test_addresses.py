"""Addresses as pages write them."""

import pytest

from collectors.addresses import absolute, pattern_of


@pytest.mark.parametrize(
    ("base", "href", "leads"),
    [
        ("http://a.vn/#/", "#/tin/5", "http://a.vn/#/tin/5"),
        ("http://a.vn/cong/#!/tin", "#!/tin/5?x=1", "http://a.vn/cong/#!/tin/5?x=1"),
        ("http://a.vn/#/", "/#/tin/5", "http://a.vn/#/tin/5"),
        ("http://a.vn/#/", "#top", ""),
        ("http://a.vn/#/", "/tin/5#top", "http://a.vn/tin/5"),
        ("http://a.vn/", "#/tin/5", ""),
        ("http://a.vn/", "/tin/5#/x", "http://a.vn/tin/5"),
        ("http://a.vn/#top", "#/tin/5", ""),
    ],
)
def test_only_a_page_that_stands_at_a_route_leads_to_routes(base: str, href: str, leads: str) -> None:
    """On an ordinary page a fragment is a place on it, whatever it looks like."""
    assert absolute(base, href) == leads


def test_routes_that_differ_in_numbers_have_one_pattern() -> None:
    """Traps are cut by pattern after "#" as before it."""
    one, other, third = map(pattern_of, ("http://a.vn/#/t/1", "http://a.vn/#/t/2", "http://a.vn/#/v/1"))

    assert one == other != third
