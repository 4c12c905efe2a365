"""A second crawl: little is asked for, and what changed is noticed; validators or none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from minhchung.holdings import Change, VisitReport
from minhchung.observations import NewsItem, SitePage
from tests.collectors.memory import Memory
from tests.collectors.tiny import Tiny, conditional, listing, page, paged, row, visit
from tests.collectors.worlds import Handler, Reply, Request, World

FIRST, SECOND = "20211104T020000Z-1", "20211111T020000Z-1"
NEWEST = date(2021, 11, 3)
Serve = Callable[[str], Reply | Handler]


def rows(first: int, count: int, **titles: str) -> list[str]:
    """Return rows of a list, newest first: item `first`, then older ones with smaller numbers."""
    return [
        row(str(n), (NEWEST - timedelta(days=(first - n) // 4)).isoformat(), title=titles.get(f"t{n}", ""))
        for n in range(first, first - count, -1)
    ]


def portal(listed: list[str], serve: Serve) -> dict[str, Reply | Handler]:
    """Return a portal: a home page, a list of twenty rows a page, every item's page."""
    pages = paged("/tin", [listed[n : n + 20] for n in range(0, len(listed), 20)])
    html = {path: str(reply.body) for path, reply in pages.items() if isinstance(reply, Reply)}
    html["/"] = listing([], ("list", "/tin", "Tin tức"), title="Trang chủ")
    html |= {f"/bai/{n}": page(f"Bài {n}") for n in range(1, 400)}
    return {path: serve(text) for path, text in html.items()}


def plain(html: str) -> Reply:
    """A server without validators."""
    return Reply(html)


def strong(html: str) -> Handler:
    """A server with ETags."""
    return conditional(html, f'"{hash(html)}"')


def weak(html: str) -> Handler:
    """A server with weak ETags, which compare as well (RFC 9110, 8.8.3.2)."""
    return conditional(html, f'W/"{hash(html)}"')


def changing(html: str) -> Handler:
    """A server behind a balancer: every answer bears another ETag, the body is the same."""
    count = iter(range(10_000))

    def answer(_: Request) -> Reply:
        return Reply(html, headers=(("ETag", f'"{next(count)}"'),))

    return answer


async def twice(
    before: dict[str, Reply | Handler], after: dict[str, Reply | Handler]
) -> tuple[Memory, World, VisitReport, VisitReport, list[str]]:
    """Visit, let the portal change, visit again; returns what the second visit asked for."""
    memory = Memory()
    async with World(pages=before) as world:
        first = await visit(world, memory, Tiny(), run=FIRST)
        world.requests.clear()
        world.pages = after
        second = await visit(world, memory, Tiny(), run=SECOND)
    return memory, world, first, second, [request.target for request in world.requests]


@pytest.mark.parametrize("serve", [plain, strong, weak, changing])
async def test_an_unchanged_portal_costs_a_fraction_the_second_time(serve: Serve) -> None:
    """At most 15 % of the first crawl's requests, whatever the server says of its pages."""
    pages = portal(rows(200, 200), serve)

    memory, _, first, second, asked = await twice(pages, pages)

    assert first.attempts > 200
    assert len(asked) == second.attempts <= first.attempts * 15 // 100
    assert second.not_modified == (2 if serve in (strong, weak) else 0)
    assert (second.state, second.changes) == ("ok", ())
    assert memory.captures[-1].ended == "known-run"
    again = [each for each in memory.of(SitePage) if each.run == SECOND]
    # Equal bytes are the record that we hold, where a validator names it; else the page is read once more.
    assert len(again) == (2 if serve is plain else 0)


@pytest.mark.parametrize("serve", [plain, strong, weak, changing])
async def test_a_list_that_grew_brings_its_new_items_alone(serve: Serve) -> None:
    """New rows are read until what is known comes; known items' pages are not asked for again."""
    _, _, _, second, asked = await twice(portal(rows(200, 200), serve), portal(rows(225, 225), serve))

    items = [path for path in asked if path.startswith("/bai/")]
    assert sorted(items) == sorted(f"/bai/{n}" for n in range(201, 226))
    assert [path for path in asked if path.startswith("/tin")] == ["/tin", "/tin/2", "/tin/3"]
    assert second.state == "ok"


async def test_what_became_of_items_is_told_with_the_account() -> None:
    """Retitled, redated, withdrawn and back-dated items; the account is sealed, nothing is concluded."""
    before = portal(rows(60, 60), plain)
    listed = rows(60, 60, t59="Tên khác hẳn")
    listed[4] = row("56", "2021-09-09")
    del listed[7]  # item 53
    listed.insert(9, row("900", "2021-02-01", title="Ghi lùi"))
    after = portal(listed, plain) | {"/bai/53": Reply("không còn", 404), "/bai/900": Reply(page("Lùi"))}

    memory, _, _, second, asked = await twice(before, after)

    assert "/bai/53" in asked
    assert set(second.changes) == {
        Change(what="retitled", identity="59", before="Bài 59", now="Tên khác hẳn"),
        Change(what="redated", identity="56", before="2021-11-02", now="2021-09-09"),
        Change(what="withdrawn", identity="53", before="Bài 53", now=""),
        Change(what="back-dated", identity="900", before="", now="2021-02-01"),
    }
    assert "1 mục đổi tên" in second.detail
    first_seen = next(each for each in memory.of(NewsItem) if each.identity == "900")
    assert (first_seen.run, first_seen.published) == (SECOND, date(2021, 2, 1))


async def test_a_first_visit_has_nothing_to_tell_changes_from() -> None:
    """Everything is new then; old days are the portal's history."""
    memory = Memory()
    async with World(pages=portal(rows(40, 40), plain)) as world:
        report = await visit(world, memory, Tiny(), run=FIRST)

    assert report.changes == ()
