"""The crawl loop: from a home page to lists, items, files and an account that adds up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from minhchung.evidence import Failure
from minhchung.observations import Attachment, ListCapture, NewsItem, SitePage
from minhchung.sites import ItemProfile, ListProfile
from minhchung.sources import AgenciesFile
from tests.collectors.certificates import make, root_file, server_context
from tests.collectors.memory import Memory
from tests.collectors.tiny import Tiny, conditional, listing, page, paged, row, visit
from tests.collectors.worlds import Reply, Request, World, redirect

HOME = page("Sở Mô phỏng", ("list", "/tin", "Tin tức"), ("site", "/gioi-thieu", "Giới thiệu"))
ROOT = make("Trung tâm chứng thực mô phỏng", authority=True)
SECOND = "20211105T030000Z-1"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A portal with a home page and one list of 25 items on three pages."""
    rows = [[row(f"b{n}", f"2021-10-{28 - n:02}") for n in range(start, start + 10)][:count]
            for start, count in ((1, 10), (11, 10), (21, 5))]  # fmt: skip
    pages = {"/": Reply(HOME), "/gioi-thieu": Reply(page("Giới thiệu"))} | paged("/tin", rows)
    pages |= {f"/bai/b{n}": Reply(page(f"Bài {n}")) for n in range(1, 26)}
    async with World(dict(pages)) as served:
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


# --- how lists end --------------------------------------------------------------------------------------


async def test_a_page_that_repeats_another_ends_the_pass_as_partial(world: World, memory: Memory) -> None:
    """G7: stale hidden fields and server caps give an earlier page once more."""
    world.pages["/tin/3"] = world.pages["/tin"]

    await visit(world, memory)

    (capture,) = memory.of(ListCapture)
    assert capture.ended == "repeated"
    assert len(capture.identities) == 20


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
    await visit(world, memory, run="20211106T030000Z-1")

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


# --- how the portal answers -----------------------------------------------------------------------------


async def test_a_portal_that_does_not_answer_is_unreachable(memory: Memory) -> None:
    """Three tries and no more; nothing is concluded from it."""
    async with World() as world:
        url = world
    report = await visit(url, memory)

    assert report.state == "unreachable"
    assert report.fetched == 0
    assert memory.of(SitePage) == []


async def test_a_portal_that_answers_with_an_error_is_unreachable(memory: Memory) -> None:
    """500 on the home page."""
    async with World({"/": Reply("lỗi", 500)}) as world:
        report = await visit(world, memory)

    assert report.state == "unreachable"
    assert "http-5xx" in report.detail


async def test_robots_refuse_the_home_page(world: World, memory: Memory) -> None:
    """Refused, recorded, and not asked for."""
    world.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /", type="text/plain")

    report = await visit(world, memory)

    assert report.state == "robots-refused"
    assert report.refused == 1
    assert world.asked("/") == []
    assert [r.failure for r in memory.records.values() if r.failure] == [Failure.ROBOTS]


async def test_rules_that_have_not_changed_still_hold(world: World, memory: Memory) -> None:
    """A 304 on robots.txt speaks of the file we hold."""
    world.pages["/robots.txt"] = conditional("User-agent: *\nDisallow: /", '"r1"')
    await visit(world, memory)

    report = await visit(world, memory, run=SECOND)

    assert report.state == "robots-refused"
    assert report.not_modified == 1


async def test_a_mandate_reads_despite_robots_and_says_so(world: World, memory: Memory) -> None:
    """Network.robots = record needs a document that orders it."""
    world.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /", type="text/plain")

    report = await visit(world, memory, robots="record", mandate="12/CV-MP")

    assert report.state == "ok"
    assert "12/CV-MP" in report.detail


@pytest.mark.parametrize(
    "answer",
    [
        Reply("<html><title>Request Rejected</title>The requested URL was rejected.</html>"),
        Reply("<html>Just a moment...<script src=/cdn-cgi/challenge-platform/x></script></html>"),
        Reply("<html>Đang kiểm tra trình duyệt</html>", 503),
        Reply("cấm", 403),
        Reply("<html><p>một trang khác của cùng máy chủ</p></html>"),
    ],
)
async def test_a_block_page_is_blocked_whatever_its_status(
    world: World, memory: Memory, answer: Reply
) -> None:
    """Challenge, firewall, 403, and a page without the text that every real page holds."""
    world.pages["/"] = answer

    report = await visit(world, memory, Tiny(required_text="Mô phỏng"))

    assert report.state == "blocked"
    assert memory.of(SitePage) == []


