"""The groups of tests: what each needs, how long it may take, and one plain total at the end.

`python3 dev.py test` comes here with the interpreter of `.venv`. A group is a pytest marker, core is whatever
carries none. A group whose needs this machine does not meet is not run and is named; with `--strict`, as in
the gate, that is a failure.
"""

import argparse
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

ROOT: Final = Path(__file__).resolve().parent.parent
ENVIRONMENTS: Final = ROOT / ".dev" / "env"
ALL_BUDGET: Final = 25 * 60
"""Seconds on two cores for every group together; also where a group that hangs is stopped."""

EMPTY: Final = 5
"""pytest's exit code for "no test was selected"."""


def lacks_nothing() -> str | None:
    """Say that a group needs only what the lock installs."""
    return None


def lacks_readers() -> str | None:
    """Say what is missing for other people's readers of our archive, and for a local time authority."""
    if shutil.which("openssl") is None:
        return "openssl (Debian: apt-get install openssl)"
    if not (importlib.util.find_spec("fastwarc") and importlib.util.find_spec("warcio")):
        return "the readers fastwarc and warcio (delete .venv, then python3 dev.py setup)"
    return lacks_environment("wacz", "archive") or lacks_environment("pywb", "archive")


def lacks_browser() -> str | None:
    """Say what is missing for a real browser: the setting decides, else any that is found."""
    named = os.environ.get("MINHCHUNG_BROWSER")
    if named:
        return (
            None if Path(named).is_file() else f"a browser where MINHCHUNG_BROWSER says ({named} is no file)"
        )
    if any(map(shutil.which, ("google-chrome", "chromium", "chromium-browser"))):
        return None
    from playwright.sync_api import (
        sync_playwright,
    )  # imported here: it is asked only when no browser is in sight

    with sync_playwright() as playwright:
        if Path(playwright.chromium.executable_path).is_file():
            return None
    return (
        "a Chromium (Debian: apt-get install chromium; elsewhere: "
        f"{Path(sys.executable).parent / 'playwright'} install --with-deps chromium)"
    )


def lacks_browser_or_portal() -> str | None:
    """Say what is missing for a real browser, or for the single-page portal that it reads."""
    return lacks_browser() or lacks_environment("vue", "browser")


def lacks_wagtail() -> str | None:
    """Say what is missing for the portal that is real software and not ours."""
    return lacks_environment("wagtail", "realcms")


def lacks_environment(name: str, group: str) -> str | None:
    """Say how to get an environment of other people's software, where it is not there."""
    place = ENVIRONMENTS / name
    if (place / "minhchung-stamp.json").is_file():
        return None
    return (
        f"{place.relative_to(ROOT)} (made by python3 dev.py test {group}, with a package registry in reach)"
    )


@dataclass(frozen=True, slots=True)
class Group:
    """Tests that need the same things."""

    name: str
    budget: int
    """Seconds on two cores."""

    lacks: Callable[[], str | None]
    """What this machine lacks and how to get it; None when the group can run."""


GROUPS: Final = (
    Group("core", 180, lacks_nothing),
    Group("archive", 420, lacks_readers),
    Group("database", 120, lacks_nothing),
    Group("fault", 300, lacks_nothing),
    Group("browser", 400, lacks_browser_or_portal),
    Group("realcms", 240, lacks_wagtail),
)
"""Core first; a test with two markers belongs to the later group, so that every test runs exactly once."""


def selection(name: str) -> str:
    """Return pytest's marker expression for a group."""
    names = [group.name for group in GROUPS]
    others = [f"not {later}" for later in names[names.index(name) + 1 :]]
    return " and ".join(others if name == "core" else [name, *others])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one group's run came to."""

    group: Group
    passed: int
    failed: int
    seconds: float
    remark: str
    """Why the run counts as a failure although no single test failed; empty when there is no such reason."""


def judge(group: Group, report: Path, code: int, seconds: float, *, strict: bool) -> Outcome:
    """Read pytest's own report; a run that ended badly without a failed test is one failure."""
    passed = failed = skipped = 0
    if report.is_file():
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):
            failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            skipped += int(suite.get("skipped", 0))
            passed += int(suite.get("tests", 0))
        passed -= failed + skipped
    remark = ""
    if code == EMPTY:
        remark = "empty: no test of this group was selected"
    elif code < 0:
        remark = f"stopped by signal {-code}"
    elif code != 0 and not failed:
        remark = f"pytest ended with exit code {code}"
    elif skipped and strict:
        remark = f"{skipped} did not run although the group has what it needs"
    forgiven = code == EMPTY and not strict
    return Outcome(group, passed, failed + bool(remark and not forgiven), seconds, remark)


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


RUNNING: Final[set[subprocess.Popen[bytes]]] = set()
"""Every test process that is under way, to be ended when we are told to stop."""


