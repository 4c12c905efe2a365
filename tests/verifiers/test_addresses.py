"""G3 and G6: whose an address is, and when two are one page."""

from dataclasses import replace

from minhchung.evidence import AgencyCode
from tests.verifiers.builders import AGENCY
from verifiers.addresses import is_own, own_places, page_key


def test_one_page_answers_on_http_and_https_with_and_without_slash() -> None:
    """Links between the two are links to the same page."""
    assert page_key("https://www.SoThiDu.example.vn/gioi-thieu/?utm_source=x") == page_key(
        "http://sothidu.example.vn/gioi-thieu"
    )


def test_a_portal_on_a_host_of_its_own_owns_the_whole_host() -> None:
    """The portal's address may be a start page deep inside its host."""
    places = own_places(replace(AGENCY, portal="http://sothidu.example.vn/vi/trang-chu.html"), (AGENCY,))

    assert is_own("http://sothidu.example.vn/tin/1", places)
    assert not is_own("http://sothidu.example.vn.evil.example/tin/1", places)


def test_portals_on_one_host_are_told_apart_by_their_paths() -> None:
    """G3: hosts or path prefixes; another agency's page of the same platform is not its own."""
    mine = replace(AGENCY, portal="http://cong.example.vn/so-mot/")
    other = replace(AGENCY, code=AgencyCode("so-hai"), portal="http://cong.example.vn/so-hai/")
    places = own_places(mine, (mine, other))

    assert is_own("http://cong.example.vn/so-mot/lien-he", places)
    assert is_own("http://cong.example.vn/so-mot", places)
    assert not is_own("http://cong.example.vn/so-hai/lien-he", places)
    assert not is_own("http://cong.example.vn/so-mot-khac/", places)


def test_further_hosts_of_the_registry_are_the_agencys_own() -> None:
    """`host`, `host:port` or `host/path`."""
    places = own_places(replace(AGENCY, hosts=("www.phu.example.vn:8080", "chung.example.vn/std")), ())

    assert is_own("http://phu.example.vn:8080/a", places)
    assert is_own("https://chung.example.vn/std?page=2", places)
    assert not is_own("https://chung.example.vn/khac", places)


def test_an_agency_without_a_portal_owns_nothing() -> None:
    """An unconfirmed portal stays empty."""
    assert own_places(replace(AGENCY, portal=""), ()) == ()
