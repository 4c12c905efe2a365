"""`serve` as a process: it answers on this machine only, runs the timetable, and ends leaving nothing."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from minhchung.errors import UsageError
from service.cli import app
from service.due_runs import Stop, kept_claims
from service.serving import Timekeeper, address_of, listen
from service.settings import load
from service.workplace import open_store
from storage.home import Home
from tests.service.portals import portal, write_config

RAN = "<td>Hằng ngày</td>"
"""A run in the list of those that were, told by the title of its line."""

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def serving(home: Path, config: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run `serve` on a free port; gives the process and the address that it prints."""
    words = ["--home", str(home), "--config", str(config), "serve", "--port", "0"]
    child = subprocess.Popen(
        [sys.executable, "-m", "service.cli", *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        assert child.stdout is not None
        address = child.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address), child.communicate(timeout=10)
        yield child, address
    finally:
        if child.poll() is None:
            child.kill()
        child.communicate()


def fetch(address: str) -> tuple[int, str]:
    """Return status and text of a page, waiting for the server to listen."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def wait_for_a_run(address: str, home: Path) -> None:
    """Return once the timetable's page shows a run of the daily line and nobody writes any more."""
    deadline = time.monotonic() + 120
    while RAN not in fetch(f"{address}lich")[1] and time.monotonic() < deadline:
        time.sleep(0.1)
    while Home(home).writer_pid() is not None and time.monotonic() < deadline:
        time.sleep(0.05)


def children_of(pid: int) -> list[int]:
    """Return the living children of a process, where the system tells."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_serve_runs_the_timetable_shows_it_and_ends_cleanly(tmp_path: Path, ending: signal.Signals) -> None:
    """One process: what is due is collected at the first tick, and the pages show the run."""
    home = tmp_path / "home"
    with portal() as port, serving(home, write_config(tmp_path / "config", port)) as (child, url):
        wait_for_a_run(url, home)
        status, page = fetch(f"{url}lich")
        offspring = children_of(child.pid)
        child.send_signal(ending)
        _, told = child.communicate(timeout=60)

    assert status == 200
    assert RAN in page
    assert child.returncode == 0
    assert "Hằng ngày: bắt đầu" in told
    assert "xong" in told
    assert offspring == []
    with closing(open_store(load(tmp_path / "home", tmp_path / "config"), writer=True)) as store:
        assert len([run for run in store.runs() if run.note != "acts"]) == 1


@pytest.mark.fault
def test_serve_ends_in_the_middle_of_a_run(tmp_path: Path) -> None:
    """A portal that hangs does not keep us: the run is cancelled, the lock is free again."""
    asked, released = threading.Event(), threading.Event()

    def hang() -> None:
        asked.set()
        released.wait(60)

    with (
        portal(hang) as port,
        serving(tmp_path / "home", write_config(tmp_path / "config", port)) as (child, _),
    ):
        assert asked.wait(30)
        child.terminate()
        _, told = child.communicate(timeout=60)
        released.set()

    assert child.returncode == 0
    assert "dừng giữa chừng" in told
    open_store(load(tmp_path / "home", tmp_path / "config"), writer=True).close()


@pytest.mark.fault
def test_a_second_serve_on_the_same_home_shows_pages_too(tmp_path: Path) -> None:
    """Readers are free; the due run is run by one of the two."""
    with portal() as port:
        config = write_config(tmp_path / "config", port)
        with (
            serving(tmp_path / "home", config) as (_, first),
            serving(tmp_path / "home", config) as (_, second),
        ):
            wait_for_a_run(first, tmp_path / "home")
            pages = [fetch(f"{address}lich") for address in (first, second)]

    assert [status for status, _ in pages] == [200, 200]
    assert all(page.count(RAN) == 1 for _, page in pages)


def test_pages_say_what_is_missing_in_a_bare_home(tmp_path: Path) -> None:
    """Nothing was ever collected: the page says what to do, and the others work."""
    config = write_config(tmp_path / "config", 1)
    (config / "timetable.toml").unlink()
    with serving(tmp_path / "home", config) as (_, address):
        front, timetable, style = (fetch(address + path) for path in ("", "lich", "auditor.css"))

    assert front[0] == 503
    assert "holds no home yet" in front[1]
    assert timetable[0] == 200
    assert "timetable.toml" in timetable[1]
    assert style[0] == 200


@pytest.mark.parametrize("host", [".".join("0000"), "::", "192.0.2.1", "example.vn", ""])
def test_only_this_machine_is_served(host: str) -> None:
    """Anything else is one sentence with the way round it."""
    with pytest.raises(UsageError, match="only this machine is served"):
        listen(host, 0)


def test_a_taken_port_is_one_clear_sentence() -> None:
    """Exit 2, before anything is started."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(UsageError, match=f"--port {port}"):
            listen("127.0.0.1", port)


def test_the_address_is_printed_as_it_is_typed() -> None:
    """Port 0 takes a free one."""
    with listen("localhost", 0) as listener:
        assert address_of(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}/"


def test_the_timekeeper_tells_the_same_fault_once(tmp_path: Path) -> None:
    """Every twenty seconds the same sentence would bury everything else."""
    config = write_config(tmp_path / "config", 1, cron="never")
    told: list[str] = []
    keeper = Timekeeper(lambda: load(tmp_path / "home", config), lambda vi, en: told.append(en), Stop())

    keeper.tick()
    keeper.tick()

    assert len(told) == 1
    assert "hang-ngay.cron" in told[0]


def test_a_tick_that_finds_the_home_busy_runs_when_it_is_free(tmp_path: Path) -> None:
    """The lock is asked for anew at every tick."""
    told: list[str] = []
    with portal() as port:
        config = write_config(tmp_path / "config", port)
        settings = load(tmp_path / "home", config)
        keeper = Timekeeper(lambda: settings, lambda vi, en: told.append(vi), Stop())
        with closing(open_store(settings, writer=True)):
            keeper.tick()
            keeper.tick()
        waiting = list(told)
        keeper.tick()

    assert len(waiting) == 1
    assert "chờ" in waiting[0]
    assert list(kept_claims(settings)) == ["hang-ngay"]


# --- the commands ----------------------------------------------------------------------------------


def test_schedule_run_and_list_speak_json_and_exit_codes(tmp_path: Path) -> None:
    """0 when all was read, 3 when a portal could not be, and a second call finds nothing due."""
    runner = CliRunner()
    with portal() as port:
        config = write_config(tmp_path / "config", port)
        words = ["--home", str(tmp_path / "home"), "--config", str(config), "schedule"]
        listed = runner.invoke(app, [*words, "list", "--json"])
        ran = runner.invoke(app, [*words, "run", "--json"])
        again = runner.invoke(app, [*words, "run"])
    dark = runner.invoke(app, ["--home", str(tmp_path / "dark"), "--config", str(config), "schedule", "run"])

    line = json.loads(listed.stdout)["schedule"][0]
    assert (line["key"], line["last"], line["due"] is not None) == ("hang-ngay", None, True)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00\+07:00", line["next"])
    assert (ran.exit_code, [r["outcome"] for r in json.loads(ran.stdout)["ran"]]) == (0, ["ran"])
    assert (again.exit_code, again.stdout) == (0, "Chưa có việc nào đến lượt.\n")
    assert dark.exit_code == 3


def test_schedule_list_speaks_english(tmp_path: Path) -> None:
    """--lang en."""
    config = write_config(tmp_path / "config", 1)
    words = ["--home", str(tmp_path / "home"), "--config", str(config), "--lang", "en"]

    shown = CliRunner().invoke(app, [*words, "schedule", "list"])

    assert shown.exit_code == 0
    assert "never" in shown.stdout
    assert "due" in shown.stdout
