"""The simulated province as a process beside us: written to the home, brought up, moved through its year."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from minhchung.errors import UsageError
from service.courses import Course
from service.places import product_config
from service.workplace import Simulation

FOLDER: Final = "simulation"
"""In the home: truth, certificates and workbooks of the simulated province."""


@dataclass(frozen=True, slots=True)
class Province:
    """A running simulated province."""

    control: int
    """Port of its control door."""

    def move_to(self, day: date) -> None:
        """Set the province's calendar to a day."""
        body = json.dumps({"day": day.isoformat()}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.control}/day", data=body, headers={"Content-Type": "application/json"}
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=60) as answer:
            answer.read()


def _run(*words: str) -> list[str]:
    return [sys.executable, "-m", "simulator", *words]


def write_province(home: Path, seed: int, base_port: int, course: Course) -> None:
    """Write the province into the home, and a configuration that finds it; raises UsageError."""
    folder = home / FOLDER
    words = ("write", "--province", course.province, "--seed", str(seed), "--base-port", str(base_port))
    done = subprocess.run(
        _run(*words, "--out", str(folder)),
        capture_output=True,
        text=True,
        check=False,
        cwd=_root(),
    )
    if done.returncode != 0:
        msg = f"the simulated province could not be written: {done.stderr.strip()[-300:]}"
        raise UsageError(msg)
    part = home / "config.part"
    shutil.rmtree(part, ignore_errors=True)
    shutil.copytree(folder / "config", part)
    for name in course.copied:
        if (source := product_config() / name).is_dir():
            shutil.copytree(source, part / name, dirs_exist_ok=True)
    for name in ("crawl.toml", "timetable.toml"):
        shutil.copyfile(product_config() / name, part / name)
    for path in (part / "rounds").glob("*.toml"):
        path.write_text(_simulated_round(path.read_text("utf-8"), course.round_keys), "utf-8")
    shutil.rmtree(home / "config", ignore_errors=True)
    part.replace(home / "config")


def _simulated_round(text: str, instead: Mapping[str, str]) -> str:
    """Return a round file for the simulated registry; everything else stands as it is."""
    lines = []
    table = False
    for line in text.splitlines():
        table = table or line.startswith("[")
        key = line.partition("=")[0].strip()
        lines.append(f"{key} = {instead[key]}" if key in instead and not table else line)
    return "\n".join(lines) + "\n"


def _root() -> Path:
    """Return the directory our own packages are imported from, so that the child finds them too."""
    return Path(__file__).resolve().parent.parent


@contextmanager
def running(home: Path, simulation: Simulation, day: date) -> Iterator[Province]:
    """Bring the province up on its fixed ports and take it down again; raises UsageError.

    The child ends when its standard input closes, so it cannot outlive us, however we end.
    """
    words = _run(
        *("serve", "--province", simulation.province, "--seed", str(simulation.seed)),
        *("--base-port", str(simulation.base_port), "--day", day.isoformat()),
        *("--state", str(home / FOLDER), "--until-stdin-closes"),
    )
    child = subprocess.Popen(
        words,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=_root(),
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )
    try:
        line = child.stdout.readline() if child.stdout else b""
        if not line:
            told = child.stderr.read().decode("utf-8", "replace").strip() if child.stderr else ""
            msg = told or "the simulated province did not start"
            raise UsageError(msg)
        yield Province(control=int(json.loads(line)["control"]))
    finally:
        _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.stdin is not None:
        child.stdin.close()
    try:
        child.wait(timeout=10)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    for stream in (child.stdout, child.stderr):
        if stream is not None:
            stream.close()
