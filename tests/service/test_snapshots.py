"""Which pages findings cite, their captures before the freeze, and what the web app shows of them."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from minhchung.errors import UsageError
from minhchung.evidence import SNAPSHOT, AgencyCode
from service.collecting import collect
from service.desk import HomeDesk
from service.snapshots import capture, check_before_freeze, cited_pages
from service.standings import conclude
from service.workplace import RandomIds, SimulatedClock, SystemClock
from storage.home import Home
from storage.store import Store
from tests.service.bundled import VISITS, SmallHome, pages
from tests.service.calling import Call, caller
from tests.service.portals import portal
from tests.service.small_home import write_small_config


@pytest.fixture
def without_browser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Look for no browser: what it adds is tested with the captures themselves."""
    monkeypatch.setenv("MINHCHUNG_BROWSER", str(tmp_path / "none"))


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """Call the command line in this process."""
    return caller(capsys)


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


@pytest.mark.usefixtures("without_browser")
def test_every_collect_captures_what_is_cited_where_config_says_so(tmp_path: Path, call: Call) -> None:
    """`after_collect`: pages change between a finding and the freeze; without it nobody is asked for them."""
    with portal(pages=pages()) as port:
        config = write_small_config(tmp_path / "config", f"http://127.0.0.1:{port}/", f"127.0.0.1:{port}")
        words = ("--home", tmp_path / "home", "--config", config)
        plain = call(*words, "collect", "so-thu", "--no-services")
        round_ = config / "rounds" / "2021.toml"
        round_.write_text(
            round_.read_text("utf-8").replace("freeze = 2021-11-10", "freeze = 2099-11-10"), "utf-8"
        )
        registry = config / "agencies" / "thu.toml"
        registry.write_text(
            f"{registry.read_text('utf-8')}\n[network.snapshots]\nafter_collect = true\n", "utf-8"
        )
        said = call(*words, "collect", "so-thu", "--no-services")
        with Store(Home(tmp_path / "home"), SystemClock(), RandomIds(), writer=False) as store:
            visits = store.visits_of(AgencyCode("so-thu"), SNAPSHOT)

    assert "trang được viện dẫn" not in plain.err
    (told,) = re.findall(r"đã chụp (\d+) trang được viện dẫn", said.err)
    assert int(told) > 0
    assert len(visits) == 1
    assert visits[0].fetched > 0