def end(child: subprocess.Popen[bytes]) -> None:
    """End a test process and whatever it left running."""
    if sys.platform == "win32":
        child.kill()
    else:
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
    child.wait()
    RUNNING.discard(child)


def command_for(group: Group, report: Path, *, aside: bool) -> list[str]:
    """Return the pytest command of a group; one that has the machine to itself is spread over the cores."""
    command = [sys.executable, "-m", "pytest", "-q", "-m", selection(group.name), f"--junitxml={report}"]
    command += ["-o", f"cache_dir=.pytest_cache/{group.name}"]
    if not aside and cores() > 1:
        command += ["-n", str(cores()), "--dist", "loadfile"]  # a file's shared set-up is paid for once
    return command


def run_group(group: Group, extra: Sequence[str], *, strict: bool, aside: bool) -> Outcome:
    """Run one group as a process of its own; `aside` keeps its output together until it has ended."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="minhchung-test-") as scratch:
        report, output = Path(scratch, "report.xml"), Path(scratch, "output.txt")
        with output.open("wb") as kept:
            child = subprocess.Popen(
                [*command_for(group, report, aside=aside), *extra],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=kept if aside else None,
                stderr=subprocess.STDOUT if aside else None,
                start_new_session=True,
            )
            RUNNING.add(child)
            try:
                code = child.wait(ALL_BUDGET)
            except subprocess.TimeoutExpired:
                code = -int(signal.SIGTERM)
            finally:
                end(child)
        if aside:
            say(f"\n--- {group.name} ---\n{output.read_text('utf-8', 'replace').rstrip()}")
        return judge(group, report, code, time.monotonic() - begun, strict=strict)


def run_groups(groups: Sequence[Group], extra: Sequence[str], *, strict: bool) -> list[Outcome]:
    """Run core on every core, then the others side by side, one to a core."""
    outcomes = []
    for group in groups[:1]:
        if group.name == "core":
            say("\n--- core ---")
            outcomes.append(run_group(group, extra, strict=strict, aside=False))
    with ThreadPoolExecutor(cores()) as pool:
        try:
            outcomes += pool.map(
                lambda group: run_group(group, extra, strict=strict, aside=True), groups[len(outcomes) :]
            )
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            for child in tuple(RUNNING):
                end(child)
            raise
    return outcomes


def say(text: str) -> None:
    """Print one line now, so that it stands in order with what pytest prints."""
    print(text, flush=True)


def summarise(outcomes: Sequence[Outcome], seconds: float) -> None:
    """Print a line for each group: what came of it, its seconds and its budget."""
    say("\n--- all ---")
    for outcome in outcomes:
        group = outcome.group
        spent = (
            f"{outcome.seconds:.0f} s of {group.budget} s{' OVER BUDGET' * (outcome.seconds > group.budget)}"
        )
        remark = f"  {outcome.remark}" if outcome.remark else ""
        say(f"{group.name}: {outcome.passed} passed, {outcome.failed} failed, {spent}{remark}")
    say(f"together: {seconds:.0f} s of {ALL_BUDGET} s{' OVER BUDGET' * (seconds > ALL_BUDGET)}")


def main(words: Sequence[str]) -> int:
    """Run the groups that the machine can run, say which it cannot, and close with one plain total."""
    begun = time.monotonic()
    parser = argparse.ArgumentParser(prog="dev.py test", description="Run the tests, in groups.")
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=", ".join(group.name for group in GROUPS))
    parser.add_argument(
        "--strict", action="store_true", help="a group that is empty or cannot run has failed"
    )
    cut = list(words).index("--") if "--" in words else len(words)
    known, extra = parser.parse_args(words[:cut]), words[cut + 1 :]
    unknown = set(known.groups) - {group.name for group in GROUPS}
    if unknown:
        named = ", ".join(group.name for group in GROUPS)
        parser.error(f"no such group: {', '.join(sorted(unknown))} (the groups are {named})")

    wanted = [group for group in GROUPS if not known.groups or group.name in known.groups]
    lacking = {group.name: group.lacks() for group in wanted}
    able = [group for group in wanted if lacking[group.name] is None]
    outcomes = run_groups(able, extra, strict=known.strict)
    summarise(outcomes, time.monotonic() - begun)
    not_run = [(name, lack) for name, lack in lacking.items() if lack is not None]
    for name, lack in not_run:
        say(f"NOT RUN: {name}: needs {lack}")
    failed = sum(outcome.failed for outcome in outcomes) + (len(not_run) if known.strict else 0)
    say(f"{sum(outcome.passed for outcome in outcomes)} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # told to stop: leave nothing running behind
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # a shell's background job ignores Ctrl-C; tests press it
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("stopped: not every test has run")
