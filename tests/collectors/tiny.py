"""A portal system of the tests: the smallest reader that uses every part of the crawl loop."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from html import unescape
from pathlib import Path
from typing import Any, Literal, cast

from collectors.addresses import absolute
from collectors.crawl import Crawl, Scope
from collectors.fetcher import Fetcher
from collectors.platforms.interface import Link, ListFacts, PageContext, Platform, Role
from minhchung.agencies import Agency
from minhchung.errors import UnrecognisedError
from minhchung.evidence import AgencyCode, EvidenceRecord, Locator, RunId
from minhchung.holdings import VisitReport
from minhchung.observations import (
    Block,
    LegalDocument,
    NewsItem,
    Observation,
    PageForm,
    PageImage,
    PageLink,
    SitePage,
)
from minhchung.ports import Recorder
from minhchung.sites import SiteProfile
from minhchung.sources import AgenciesFile, CrawlTerms
from tests.collectors.memory import Memory
from tests.collectors.worlds import Handler, Reply, Request, Ticking, World

TERMS = CrawlTerms(
    news=("tin tức",),
    legal_document=("văn bản",),
    directive=("chỉ đạo",),
    question=(),
    schedule_entry=(),
    second_look_percent=0,
)
"""Nothing is looked at again: tests of that ask for it."""

_LINK = re.compile(r'<a class="?(\w*)"? href="([^"]*)">([^<]*)</a>')
_ROW = re.compile(r'<li data-id="(\w+)"(?: data-day="([\d-]+)")?>(.*?)</li>', re.DOTALL)
_IMAGE = re.compile(r'<img src="([^"]*)"(?: width="(\d+)")?>')
PageRole = Literal["home", "site", "list", "item", "search", "foreign"]
_ROLES = ("home", "list", "item", "search")
_BLOCK = re.compile(r"<p>(.*?)</p>", re.DOTALL)


class Tiny:
    """Reads pages written by `page` and `listing`."""

    def __init__(self, **profile: Any) -> None:
        """Use a default profile with these fields."""
        self._profile = replace(SiteProfile(key="tiny"), **profile)
        self.reads: list[tuple[str, str]] = []

    def profile(self) -> SiteProfile:
        """Return the default profile."""
        return self._profile

    def entrances(self, agency: Agency, profile: SiteProfile) -> Iterator[Link]:
        """Yield the home page and the declared lists."""
        yield Link(url=agency.portal, role="home")
        for declared in profile.list:
            yield Link(url=absolute(agency.portal, declared.url), role="list")

    def read(
        self, record: EvidenceRecord, body: bytes, context: PageContext
    ) -> Iterator[Observation | Link | ListFacts]:
        """Yield what the marks of a test page say."""
        self.reads.append((context.role, record.url))
        html = body.decode()
        if "<broken>" in html:
            raise UnrecognisedError("no page of this system")
        if "<crash>" in html:
            raise KeyError("a reader's own fault")
        links = [
            (kind, absolute(record.url, href), text) for kind, href, text in _LINK.findall(_ROW.sub("", html))
        ]
        yield self._page(record, html, context, links)
        for kind, url, text in links:
            if kind in ("list", "feed", "sitemap", "attachment", "site"):
                yield Link(url=url, role=cast("Role", kind), text=text)
        if 'class="ds"' in html:
            yield from self._list(record, html, context, links)
        elif context.role == "item":
            yield self._item(context.kind)(
                agency=record.agency,
                run=record.run,
                seen=Locator(record=record.id),
                identity=context.identity,
                part="page",
                url=record.url,
                title=unescape(named[1]) if (named := re.search(r"<h1>(.*?)</h1>", html)) else "page",
            )

    def _list(
        self, record: EvidenceRecord, html: str, context: PageContext, links: list[tuple[str, str, str]]
    ) -> Iterator[Observation | Link | ListFacts]:
        key = context.list_key or record.url
        kind = "legal_document" if "văn bản" in html else "news"
        identities = []
        for identity, day, inside in _ROW.findall(html):
            identities.append(identity)
            hrefs = [(k, absolute(record.url, h)) for k, h, _ in _LINK.findall(inside)]
            url = next((h for k, h in hrefs if k == "item"), "")
            yield self._item(kind)(
                agency=record.agency,
                run=record.run,
                seen=Locator(record=record.id, path=identity),
                identity=identity,
                part="row",
                url=url,
                title=re.sub(r"<[^>]*>", "", inside).strip(),
                published=date.fromisoformat(day) if day else None,
                attachments=tuple(h for k, h in hrefs if k == "file"),
                list_url=key,
            )
            if url:
                yield Link(url=url, role="item", list_key=key, kind=kind, identity=identity)
        further = [url for kind, url, _ in links if kind == "next"]
        for url in further:
            yield Link(url=url, role="list", page=context.page + 1, list_key=key)
        total = re.search(r"Tổng số: (\d+)", html)
        yield ListFacts(
            list_key=key,
            heading="Danh sách",
            item_kind=kind,
            identities=tuple(identities),
            last_page=not further,
            declared_total=int(total[1]) if total else None,
            empty_marker="Không có dữ liệu" in html,
        )

    def _item(self, kind: str) -> type[NewsItem] | type[LegalDocument]:
        return LegalDocument if kind == "legal_document" else NewsItem

    def _page(
        self, record: EvidenceRecord, html: str, context: PageContext, links: list[tuple[str, str, str]]
    ) -> SitePage:
        title = re.search(r"<title>(.*?)</title>", html)
        form = re.search(r'<form action="([^"]*)" method="(\w+)">', html)
        role = cast("PageRole", context.role if context.role in _ROLES else "site")
        return SitePage(
            agency=record.agency,
            run=record.run,
            seen=Locator(record=record.id),
            url=record.url,
            role=role,
            title=unescape(title[1]) if title else "",
            blocks=tuple(Block(text=text, tag="p") for text in _BLOCK.findall(html)),
            links=tuple(PageLink(url=url, text=text) for _, url, text in links if url),
            images=tuple(
                PageImage(url=absolute(record.url, src), alt="", width=int(width) if width else None)
                for src, width in _IMAGE.findall(html)
            ),
            forms=(PageForm(action=form[1], method=form[2], fields=(("q", ""),), text_field="q"),)
            if form
            else (),
            shell="<shell>" in html,
        )


def page(title: str, *links: tuple[str, str, str] | str, text: str = "") -> str:
    """Return a page: links are (kind, address, text), strings stand as they are."""
    body = "".join(x if isinstance(x, str) else f'<a class="{x[0]}" href="{x[1]}">{x[2]}</a>' for x in links)
    return f"<!doctype html><title>{title}</title><p>{text or title}</p>{body}"


def listing(rows: list[str], *links: tuple[str, str, str] | str, title: str = "Tin tức") -> str:
    """Return a page that shows a list."""
    return page(title, f'<ul class="ds">{"".join(rows)}</ul>', *links)


def row(identity: str, day: str = "2021-06-01", *, url: str = "", file: str = "", title: str = "") -> str:
    """Return a row; its address is /bai/<identity> unless another is given."""
    link = f'<a class="item" href="{url or f"/bai/{identity}"}">{title or f"Bài {identity}"}</a>'
    more = f'<a class="file" href="{file}">tệp</a>' if file else ""
    return f'<li data-id="{identity}" data-day="{day}">{link}{more}</li>'


def paged(path: str, rows: list[list[str]]) -> dict[str, Reply | Handler]:
    """Return the pages of a list under `path`, `path`/2 and so on, each leading to the next."""
    pages: dict[str, Reply | Handler] = {}
    for number, each in enumerate(rows, start=1):
        more = [("next", f"{path}/{number + 1}", "Sau")] if number < len(rows) else []
        pages[path if number == 1 else f"{path}/{number}"] = Reply(listing(each, *more))
    return pages


def conditional(body: str, etag: str) -> Handler:
    """Return a handler that answers 304 to whoever has the body already."""

    def answer(request: Request) -> Reply:
        if request.headers.get("if-none-match") == etag:
            return Reply("", 304, headers=(("ETag", etag),))
        return Reply(body, headers=(("ETag", etag),))

    return answer


async def visit(
    world: World,
    recorder: Recorder,
    platform: Platform | None = None,
    *,
    scope: Scope = "lists",
    run: str = "20211104T020000Z-1",
    terms: CrawlTerms = TERMS,
    registry: AgenciesFile | None = None,
    portal: str = "/",
    at: datetime | None = None,
    roots: Iterable[Path] = (),
    code: str = "so-mo-phong",
    until: float | None = None,
    **limits: Any,
) -> VisitReport:
    """Visit the server as the portal of one agency."""
    agency = Agency(code=AgencyCode(code), name="Sở Mô phỏng", bloc="b", portal=world.url(portal))
    network = world.network(**limits)
    clock = Ticking(at) if at else Ticking()
    async with Fetcher(network, clock, roots) as fetcher:
        crawl = Crawl(
            fetcher=fetcher,
            recorder=recorder,
            clock=clock,
            network=network,
            terms=terms,
            registry=registry or AgenciesFile(agency=(agency,)),
            seed="2021",
            until=until,
        )
        used = platform or Tiny()
        if scope == "whole":
            report = await crawl.keep(agency, used.profile(), RunId(run))
        else:
            report = await crawl.visit(agency, used, None, RunId(run), scope)
    check_account(report, recorder)
    return report


def check_account(report: VisitReport, recorder: Recorder) -> None:
    """Assert the invariant of every visit: attempts are the sum of their outcomes, and sealed."""
    assert report.attempts == report.fetched + report.not_modified + report.refused + report.failed
    if not isinstance(recorder, Memory):
        return
    sealed = [
        r
        for r in recorder.records.values()
        if (r.run, r.source) == (report.run, report.source) and r.kind != "resource"
    ]
    unasked = report.attempts - len(sealed)
    assert 0 <= unasked <= len(report.failures), (report, len(sealed))
    assert recorder.commits >= 1
