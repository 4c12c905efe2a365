"""Whose page an address is, on hosts of one's own and on hosts that many agencies share (G3)."""

from __future__ import annotations

import pytest

from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode
from minhchung.places import near_places, of_another, own_places


def agency(code: str, portal: str, *hosts: str) -> Agency:
    """Return an agency of the test registry."""
    return Agency(code=AgencyCode(code), name=code, bloc="b", portal=portal, hosts=hosts)


A = agency("a", "http://cong.example/so-a/")
B = agency("b", "http://cong.example/so-b/trang-chu.aspx")
BARE = agency("a", "http://cong.example/so-a")
ROOT = agency("tinh", "http://cong.example/")
ALONE = agency("c", "http://rieng.example/so-c/")
CAPITAL = agency("f", "http://rieng.example/", "cong.example/So-F")


@pytest.mark.parametrize(
    ("whose", "registry", "path", "own"),
    [
        (A, (A, B), "/so-a/tin/1", True),
        (A, (A, B), "/so-a", True),
        (A, (A, B), "/so-a?trang=2", True),
        (A, (A, B), "/so-ab/tin/1", False),
        (A, (A, B), "/so-b/tin/1", False),
        (A, (A, B), "/chung/tin/1", False),
        (B, (A, B), "/so-b/tin/1", True),
        (BARE, (BARE, B), "/so-a/tin/1", True),
        (BARE, (BARE, B), "/so-b/tin/1", False),
        (BARE, (BARE, B), "/chung/tin/1", False),
        (ROOT, (A, B, ROOT), "/chung/tin/1", True),
        (ROOT, (A, B, ROOT), "/so-a/tin/1", False),
        (A, (A, ALONE), "/chung/tin/1", True),
        (A, (A, agency("d", "", "cong.example/so-d")), "/so-d/1", False),
        (A, (A, agency("d", "", "cong.example")), "/so-d/1", False),
        (agency("a", A.portal, "cong.example/chung"), (A, B), "/chung/tin/1", True),
        (agency("a", A.portal), (A, agency("e", A.portal)), "/so-a/tin/1", True),
        (CAPITAL, (CAPITAL, A), "/So-F/tin/1", True),
        (CAPITAL, (CAPITAL, A), "/so-f/tin/1", False),
        (CAPITAL, (CAPITAL, A), "/so-a/tin/1", False),
        (agency("g", "http://cong.example/xã-g/"), (A,), "/x%c3%a3-g/tin/1", True),
    ],
)
def test_on_a_shared_host_the_longest_configured_prefix_says_whose_page_it_is(
    whose: Agency, registry: tuple[Agency, ...], path: str, own: bool
) -> None:
    """G3: nobody is credited with pages under another agency's prefix; a host of one's own is own whole."""
    assert own_places(whose, registry).hold(f"http://cong.example{path}") is own


@pytest.mark.parametrize("slash", ["/", ""])
def test_of_seventy_five_communes_on_one_server_each_page_is_one_communes(slash: str) -> None:
    """A two-tier province's sub-sites, names that begin alike among them, beside the province's own root."""
    communes = [agency(f"xa-{n}", f"https://xa.example/xa-{n}{slash}") for n in range(1, 76)]
    registry = (agency("tinh", "https://xa.example/"), *communes)
    places = {each.code: own_places(each, registry) for each in registry}

    for each in registry:
        page = f"{each.portal.rstrip('/')}/tin/1"
        assert [code for code, own in places.items() if own.hold(page)] == [each.code]


def test_a_host_of_ones_own_is_own_whole_and_no_further() -> None:
    """The portal's address may be a start page deep inside its host."""
    alone = agency("so", "http://sothidu.example.vn/vi/trang-chu.html")
    own = own_places(alone, (alone,))

    assert own.hold("http://sothidu.example.vn/tin/1")
    assert not own.hold("http://sothidu.example.vn.evil.example/tin/1")


def test_further_hosts_of_the_registry_are_the_agencys_own() -> None:
    """`host`, `host:port` or `host/path`."""
    own = own_places(agency("so", ALONE.portal, "www.phu.example.vn:8080", "chung.example.vn/std"), ())

    assert own.hold("http://phu.example.vn:8080/a")
    assert own.hold("https://chung.example.vn/std?page=2")
    assert not own.hold("https://chung.example.vn/khac")


def test_an_agency_without_a_portal_owns_nothing() -> None:
    """An unconfirmed portal stays empty."""
    nobody = agency("so", "")

    assert not own_places(nobody, (nobody, agency("e", ""))).hold("http://cong.example/")


def test_a_visit_may_be_sent_about_its_host_and_not_into_another_agencys_folder() -> None:
    """Redirects pass through common addresses of the host; another agency's pages are not asked for."""
    near = near_places(A, (A, B), ("chung.example",))
    assert near.hold("http://cong.example/dang-nhap")
    assert near.hold("http://chung.example/x")
    assert not near.hold("http://cong.example/so-b/tin/1")


def test_what_a_neighbour_calls_its_own_is_the_neighbours_and_no_more() -> None:
    """Communes on one host link to each other; what is nobody's, or was handed over, is not another's."""
    later = agency("a-moi", A.portal)
    paths = ("so-a/tin/1", "so-b/tin/1", "so-bc/tin/1", "chung/tin/1")
    urls = [f"http://cong.example/{path}" for path in paths]

    assert of_another([*urls, "http://rieng.example/so-c/1"], A, (A, B, later)) == {urls[1]}
    assert of_another(urls, ROOT, (A, B, ROOT)) == set(urls[:2])
    assert of_another(urls, A, (A,)) == frozenset()