async def test_too_many_requests_are_waited_for_as_asked(world: World, memory: Memory) -> None:
    """429 with Retry-After: waited for, then answered."""
    tries = 0

    def busy(request: Request) -> Reply:
        nonlocal tries
        tries += 1
        return Reply("chậm lại", 429, headers=(("Retry-After", "1"),)) if tries == 1 else Reply(HOME)

    world.pages["/"] = busy
    begun = asyncio.get_running_loop().time()
    report = await visit(world, memory)

    assert report.state == "ok"
    assert asyncio.get_running_loop().time() - begun >= 0.9
    assert Failure.RATE_LIMITED in dict(report.failures).values()


async def test_a_retry_after_beyond_reason_ends_the_tries(world: World, memory: Memory) -> None:
    """A day is not waited for within a visit."""
    world.pages["/"] = Reply("ngày mai", 503, headers=(("Retry-After", "86400"),))

    report = await visit(world, memory)

    assert report.state == "unreachable"
    assert len(world.asked("/")) == 1


async def test_a_home_page_of_scripts_alone_needs_a_browser(world: World, memory: Memory) -> None:
    """Said, not failed."""
    world.pages["/"] = Reply(page("Sở Mô phỏng", "<shell>"))

    report = await visit(world, memory)

    assert report.state == "needs-browser"


async def test_a_home_page_that_no_reader_knows_is_a_changed_layout(world: World, memory: Memory) -> None:
    """UnrecognisedError is the reader's word for it."""
    world.pages["/"] = Reply("<broken>")

    assert (await visit(world, memory)).state == "layout-changed"


async def test_a_page_that_breaks_its_reader_does_not_end_the_visit(world: World, memory: Memory) -> None:
    """A hostile page costs itself alone."""
    world.pages["/bai/b3"] = Reply("<crash>")

    report = await visit(world, memory)

    assert report.state == "ok"
    assert report.items == 25


@pytest.mark.parametrize(
    ("title", "state"), [("Cổng dùng chung", "identity-unverified"), ("SỞ MÔ PHỎNG - Trang chủ", "ok")]
)
async def test_a_wrong_name_certificate_needs_the_agency_s_name_on_the_page(
    memory: Memory, tmp_path: Path, title: str, state: str
) -> None:
    """G13: else identity-unverified, for content."""
    context = server_context(tmp_path, make("khac.example", ROOT, address="127.0.0.2"))
    async with World({"/": Reply(page(title))}, tls=context) as world:
        report = await visit(world, memory, roots=(root_file(tmp_path, ROOT),))

    assert report.state == state


async def test_sick_canaries_stop_the_visit_and_say_that_it_proves_nothing(
    world: World, memory: Memory
) -> None:
    """AgenciesFile.canaries: our own side first."""
    world.pages["/khoe"] = Reply("x", 500)
    registry = AgenciesFile(agency=(), canaries=(world.url("/khoe"),))

    report = await visit(world, memory, registry=registry)

    assert (report.state, report.canaries, report.attempts) == ("incident", False, 0)
    assert world.asked("/") == []


