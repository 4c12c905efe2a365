"""The browser tier: a portal that needs JavaScript, in a real browser that asks nobody itself."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from importlib.metadata import version
from pathlib import Path

import pytest

from collectors.chromium import find_browser
from minhchung.evidence import EvidenceRecord, Failure
from minhchung.observations import ListCapture, NewsItem, SitePage
from tests.collectors.memory import Memory
from tests.collectors.tiny import page, row, visit
from tests.collectors.worlds import Reply, World

SHELL = page("Sở Mô phỏng", "<shell>", "<div id=app></div><script src=/app.js></script>")
API = {"tin": [{"id": "b1", "ngay": "2021-10-01"}, {"id": "b2", "ngay": "2021-09-01"}]}


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A portal whose pages are shells: a script asks for JSON and writes the page."""
    home = page("Sở Mô phỏng", ("list", "/tin", "Tin tức"))
    rows = "".join(row("ID", "NGAY")).replace("ID", "${t.id}").replace("NGAY", "${t.ngay}")
    script = f"""
      (async () => {{
        const answer = await fetch('/api/tin');
        const data = await answer.json();
        const list = `<ul class="ds">` + data.tin.map(t => `{rows}`).join('') + '</ul>';
        document.querySelector('shell').remove();
        document.body.innerHTML = location.pathname === '/' ? `{home}` : list;
      }})();"""
    pages = {
        "/": Reply(SHELL),
        "/tin": Reply(SHELL),
        "/app.js": Reply(script, type="text/javascript"),
        "/api/tin": Reply(json.dumps(API), type="application/json"),
        "/bai/b1": Reply(page("Bài b1")),
        "/bai/b2": Reply(page("Bài b2")),
    }
    async with World(dict(pages)) as served:
        yield served


def test_a_setting_that_names_no_file_means_no_browser(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The setting decides; it is not second-guessed."""
    monkeypatch.setenv("MINHCHUNG_BROWSER", str(tmp_path / "chromium"))
    assert find_browser() is None

    (tmp_path / "chromium").write_text("")
    assert find_browser() == str(tmp_path / "chromium")


async def test_without_a_browser_that_is_said_and_nothing_has_failed(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """needs-browser: refused, not failed; the shell itself is on record."""
    monkeypatch.setenv("MINHCHUNG_BROWSER", str(tmp_path / "none"))
    memory = Memory()

    report = await visit(world, memory)

    assert report.state == "needs-browser"
    assert dict(report.failures)[world.url("/")] is Failure.NO_BROWSER
    assert report.failed == 0
    assert [p.shell for p in memory.of(SitePage)] == [True]
    assert not [r for r in memory.records.values() if r.url.startswith("urn:minhchung:browser:")]


async def test_a_browser_that_does_not_start_is_said_too(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A broken installation is our side's fault."""
    fake = tmp_path / "chromium"
    fake.write_text("#!/bin/sh\nexit 3\n")
    fake.chmod(0o755)
    monkeypatch.setenv("MINHCHUNG_BROWSER", str(fake))

    report = await visit(world, Memory())

    assert report.state == "needs-browser"
    assert "không chạy được" in report.detail


def snapshots(memory: Memory, url: str) -> list[EvidenceRecord]:
    """Return the documents that scripts made at an address."""
    made = (r for r in memory.records.values() if r.kind == "resource" and r.url == url)
    return [r for r in made if r.content_type.startswith("text/html")]


@pytest.mark.browser
async def test_a_portal_of_scripts_is_read_as_its_visitors_see_it(world: World) -> None:
    """Shell, script, JSON and document are all sealed; readers are given the document."""
    memory = Memory()

    report = await visit(world, memory)

    assert report.state == "ok"
    assert [c.identities for c in memory.of(ListCapture)] == [("b1", "b2")]
    assert {item.identity for item in memory.of(NewsItem) if item.part == "row"} == {"b1", "b2"}
    documents = snapshots(memory, world.url("/tin"))
    assert [memory.bodies[r.id].count(b"<li") for r in documents] == [2]
    assert world.url("/api/tin") in [r.url for r in memory.records.values() if r.kind == "response"]
    (named,) = [r for r in memory.records.values() if r.url.startswith("urn:minhchung:browser:Chromium/")]
    said = json.loads(memory.bodies[named.id])
    assert re.fullmatch(r"Chromium \d+(\.\d+)+", said["browser"])
    assert said["driver"] == f"playwright {version('playwright')}"
    assert [r.content_type for r in memory.records.values() if r.url == world.url("/tin")][-2:] == [
        "image/jpeg",
        "text/html; charset=utf-8",
    ]


@pytest.mark.browser
async def test_scripts_reach_nothing_that_the_guard_does_not_admit(world: World) -> None:
    """Loopback, metadata and foreign files stay out of reach for scripts as for links."""
    async with World({"/bi-mat": Reply("x")}) as inner:
        script = f"""
          const tries = ['{inner.url("/bi-mat")}', 'http://169.254.169.254/', 'file:///etc/hostname',
                         'http://[::1]:{inner.port}/bi-mat'];
          new WebSocket('ws://127.0.0.1:{inner.port}/bi-mat');
          new Image().src = '{inner.url("/bi-mat")}';
          navigator.sendBeacon('{inner.url("/bi-mat")}', 'x');
          Promise.allSettled(tries.map(u => fetch(u, {{mode: 'no-cors'}})))
            .then(all => document.body.innerHTML = '<p>' + all.map(a => a.status).join(' ') + '</p>');"""
        world.pages["/app.js"] = Reply(script, type="text/javascript")
        memory = Memory()
        await visit(world, memory)

        assert inner.connections == 0
    (document,) = snapshots(memory, world.url("/"))
    assert b"rejected rejected rejected rejected" in memory.bodies[document.id]
