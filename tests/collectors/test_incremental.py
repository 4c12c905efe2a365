"""A second crawl: little is asked for, and what changed is noticed; validators or none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from minhchung.holdings import Change, VisitReport
from minhchung.observations import NewsItem, SitePage
from minhchung.sources import CrawlTerms
from tests.collectors.memory import Memory
from tests.collectors.tiny import TERMS, Tiny, conditional, listing, page, paged, row, visit
from tests.collectors.worlds import Handler, Reply, Request, World

FIRST, SECOND = "20211104T020000Z-1", "20211111T020000Z-1"
NEWEST = date(2021, 11, 3)
LOOKING = replace(TERMS, second_look_percent=5)
LOOKS = 200 * 5 // 100
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
    before: dict[str, Reply | Handler], after: dict[str, Reply | Handler], terms: CrawlTerms = TERMS
) -> tuple[Memory, World, VisitReport, VisitReport, list[str]]:
    """Visit, let the portal change, visit again; returns what the second visit asked for."""
    memory = Memory()
    async with World(pages=before) as world:
        first = await visit(world, memory, Tiny(), run=FIRST, terms=terms)
        world.requests.clear()
        world.pages = after
        second = await visit(world, memory, Tiny(), run=SECOND, terms=terms)
    return memory, world, first, second, [request.target for request in world.requests]


@pytest.mark.parametrize("serve", [plain, strong, weak, changing])
async def test_an_unchanged_portal_costs_a_fraction_the_second_time(serve: Serve) -> None:
    """At most 15 % of the first crawl's requests, whatever the server says of its pages."""
    pages = portal(rows(200, 200), serve)

    memory, _, first, second, asked = await twice(pages, pages, LOOKING)

    assert first.attempts > 200
    assert len(asked) == second.attempts <= first.attempts * 15 // 100
    assert len([path for path in asked if path.startswith("/bai/")]) == LOOKS
    assert second.not_modified == (2 + LOOKS if serve in (strong, weak) else 0)
    assert (second.state, second.changes) == ("ok", ())
    assert memory.captures[-1].ended == "known-run"
    again = [each for each in memory.of(SitePage) if each.run == SECOND]
    # Equal bytes are the record that we hold, where a validator names it; else the page is read once more.
    assert len(again) == (2 + LOOKS if serve is plain else 0)


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


TEXT = "Ủy ban nhân dân tỉnh yêu cầu các sở, ban, ngành hoàn thành số hóa hồ sơ trước ngày 30 tháng 9. "


@pytest.mark.parametrize("serve", [plain, strong, changing])
async def test_an_edit_inside_a_page_is_noticed_when_its_turn_comes(serve: Serve) -> None:
    """Another title, another paragraph; a counter is no edit; a page that is gone is withdrawn."""
    all_of_them = replace(TERMS, second_look_percent=100)
    before = portal(rows(8, 8), serve)
    before |= {f"/bai/{n}": serve(page(f"Bài {n}", text=f"{TEXT}Lượt xem: 10")) for n in range(1, 9)}
    after = before | {
        "/bai/3": serve(page("Bài 3", text=TEXT.replace("hoàn thành", "báo cáo kết quả"))),
        "/bai/4": serve(page("Bài 4", "<h1>Bài 4 (đính chính)</h1>", text=f"{TEXT}Lượt xem: 10")),
        "/bai/5": serve(page("Bài 5", text=f"{TEXT}Lượt xem: 987")),
        "/bai/6": Reply("không còn", 404),
    }

    _, _, first, second, asked = await twice(before, after, all_of_them)

    found = {(change.what, change.identity): (change.before, change.now) for change in second.changes}
    assert first.changes == ()
    assert [f"/bai/{n}" for n in range(1, 9)] == sorted(path for path in asked if path.startswith("/bai/"))
    assert set(found) == {("edited", "3"), ("edited", "4"), ("withdrawn", "6")}
    assert found["edited", "4"] == ("page", "Bài 4 (đính chính)")
    assert "2 mục sửa nội dung" in second.detail