async def test_the_breaker_leaves_a_dying_host_alone(world: World, memory: Memory) -> None:
    """After five failures in a row the rest fails fast, and is counted."""

    async def dead(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    world.raw |= {f"/bai/b{n}": dead for n in range(1, 26)}
    report = await visit(world, memory, concurrency_per_host=1)

    asked = [r for r in world.requests if r.path.startswith("/bai/")]
    assert len(asked) < 15
    assert report.failed >= 25


async def test_the_budget_ends_a_visit_and_says_which_list_it_cut(world: World, memory: Memory) -> None:
    """SiteProfile.max_pages: what is left is refused, not failed."""
    report = await visit(world, memory, Tiny(max_pages=4))

    assert [capture.ended for capture in memory.of(ListCapture)] == ["cap"]
    assert report.refused > 0
    assert len(world.requests) == 4


async def test_the_visit_s_deadline_ends_it(world: World, memory: Memory) -> None:
    """Network.visit_seconds: a run always ends."""

    async def slow(request: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    world.raw |= {f"/bai/b{n}": slow for n in range(1, 26)}
    begun = asyncio.get_running_loop().time()
    report = await visit(world, memory, visit_seconds=1.0)

    assert asyncio.get_running_loop().time() - begun < 10
    assert report.refused + report.failed >= 25


# --- redirects ------------------------------------------------------------------------------------------


async def test_each_hop_of_a_redirect_is_a_record_of_its_own(world: World, memory: Memory) -> None:
    """A moved home page: two exchanges, both sealed, both counted as fetched."""
    world.pages["/"] = redirect("/trang-chu")
    world.pages["/trang-chu"] = Reply(HOME)

    report = await visit(world, memory)

    statuses = {r.url: r.status for r in memory.records.values() if r.kind == "response"}
    assert statuses[world.url("/")] == 302
    assert statuses[world.url("/trang-chu")] == 200
    assert report.state == "ok"


@pytest.mark.parametrize(
    ("target", "failure"),
    [
        ("http://127.0.0.1:9/", Failure.REDIRECT_FORBIDDEN),
        ("http://169.254.169.254/latest/meta-data/", Failure.REDIRECT_FORBIDDEN),
        ("http://[::ffff:127.0.0.1]:9/", Failure.REDIRECT_FORBIDDEN),
        ("http://2130706433:9/", Failure.REDIRECT_FORBIDDEN),
        ("http://127.0.0.1:22/", Failure.REDIRECT_FORBIDDEN),
        ("file:///etc/passwd", Failure.REDIRECT_FORBIDDEN),
        ("gopher://127.0.0.1:70/", Failure.REDIRECT_FORBIDDEN),
        ("http://ca-do.example/", Failure.REDIRECT_FORBIDDEN),
        ("/tep/1.pdf", Failure.REDIRECT_LOOP),
    ],
)
async def test_a_redirect_to_where_we_may_not_go_is_refused_before_connecting(
    world: World, memory: Memory, target: str, failure: Failure
) -> None:
    """Judged on every hop; for a file any public host is fine, for a page only the agency's."""
    world.pages["/tin"] = Reply(listing([row("b1", url="/bai/x", file="/tep/1.pdf")]))
    world.pages["/tep/1.pdf"] = redirect(target)
    world.pages["/bai/x"] = redirect(target)

    report = await visit(world, memory)

    assert failure in [why for _, why in report.failures]
    assert report.state == "ok"
    assert world.connections <= 4


async def test_a_redirect_written_in_utf_8_is_followed(world: World, memory: Memory) -> None:
    """Headers are ASCII by the standard; portals write what they like."""
    world.pages["/"] = redirect("/trang-chủ".encode().decode("latin-1"))
    world.pages["/trang-ch%E1%BB%A7"] = Reply(HOME)

    assert (await visit(world, memory)).state == "ok"


async def test_sixty_hops_are_not_followed(world: World, memory: Memory) -> None:
    """Network.max_redirects."""
    world.pages["/tin"] = Reply(listing([row("b1", url="/hop/0")]))
    world.pages |= {f"/hop/{n}": redirect(f"/hop/{n + 1}") for n in range(60)}

    report = await visit(world, memory)

    assert Failure.REDIRECT_LOOP in dict(report.failures).values()
    assert len([r for r in world.requests if r.path.startswith("/hop/")]) == 11


async def test_a_portal_that_sets_a_cookie_and_asks_to_come_again_is_let_do_so(
    world: World, memory: Memory
) -> None:
    """Balancers and firewalls of portals send the visitor to the same address with a cookie."""

    def guarded(request: Request) -> Reply:
        if "phien=1" in request.headers.get("cookie", ""):
            return Reply(HOME)
        return redirect("/", set_cookie="phien=1; Path=/")

    world.pages["/"] = guarded

    assert (await visit(world, memory)).state == "ok"
