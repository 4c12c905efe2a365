"""What concluding a round costs as the number of agencies grows: time, memory and growth.

    PYTHONPATH=. python benchmarks/scoring/run.py [--agencies 32 90 3400] [--home HOME]

README.md says what is measured.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode
from minhchung.holdings import Holdings
from service.measuring import Judge, Measured
from service.settings import Settings, load
from service.standings import conclude_under
from service.workplace import RandomIds, clock_of
from storage.home import Home
from storage.store import Store

GOAL = 120
"""3,400 agencies cost at most so many times what 32 cost."""


class Multiplied(Store):
    """A store in which every agency holds what one of the stored agencies holds, read anew each time."""

    originals: Sequence[Agency] = ()

    def holdings(self, agency: Agency, until: datetime | None = None) -> Holdings:
        """Return the stored evidence of the agency's original under the agency's own name."""
        number = int(agency.code.rpartition("-")[2])
        original = self.originals[number % len(self.originals)]
        return replace(super().holdings(original, until), agency=agency)


def multiply(settings: Settings, count: int) -> tuple[Agency, ...]:
    """Put so many agencies, each named after an original, into the registry; return the originals."""
    originals = settings.registry.agency
    agencies = tuple(
        replace(original, code=AgencyCode(f"{original.code}-{number}"), name=f"{original.name} số {number}")
        for number in range(count)
        for original in (originals[number % len(originals)],)
    )
    name = settings.checked_round().registry
    many = replace(settings.registry, agency=agencies)
    vars(settings)["registries"] = {**settings.registries, name: many}  # what is read once and kept
    vars(settings).pop("registry", None)
    return originals


def conclude_many(home: Path, count: int) -> dict[str, float]:
    """Measure, score and rank so many agencies in this process; return seconds of processor and MiB."""
    settings = load(home)
    originals = multiply(settings, count)
    judge = Judge.of(settings, settings.checked_round())
    measured_at: list[float] = []

    def note(_: Measured) -> None:
        measured_at.append(time.process_time())

    with closing(Multiplied(Home(home), clock_of(settings), RandomIds(), writer=False)) as store:
        store.originals = originals
        begun = time.process_time()
        (concluded,) = conclude_under((judge,), store, progress=note)
        ended = time.process_time()
    places = sum(len(bloc.places) for bloc in concluded.standing.blocs)
    if places != count:
        sys.exit(f"{places} places for {count} agencies: void")
    return {
        "measuring": measured_at[-1] - begun,
        "scoring": ended - measured_at[-1],
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def in_a_process_of_its_own(home: Path, count: int) -> dict[str, float]:
    """Return the figures of one run, whose memory is nobody else's."""
    command = [sys.executable, __file__, "--home", str(home), "--one", str(count)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def report(home: Path, counts: Sequence[int]) -> int:
    """Print a line for each count and the growth; 1 where the goal is missed."""
    headings = (
        f"{name:>12}"
        for name in ("agencies", "measuring s", "scoring s", "ms an agency", "peak MiB", "growth")
    )
    print(" ".join(headings))
    first, worst = 0.0, 0.0
    for count in counts:
        one = in_a_process_of_its_own(home, count)
        whole = one["measuring"] + one["scoring"]
        first = first or whole
        worst = whole / first
        each = 1000 * whole / count
        cells = (one["measuring"], one["scoring"], each, one["peak"], worst)
        print(f"{count:>12}", *(f"{cell:>12.1f}" for cell in cells))
    allowed = GOAL * counts[-1] / counts[0] * 32 / 3400
    print(f"growth from {counts[0]} to {counts[-1]}: {worst:.1f}x; goal at most {allowed:.1f}x")
    return 0 if worst <= allowed else 1


def main() -> int:
    """Make a demo's home unless one is given, and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agencies", type=int, nargs="+", default=[32, 90, 3400])
    parser.add_argument("--home", type=Path, help="a home with a finished demo; else one is made")
    parser.add_argument("--base-port", type=int, default=9300, help="where the demo's portals listen")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    known = parser.parse_args()
    if known.one:
        print(json.dumps(conclude_many(known.home, known.one)))
        return 0
    if known.home:
        return report(known.home, known.agencies)
    with tempfile.TemporaryDirectory(prefix="minhchung-scoring-") as scratch:
        home = Path(scratch, "home")
        demo = ["demo", "--base-port", str(known.base_port)]
        command = [sys.executable, "-m", "service.cli", "--home", str(home), *demo]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        return report(home, known.agencies)


if __name__ == "__main__":
    sys.exit(main())
