"""A portal that is real software and not ours: Wagtail with 200 known items, read as a stranger would."""

import json
import os
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter

from collectors.platforms.generic import PLATFORM
from collectors.platforms.interface import Link, ListFacts, PageContext
from minhchung.agencies import Agency
from minhchung.evidence import PORTAL, AgencyCode, EvidenceRecord, RecordId, RunId
from minhchung.observations import Directive, Item, NewsItem
from minhchung.sites import SiteProfile
from minhchung.sources import CrawlTerms

pytestmark = pytest.mark.realcms

CHECKOUT = Path(__file__).resolve().parents[2]
SITE = CHECKOUT / "tests" / "env" / "wagtail_site"
STORIES, DOCUMENTS = 150, 50


def known_items() -> list[dict[str, Any]]:
    """The truth: 150 stories and 50 documents that visitors see, and 3 drafts that they do not."""
    items: list[dict[str, Any]] = []
    for n in range(STORIES):
        day = date(2020, 11, 1) + timedelta(days=n * 2)
        items.append(
            {
                "index": "Tin tức",
                "title": f"Bản Thử Nghiệm mở lớp tập huấn số {n + 1} về chuyển đổi số",
                "day": day.isoformat(),
                "intro": f"Lớp số {n + 1} nối tiếp lớp mở ngày {day - timedelta(days=40):%d/%m/%Y} tại bản.",
                "body": f"Nội dung của lớp số {n + 1}, có {n + 20} người dự. " * 6,
                "live": True,
            }
        )
    for n in range(DOCUMENTS):
        issued = date(2021, 1, 4) + timedelta(days=n * 5)
        items.append(
            {
                "index": "Văn bản chỉ đạo điều hành",
                "title": f"Quyết định phê duyệt kế hoạch thử nghiệm đợt {n + 1}",
                "day": (issued + timedelta(days=n % 3)).isoformat(),
                "number": f"{n + 1}/QĐ-STN",
                "issued": issued.isoformat(),
                "issuer": "Sở Thử Nghiệm",
                "abstract": f"Về việc phê duyệt kế hoạch thử nghiệm đợt {n + 1}",
                "live": True,
            }
        )
    drafts = [{**items[n], "title": f"Bản nháp {n}", "live": False} for n in range(3)]
    return items + drafts


@pytest.fixture(scope="module")
def portal(wagtail_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Wagtail portal on a free loopback port; it ends when its standard input closes."""
    folder = tmp_path_factory.mktemp("wagtail") / "site"
    shutil.copytree(SITE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "items.json").write_text(json.dumps(known_items()), encoding="utf-8")
    with subprocess.Popen(
        [str(wagtail_python), "-W", "ignore", "load.py"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "settings", "PYTHONUTF8": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        yield f"http://127.0.0.1:{int(server.stdout.readline())}/"
        server.stdin.close()
        server.wait(timeout=20)


def terms() -> CrawlTerms:
    """The product's own words for lists."""
    return TypeAdapter(CrawlTerms).validate_python(
        tomllib.loads((CHECKOUT / "config" / "crawl.toml").read_text(encoding="utf-8"))
    )


def visit(home: str, profile: SiteProfile) -> tuple[list[Item], list[ListFacts]]:
    """Read the portal from its home page on: lists, their further pages, items."""
    agency = Agency(code=AgencyCode("so-thu-nghiem"), name="Sở Thử Nghiệm", bloc="so", portal=home)
    items: list[Item] = []
    facts: list[ListFacts] = []
    queue, asked = list(PLATFORM.entrances(agency, profile)), set[str]()
    words = terms()
    with httpx.Client(trust_env=False) as client:
        while queue:
            link = queue.pop(0)
            if link.url in asked or link.role not in {"home", "list", "item"}:
                continue
            asked.add(link.url)
            answer = client.get(link.url)
            assert answer.status_code == 200
            record = EvidenceRecord(
                id=RecordId(f"urn:uuid:{len(asked)}"), agency=agency.code, source=PORTAL, run=RunId("r"),
                url=link.url, captured_at=datetime(2021, 11, 12, tzinfo=UTC), kind="response",
                content_type=answer.headers["content-type"],
            )  # fmt: skip
            context = PageContext(
                agency=agency, profile=profile, terms=words, role=link.role, list_key=link.list_key,
                page=link.page, kind=link.kind, identity=link.identity, text=link.text,
            )  # fmt: skip
            for seen in PLATFORM.read(record, answer.content, context):
                if isinstance(seen, Link):
                    queue.append(seen)
                elif isinstance(seen, ListFacts):
                    facts.append(seen)
                elif isinstance(seen, Item):
                    items.append(seen)
    return items, facts


def profile_of(name: str) -> SiteProfile:
    """A site profile as the product's config directory holds it; none: a minimal configuration."""
    if not name:
        return SiteProfile(key="")
    file = CHECKOUT / "config" / "sites" / f"{name}.toml"
    return TypeAdapter(SiteProfile).validate_python(tomllib.loads(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", ["", "wagtail-example"])
def test_every_item_of_a_wagtail_portal_is_found_with_its_exact_day(portal: str, name: str) -> None:
    """The truth is the list that the pages were made from; drafts are not shown and so not found."""
    items, facts = visit(portal, profile_of(name))
    truth = {item["title"]: item for item in known_items() if item["live"]}
    for part in ("row", "page"):
        seen = [item for item in items if item.part == part]
        assert len(seen) == len({item.identity for item in seen}) == len(truth)
        assert {item.title: item.published for item in seen} == {
            title: date.fromisoformat(item["day"]) for title, item in truth.items()
        }
    rows = {item.identity for item in items if item.part == "row"}
    assert rows == {item.identity for item in items if item.part == "page"}
    assert {(f.heading, f.item_kind) for f in facts} == {
        ("Tin tức", "news"),
        ("Văn bản chỉ đạo điều hành", "directive"),
    }
    assert [f.last_page for f in facts].count(True) == 2


def test_documents_of_a_wagtail_portal_have_their_attributes(portal: str) -> None:
    """Number, day of issue and issuer of every document, from pages that no profile describes."""
    items, _ = visit(portal, profile_of(""))
    documents = {item.number: item for item in items if isinstance(item, Directive) and item.part == "page"}
    assert not any(item.number for item in items if isinstance(item, NewsItem))
    for item in known_items():
        if "number" in item and item["live"]:
            seen = documents[item["number"]]
            assert seen.issued == date.fromisoformat(item["issued"])
            assert (seen.issuer, seen.summary) == (item["issuer"], item["abstract"])
