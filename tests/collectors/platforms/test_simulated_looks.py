"""Every look of the simulated province, read with its platform and with nothing but the address.

The truth is the model that the pages were rendered from: recall and precision are 1, every field as printed.
"""

import tomllib
from collections import Counter
from datetime import UTC, date, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from pydantic import TypeAdapter

from collectors.platforms.interface import Link, ListFacts, PageContext, Platform
from collectors.reading.kinds import kind_of, words_of
from minhchung.agencies import Agency
from minhchung.evidence import PORTAL, AgencyCode, EvidenceRecord, RecordId, RunId
from minhchung.observations import (
    Article,
    Directive,
    LegalDocument,
    NewsItem,
    Observation,
    Question,
    ScheduleEntry,
)
from minhchung.sites import SiteProfile
from minhchung.sources import CrawlTerms
from simulator.http import Request
from simulator.model import Portal
from simulator.province import build_province
from simulator.site import PortalSite

HOME = "http://127.0.0.1:9000"
DAY = date(2021, 11, 12)
LOOKS = ("vnpt", "sharepoint", "nukeviet", "liferay", "wordpress", "webforms")
TERMS = TypeAdapter(CrawlTerms).validate_python(
    tomllib.loads((Path(__file__).resolve().parents[3] / "config" / "crawl.toml").read_text(encoding="utf-8"))
)


@cache
def portals() -> dict[str, Portal]:
    """For each look the smallest portal that answers."""
    chosen: dict[str, Portal] = {}
    for portal in build_province(3234).portals:
        look, known = portal.agency.look, chosen.get(portal.agency.look)
        if {"block-page", "dark"} & set(portal.agency.temper):
            continue
        if known is None or len(portal.shown()) < len(known.shown()):
            chosen[look] = portal
    return chosen


@cache
def seen_on(look: str, name: str) -> tuple[Agency, tuple[Observation, ...]]:
    """Everything that a platform reads on the portal of a look, from its home page on."""
    portal = portals()[look]
    agency = Agency(
        code=AgencyCode(portal.agency.code),
        name=portal.agency.name,
        bloc=portal.agency.bloc,
        portal=f"{HOME}/",
    )
    platform: Platform = import_module(f"collectors.platforms.{name}").PLATFORM
    site, profile = PortalSite(portal, HOME, HOME), SiteProfile(key="thu")
    queue, asked, found = list(platform.entrances(agency, profile)), set[Any](), list[Observation]()
    while queue:
        link = queue.pop(0)
        if (link.url, link.body) in asked or link.role not in {"home", "list", "item"}:
            continue
        asked.add((link.url, link.body))
        parts = urlsplit(link.url)
        answer = site.handle(
            Request(
                method=link.method,
                path=unquote(parts.path),
                query=parts.query,
                headers={},
                body=link.body,
                day=DAY,
            )
        )
        assert answer.status == 200
        record = EvidenceRecord(
            id=RecordId(f"urn:uuid:{len(asked)}"), agency=agency.code, source=PORTAL, run=RunId("r"),
            url=link.url, captured_at=datetime(2021, 11, 12, 3, tzinfo=UTC), kind="response",
            content_type=answer.content_type,
        )  # fmt: skip
        context = PageContext(
            agency=agency, profile=profile, terms=TERMS, role=link.role, list_key=link.list_key,
            page=link.page, kind=link.kind, identity=link.identity, text=link.text,
        )  # fmt: skip
        for each in platform.read(record, answer.body, context):
            if isinstance(each, Link):
                queue.append(each)
            elif not isinstance(each, ListFacts):
                found.append(each)
    return agency, tuple(found)


def reached(agency: Agency, portal: Portal) -> frozenset[str]:
    """Keys of the sections that menu words lead to."""
    words = words_of(TERMS)
    open_to_all = (section for section in portal.sections if not section.hidden)
    return frozenset(s.key for s in open_to_all if kind_of([s.heading], words, agency)[0] is not None)


AnyItem = NewsItem | LegalDocument | Directive | Article


def parts(found: tuple[Observation, ...], part: str) -> list[AnyItem]:
    """Items seen as rows, or on their own pages."""
    return [each for each in found if isinstance(each, AnyItem) and each.part == part]


BOTH = [pytest.param(look, name, id=f"{look}-by-{name}") for look in LOOKS for name in (look, "generic")]


@pytest.mark.parametrize(("look", "name"), BOTH)
def test_every_story_and_paper_is_found_and_nothing_else(look: str, name: str) -> None:
    """As a row and as a page of one identity, with the day and the source that the portal prints."""
    portal = portals()[look]
    agency, found = seen_on(look, name)
    keys = reached(agency, portal)
    stories = [s for s in portal.stories if s.visible_on(DAY) and keys & set(s.lists)]
    papers = [p for p in portal.papers if p.visible_on(DAY) and keys & set(p.lists)]
    rows, pages = parts(found, "row"), parts(found, "page")
    assert {row.identity for row in rows} == {page.identity for page in pages}
    assert len(pages) == len(stories) + len(papers)
    told = Counter((page.title, page.published, page.source_line) for page in pages if page.kind == "news")
    assert told == Counter((s.title, s.printed, s.credit) for s in stories)


@pytest.mark.parametrize(("look", "name"), BOTH)
def test_every_attribute_of_every_paper_is_read(look: str, name: str) -> None:
    """Number, days, issuer, form, signer, abstract and file, from the row and the page together."""
    portal = portals()[look]
    agency, found = seen_on(look, name)
    keys = reached(agency, portal)
    merged: dict[str, dict[str, Any]] = {}
    for item in (*parts(found, "page"), *parts(found, "row")):
        if item.kind not in ("legal_document", "directive"):
            continue
        known = merged.setdefault(item.identity, {})
        for field in (
            "number",
            "issued",
            "published",
            "issuer",
            "doc_type",
            "signer",
            "effective_text",
            "summary",
        ):
            known[field] = known.get(field) or getattr(item, field)
        known["files"] = max(known.get("files", 0), len(item.attachments))
    assert Counter(tuple(known.values()) for known in merged.values()) == Counter(
        (
            p.code, p.issued, p.printed, p.issuer, p.form, p.signer, p.effective, p.abstract,
            0 if p.file == "none" else 1,
        )
        for p in portal.papers
        if p.visible_on(DAY) and keys & set(p.lists)
    )  # fmt: skip


@pytest.mark.parametrize(("look", "name"), BOTH)
def test_questions_and_weeks_are_read_where_the_portal_has_them(look: str, name: str) -> None:
    """Days of asking and answering as printed; a week from its first day to its last."""
    portal = portals()[look]
    _, found = seen_on(look, name)
    kinds = {section.kind for section in portal.sections}
    asked = [q for q in portal.inquiries if q.visible_on(DAY)] if "question" in kinds else []
    weeks = [w for w in portal.weeks if w.visible_on(DAY)] if "schedule" in kinds else []
    answered = [(q.answered is not None and q.answered <= DAY) for q in asked]
    told = Counter(
        (q.title, q.asked, q.answered, q.answer_chars > 0) for q in found if isinstance(q, Question)
    )
    assert told == Counter(
        (q.title, q.asked, q.answered if done else None, done)
        for q, done in zip(asked, answered, strict=True)
    )
    entries = Counter((e.first, e.last) for e in found if isinstance(e, ScheduleEntry))
    assert entries == Counter((week.first, week.last) for week in weeks)
