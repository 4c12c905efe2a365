"""The crawl loop: from a home page to lists, items, files and an account that adds up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest

from minhchung.evidence import Failure
from minhchung.observations import (
    Attachment,
    ListCapture,
    NewsItem,
)
from minhchung.sites import ItemProfile
from tests.collectors.memory import Memory
from tests.collectors.portals import HOME, SECOND, with_lists
from tests.collectors.tiny import Tiny, conditional, listing, row, visit
from tests.collectors.worlds import Reply, World


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A portal to visit."""
    async with with_lists() as served:
        yield served


@pytest.fixture
def memory() -> Memory:
    """A recorder."""
    return Memory()


async def test_a_list_is_followed_to_its_end_and_every_item_is_read(world: World, memory: Memory) -> None:
    """Scope lists: home, lists, items; no page of the walk."""
    report = await visit(world, memory)

    (capture,) = memory.of(ListCapture)
    assert capture.ended == "no-next"
    assert len(capture.pages) == 3
    assert capture.identities == tuple(f"b{n}" for n in range(1, 26))
    assert capture.list_url == world.url("/tin")
    assert capture.oldest == date(2021, 10, 3)
    assert capture.newest_first
    assert {item.part for item in memory.of(NewsItem)} == {"row", "page"}
    assert report.items == 25
    assert report.state == "ok"
    assert world.asked("/gioi-thieu") == []
    assert report.attempts == 1 + 1 + 3 + 25  # robots, home, list pages, items
    assert report.record is not None


async def test_a_second_visit_asks_for_no_item_it_has_read(world: World, memory: Memory) -> None:
    """Known items are not asked for again; list pages always are."""
    await visit(world, memory)
    before = len(world.requests)

    report = await visit(world, memory, run=SECOND)

    assert [r.path for r in world.requests[before:]] == ["/robots.txt", "/", "/tin", "/tin/2"]
    assert report.items == 20


async def test_known_items_in_a_row_end_the_pass_and_leave_it_complete(world: World, memory: Memory) -> None:
    """G7: twenty known identities in a row after an earlier complete capture."""
    await visit(world, memory)
    await visit(world, memory, run=SECOND)

    assert [capture.ended for capture in memory.of(ListCapture)] == ["no-next", "known-run"]


async def test_an_item_that_vanished_from_a_complete_list_is_asked_for_again(
    world: World, memory: Memory
) -> None:
    """Withdrawal is a record: the address that was read answers 404 now."""
    await visit(world, memory)
    world.pages["/tin"] = Reply(
        listing([row(f"b{n}") for n in range(1, 11) if n != 4], ("next", "/tin/2", "Sau"))
    )
    del world.pages["/bai/b4"]

    await visit(world, memory, run=SECOND)

    withdrawn = [r for r in memory.records.values() if r.run == SECOND and r.url == world.url("/bai/b4")]
    assert [r.status for r in withdrawn] == [404]


async def test_items_below_the_known_run_are_not_taken_for_vanished(world: World, memory: Memory) -> None:
    """A pass that stopped at known items has not looked at the rest of the list."""
    await visit(world, memory)
    before = len(world.requests)

    await visit(world, memory, run=SECOND)

    assert [r.path for r in world.requests[before:] if r.path.startswith("/bai/")] == []


async def test_unchanged_pages_are_revisits_and_their_links_still_lead_on(
    world: World, memory: Memory
) -> None:
    """A 304 is sealed as a revisit; its body is read again from the archive, its observations are not."""
    home = HOME.replace("Giới thiệu", "Trang")
    world.pages["/"] = conditional(home, '"h1"')
    world.pages["/tin"] = conditional(listing([row("b1")]), '"t1"')
    await visit(world, memory)
    seen = len(memory.seen)

    report = await visit(world, memory, run=SECOND)

    assert report.not_modified == 2
    revisits = [r for r in memory.records.values() if r.kind == "revisit"]
    assert [memory.records[r.refers_to].url for r in revisits if r.refers_to] == [
        world.url("/"),
        world.url("/tin"),
    ]
    kinds = [each.kind for each in memory.seen[seen:]]
    assert kinds == ["list_capture"]
    assert memory.of(ListCapture)[-1].identities == ("b1",)


async def test_an_equal_payload_is_a_revisit_too(world: World, memory: Memory) -> None:
    """A server that sends validators but never answers 304."""
    world.pages["/"] = Reply(HOME, headers=(("ETag", '"1"'),))
    await visit(world, memory)

    report = await visit(world, memory, run=SECOND)

    assert report.not_modified == 0
    assert [r.url for r in memory.records.values() if r.kind == "revisit"] == [world.url("/")]


async def test_attachments_are_asked_for_once_and_sniffed(world: World, memory: Memory) -> None:
    """Types come from the bytes; what is no file, or an error page, is asked for again."""
    world.pages["/tin"] = Reply(
        listing([row("b1", file="/tep/1.pdf"), row("b2", file="/tep/2.pdf"), row("b3", file="/tep/3.pdf")])
    )
    world.pages["/tep/1.pdf"] = Reply(b"%PDF-1.4 " + b"x" * 2000, type="application/pdf")
    world.pages["/tep/2.pdf"] = Reply("<html>lỗi</html>", type="application/pdf")
    await visit(world, memory)
    await visit(world, memory, run=SECOND)

    found = {(a.url.rpartition("/")[2], a.type, a.status, a.failure) for a in memory.of(Attachment)}
    assert found == {
        ("1.pdf", "pdf", 200, None),
        ("2.pdf", "html", 200, None),
        ("3.pdf", "", 404, Failure.HTTP_4XX),
    }
    assert [len(world.asked(f"/tep/{n}.pdf")) for n in (1, 2, 3)] == [1, 2, 2]


async def test_a_file_met_where_a_page_was_expected_is_kept_as_one(world: World, memory: Memory) -> None:
    """Rows may link to the file itself, under an address that does not say so; it is not asked for twice."""
    world.pages["/tin"] = Reply(listing([row("b1", url="/tai-ve?id=1")]))
    world.pages["/tai-ve"] = Reply(b"%PDF-1.4 " + b"x" * 2000, type="text/html")

    await visit(world, memory)

    assert [(a.url, a.type) for a in memory.of(Attachment)] == [(world.url("/tai-ve?id=1"), "pdf")]
    assert len(world.asked("/tai-ve")) == 1


async def test_an_item_elsewhere_is_not_followed(world: World, memory: Memory) -> None:
    """Pages of other hosts are not the agency's; the row says all we keep."""
    world.pages["/tin"] = Reply(listing([row("b1", url="http://bao.example/1")]))

    report = await visit(world, memory)

    assert report.items == 1
    assert all(r.url.startswith(world.url("")) for r in memory.records.values() if r.kind != "resource")


async def test_a_profile_may_say_that_items_have_no_page(world: World, memory: Memory) -> None:
    """ItemProfile.follow."""
    await visit(world, memory, Tiny(item=ItemProfile(follow="never")))

    assert [r.path for r in world.requests if r.path.startswith("/bai/")] == []
