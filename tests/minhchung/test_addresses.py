"""Addresses that are one: the rule on identity (G6 of the method)."""

import pytest

from minhchung.addresses import host_of, normalise


@pytest.mark.parametrize(
    "other",
    [
        "HTTP://www.Muong.Example:80/tin-tuc/bai-1?b=2&a=1#top",
        "http://muong.example/tin-tuc/bai-1?a=1&b=2&utm_source=x&fbclid=y",
        "http://muong.example/tin-tuc/bai-1;jsessionid=0A1B?a=1&b=2",
        " http://muong.example/tin-tuc/bai-1?PHPSESSID=9&b=2&a=1",
        "http://muong.example/tin%2Dtuc/bai-1?b=2&a=1",
    ],
)
def test_what_a_visitor_cannot_tell_apart_is_one_address(other: str) -> None:
    """Case, www, default port, fragment, session ids and tracking parameters do not count; order neither."""
    assert normalise(other) == "http://muong.example/tin-tuc/bai-1?a=1&b=2"


def test_a_path_is_compared_in_nfc() -> None:
    """Slugs and file names are met in both normal forms."""
    assert normalise("https://muong.example/qu\u0065\u0302.pdf") == normalise(
        "https://muong.example/qu%C3%AA.pdf"
    )


def test_another_port_scheme_or_parameter_is_another_address() -> None:
    """Only what the rule names is dropped."""
    assert (
        len({normalise(u) for u in ("http://a.vn/", "https://a.vn/", "http://a.vn:81/", "http://a.vn/?id=1")})
        == 4
    )


@pytest.mark.parametrize("text", ["", "mailto:a@b.vn", "http://[::1", "http://a.vn:99999999/"])
def test_what_is_no_web_address_stays_as_it_is(text: str) -> None:
    """Hostile pages hold anything."""
    assert normalise(text) == text


def test_the_host_is_given_with_a_port_of_its_own_only() -> None:
    """Registries write `host` or `host:port`."""
    assert host_of("https://www.a.vn:443/x") == "a.vn"
    assert host_of("http://127.0.0.1:8104/") == "127.0.0.1:8104"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://a.vn/#/tin/5", "http://www.a.vn/#/tin/5", True),
        ("http://a.vn/#!/tin/5", "http://a.vn/#!/tin/6", False),
        ("http://a.vn/#/tin/5", "http://a.vn/", False),
        ("http://a.vn/#/", "http://a.vn/", True),
        ("http://a.vn/#top", "http://a.vn/", True),
    ],
)
def test_routes_of_pages_made_by_scripts_are_addresses(one: str, other: str, same: bool) -> None:
    """Vue and React routers in hash mode keep the view after "#/"; else it is a place."""
    assert (normalise(one) == normalise(other)) is same
