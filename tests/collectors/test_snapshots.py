"""Pages that findings cite, captured: with their parts, with a picture where a browser is, and labelled."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from collectors.crawl import Crawl
from collectors.fetcher import Fetcher
from minhchung.agencies import Agency
from minhchung.evidence import SNAPSHOT, AgencyCode, RecordId, RunId
from minhchung.sites import SiteProfile
from minhchung.snapshots import CitedPage, PageCapture
from minhchung.sources import AgenciesFile
from tests.collectors.memory import Memory
from tests.collectors.tiny import TERMS, check_account
from tests.collectors.worlds import Reply, Ticking, World

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU"
    b"\x00\x00\x00\nIDATx\x9cc\xf8\x0f\x00\x01\x01\x01\x00\x1b\xb6\xeeV\x00\x00\x00\x00IEND\xaeB`\x82"
)
PAGE = (
    '<!DOCTYPE html><html><head><link rel="stylesheet" href="/a.css"></head><body><h1>Sở Mô phỏng</h1>'
    '<img src="/logo.png"><img src="http://169.254.169.254/x.png"><p>Chưa có tin nào.</p></body></html>'
)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A page with a style that names a further image, and one without anything."""
    pages = {
        "/tin": Reply(PAGE),
        "/tron": Reply("<!DOCTYPE html><html><body><p>Chỉ có chữ.</p></body></html>"),
        "/a.css": Reply("body { background: url('/nen.png') }", type="text/css"),
        "/logo.png": Reply(PNG, type="image/png"),
        "/nen.png": Reply(PNG, type="image/png"),
    }
    async with World(dict(pages)) as served:
        yield served


async def captured(world: World, memory: Memory, *paths: str, **limits: Any) -> tuple[PageCapture, ...]:
    """Capture pages as findings would have them captured."""
    agency = Agency(code=AgencyCode("so-mo-phong"), name="Sở Mô phỏng", bloc="b", portal=world.url("/"))
    network, clock = world.network(**limits), Ticking()
    cited = [
        CitedPage(url=world.url(p), record=RecordId(f"urn:uuid:{n}"), sha256="0" * 64, components=("HD.2",))
        for n, p in enumerate(paths)
    ]
    async with Fetcher(network, clock) as fetcher:
        crawl = Crawl(
            fetcher=fetcher,
            recorder=memory,
            clock=clock,
            network=network,
            terms=TERMS,
            registry=AgenciesFile(agency=(agency,)),
        )
        report, taken = await crawl.capture(agency, SiteProfile(key="x"), RunId("20211104T020000Z-1"), cited)
    check_account(report, memory)
    assert {record.source for record in memory.records.values()} == {SNAPSHOT}
    return taken


async def test_without_a_browser_the_parts_are_kept_and_what_has_none_is_text(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Images and styles, also those that styles name; what the guard refuses is named without a record."""
    monkeypatch.setenv("MINHCHUNG_BROWSER", str(tmp_path / "none"))
    memory = Memory()

    page, text, missing = await captured(world, memory, "/tin", "/tron", "/khong-co")

    assert [each.form for each in (page, text, missing)] == ["parts", "text-only", "none"]
    answered = {url for url, record in page.parts if record and memory.records[record].status == 200}
    assert answered == {world.url("/a.css"), world.url("/logo.png"), world.url("/nen.png")}
    assert page.same is False
    assert page.picture is None
    assert "404" in missing.why
    assert missing.page is not None


async def test_a_capture_is_a_record_that_names_what_was_kept(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Under an address by which it is found from the record that the finding cites."""
    monkeypatch.setenv("MINHCHUNG_BROWSER", str(tmp_path / "none"))
    memory = Memory()

    await captured(world, memory, "/tin")

    (sealed,) = [r for r in memory.records.values() if r.url == "urn:minhchung:snapshot:0"]
    said = json.loads(memory.bodies[sealed.id])
    assert (said["cited"], said["components"], said["form"]) == ("urn:uuid:0", ["HD.2"], "parts")
    assert memory.records[said["page"]].url == world.url("/tin")
    assert {url for url, record in said["parts"] if record} >= {world.url("/logo.png"), world.url("/nen.png")}


@pytest.mark.browser
async def test_with_a_browser_there_is_a_picture_of_the_whole_page(world: World) -> None:
    """Picture and document are sealed beside the page; parts come through the guard as for a crawl."""
    memory = Memory()

    (page,) = await captured(world, memory, "/tin")

    assert page.form == "picture"
    assert page.picture is not None
    assert page.dom is not None
    assert memory.bodies[page.picture].startswith(b"\xff\xd8\xff")
    assert "Chưa có tin nào" in memory.bodies[page.dom].decode()
    kept = {url for url, record in page.parts if record}
    assert {world.url("/a.css"), world.url("/logo.png"), world.url("/nen.png")} <= kept
    assert [r for r in memory.records.values() if r.url.startswith("http://169.") and r.status] == []
