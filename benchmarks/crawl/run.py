"""minhchung's crawl beside Scrapy, Crawlee, wget and the least that httpx can do, on one farm of portals.

    run.py [JOB…] [--rounds N] [--only RUNNER,…]

JOBs: t60 t60-tls t600 least recrawl evidence hosts (all but t600 without a word). Every round runs each
runner once, in turn; ratios are of runs of one round. A crawl that did not store exactly the farm's pages is
void. Needs nginx and openssl, wget for the runner of that name, and a package registry once for the peers.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from farm import make
from measured import Run, measure, table
from served import served

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parents[1]

PEERS: Final = {"scrapy": "scrapy_warc", "crawlee": "crawlee_warc", "httpx": "httpx_least"}
"""Environment -> script."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One comparison."""

    base: str
    runners: tuple[str, ...]
    hosts: int = 32
    pages: int = 60
    tls: bool = False


ALL: Final = ("scrapy+warc", "ours", "httpx-least", "crawlee+warc", "wget-warc")
JOBS: Final = {
    "t60": Job(base="scrapy+warc", runners=ALL),
    "t60-tls": Job(base="scrapy+warc", runners=ALL, tls=True),
    "t600": Job(base="scrapy+warc", runners=("scrapy+warc", "ours", "httpx-least"), pages=600),
    "least": Job(base="httpx-least", runners=("httpx-least", "ours")),
    "recrawl": Job(base="ours", runners=("ours", "ours again")),
    "evidence": Job(base="ours without evidence", runners=("ours without evidence", "ours")),
    "hosts": Job(base="ours", runners=("ours", "ours, 1000 hosts"), hosts=1000, pages=18),
}


def command(runner: str, seeds: Path, out: Path) -> list[str]:
    """Return what starts a runner."""
    from dev import ENVIRONMENTS, VENV, python_of

    ours = [str(python_of(VENV)), str(HERE / "ours.py"), str(seeds), str(out)]
    match runner.split(",")[0]:
        case "ours" | "ours again":
            return ours
        case "ours without evidence":
            return [*ours, "--no-evidence"]
        case "wget-warc":
            return [sys.executable, str(HERE / "peers" / "wget_warc.py"), str(seeds), str(out)]
        case other:
            env = other.partition("+")[0].partition("-")[0]
            python = python_of(ENVIRONMENTS / f"bench-{env}")
            return [str(python), str(HERE / "peers" / f"{PEERS[env]}.py"), str(seeds), str(out)]


def prepare(runners: Sequence[str]) -> None:
    """Make the environments of the peers that are wanted."""
    from dev import ENVIRONMENTS, install_lock

    for env in PEERS:
        if any(runner.startswith(env) for runner in runners):
            install_lock(ENVIRONMENTS / f"bench-{env}", ROOT / "benchmarks" / "env" / f"{env}.txt")


def compare(name: str, job: Job, rounds: int, scratch: Path) -> str:
    """Run a job and return its table."""
    farm = scratch / f"{job.hosts}x{job.pages}"
    if not farm.exists():
        make(farm, hosts=job.hosts, pages=job.pages, net="127.3.0.0", port=18480)
    want = json.loads((farm / "farm.json").read_text())["total"]
    seeds = farm / ("seeds-tls.txt" if job.tls else "seeds.txt")
    runs: dict[str, list[Run]] = {runner: [] for runner in job.runners}
    with served(farm):
        for number in range(rounds):
            for runner in job.runners:
                out = scratch / "out"
                run = measure(command(runner, seeds, out), out, keep=runner == "ours again")
                runs[runner].append(run)
                print(
                    f"# {name} {number + 1}/{rounds} {runner}: {run.wall:.1f} s, {run.pages}", file=sys.stderr
                )
    return table(name, runs, job.base, want)


def compare_hosts(rounds: int, scratch: Path) -> str:
    """Return CPU a page on a thousand hosts against thirty-two, with pages of one kind."""
    few, many = Job(base="", runners=(), hosts=32, pages=562), JOBS["hosts"]
    farms: list[tuple[str, Path, int]] = []
    for label, job, net, port in (
        ("32 hosts", few, "127.3.0.0", 18480),
        ("1000 hosts", many, "127.4.0.0", 18490),
    ):
        farm = scratch / label.replace(" ", "-")
        total = make(farm, hosts=job.hosts, pages=job.pages, net=net, port=port)
        farms.append((label, farm, total))
    lines = ["## hosts: CPU ms a page", "", "| round | 32 hosts | 1000 hosts | ratio |", "|---|---|---|---|"]
    for number in range(rounds):
        costs = []
        for label, farm, total in farms:
            with served(farm):
                run = measure(command("ours", farm / "seeds.txt", scratch / "out"), scratch / "out")
            if run.pages != total:
                print(f"# {label}: void, {run.pages} of {total}", file=sys.stderr)
            costs.append(run.cpu / total * 1000)
        lines.append(f"| {number + 1} | {costs[0]:.2f} | {costs[1]:.2f} | {costs[1] / costs[0]:.2f} |")
    return "\n".join(lines)


def main() -> int:
    """Compare."""
    sys.path.insert(0, str(ROOT))
    parser = argparse.ArgumentParser(description="minhchung's crawl beside its peers")
    parser.add_argument("jobs", nargs="*", metavar="JOB", default=[])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", help="runners, separated by commas")
    parser.add_argument("--scratch", type=Path, help="where farms and crawls lie; kept when given")
    told = parser.parse_args()
    if unknown := [each for each in told.jobs if each not in JOBS]:
        parser.error(f"unknown: {' '.join(unknown)}; jobs are {' '.join(JOBS)}")
    names = told.jobs or [name for name in JOBS if name != "t600"]
    scratch = told.scratch or Path(tempfile.mkdtemp(prefix="minhchung-crawl-"))
    only = told.only.split(",") if told.only else None
    try:
        for name in names:
            if name == "hosts":
                print(compare_hosts(told.rounds, scratch), flush=True)
                continue
            job = JOBS[name]
            runners = tuple(each for each in job.runners if only is None or each in only or each == job.base)
            if shutil.which("wget") is None and "wget-warc" in runners:
                print("wget is not on this machine: left out", file=sys.stderr)
                runners = tuple(each for each in runners if each != "wget-warc")
            prepare(runners)
            chosen = Job(base=job.base, runners=runners, hosts=job.hosts, pages=job.pages, tls=job.tls)
            print(compare(name, chosen, told.rounds, scratch), flush=True)
    finally:
        if told.scratch is None:
            shutil.rmtree(scratch, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
