"""The demo run once as a process of its own, on ports that nobody else has, and its truth beside it."""

from __future__ import annotations

import json
import random
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from minhchung.measurements import Value

ROOT: Final = Path(__file__).resolve().parents[2]
SEED: Final = 3234
PORTS: Final = 150
"""Ports from the base that the simulated province may use (docs/reference/cli.md)."""


@dataclass(frozen=True, slots=True)
class Demonstration:
    """A demo that has ended."""

    home: Path
    code: int
    out: str
    err: str
    seconds: float

    @property
    def truth(self) -> Mapping[str, Any]:
        """The truth file's agencies by code; read by tests alone."""
        text = (self.home / "simulation" / "truth.json").read_text("utf-8")
        agencies: Mapping[str, Any] = json.loads(text)["agencies"]
        return agencies


def free_ports() -> int:
    """Return the first of a row of ports that are free, below those the system gives to clients."""
    for _ in range(100):
        base = random.SystemRandom().randrange(10_000, 32_000)
        with ExitStack() as held:
            try:
                for port in range(base, base + PORTS):
                    held.enter_context(socket.create_server(("127.0.0.1", port)))
            except OSError:
                continue
            return base
    raise RuntimeError(f"no {PORTS} free ports in a row were found")


def command(home: Path, *words: str) -> list[str]:
    """Return the command line as a process is started with it."""
    return [sys.executable, "-m", "service.cli", "--home", str(home), *words]


def demonstrate(home: Path, *more: str) -> Demonstration:
    """Run `demo` into a home, to its end."""
    for _ in range(3):
        begun = time.monotonic()
        words = ("demo", "--seed", str(SEED), "--base-port", str(free_ports()), *more)
        done = subprocess.run(command(home, *words), cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode != 2 or "port" not in done.stderr:
            break
        # Another test took one of them between our choosing and the demonstration's listening.
        shutil.rmtree(home)
    return Demonstration(home, done.returncode, done.stdout, done.stderr, time.monotonic() - begun)


@contextmanager
def simulated(home: Path) -> Iterator[None]:
    """Keep `simulate` running for a home; at the end it is told to stop and leaves with 0."""
    child = subprocess.Popen(command(home, "simulate"), cwd=ROOT, stderr=subprocess.PIPE, text=True)
    try:
        assert child.stderr is not None
        assert "đang chạy" in child.stderr.readline()
        yield
        child.terminate()
        child.communicate(timeout=20)
        assert child.returncode == 0
    finally:
        if child.poll() is None:
            child.kill()
            child.communicate()


def told(value: str | list[str]) -> Value:
    """Return a value of the truth file as a measurement has it: a list is a set of items."""
    return frozenset(value) if isinstance(value, list) else Fraction(value)


def leaves(tree: Mapping[str, Any]) -> set[str]:
    """Return every record that a tree names."""
    found = {tree["record"]} if tree["record"] else set()
    return found.union(*(leaves(child) for child in tree["children"]))
