"""What keeping and verifying evidence costs, beside the readers and writers that others use.

`python benchmarks/archive/run.py` from the checkout prints three tables; README.md says how to read them.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from random import Random

from isal import isal_zlib
from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from minhchung.evidence import PORTAL, AgencyCode, Exchange
from service.sweeps import sweep_rarely
from service.workplace import RandomIds, SystemClock
from storage import warc
from storage.checkpoint import load_signer
from storage.home import Home
from storage.leaf import Leaf, stamp
from storage.recovery import open_log
from storage.store import Store

CHECKING = str(Path(__file__).with_name("checking.py"))
WORDS = ("tỉnh", "huyện", "xã", "sở", "thủ tục", "hành chính", "công khai", "văn bản", "tin tức", "hồ sơ")
BEGUN = datetime(2021, 10, 4, 1, 0, tzinfo=UTC)


def pages(count: int, size: int) -> Iterator[Exchange]:
    """Yield exchanges with pages of about `size` bytes: gzip on the wire, and undone by the crawl."""
    chance = Random(1)
    for number in range(count):
        body = " ".join(chance.choices(WORDS, k=size // 8)).encode()
        yield Exchange(
            method="GET",
            url=f"https://cong.example/{number}",
            request_headers=(("Host", "cong.example"), ("User-Agent", "minhchung")),
            status=200,
            reason_phrase="OK",
            headers=(
                ("Content-Type", "text/html; charset=utf-8"),
                ("Content-Encoding", "gzip"),
                ("ETag", f'"{number}"'),
            ),
            wire=isal_zlib.compress(body, 1, 31),
            body=body,
            begun_at=BEGUN,
            elapsed=0.1,
        )


def open_ours(folder: Path) -> Store:
    """Make a home and open it to write: done once for all that is ever written to it."""
    return Store(Home(folder), SystemClock(), RandomIds(), writer=True)


def write_ours(exchanges: Sequence[Exchange], store: Store) -> int:
    """Seal exchanges as a collector does, to the last sync; return the bytes of the archive."""
    run = store.begin_run("benchmark")
    for exchange in exchanges:
        store.exchange(exchange, agency=AgencyCode("so-thu"), source=PORTAL, run=run)
    store.close()
    return sum(path.stat().st_size for path in store.home.archive.iterdir())


class Sha256Writer(WARCWriter):
    """warcio's writer with the digests that we write; it makes SHA-1 otherwise."""

    @staticmethod
    def _create_digester() -> Digester:
        return Digester("sha256")


def write_warcio(exchanges: Sequence[Exchange], folder: Path) -> int:
    """Write the same exchanges with warcio: no log, no catalogue, no sync; return the bytes."""
    folder.mkdir()
    path = folder / "x.warc.gz"
    with path.open("wb") as file:
        writer = Sha256Writer(file, gzip=True, warc_version="1.1")
        for exchange in exchanges:
            answer = StatusAndHeaders("200 OK", list(exchange.headers), protocol="HTTP/1.1")
            asked = StatusAndHeaders("GET / HTTP/1.1", list(exchange.request_headers), is_http_request=True)
            length = len(exchange.wire)
            response = writer.create_warc_record(
                exchange.url, "response", payload=BytesIO(exchange.wire), length=length, http_headers=answer
            )
            request = writer.create_warc_record(exchange.url, "request", http_headers=asked)
            writer.write_request_response_pair(request, response)
    return path.stat().st_size


def timed(work: Callable[[], object]) -> float:
    """Return the seconds of processor time, children's included, that work takes."""
    before = _spent()
    work()
    return _spent() - before


def _spent() -> float:
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def spread(ratios: Sequence[float]) -> str:
    """Return median and range."""
    return f"{statistics.median(ratios):.2f} [{min(ratios):.2f}-{max(ratios):.2f}]"


def compare_writing(rounds: int, count: int, place: Path) -> None:
    """Print what a page costs to seal, against warcio on the same bytes."""
    sweep_rarely()  # as the crawl does; it is warcio's gain too
    exchanges = list(pages(count, 40_000))
    ratios, without, walls, walls_theirs, sizes = [], [], [], [], []
    for number in range(rounds):
        ours, theirs = place / f"ours-{number}", place / f"warcio-{number}"
        store, mine = open_ours(ours), [0]
        began = time.perf_counter()
        cost = timed(lambda store=store, mine=mine: mine.append(write_ours(exchanges, store)))
        walls.append(2 * count / (time.perf_counter() - began))
        other: list[int] = []
        began = time.perf_counter()
        cost_theirs = timed(lambda theirs=theirs, other=other: other.append(write_warcio(exchanges, theirs)))
        walls_theirs.append(2 * count / (time.perf_counter() - began))
        seen = timed(lambda: [sha256(each.body or b"").digest() for each in exchanges])
        ratios.append(cost_theirs / cost)
        without.append(cost_theirs / (cost - seen))
        sizes.append(mine[-1] / other[-1])
        shutil.rmtree(ours)
        shutil.rmtree(theirs)
    say(f"writing {2 * count} records (request and response of {count} pages), {rounds} rounds")
    say(f"  records a second, log, catalogue and fsync included  {statistics.median(walls):,.0f}")
    say(f"  warcio's, nothing of these included                  {statistics.median(walls_theirs):,.0f}")
    by_clock = [ours / theirs for ours, theirs in zip(walls, walls_theirs, strict=True)]
    say(f"  ours over warcio's, records a second, paired          {spread(by_clock)}   goal 2")
    say(f"  warcio's processor time over ours, paired             {spread(ratios)}")
    say(f"  the same without the digest of what readers see       {spread(without)}")
    say(f"  our bytes over warcio's                               {spread(sizes)}")


