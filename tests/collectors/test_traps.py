"""Sites without end: each kind of trap is cut by its rule, and the report names it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest

from collectors.traps import MOST_REPEATS, SAME_PATTERN, SAME_TEXT, Rule, Traps, rule_of
from minhchung.observations import ListCapture
from tests.collectors.memory import Memory
from tests.collectors.tiny import listing, page, row, visit
from tests.collectors.worlds import Reply, Request, World


@pytest.fixture
def memory() -> Memory:
    """A recorder."""
    return Memory()


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("http://so.example/lich-cong-tac?thang=3&nam=2031", "calendar"),
        ("http://so.example/lich/2031/04/", "calendar"),
        ("http://so.example/archive/2021/10", "calendar"),
        ("http://so.example/tin?page=12", "paging"),
        ("http://so.example/tin/trang-12", "paging"),
        ("http://so.example/anh/12", "counter"),
        ("http://so.example/van-ban?id=12", "counter"),
    ],
)
def test_a_trap_is_called_by_what_it_counts(url: str, rule: Rule) -> None:
    """For people: a calendar is the portal's habit, a counter may be its archive."""
    assert rule_of(url) == rule


def test_pages_of_one_shape_are_let_through_up_to_the_limit() -> None:
    """Sixty months are enough; the next are counted, not asked for."""
    traps = Traps()

    held = [traps.hold(f"http://so.example/lich?thang={n}") for n in range(SAME_PATTERN + 7)]

    assert held.count(True) == 7
    assert traps.notes() == ("bẫy lịch: bỏ qua 7 địa chỉ dạng so.example/lich?thang",)


def test_a_folder_may_repeat_a_little() -> None:
    """Some portals nest a folder of the same name; none does so for ever."""
    traps = Traps()
    base = "http://so.example/tin"

    assert not traps.hold(base + "/tin" * (MOST_REPEATS - 1) + "/x")
    assert traps.hold(base + "/tin" * MOST_REPEATS + "/x")


def test_marks_of_a_session_are_a_trap_only_where_they_change_nothing() -> None:
    """An identifier may look like a session's mark: pages that differ are pages."""
    traps = Traps()
    for n in range(SAME_TEXT + 2):
        mark = hashlib.sha256(str(n).encode()).hexdigest()[:24]
        traps.learn(f"http://so.example/a?phien={mark}", "cùng một trang")
        traps.learn(f"http://so.example/b?id={mark}", f"trang {n}")

    assert traps.hold("http://so.example/a?phien=0a1b2c3d4e5f60718293a4b5")
    assert not traps.hold("http://so.example/b?id=0a1b2c3d4e5f60718293a4b5")


def endless(link: Callable[[Request, int], str]) -> Callable[[Request], Reply]:
    """Return a page that always links to a new one."""
    turns = iter(range(10_000))

    def answer(request: Request) -> Reply:
        number = next(turns)
        links = (("site", link(request, number * 40 + n), "x") for n in range(40))
        return Reply(page("Giới thiệu", *links))

    return answer


@pytest.mark.parametrize(
    ("path", "link", "name"),
    [
        ("/lich", lambda _, n: f"/lich?thang={n}", "bẫy lịch"),
        ("/ds", lambda _, n: f"/ds?page={n}", "bẫy phân trang"),
        ("/a", lambda _, n: f"/a?phien={hashlib.sha256(str(n).encode()).hexdigest()}", "bẫy mã phiên"),
    ],
)
async def test_a_walk_through_a_trap_ends_and_names_it(
    memory: Memory, path: str, link: Callable[[Request, int], str], name: str
) -> None:
    """The other pages of the portal are read all the same."""
    async with World() as world:
        world.pages["/"] = Reply(page("Trang chủ", ("site", path, "Lịch"), ("site", "/mo", "Mở")))
        world.pages["/mo"] = Reply(page("Mở"))
        world.pages[path] = endless(link)

        report = await visit(world, memory, scope="host")

    assert len(world.asked(path)) <= SAME_PATTERN + 1
    assert len(world.asked("/mo")) == 1
    assert name in report.detail


async def test_a_relative_link_into_itself_is_cut(memory: Memory) -> None:
    """`href="muc/x"` on a page that answers at any depth."""

    async with World() as world:
        world.pages["/"] = Reply(page("Trang chủ", ("site", "/muc/muc/muc/muc/x", "Mục")))

        report = await visit(world, memory, scope="host")

    assert world.asked("/muc/muc/muc/muc/x") == []
    assert "bẫy thư mục lặp" in report.detail


async def test_a_list_whose_links_change_with_every_page_is_seen_to_repeat_itself(memory: Memory) -> None:
    """Infinite next links with fresh session ids: the same rows under new addresses are the same page."""

    def answer(request: Request) -> Reply:
        mark = hashlib.sha256(str(len(world.requests)).encode()).hexdigest()
        rows = [
            row(f"{name}{mark[:8]}", f"2021-10-0{day}", url=f"/bai?sid0={mark}&n={name}", title=f"Tin {name}")
            for day, name in ((3, "a"), (2, "b"), (1, "c"))
        ]
        return Reply(listing(rows, ("next", f"/tin?sid0={mark}", "Sau")))

    async with World() as world:
        world.pages["/"] = Reply(page("Trang chủ", ("list", "/tin", "Tin tức")))
        world.pages["/tin"] = answer
        world.pages["/bai"] = Reply(page("Bài"))

        report = await visit(world, memory)

    (capture,) = memory.of(ListCapture)
    assert capture.ended == "repeated"
    assert len(world.asked("/tin")) == 2
    assert report.state == "ok"


async def test_twenty_thousand_links_on_one_page_are_one_page(memory: Memory) -> None:
    """A page made to fill memory and time: what it links to is bounded by the walk's own limits."""
    links = "".join(f'<a class="site" href="/so-{n}/trang">x</a>' for n in range(20_000))
    async with World({"/": Reply(page("Trang chủ", links))}) as world:
        report = await visit(world, memory, scope="host", visit_seconds=30.0)

    assert len(world.requests) < 500
    assert report.state == "ok"
