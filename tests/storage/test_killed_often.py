"""Two hundred kills of one collector's store: what commit() called sealed is there, once, and whole.

One helper process holds the imports and forks a writer for each moment, so that the moments are many and the
test is short; the writer dies by SIGKILL, which nothing can catch.
"""

import random
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from storage.check import check
from storage.home import Home

HELPER = """
import os, signal, sys, time, uuid
from datetime import UTC, datetime
from minhchung.evidence import Exchange, FailedAttempt, Failure, PORTAL
from storage.home import Home
from storage.store import Store

HOME, SEALED = sys.argv[1:3]


class WallClock:
    def now(self):
        return datetime.now(UTC)


class RandomIds:
    def next(self):
        return f"urn:uuid:{uuid.uuid4()}"


def write():
    told = os.open(SEALED, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    store = Store(Home(HOME), WallClock(), RandomIds(), writer=True, roll_bytes=30_000)
    known = [run.id for run in store.runs() if run.note == "killed"]
    run = known[0] if known else store.begin_run("killed")
    subject = {"agency": "so-thu", "source": PORTAL, "run": run}
    number = 0
    while True:
        taken = []
        for _ in range(5):
            number += 1
            url, now = f"http://cong.example/{number}", datetime.now(UTC)
            page = Exchange(method="GET", url=url, request_headers=(), status=200,
                            headers=(("Content-Type", "text/plain"), ("ETag", str(number))),
                            wire=os.urandom(400), begun_at=now, elapsed=0.0)
            taken.append(store.exchange(page, **subject))
        store.keep_config("c", os.urandom(8).hex().encode())
        failed = FailedAttempt(method="GET", url=url, failure=Failure.DNS, detail="", begun_at=now,
                               elapsed=0.0)
        taken.append(store.failure(failed, **subject))
        store.commit()
        os.write(told, "".join(f"\\n{r.id} {r.body_sha256}\\n" for r in taken).encode())


for line in sys.stdin:
    before, waited = os.stat(SEALED).st_size, 0
    child = os.fork()
    if not child:
        write()
    while line.startswith("+") and os.stat(SEALED).st_size == before and waited < 6000:
        time.sleep(0.005)
        waited += 1
    time.sleep(float(line))
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    print(os.WTERMSIG(status) if os.WIFSIGNALED(status) else -1, flush=True)
"""

TOLD = re.compile(r"(urn:uuid:[0-9a-f-]{36}) ([0-9a-f]{64})")
"""A line of what a writer called sealed, whole: a kill may come in the middle of telling, too."""

KILLS = 200
SEED = 20_211_004


def verify(open_store: Any, home: Home, sealed: Path) -> int:
    """Hold a home against what its writers called sealed; return the number of records told."""
    store = open_store()
    times = Counter(record.id for record in store.records())
    told = [found.groups() for found in map(TOLD.fullmatch, sealed.read_text("ascii").splitlines()) if found]
    assert [record for record, _ in told if times[record] != 1] == [], "lost, or there twice"
    assert [record for record, n in times.items() if n != 1] == []
    for record, digest in told[-60:]:
        assert store.record(record).body_sha256 == digest
        store.body(record)
    store.close()
    assert [found.code for found in check(home)] == []
    return len(told)


@pytest.mark.fault
def test_two_hundred_kills_lose_nothing_sealed(open_store: Any, home: Home, tmp_path: Path) -> None:
    """docs/reference/archive.md, "When a record is sealed": the run resumes after every kill."""
    moments, sealed = random.Random(SEED), tmp_path / "sealed"
    sealed.touch()
    told = 0
    command = [sys.executable, "-c", HELPER, str(home.path), str(sealed)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as helper:
        assert helper.stdin is not None
        assert helper.stdout is not None
        for kill in range(1, KILLS + 1):
            # Short lives end while the store is being opened, mended or begun; the others (+) are counted
            # from their first sealed records, however slow the machine, and end in mid-record.
            first, most = moments.choice((("", 0.05), ("", 0.3), ("+", 0.1)))
            helper.stdin.write(f"{first}{most * moments.random():.4f}\n")
            helper.stdin.flush()
            assert helper.stdout.readline() == "9\n", f"kill {kill}: the writer ended by itself"
            if kill % 40 == 0:
                before, told = told, verify(open_store, home, sealed)
                assert told > before, "no run went on after a kill"
        helper.stdin.close()
