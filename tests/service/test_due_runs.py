"""Due runs: each moment is run by one process only, and nothing that was sealed is lost."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from minhchung.errors import ConfigError, UsageError
from minhchung.evidence import RecordId
from minhchung.periods import VIETNAM
from service.desk import HomeDesk, purpose, state_of
from service.due_runs import Stop, claims_of, kept_claims, lapse, lateness, plan, run_due
from service.schedule import Due, Lapsed
from service.settings import Settings, load
from service.workplace import SystemClock, open_store
from tests.service.portals import portal, write_config

ROOT = Path(__file__).resolve().parents[2]


def quiet(vi: str, en: str) -> None:
    """Say nothing."""


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    with portal() as port:
        yield load(tmp_path / "home", write_config(tmp_path / "config", port))


def midnight() -> datetime:
    return datetime.now(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)


def test_what_is_due_runs_once_and_is_sealed(settings: Settings) -> None:
    """A second call finds the claim; so does one after a restart, for the claim is in the home."""
    _, first = run_due(settings, quiet)
    _, again = run_due(settings, quiet)

    assert [(r.outcome, r.due.fire_at, [v.state for v in r.reports]) for r in first] == [
        ("ran", midnight(), ["ok"])
    ]
    assert again == []
    assert kept_claims(settings) == {"hang-ngay": midnight()}
    with closing(open_store(settings)) as store:
        visits = [run.note for run in store.runs() if run.note != "acts"]
        assert visits == [f"hang-ngay {midnight():%Y-%m-%dT%H:%M}"]


def test_a_moment_another_process_took_is_left_alone(settings: Settings) -> None:
    """UNIQUE(schedule, fire_at) decides, not what was read a moment ago."""
    clock = SystemClock()
    found = plan(settings, clock)
    with closing(open_store(settings, writer=True)) as store:
        assert store.claim("hang-ngay", found.due[0].fire_at)
        assert not store.claim("hang-ngay", found.due[0].fire_at)

    assert run_due(settings, quiet)[1] == []


@pytest.mark.fault
def test_two_processes_at_once_run_it_once(settings: Settings) -> None:
    """One runs it; the other finds the home busy, the claim taken, or nothing due any more."""
    command = [sys.executable, "-m", "service.cli", "--home", str(settings.home)]
    command += ["--config", str(settings.place.directory), "schedule", "run", "--json"]
    both = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)
    ]
    printed = [child.communicate(timeout=60)[0] for child in both]
    said = [json.loads(text) for text in printed if text]
    outcomes = [one["outcome"] for each in said for one in each["ran"]]

    assert outcomes.count("ran") == 1
    assert set(outcomes) <= {"ran", "busy", "taken"}
    assert {child.returncode for child in both} <= {0, 2}


def test_while_somebody_writes_a_run_waits_unclaimed(settings: Settings) -> None:
    """BusyError is told, and the next tick tries again."""
    with closing(open_store(settings, writer=True)):
        _, waiting = run_due(settings, quiet)

    assert [one.outcome for one in waiting] == ["busy"]
    assert "is writing" in waiting[0].detail
    assert [one.outcome for one in run_due(settings, quiet)[1]] == ["ran"]


def test_a_stopped_run_keeps_what_was_sealed(tmp_path: Path) -> None:
    """SIGTERM in the middle of a crawl: the run ends at once, its claim and its records stay."""
    asked = threading.Event()
    released = threading.Event()

    def hang() -> None:
        asked.set()
        released.wait(30)

    with portal(hang) as port:
        settings = load(tmp_path / "home", write_config(tmp_path / "config", port))
        stop, outcomes = Stop(), []
        worker = threading.Thread(target=lambda: outcomes.extend(run_due(settings, quiet, stop)[1]))
        worker.start()
        assert asked.wait(20)
        begun = time.monotonic()
        stop.ask()
        worker.join(20)
        spent = time.monotonic() - begun
        released.set()

    assert [one.outcome for one in outcomes] == ["stopped"]
    assert spent < 10
    with closing(open_store(settings)) as store:
        assert claims_of(store) == {"hang-ngay": midnight()}


def test_a_request_to_stop_before_the_run_starts_none(settings: Settings) -> None:
    """Nothing is claimed that will not be run."""
    stop = Stop()
    stop.ask()

    assert run_due(settings, quiet, stop)[1] == []
    assert kept_claims(settings) == {}


def test_a_timetable_that_names_a_stranger_is_refused(settings: Settings) -> None:
    """Before anything is collected."""
    table = settings.place.directory / "timetable.toml"
    table.write_text(table.read_text("utf-8") + 'agencies = ["so-la"]\n', "utf-8")

    with pytest.raises(UsageError, match="so-la"):
        run_due(load(settings.home, settings.place.directory), quiet)


def test_a_timetable_with_a_bad_cron_is_refused(tmp_path: Path) -> None:
    """The error names file, key and remedy."""
    config = write_config(tmp_path / "config", 1, cron="0 0 * * 8")

    with pytest.raises(ConfigError, match=r"timetable\.toml: schedule hang-ngay\.cron"):
        run_due(load(tmp_path / "home", config), quiet)


def test_a_simulated_province_that_is_not_up_is_not_visited(tmp_path: Path) -> None:
    """Its silence would be sealed as if portals had been dark."""
    config = write_config(tmp_path / "config", 1)
    registry = config / "agencies" / "thu.toml"
    head = 'simulated = true\ncanaries = ["http://127.0.0.1:2/health"]\n'
    registry.write_text(head + registry.read_text("utf-8"), "utf-8")
    settings = load(tmp_path / "home", config)

    with pytest.raises(UsageError, match="minhchung simulate"):
        run_due(settings, quiet)
    assert not (tmp_path / "home").exists()
    assert "không tự chạy" in HomeDesk(lambda: settings).timetable().remarks[0]


def test_lateness_says_since_when_and_for_how_many(settings: Settings) -> None:
    """A missed run is caught up once and reported."""
    entry = settings.timetable.schedule[0]
    moment = datetime(2021, 11, 8, 1, 30, tzinfo=VIETNAM)
    due = Due(entry=entry, fire_at=moment, late=timedelta(hours=26), missed=2)
    lapsed = Lapsed(entry=entry, first=moment, last=moment + timedelta(days=7), count=2)

    assert lateness(due) == (
        " muộn 1 ngày so với 08/11/2021 01:30, thay cho cả 2 lần đã lỡ trước đó",
        " 1 days after 08/11/2021 01:30, for 2 more missed",
    )
    assert lateness(Due(entry=entry, fire_at=moment, late=timedelta(seconds=9), missed=0)) == ("", "")
    assert lapse(lapsed)[0] == "đã lỡ 2 lần (08/11/2021 01:30 – 15/11/2021 01:30), quá hạn chạy bù"


# --- the desk over the same home -------------------------------------------------------------------


def test_the_desk_lays_a_record_open_as_text(settings: Settings) -> None:
    """Headers as received, characters as captured, markup untouched."""
    run_due(settings, quiet)
    desk = HomeDesk(lambda: settings)
    records = desk.records("so-thu", 100)
    page = next(record for record in records if record.url.endswith("/tin-tuc") and record.status == 200)

    sheet = desk.sheet(page.id)

    assert sheet.status_line == "HTTP/1.0 200 OK"
    assert ("Content-Type", "text/html; charset=utf-8") in sheet.headers
    assert sheet.text is not None
    assert '<p onclick="x()">Chưa có &amp; sẽ có</p>' in sheet.text
    assert records[0].leaf == max(record.leaf or 0 for record in records)
    with pytest.raises(KeyError):
        desk.sheet(RecordId("urn:uuid:00000000-0000-0000-0000-000000000000"))


def test_a_damaged_record_is_shown_as_damaged(settings: Settings) -> None:
    """What is no longer what was sealed is not shown as if it were."""
    run_due(settings, quiet)
    desk = HomeDesk(lambda: settings)
    page = next(record for record in desk.records("so-thu", 100) if record.status == 200)
    for file in (settings.home / "archive").rglob("*.gz"):
        file.write_bytes(bytes(len(file.read_bytes())))

    sheet = desk.sheet(page.id)

    assert sheet.text is None
    assert page.id in sheet.fault


def test_the_desk_shows_the_timetable_and_its_runs(settings: Settings) -> None:
    """Before the first run there is no home, and after it there is a last moment."""
    desk = HomeDesk(lambda: settings)
    before = desk.timetable()
    run_due(settings, quiet)
    after = desk.timetable()

    assert (before.lines[0].last_at, before.runs) == (None, ())
    assert before.lines[0].remark.startswith("đến lượt chạy")
    assert (after.lines[0].last_at, after.lines[0].remark) == (midnight(), "")
    assert [run.note for run in after.runs] == ["Hằng ngày"]


def test_a_run_is_told_by_what_it_was_for(settings: Settings) -> None:
    """An order by its own words, a line of the timetable by its title, anything else as it was noted."""
    told = [purpose(settings, note) for note in ("host", "hang-ngay 2026-01-02T00:00", "close-1")]

    assert told == ["toàn bộ cổng, theo lệnh", "Hằng ngày", "close-1"]


def test_the_standing_is_concluded_once_for_each_stored_state(tmp_path: Path) -> None:
    """Not once for each reader: a page costs nothing while nothing is stored."""
    settings = load(tmp_path / "home", ROOT / "config")
    with closing(open_store(settings, writer=True)) as store:
        store.begin_run("thử")
    desk = HomeDesk(lambda: settings)

    boards = [desk.board() for _ in range(3)]
    before = (desk.times_concluded, state_of(settings))
    with closing(open_store(settings, writer=True)) as store:
        store.claim("thu", midnight())
    deadline = time.monotonic() + 20
    while desk.times_concluded == 1 and time.monotonic() < deadline:
        desk.board()

    assert before[0] == 1
    assert boards[0].standing is boards[2].standing
    assert state_of(settings) != before[1]
    assert desk.times_concluded == 2
