"""A writer killed at any moment loses no sealed record, and the next one goes on."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from storage.check import check
from storage.home import Home

WRITER = """
import sys, uuid
from datetime import UTC, datetime
from minhchung.evidence import Exchange, PORTAL
from storage.home import Home
from storage.store import Store


class WallClock:
    def now(self):
        return datetime.now(UTC)


class RandomIds:
    def next(self):
        return f"urn:uuid:{uuid.uuid4()}"


store = Store(Home(sys.argv[1]), WallClock(), RandomIds(), writer=True, roll_bytes=60_000)
run = store.begin_run("killed")
number = 0
while True:
    taken = []
    for _ in range(7):
        number += 1
        exchange = Exchange(
            method="GET",
            url=f"http://cong.example/{number}",
            request_headers=(),
            status=200,
            headers=(("Content-Type", "text/plain"), ("ETag", str(number))),
            wire=str(number).encode() * 300,
            begun_at=datetime.now(UTC),
            elapsed=0.0,
        )
        taken.append(store.exchange(exchange, agency="so-xay-dung", source=PORTAL, run=run))
    store.commit()
    print("\\n".join(f"{r.id} {r.body_sha256}" for r in taken), flush=True)
"""


def killed_after(home: Path, sealed: int, delay: float) -> list[list[str]]:
    """Run a writer, kill it some time after it has sealed so many records; return what it called sealed."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(home)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(sealed)]
        time.sleep(delay)
        writer.send_signal(signal.SIGKILL)
        lines.extend(writer.stdout.readlines())
    return [line.split() for line in lines if line.endswith("\n")]


@pytest.mark.fault
@pytest.mark.parametrize("seed", range(6))
def test_nothing_sealed_is_lost_and_the_run_resumes(open_store: Any, home: Home, seed: int) -> None:
    moments = random.Random(seed)
    sealed: list[list[str]] = []
    for _ in range(2):
        sealed += killed_after(home.path, moments.randrange(1, 60), moments.random() / 20)

    store = open_store()

    records = [record.id for record in store.records()]
    assert len(records) == len(set(records))
    for record, digest in sealed:
        assert store.record(record).body_sha256 == digest
        store.body(record)
    store.close()
    assert [found.code for found in check(home)] == []
