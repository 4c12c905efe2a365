"""robots.txt: read, obeyed, and never a reason to call a portal dark (RFC 9309)."""

from __future__ import annotations

import pytest

from collectors.robots import RobotsBook, Rules, read

AGENT = "minhchung/0.1 (+kiem chung)"


def test_our_own_group_counts_before_the_general_one() -> None:
    """RFC 9309, 2.2.1: the most specific group."""
    rules = read(
        200,
        b"User-agent: *\nDisallow: /\n\nUser-agent: minhchung\nDisallow: /rieng/\nCrawl-delay: 7\n",
        AGENT,
    )

    assert rules.allow("http://a.example/tin-tuc")
    assert not rules.allow("http://a.example/rieng/1")
    assert rules.delay == 7.0


def test_the_longest_rule_decides() -> None:
    """RFC 9309, 2.2.2."""
    rules = read(200, b"User-agent: *\nDisallow: /van-ban\nAllow: /van-ban/cong-khai\n", AGENT)

    assert not rules.allow("http://a.example/van-ban/1")
    assert rules.allow("http://a.example/van-ban/cong-khai/1")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_no_file_means_no_rules(status: int) -> None:
    """RFC 9309, 2.3.1.3."""
    rules = read(status, b"User-agent: *\nDisallow: /\n", AGENT)

    assert rules.allow("http://a.example/")
    assert rules.said == ""


@pytest.mark.parametrize("status", [500, 503])
def test_a_file_that_the_host_fails_to_give_allows_and_is_said(status: int) -> None:
    """Our departure from RFC 9309, 2.3.1.4: many portals answer so for any file they do not have."""
    rules = read(status, b"", AGENT)

    assert rules.allow("http://a.example/")
    assert "cho phép tất cả" in rules.said


def test_a_file_that_is_no_robots_file_allows_everything() -> None:
    """Portals answer every address with their home page."""
    rules = read(200, b"<!doctype html><title>404</title>\xff\xfe\x00", AGENT)

    assert rules.parsed is None
    assert rules.allow("http://a.example/x")


def test_sitemaps_are_named_outside_groups() -> None:
    """The sitemap protocol's extension."""
    rules = read(200, b"Sitemap: https://a.example/sitemap.xml\n", AGENT)

    assert rules.sitemaps == ("https://a.example/sitemap.xml",)


def test_no_answer_tells_no_rules() -> None:
    """RFC 9309, 2.3.1.4: what cannot be reached allows nothing."""
    assert not read(None, b"", AGENT).answered


async def test_a_host_that_did_not_answer_is_asked_a_second_time_and_then_it_stands() -> None:
    """The second time patiently; a third time would be asked of a dead host for every link."""
    asked: list[bool] = []

    async def ask(url: str, patient: bool) -> Rules:
        asked.append(patient)
        return read(None, b"", AGENT)

    book = RobotsBook()
    for _ in range(4):
        assert not (await book.rules("https://a.example:443", ask)).answered

    assert asked == [False, True]


async def test_a_host_is_asked_once_in_a_run() -> None:
    """Thirty agencies of one host do not ask thirty times."""
    asked: list[str] = []

    async def ask(url: str, patient: bool) -> Rules:
        assert not patient
        asked.append(url)
        return read(404, b"", AGENT)

    book = RobotsBook()
    for _ in range(3):
        await book.rules("https://a.example:443", ask)

    assert asked == ["https://a.example:443/robots.txt"]
