"""Lists of which a page shows the beginning alone, and home pages that are a sign to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from collectors.platforms.generic import PLATFORM as GENERIC
from minhchung.evidence import Failure
from minhchung.observations import ListCapture, NewsItem
from tests.collectors.memory import Memory
from tests.collectors.tiny import TERMS, visit
from tests.collectors.worlds import Reply, World

SUBJECTS = {"kinh-te": "Kinh tế", "van-hoa": "Văn hóa", "thong-bao": "Thông báo"}
EACH = 6
WORDS = replace(TERMS, not_news=("thông báo",))


def titled(subject: str, number: int) -> str:
    return f"{SUBJECTS[subject]}: bản tin thứ {number} trong tháng mười"


def rows(subject: str, count: int) -> str:
    """Rows of a list by subject."""
    return "".join(
        f"<li><a href='/bai/{subject}-{n}'>{titled(subject, n)}</a> <i>{n:02}/10/2021</i></li>"
        for n in range(1, count + 1)
    )


def framed(title: str, body: str, menu: str = "<li><a href='/tin'>Tin tức</a></li>") -> Reply:
    return Reply(
        f"<html><head><title>{title}</title></head><body><nav><ul><li><a href='/'>Trang chủ</a></li>{menu}"
        f"</ul></nav><main><h1>{title}</h1>{body}</main></body></html>"
    )


def portal(news: str, menu: str = "<li><a href='/tin'>Tin tức</a></li>", home: str = "") -> World:
    """A portal whose page of news is given, and whose lists by subject are whole."""
    pages = {"/": framed("Sở Mô phỏng", home, menu), "/tin": framed("Tin tức", news, menu)}
    for subject, title in SUBJECTS.items():
        pages[f"/tin/{subject}"] = framed(title, f"<ul>{rows(subject, EACH)}</ul>", menu)
        for n in range(1, EACH + 1):
            pages[f"/bai/{subject}-{n}"] = framed(titled(subject, n), f"<p>Ngày đăng: {n:02}/10/2021</p>")
    return World(dict(pages))


async def collected(world: World) -> tuple[set[str], list[ListCapture]]:
    """Return the titles of the news that were found, and the captures."""
    memory = Memory()
    async with world:
        await visit(world, memory, GENERIC, terms=WORDS)
    return {item.title for item in memory.of(NewsItem)}, memory.of(ListCapture)


def boxed(subject: str) -> str:
    """A box with the newest of a subject and a link to all of it."""
    heading = f"<h2>{SUBJECTS[subject]}</h2>"
    more = f"<a href='/tin/{subject}'>Xem thêm</a>"
    return f"<section>{heading}<ul>{rows(subject, 2)}</ul>{more}</section>"


async def test_a_page_of_boxes_is_followed_into_the_lists_that_they_begin() -> None:
    """News by subject: what a box names otherwise (notices) is another matter."""
    found, captures = await collected(portal("".join(map(boxed, SUBJECTS))))

    wanted = {titled(subject, n) for subject in ("kinh-te", "van-hoa") for n in range(1, EACH + 1)}
    assert wanted <= found
    assert {c.item_kind for c in captures if c.list_url.endswith(("/kinh-te", "/van-hoa"))} == {"news"}
    assert not [c for c in captures if c.list_url.endswith("/thong-bao")]


async def test_the_entries_below_a_list_in_the_menu_are_its_lists() -> None:
    """Where the page itself shows the newest only, and goes on nowhere."""
    below = "".join(f"<li><a href='/tin/{key}'>{SUBJECTS[key]}</a></li>" for key in SUBJECTS)
    menu = f"<li><a href='/tin'>Tin tức</a><ul>{below}</ul></li>"

    found, _ = await collected(portal(f"<ul>{rows('kinh-te', 2)}</ul>", menu))

    assert found == {titled(key, n) for key in ("kinh-te", "van-hoa") for n in range(1, EACH + 1)}


async def test_a_box_of_the_home_page_leads_to_its_list() -> None:
    """No menu names it: the heading of the box does."""
    box = "<div><h2>Tin tức - Sự kiện</h2><ul>{}</ul><a href='/tin/kinh-te'>Xem tất cả</a></div>"

    found, [capture] = await collected(portal("", "", box.format(rows("kinh-te", 2))))

    assert found == {titled("kinh-te", n) for n in range(1, EACH + 1)}
    assert capture.list_url.endswith("/tin/kinh-te")


async def test_the_way_to_an_item_is_no_list() -> None:
    """Every row has its own `Xem thêm`, beside its title alone."""
    news = "".join(
        f"<div><h3><a href='/bai/kinh-te-{n}'>{titled('kinh-te', n)}</a></h3><p>{n:02}/10/2021</p>"
        f"<a href='/bai/kinh-te-{n}'>Xem thêm</a></div>"
        for n in range(1, EACH + 1)
    )
    _, captures = await collected(portal(news))

    assert [capture.list_url.rpartition("/")[2] for capture in captures] == ["tin"]


SIGNS: Mapping[str, str] = {
    "refresh": '<meta http-equiv="Refresh" content="0;URL=\'/trang-chu\'">',
    "late refresh": '<meta http-equiv="refresh" content="3; url=/trang-chu">',
    "script": '<script>window.location.href = "/trang-chu";</script>',
    "replace": "<script>location.replace('/trang-chu')</script><p>Đang chuyển…</p>",
}


@pytest.mark.parametrize("sign", SIGNS.values(), ids=list(SIGNS))
async def test_a_home_page_that_is_a_sign_to_another_is_followed(sign: str) -> None:
    """HTML, 4.2.5.3: a refresh; and what scripts do instead of an HTTP redirect."""
    world = portal(f"<ul>{rows('kinh-te', EACH)}</ul>")
    world.pages["/trang-chu"] = world.pages["/"]
    world.pages["/"] = Reply(f"<html><head><title>Cổng</title>{sign}</head><body></body></html>")

    found, _ = await collected(world)

    assert found == {titled("kinh-te", n) for n in range(1, EACH + 1)}


@pytest.mark.parametrize(
    ("home", "state"),
    [
        ('<meta http-equiv="refresh" content="0; url=/">', "layout-changed"),
        ('<meta http-equiv="refresh" content="0; url=http://169.254.169.254/">', "layout-changed"),
        ('<meta http-equiv="refresh" content="0; url=file:///etc/passwd">', "layout-changed"),
        ('<meta http-equiv="refresh" content="600">', "layout-changed"),
    ],
)
async def test_a_sign_that_leads_nowhere_ends_the_visit_in_order(home: str, state: str) -> None:
    """To itself, to another's machine, to a file: never followed."""
    memory = Memory()
    async with World({"/": Reply(f"<html><head>{home}</head><body></body></html>")}) as world:
        report = await visit(world, memory, GENERIC)
        asked = {request.path for request in world.requests}

    assert asked <= {"/", "/robots.txt", "/sitemap.xml"}
    assert report.state in {"ok", state}
    assert Failure.ADDRESS_FORBIDDEN not in [failure for _, failure in report.failures]


async def test_a_menu_that_holds_the_items_themselves_hides_no_list_and_divides_none() -> None:
    """Systems whose menu opens into the whole tree of contents: below the entry of a list stand its items."""
    named = [(f"/bai/kinh-te-{n}", titled("kinh-te", n)) for n in range(1, EACH + 1)]
    below = "".join(f"<li><a href='{url}'>{title}</a></li>" for url, title in named)
    news = "".join(
        f"<article><h2><a href='{url}'>{title}</a></h2><p>Tin của bản Thử</p></article>"
        for url, title in named
    )
    world = portal(news, f"<li><a href='/tin'>Tin tức</a><ul>{below}</ul></li>")

    found, captures = await collected(world)

    assert found == {title for _, title in named}
    assert [capture.list_url.rpartition("/")[2] for capture in captures] == ["tin"]