def compare_checking(rounds: int, count: int, place: Path) -> None:
    """Print what verifying costs, against the checks of warcio and fastwarc on the same files."""
    home = place / "checked"
    write_ours(list(pages(count // 2, 2_000)), open_ours(home))
    files = [str(path) for path in sorted((home / "archive").iterdir())]
    tools = {
        "warcio": [sys.executable, "-m", "warcio.cli", "check", *files],
        "fastwarc": [sys.executable, "-m", "fastwarc.cli", "check", "-q", *files],
        "ours": [sys.executable, CHECKING, str(home)],
    }
    clock: dict[str, list[float]] = {name: [] for name in tools}
    worked: dict[str, list[float]] = {name: [] for name in tools}
    for _ in range(rounds):
        for name, command in tools.items():
            began = time.perf_counter()
            worked[name].append(timed(lambda command=command: run_silently(command)))
            clock[name].append(time.perf_counter() - began)
    say(f"verifying {count} records, {rounds} rounds: seconds of the clock, of processors")
    for name in tools:
        say(f"  {name:<8} {statistics.median(clock[name]):8.2f} {statistics.median(worked[name]):8.2f}")
    for what, spent in (("clock", clock), ("processors", worked)):
        by_warcio = [a / b for a, b in zip(spent["warcio"], spent["ours"], strict=True)]
        by_fastwarc = [a / b for a, b in zip(spent["ours"], spent["fastwarc"], strict=True)]
        say(f"  {what}: warcio over ours, paired     {spread(by_warcio)}   goal 3 (clock)")
        say(f"  {what}: ours over fastwarc, paired   {spread(by_fastwarc)}   goal at most 1.5 (clock)")


def run_silently(command: Sequence[str]) -> None:
    """Run a program to its end; raises CalledProcessError where it finds a fault."""
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_log(home: Home, leaves: int) -> None:
    """Make a home of so many small records, without a catalogue."""
    home.prepare()
    signer = load_signer(home.keys / "log.key", home.log / "key")
    log = open_log(home.log, home.archive, signer)
    name, offset, date = "many-00000.warc.gz", 0, stamp(BEGUN)
    waiting: list[tuple[bytes, str, int]] = []
    with (home.archive / name).open("wb") as file:
        for number in range(leaves):
            url = f"urn:benchmark:{number}"
            record = f"urn:uuid:00000000-0000-4000-8000-{number:012x}"
            sealed = warc.seal("resource", record, date, [warc.target(url)], "text/plain", b"%d" % number)
            leaf = Leaf(
                kind="benchmark",
                agency="so-thu",
                source="portal",
                run="many",
                url=url,
                fetched_at=date,
                status=None,
                outcome="kept",
                members=(sealed.member,),
            )
            file.write(sealed.stored)
            waiting.append((leaf.entry(), name, offset))
            offset += len(sealed.stored)
            if len(waiting) == 10_000 or number == leaves - 1:
                file.flush()
                log.append(waiting)
                waiting.clear()
    log.close()


def measure_memory(sizes: Sequence[int], place: Path) -> None:
    """Print the peak memory of checking and of opening logs of growing length."""
    say("peak memory, MB, in a process of its own")
    for leaves in sizes:
        home = place / f"log-{leaves}"
        make_log(Home(home), leaves)
        told = []
        for command in ([CHECKING, str(home)], [__file__, "--open", str(home)]):
            command = [sys.executable, *command]
            ran = subprocess.run(command, check=True, capture_output=True, text=True)
            told.append(int(ran.stdout.split()[-1]) / 1024)
        say(f"  {leaves:>9,} leaves: check {told[0]:6.1f}, open to write {told[1]:6.1f}")
        shutil.rmtree(home)


def peak() -> int:
    """Return this process's peak memory in kB; what its parent used does not count."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0])


def say(line: str) -> None:
    """Write one line of result."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pages", type=int, default=2000, help="pages written")
    parser.add_argument("--records", type=int, default=100_000, help="records verified")
    parser.add_argument("--leaves", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--open", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.open is not None:
        home = Home(arguments.open)
        open_log(home.log, home.archive, load_signer(home.keys / "log.key", home.log / "key")).close()
        say(str(peak()))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        compare_writing(arguments.rounds, arguments.pages, Path(folder))
        compare_checking(arguments.rounds, arguments.records, Path(folder))
        measure_memory(arguments.leaves, Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