async def test_the_draw_is_the_same_for_everybody_and_another_each_day() -> None:
    """Seeded by round, agency and local day: an auditor can say which pages had their turn."""
    pages = portal(rows(100, 100), plain)

    async def drawn(at: datetime) -> list[str]:
        memory = Memory()
        async with World(pages=pages) as world:
            await visit(world, memory, Tiny(), run=FIRST, terms=LOOKING)
            world.requests.clear()
            await visit(world, memory, Tiny(), run=SECOND, terms=LOOKING, at=at)
            return sorted(r.target for r in world.requests if r.target.startswith("/bai/"))

    one, other = datetime(2021, 11, 11, 2, tzinfo=UTC), datetime(2021, 11, 12, 2, tzinfo=UTC)
    first, again, next_day = await drawn(one), await drawn(one), await drawn(other)
    assert len(first) == len(next_day) == 5
    assert first == again != next_day


SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
FEED = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>Tin</title>'
    "<entry><title>Bài 9</title><link href='/bai/9'/><published>2021-10-01T00:00:00Z</published>"
    "<updated>2021-11-09T00:00:00Z</updated></entry></feed>"
)


def stamped(**days: str) -> Reply:
    """Return a sitemap that gives items' pages these days of change."""
    rows = (f"<url><loc>/bai/{name[1:]}</loc><lastmod>{day}</lastmod></url>" for name, day in days.items())
    return Reply(SITEMAP.format("".join(rows)), type="application/xml")


async def looked_at_again(after: dict[str, Reply | Handler]) -> list[str]:
    """Visit twice, four days apart, and return the items' pages that the second visit asked for."""
    pages = portal(rows(40, 40), plain)
    terms = replace(TERMS, second_look_percent=1)  # of forty pages none is drawn
    memory = Memory()
    async with World(pages=pages) as world:
        at = datetime(2021, 11, 6, 2, tzinfo=UTC)
        await visit(world, memory, Tiny(), run=FIRST, terms=terms, scope="host", at=at)
        world.requests.clear()
        world.pages = pages | after
        at = datetime(2021, 11, 10, 2, tzinfo=UTC)
        await visit(world, memory, Tiny(), run=SECOND, terms=terms, scope="host", at=at)
        return sorted(r.target for r in world.requests if r.target.startswith("/bai/"))


async def test_a_page_that_a_sitemap_calls_changed_is_looked_at_again() -> None:
    """The sitemap protocol's `lastmod`: a day or an instant; old ones and such that lie ahead say nothing."""
    told = stamped(
        b7="2021-11-08", b8="2021-11-01", b9="2021-11-09T10:00:00+07:00", b10="2031-01-01", b11="x"
    )

    assert await looked_at_again({"/sitemap.xml": told}) == ["/bai/7", "/bai/9"]


async def test_a_page_that_a_feed_calls_updated_is_looked_at_again() -> None:
    """RFC 4287, 4.2.15: `updated` is apart from `published`."""
    home = Reply(listing([], ("list", "/tin", "Tin tức"), ("feed", "/atom", "Atom"), title="Trang chủ"))

    assert await looked_at_again({"/": home, "/atom": Reply(FEED, type="application/atom+xml")}) == ["/bai/9"]


async def test_a_portal_that_calls_everything_changed_is_not_read_anew() -> None:
    """Some systems stamp every page with the moment of asking; ten pages of forty are looked at for that."""
    everything = {f"b{n}": "2021-11-10" for n in range(1, 41)}

    assert len(await looked_at_again({"/sitemap.xml": stamped(**everything)})) == 10


async def test_a_sub_site_is_asked_for_the_sitemap_of_its_own_folder() -> None:
    """Ninety sub-sites of one host have ninety sitemaps."""
    memory = Memory()
    async with World() as world:
        world.pages["/xa-a/"] = Reply(page("Trang chủ"))
        await visit(world, memory, Tiny(), scope="host", portal="/xa-a/")

        assert world.asked("/xa-a/sitemap.xml")
