"""A portal's own interface tells its posts where no list of it shows news."""

from __future__ import annotations

import json
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from collectors.platforms.generic import PLATFORM as GENERIC
from minhchung.observations import ListCapture, NewsItem
from tests.collectors.memory import Memory
from tests.collectors.tiny import page, visit
from tests.collectors.worlds import Reply, Request, World

POSTS = 100
FIRST = date(2021, 3, 1)
SHOWN_BY_SCRIPTS = "<h1>Sở Mô phỏng</h1><p>Chào mừng đến với cổng thông tin.</p><div id='posts'></div>"


def post(number: int, origin: str) -> dict[str, object]:
    """Return a post as wp/v2/posts tells it, newest first."""
    day = FIRST + timedelta(days=POSTS - number)
    return {
        "date": f"{day}T08:00:00",
        "link": f"{origin}/bai-{number}/",
        "title": {"rendered": f"B&#224;i th&#7913; {number}"},
        "excerpt": {"rendered": "<p>Tóm tắt.</p>"},
    }


def wordpress(world: World, home: str, interface: Reply | None = None, root: str = "/wp-json/") -> None:
    """Serve a WordPress whose theme shows nothing; an offset beyond the last post is an empty list there."""
    origin = world.url("/").rstrip("/")

    def answer(request: Request) -> Reply:
        query = parse_qs(urlsplit(request.target).query)
        if root.startswith("/?") and "rest_route" not in query:
            return Reply(f"<html><head><title>Sở Mô phỏng</title>{link}</head><body>{home}</body></html>")
        at, size = int(query.get("offset", ["0"])[0]), int(query["per_page"][0])
        told = [post(n, origin) for n in range(1, POSTS + 1)][at : at + size]
        return interface or Reply(json.dumps(told), type="application/json; charset=UTF-8")

    link = f'<link rel="https://api.w.org/" href="{origin}{root}">'
    world.pages["/"] = Reply(f"<html><head><title>Sở Mô phỏng</title>{link}</head><body>{home}</body></html>")
    world.pages["/" if root.startswith("/?") else "/wp-json/wp/v2/posts"] = answer
    for number in range(1, POSTS + 1):
        world.pages[f"/bai-{number}/"] = Reply(page(f"Bài thứ {number}"))


@pytest.mark.parametrize("root", ["/wp-json/", "/?rest_route=/"])
async def test_every_post_of_a_wordpress_is_found_by_the_interface_that_its_home_page_names(
    root: str,
) -> None:
    """WordPress REST API handbook, posts: `offset`, `per_page`; the root also as a plain address."""
    memory = Memory()
    async with World() as world:
        wordpress(world, SHOWN_BY_SCRIPTS, root=root)
        report = await visit(world, memory, GENERIC)

    rows = {item.identity: item for item in memory.of(NewsItem) if item.part == "row"}
    [capture] = memory.of(ListCapture)
    assert len(rows) == report.items == POSTS
    assert rows[world.url("/bai-1/")].published == FIRST + timedelta(days=POSTS - 1)
    assert rows[world.url("/bai-1/")].title == "Bài thứ 1"
    assert (capture.item_kind, capture.ended, len(capture.identities)) == ("news", "short-page", POSTS)


async def test_an_interface_that_was_closed_is_no_list_that_failed() -> None:
    """Many a WordPress answers 401 to strangers: its posts are then found another way, or not."""
    closed = Reply('{"code":"rest_forbidden"}', 401, type="application/json")
    memory = Memory()
    async with World() as world:
        wordpress(world, SHOWN_BY_SCRIPTS, closed)
        report = await visit(world, memory, GENERIC)

    assert report.state == "ok"
    assert memory.of(ListCapture) == []


async def test_an_interface_beside_a_list_of_news_is_not_asked() -> None:
    """What the portal shows is what counts."""
    memory = Memory()
    async with World() as world:
        wordpress(world, '<h1>Sở Mô phỏng</h1><nav><a href="/tin">Tin tức</a></nav>')
        rows = "".join(
            f"<li><a href='/bai-{n}/'>Bài thứ {n} của trang tin</a> <time>{n:02}/10/2021</time></li>"
            for n in range(1, 9)
        )
        world.pages["/tin"] = Reply(f"<html><body><h1>Tin tức</h1><ul>{rows}</ul></body></html>")
        await visit(world, memory, GENERIC)
        asked = {request.path for request in world.requests}

    assert "/tin" in asked
    assert "/wp-json/wp/v2/posts" not in asked
