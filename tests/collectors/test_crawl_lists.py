"""How lists end: by themselves, or in one of the ways that prove nothing (G7 of the method)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import parse_qsl

import pytest

from collectors.platforms.generic import PLATFORM as GENERIC
from minhchung.observations import (
    ListCapture,
)
from minhchung.sites import ListProfile
from tests.collectors.memory import Memory
from tests.collectors.portals import SECOND, THIRD, with_lists
from tests.collectors.tiny import Tiny, listing, page, row, visit
from tests.collectors.worlds import Reply, Request, World


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A portal to visit."""
    async with with_lists() as served:
        yield served


@pytest.fixture
def memory() -> Memory:
    """A recorder."""
    return Memory()


async def test_a_page_that_repeats_another_ends_the_pass_as_partial(world: World, memory: Memory) -> None:
    """G7: stale hidden fields and server caps give an earlier page once more."""
    world.pages["/tin/3"] = world.pages["/tin"]

    await visit(world, memory)

    (capture,) = memory.of(ListCapture)
    assert capture.ended == "repeated"
    assert len(capture.identities) == 20


async def test_an_item_that_stands_on_top_of_every_page_ends_no_list(world: World, memory: Memory) -> None:
    """Portals pin what matters above the rows of each page; the rows below it are new."""
    pinned = row("b1", "2021-10-27")
    for path, first, last in (("/tin/2", 11, 21), ("/tin/3", 21, 26)):
        rows = [pinned, *(row(f"b{n}", f"2021-10-{28 - n:02}") for n in range(first, last))]
        world.pages[path] = Reply(listing(rows, *([("next", "/tin/3", "Sau")] if first == 11 else [])))

    await visit(world, memory)

    (capture,) = memory.of(ListCapture)
    assert (capture.ended, len(capture.identities)) == ("no-next", 25)


async def test_an_endless_list_ends_at_the_cap(world: World, memory: Memory) -> None:
    """Pagination.max_pages; what is cut is said."""

    def endless(request: Request) -> Reply:
        number = int(request.path.rpartition("/")[2])
        return Reply(listing([row(f"x{number}")], ("next", f"/tin/{number + 1}", "Sau")))

    world.pages |= {f"/tin/{n}": endless for n in range(2, 50)}
    profile = ListProfile(key="tin", url="/tin")
    short = ListProfile(key="tin", url="/tin", pagination=type(profile.pagination)(max_pages=5))
    await visit(world, memory, Tiny(list=(short,)))

    (capture,) = memory.of(ListCapture)
    assert capture.ended == "cap"
    assert len(capture.pages) == 5


async def test_a_failing_page_makes_the_capture_partial_and_is_named(world: World, memory: Memory) -> None:
    """G7: no page failed; a page is tried again before it counts as failed."""
    world.pages["/tin/2"] = Reply("lỗi", 500)

    await visit(world, memory)

    (capture,) = memory.of(ListCapture)
    assert capture.ended == "failed"
    assert capture.failed_pages == (world.url("/tin/2"),)
    assert len(world.asked("/tin/2")) == 3


async def test_a_page_that_recovers_leaves_the_capture_complete(world: World, memory: Memory) -> None:
    """503 flapping: the second try counts, the first is on record."""
    tries = 0
    sound = world.pages["/tin/2"]
    assert isinstance(sound, Reply)

    def flapping(request: Request) -> Reply:
        nonlocal tries
        tries += 1
        return Reply("bận", 503) if tries == 1 else sound

    world.pages["/tin/2"] = flapping
    report = await visit(world, memory)

    assert [capture.ended for capture in memory.of(ListCapture)] == ["no-next"]
    assert report.failed == 1


async def test_a_list_that_shows_no_rows_any_more_is_a_changed_layout(world: World, memory: Memory) -> None:
    """portals.md, section 2: blocked, layout changed and really empty are three outcomes."""
    await visit(world, memory)
    world.pages["/tin"] = Reply(page("Tin tức"))

    await visit(world, memory, run=SECOND)
    world.pages["/tin"] = Reply(listing([], text_of_nothing()))
    await visit(world, memory, run=THIRD)

    assert [capture.ended for capture in memory.of(ListCapture)][1:] == ["layout", "no-next"]


def text_of_nothing() -> str:
    """Return the words by which the test's lists say that they are empty."""
    return "<p>Không có dữ liệu</p>"


async def test_a_portal_whose_every_list_has_changed_is_not_read(world: World, memory: Memory) -> None:
    """layout-changed: nothing is concluded until a reader knows the new layout."""
    home = page("Sở Mô phỏng", ("list", "/tin", "Tin tức"), ("list", "/vb", "Văn bản"))
    world.pages |= {"/": Reply(home), "/vb": Reply(listing([row("v1")], title="văn bản"))}
    await visit(world, memory)
    world.pages |= {"/tin": Reply(page("Mới")), "/vb": Reply(page("Mới"))}

    report = await visit(world, memory, run=SECOND)

    assert report.state == "layout-changed"


async def test_a_declared_list_that_fails_is_told_by_its_last_kind(world: World, memory: Memory) -> None:
    """A capture without a page read still says which list could not be seen."""
    await visit(world, memory)
    del world.pages["/tin"]

    await visit(world, memory, run=SECOND)

    capture = memory.of(ListCapture)[-1]
    assert (capture.ended, capture.item_kind, capture.identities) == ("failed", "news", ())


@pytest.mark.parametrize(
    "pager",
    ["".join(f'<a href="?page={n}">{n}</a> ' for n in (1, 2, 3)), '<a href="?page={next}">Trang sau</a>'],
)
async def test_links_that_stand_in_the_body_itself_turn_every_page(memory: Memory, pager: str) -> None:
    """Fifteen items on three pages: a pager that no element holds loses none of them."""

    def page_of_list(request: Request) -> Reply:
        number = int(dict(parse_qsl(request.target.partition("?")[2])).get("page", "1"))
        rows = "".join(
            f"<div><h3><a href='/tin/{n}'>Cán bộ đi thăm xã thứ {n}</a></h3> {n:02}/09/2021</div>"
            for n in range(number * 5 - 4, number * 5 + 1)
        )
        more = pager.replace("{next}", str(number + 1)) if number < 3 else ""
        return Reply(f"<title>Tin tức</title><body><h1>Tin tức</h1><div>{rows}</div>{more}</body>")

    home = Reply("<title>Sở Mô phỏng</title><h1>Sở Mô phỏng</h1><p><a href='/tin'>Tin tức</a></p>")
    async with World({"/": home, "/tin": page_of_list}) as world:
        report = await visit(world, memory, GENERIC)

    (capture,) = memory.of(ListCapture)
    assert (report.items, len(capture.pages), capture.ended) == (15, 3, "no-next")


async def test_lists_without_rows_on_a_first_visit_are_no_changed_layout(
    world: World, memory: Memory
) -> None:
    """Nothing can have changed where nothing was read before."""
    home = page("Sở Mô phỏng", ("list", "/tin", "Tin tức"), ("list", "/vb", "Văn bản"))
    world.pages |= {"/": Reply(home), "/tin": Reply(listing([])), "/vb": Reply(listing([], title="văn bản"))}

    first = await visit(world, memory)
    again = await visit(world, memory, run=SECOND)

    assert [capture.ended for capture in memory.of(ListCapture)] == ["layout"] * 4
    assert (first.state, again.state) == ("ok", "ok")
