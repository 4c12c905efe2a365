"""Pages that lead nowhere in great numbers, and pictures that nobody asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from collectors.platforms.generic import PLATFORM as GENERIC
from minhchung.observations import NewsItem, Walk
from tests.collectors.memory import Memory
from tests.collectors.tiny import TERMS, visit
from tests.collectors.worlds import Handler, Reply, Request, World

LINKS = 100_000
PAGES = 40
ROWS = "".join(
    f"<li><a href='/bai/{n}'>Hội nghị chuyển đổi số lần thứ {n}</a> {n:02}/10/2021</li>" for n in range(1, 9)
)


def world(home: str) -> World:
    """A portal with one list of news; any other address answers with a page of its own."""

    def other(request: Request) -> Reply:
        return Reply(
            f"<html><title>{request.path}</title><h1>Trang {request.path}</h1><p>Ngày 01/10/2021</p>"
        )

    found: dict[str, Reply | Handler] = {
        "/": Reply(f"<html><head><title>Sở Mô phỏng</title></head><body>{home}</body></html>"),
        "/tin": Reply(f"<html><title>Tin tức</title><h1>Tin tức</h1><ul>{ROWS}</ul>"),
    }
    return World(found, fallback=other)


@pytest.mark.fault
async def test_a_page_of_a_hundred_thousand_links_is_read_and_its_list_found() -> None:
    """The walk is cut at its own limit and says so; what the menu names is collected all the same."""
    menu = "<nav><a href='/tin'>Tin tức</a></nav>"
    links = "".join(f"<a href='/muc/{n}'>Mục {n}</a> " for n in range(LINKS))
    memory = Memory()
    async with world(f"{menu}<main><h1>Sở Mô phỏng</h1><p>{links}</p></main>") as portal:
        terms = replace(TERMS, walk_pages=PAGES)
        report = await visit(portal, memory, GENERIC, scope="host", terms=terms)

    [walk] = memory.of(Walk)
    assert report.state == "ok"
    assert len({item.identity for item in memory.of(NewsItem)}) == 8
    assert walk.capped
    assert report.attempts < PAGES + 60


async def test_icons_are_never_asked_for() -> None:
    """Browsers ask for them unasked; one that never ends would hold such a visitor for ever."""
    icons = (
        "<link rel='icon' href='/favicon.ico'><link rel='apple-touch-icon' href='/icon.png'>"
        "<link rel='manifest' href='/manifest.json'>"
    )
    memory = Memory()
    async with world(f"{icons}<nav><a href='/tin'>Tin tức</a></nav><h1>Sở Mô phỏng</h1>") as portal:
        await visit(portal, memory, GENERIC, scope="host")
        asked = {request.path for request in portal.requests}

    assert "/tin" in asked
    assert not asked & {"/favicon.ico", "/icon.png", "/manifest.json"}
