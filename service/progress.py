"""How far a run has come: a bar on a terminal, plain lines elsewhere; always on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from minhchung.holdings import VisitReport
from service.session import tell

Seen = Callable[[VisitReport], None]


@contextmanager
def watched(title: str, total: int, *, lines: bool) -> Iterator[Seen]:
    """Give a function that is told of every visit that ended; with `lines`, plain lines off a terminal."""
    if not sys.stderr.isatty():
        yield _line if lines else _silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total)

        def advance(report: VisitReport) -> None:
            bar.advance(task)
            if lines:
                bar.console.print(_said(report), highlight=False, markup=False)

        yield advance


def _silent(_: VisitReport) -> None:
    return


def _line(report: VisitReport) -> None:
    tell(_said(report))


def _said(report: VisitReport) -> str:
    seconds = (report.ended_at - report.began_at).total_seconds()
    return f"{report.agency} [{report.source}] {report.state}: {report.attempts} / {seconds:.1f} s"
