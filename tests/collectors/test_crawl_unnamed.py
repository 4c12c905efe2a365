"""Lists that no heading names: what their items are, the items' own pages and other lists say."""

from __future__ import annotations

import pytest

from collectors.platforms.generic import PLATFORM as GENERIC
from minhchung.observations import Article, Directive, Item, LegalDocument, NewsItem
from tests.collectors.memory import Memory
from tests.collectors.tiny import TERMS, visit
from tests.collectors.worlds import Reply, World
from verifiers.items import Whole, wholes

STORIES = {f"/2021/10/{n:02}/tin-{n}/": f"Bà con bản {n} ra quân làm thủy lợi" for n in range(1, 8)}
PAPERS = {f"/2021/09/{n:02}/vb-{n}/": f"Kế hoạch số 0{n}/KH-SMP làm thủy lợi đợt {n}" for n in range(1, 8)}


def html(body: str, title: str = "Sở Mô phỏng") -> Reply:
    """A page without a menu."""
    return Reply(f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>")


def rows(items: dict[str, str]) -> str:
    """Dated rows, as blogs show them."""
    return "".join(
        f"<article><h2><a href='{url}'>{title}</a></h2><p>Đăng ngày {url[9:11]}/{url[6:8]}/2021</p></article>"
        for url, title in items.items()
    )


def item(url: str, title: str, category: str) -> Reply:
    """An item's page with its category; papers show their attributes."""
    number = title.split()[3] if "số" in title else ""
    told = f"<table><tr><td>Số ký hiệu</td><td>{number}</td></tr>"
    told += "<tr><td>Ngày ban hành</td><td>01/09/2021</td></tr>"
    told += "<tr><td>Cơ quan ban hành</td><td>Sở Mô phỏng</td></tr></table>"
    told = told if number else "<p>Sáng nay bà con ra quân rất sớm, ai cũng vui.</p>"
    return html(f"<p>{url[9:11]}/{url[6:8]}/2021 | {category}</p>{told}", title)


def blog(*, categories: bool, mark: str = "rel='category tag'") -> World:
    """A blog: stories and papers on its home page; only items name the categories, where there are any."""
    world = World({"/": html(rows(STORIES | PAPERS))})
    for items, name, path in ((STORIES, "Tin tức", "/muc/tin"), (PAPERS, "Văn bản chỉ đạo", "/muc/vb")):
        link = f"<a {mark} href='{path}'>{name}</a>" if categories else "Ban biên tập"
        world.pages |= {url: item(url, title, link) for url, title in items.items()}
        if categories:
            world.pages[path] = html(rows(items), name)
    return world


async def read(world: World) -> tuple[tuple[Whole, ...], Memory, list[str]]:
    """Visit a blog; return its items as wholes, all that was seen, and what was asked for."""
    memory = Memory()
    async with world:
        report = await visit(world, memory, GENERIC, terms=TERMS)
        assert report.state == "ok"
        return wholes(memory.of(Item)), memory, [request.path for request in world.requests]


@pytest.mark.parametrize("mark", ["rel='category tag'", "class='gh article-tag'", "class=post-category"])
async def test_categories_that_only_items_name_are_lists_and_say_what_their_items_are(mark: str) -> None:
    """Each item is asked for once, and is read as what the category calls it."""
    items, memory, asked = await read(blog(categories=True, mark=mark))
    assert {(each.kind, each.title) for each in items} == {
        *(("news", title) for title in STORIES.values()),
        *(("directive", title) for title in PAPERS.values()),
    }
    assert {each.number for each in items if each.kind == "directive"} == {
        f"0{n}/KH-SMP" for n in range(1, 8)
    }
    assert {capture.item_kind for capture in memory.captures} == {"news", "directive"}
    pages = [path for path in asked if path in STORIES or path in PAPERS]
    assert sorted(pages) == sorted([*STORIES, *PAPERS])


async def test_without_categories_the_attributes_of_a_page_tell_a_document_from_news() -> None:
    """Number, day of issue and issuer make a document; the rows of the list stay articles of no said kind."""
    items, memory, _ = await read(blog(categories=False))
    assert {(each.kind, each.title) for each in items} == {
        *(("news", title) for title in STORIES.values()),
        *(("legal_document", title) for title in PAPERS.values()),
    }
    assert {type(row) for row in memory.of(Item) if row.part == "row"} == {Article}
    told = {type(row) for row in memory.of(Item) if row.part == "page"}
    assert told == {NewsItem, LegalDocument}
    assert not memory.of(Directive)


async def test_a_letter_by_its_title_is_what_the_list_calls_it_that_claims_it() -> None:
    """A home page shows letters among news before the list of directives is met: each is one item."""
    letters = {
        f"/2021/08/{n:02}/cv-{n}/": f"Công văn số {n}/SMP-VP về việc phòng cháy đợt {n}" for n in range(1, 8)
    }
    world = World({"/": html(rows(STORIES | letters))})
    link = "<a rel='category tag' href='/muc/cd'>Văn bản chỉ đạo</a>"
    world.pages |= {
        url: html(f"<p>{link}</p><p>Đề nghị các xã thực hiện.</p>", t) for url, t in letters.items()
    }
    world.pages |= {url: html("<p>Sáng nay bà con ra quân.</p>", title) for url, title in STORIES.items()}
    world.pages["/muc/cd"] = html(rows(letters), "Văn bản chỉ đạo")

    items, _, _ = await read(world)

    assert {each.title: each.kind for each in items if each.title in letters.values()} == dict.fromkeys(
        letters.values(), "directive"
    )
    assert len(items) == len(STORIES) + len(letters)


async def test_a_letter_that_no_list_claims_is_a_document_by_its_title() -> None:
    """Its page shows no attributes and names no section."""
    letters = {
        f"/2021/08/{n:02}/cv-{n}/": f"Công văn số {n}/SMP-VP về việc phòng cháy {n}" for n in range(1, 8)
    }
    world = World({"/": html(rows(letters))})
    world.pages |= {url: html("<p>Đề nghị các xã thực hiện.</p>", title) for url, title in letters.items()}

    items, _, _ = await read(world)

    assert {(each.kind, each.title) for each in items} == {("legal_document", t) for t in letters.values()}
