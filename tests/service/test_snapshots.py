"""Which pages findings cite, their captures before the freeze, and what the web app shows of them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from minhchung.errors import UsageError
from service.collecting import collect
from service.desk import HomeDesk
from service.snapshots import capture, check_before_freeze, cited_pages
from service.standings import conclude
from service.workplace import RandomIds, SimulatedClock
from storage.home import Home
from storage.store import Store
from tests.service.bundled import VISITS, SmallHome, pages
from tests.service.portals import portal
from tests.service.small_home import write_small_config


@pytest.fixture
def without_browser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Look for no browser: what it adds is tested with the captures themselves."""
    monkeypatch.setenv("MINHCHUNG_BROWSER", str(tmp_path / "none"))


@pytest.mark.usefixtures("without_browser")
def test_what_a_deduction_rests_on_is_captured_and_shown_with_it(tmp_path: Path) -> None:
    """A page that two components cite is captured once, in the name of both."""
    with portal(pages=pages()) as port:
        config = write_small_config(tmp_path / "config", f"http://127.0.0.1:{port}/", f"127.0.0.1:{port}")
        made = SmallHome(tmp_path / "home", config)
        settings = made.settings()
        clock = SimulatedClock(VISITS[0])
        agency = settings.agency("so-thu")
        with Store(Home(made.home), clock, RandomIds(), writer=True) as store:
            for instant in VISITS:
                clock.set(instant)
                asyncio.run(collect(settings, store, clock, (agency,), services=False))
            concluded = conclude(settings, store)
            cited = cited_pages(concluded, agency, 5)
            check_before_freeze(concluded, clock)
            kept = asyncio.run(capture(settings, store, clock, concluded, (agency,)))
            again = conclude(settings, store)

    addresses = [page.url for page in cited]
    assert cited
    assert len(addresses) == len(set(addresses)) <= 5
    assert all(page.components for page in cited)
    assert "text-only" in {each.form for each in kept["so-thu"]} <= {"parts", "text-only", "none"}
    assert {each.cited.url for each in kept["so-thu"]} >= set(addresses)
    assert again.standing == concluded.standing

    sheet = HomeDesk(made.settings).sheet(cited[0].record)
    (shown,) = sheet.captures
    assert shown.page == next(e.page for e in kept["so-thu"] if e.cited.record == cited[0].record)
    assert "trang" in shown.words

    clock.set(datetime(2022, 6, 1, tzinfo=UTC))
    with pytest.raises(UsageError, match="frozen"):
        check_before_freeze(concluded, clock)
