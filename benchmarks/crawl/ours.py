"""The whole job of `minhchung collect --scope whole` on a farm of portals, under a runner's contract.

    ours.py SEEDS OUT [--scope SCOPE]

SEEDS is a file with one home page a line, OUT a folder that takes everything written. Every seed is the
portal of one agency of a registry made here; the rest is the product as it is: its fetcher with guard,
robots, pace, breaker and budgets, its crawl loop, archive, log and catalogue. Only the delay is 0, because
the farm is ours.
The last line printed is a JSON object; `pages` counts the addresses that answered 200 and lie in the archive.

A second call with the same OUT crawls again, conditionally, into the same home.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from service.sweeps import sweep_rarely

if TYPE_CHECKING:
    from minhchung.holdings import VisitReport
    from minhchung.sources import Network
    from service.collecting import Scope
    from service.settings import Settings

SCOPES: dict[str, Scope] = {"whole": "whole", "host": "host"}


def configure(folder: Path, seeds: Sequence[str], network: Network) -> None:
    """Write a configuration in which every seed is an agency's portal."""
    lines = [
        "[network]",
        f"allow = {json.dumps([urlsplit(seed).netloc for seed in seeds])}",
        f"delay = {network.delay}",
        f"concurrency = {network.concurrency}",
        f"concurrency_per_host = {network.concurrency_per_host}",
    ]
    for number, seed in enumerate(seeds):
        lines += ["[[agency]]", f'code = "cong-{number}"', f'name = "Cổng {number}"', 'bloc = "so"']
        lines.append(f"portal = {json.dumps(seed)}")
    (folder / "agencies").mkdir(parents=True)
    (folder / "agencies" / "farm.toml").write_text("\n".join(lines) + "\n", "utf-8")


def crawl(settings: Settings, scope: Scope) -> tuple[list[VisitReport], int, int]:
    """Crawl once; return the accounts, and how many addresses were answered 200 and 304."""
    from service.collecting import collect
    from service.workplace import SystemClock, open_store

    store = open_store(settings, writer=True)
    try:
        agencies = settings.registry.agency
        reports = asyncio.run(collect(settings, store, SystemClock(), agencies, scope=scope, services=False))
        run = reports[0].run
        pages = {record.url for record in store.records(run=run, kind="response") if record.status == 200}
        return reports, len(pages), sum(1 for _ in store.records(run=run, kind="revisit"))
    finally:
        store.close()


def crawl_unkept(settings: Settings, scope: Scope) -> tuple[list[VisitReport], int, int]:
    """Crawl once without archive, log and catalogue."""
    from unkept import Unkept

    from service.collecting import collect
    from service.workplace import SystemClock

    recorder: Any = Unkept()
    agencies = settings.registry.agency
    reports = asyncio.run(collect(settings, recorder, SystemClock(), agencies, scope=scope, services=False))
    return reports, len(recorder.pages), 0


def main() -> int:
    """Crawl and say what was kept."""
    sweep_rarely()  # as the product's own command does, before it loads the rest
    from minhchung.sources import Network
    from service.settings import load

    parser = argparse.ArgumentParser(description="minhchung as a runner of a crawl benchmark")
    parser.add_argument("seeds", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--scope", choices=tuple(SCOPES), default="whole")
    parser.add_argument("--concurrency", type=int, default=64, help="requests at once, hosts at once")
    parser.add_argument("--per-host", type=int, default=2, help="requests at once to one host")
    parser.add_argument("--no-evidence", action="store_true", help="keep nothing: what evidence costs")
    words = parser.parse_args()
    config = words.out / "config"
    if not config.exists():
        network = Network(delay=0.0, concurrency=words.concurrency, concurrency_per_host=words.per_host)
        configure(config, words.seeds.read_text("utf-8").split(), network)
    job = crawl_unkept if words.no_evidence else crawl
    reports, pages, unchanged = job(load(words.out / "home", config), SCOPES[words.scope])
    for report in reports:
        if report.state != "ok" or report.cut:
            print(f"{report.agency}: {report.state} {report.detail}", file=sys.stderr)
    said = {
        "pages": pages + unchanged,
        "not_modified": unchanged,
        "attempts": sum(report.attempts for report in reports),
        "failed": sum(report.failed for report in reports),
        "peak_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }
    print(json.dumps(said))
    return 0


if __name__ == "__main__":
    sys.exit(main())
