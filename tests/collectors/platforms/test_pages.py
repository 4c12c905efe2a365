"""Pages of our own making, each with a sidecar that says what stands on it and which platforms read it."""

import json
import tomllib
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from pydantic import TypeAdapter

from collectors.platforms.interface import Link, ListFacts, PageContext, Platform
from minhchung.agencies import Agency
from minhchung.evidence import PORTAL, AgencyCode, EvidenceRecord, RecordId, RunId
from minhchung.observations import Item, Question, ScheduleEntry, SitePage
from minhchung.sites import SiteProfile
from minhchung.sources import CrawlTerms

CHECKOUT = Path(__file__).resolve().parents[3]
PAGES = CHECKOUT / "tests" / "pages"
TERMS = TypeAdapter(CrawlTerms).validate_python(
    tomllib.loads((CHECKOUT / "config" / "crawl.toml").read_text(encoding="utf-8"))
)
AGENCY = Agency(
    code=AgencyCode("so-thu-nghiem"), name="Sở Thử Nghiệm", bloc="so", portal="https://muong-thu.example/"
)
CASES = [
    pytest.param(file, platform, id=f"{file.stem}-{platform}")
    for file in sorted(PAGES.glob("*.json"))
    for platform in json.loads(file.read_text(encoding="utf-8"))["platforms"]
]


def read(file: Path, name: str) -> tuple[dict[str, Any], list[object]]:
    """Read a page as its sidecar says it was asked for."""
    said = json.loads(file.read_text(encoding="utf-8"))
    platform: Platform = import_module(f"collectors.platforms.{name}").PLATFORM
    record = EvidenceRecord(
        id=RecordId("urn:uuid:1"),
        agency=AGENCY.code,
        source=PORTAL,
        run=RunId("20211112T180000Z-1"),
        url=said["url"],
        captured_at=datetime(2021, 11, 12, 18, 0, tzinfo=UTC),
        kind="response",
        content_type="text/html; charset=utf-8",
    )
    profile = TypeAdapter(SiteProfile).validate_python({"key": "thu", **said.get("profile", {})})
    context = PageContext(
        agency=AGENCY, profile=profile, terms=TERMS, role=said["role"], kind=said.get("kind", "")
    )
    return said["expect"], list(platform.read(record, file.with_suffix(".html").read_bytes(), context))


def plain(value: object) -> object:
    """Return a value as JSON would hold it."""
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize(("file", "platform"), CASES)
def test_a_page_is_read_as_its_sidecar_says(file: Path, platform: str) -> None:
    """The sidecar is the truth; fields it does not name are left open."""
    expect, seen = read(file, platform)
    items = [each for each in seen if isinstance(each, Item | Question | ScheduleEntry)]
    assert len(items) == len(expect["items"])
    for item, wanted in zip(items, expect["items"], strict=True):
        assert {name: plain(getattr(item, name)) for name in wanted} == wanted
    page = next(each for each in seen if isinstance(each, SitePage))
    assert page.role == expect.get("page_role", page.role)
    facts = [each for each in seen if isinstance(each, ListFacts)]
    for name, field in (("heading", "heading"), ("kind", "item_kind"), ("last_page", "last_page")):
        if name in expect:
            assert [getattr(each, field) for each in facts] == [expect[name]]
    if "empty_marker" in expect:
        assert [each.empty_marker for each in facts] == [expect["empty_marker"]]


@pytest.mark.parametrize(("file", "platform"), CASES)
def test_links_lead_on_where_the_sidecar_says(file: Path, platform: str) -> None:
    """The next page carries every hidden field; every row with a page of its own is a link to an item."""
    expect, seen = read(file, platform)
    links = [each for each in seen if isinstance(each, Link)]
    further = [link for link in links if link.role == "list" and link.page == 2]
    assert [link.url for link in further] == ([expect["next"]] if "next" in expect else [])
    if "next_body" in expect:
        assert further[0].method == "POST"
        assert dict(parse_qsl(further[0].body.decode(), keep_blank_values=True)) == expect["next_body"]
    if "lists" in expect:
        assert [[link.url, link.kind] for link in links if link.role == "list"] == expect["lists"]
    rows = {item.identity for item in seen if isinstance(item, Item) and item.part == "row"}
    assert {link.identity for link in links if link.role == "item"} == rows


def test_every_page_has_a_sidecar() -> None:
    """A page without truth proves nothing."""
    assert {f.stem for f in PAGES.glob("*.html")} == {f.stem for f in PAGES.glob("*.json")}
