"""What every command is told before its own words: home, config, language."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from service.settings import Settings
    from storage.store import Store

OK: Final = 0
FAULT: Final = 1
USAGE: Final = 2
UNSETTLED: Final = 3
"""Could not say: something is unmeasured or unreachable, which is neither a pass nor a fault."""

_UNPRINTED: Final = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(127, 160)), "�")
"""Characters by which a name of a file or a page could steer a terminal."""

PLAIN_WIDTH: Final = 150
"""Columns of a table that goes to a file or a pipe."""

Language = Literal["vi", "en"]


@dataclass(frozen=True)
class Session:
    """One call of the command line."""

    home: Path
    config: Path | None
    lang: Language

    def settings(self) -> Settings:
        """Load the configuration; raises ConfigError."""
        from service.settings import load

        return load(self.home, self.config)

    @contextmanager
    def store(self, settings: Settings, *, writer: bool = False) -> Iterator[Store]:
        """Open the home's store; a second writer raises BusyError."""
        from service.workplace import open_store

        store = open_store(settings, writer=writer)
        try:
            yield store
        finally:
            store.close()

    def say(self, vi: str, en: str) -> str:
        """Return the text in the session's language."""
        return vi if self.lang == "vi" else en


def default_home() -> Path:
    """Return MINHCHUNG_HOME, else `./minhchung-home`."""
    return Path(os.environ.get("MINHCHUNG_HOME") or "minhchung-home")


def console() -> Console:
    """Return the console for results: stdout, wide where it is no terminal."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else PLAIN_WIDTH, highlight=False, soft_wrap=False)


def show(table: Table) -> None:
    """Print a table, no word of it cut; what goes to a file or a pipe ends no line with blanks."""
    for column in table.columns:
        column.overflow = "fold"
    out = console()
    if out.is_terminal:
        out.print(table)
        return
    with out.capture() as captured:
        out.print(table)
    for line in captured.get().splitlines():
        write(line.rstrip())


def tell(text: str) -> None:
    """Write one line of progress or advice to stderr."""
    sys.stderr.write(text.translate(_UNPRINTED) + "\n")
    sys.stderr.flush()


def write(text: str) -> None:
    """Write one line of result to stdout."""
    sys.stdout.write(text.translate(_UNPRINTED) + "\n")


def write_json(value: Any) -> None:
    """Write one JSON document to stdout: UTF-8, keys as given, decimals as numbers."""
    write(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: Any) -> Any:
    from datetime import date
    from decimal import Decimal
    from fractions import Fraction

    if isinstance(value, Decimal):
        return (
            int(value)
            if value == value.to_integral_value() and value.as_tuple().exponent == 0
            else float(value)
        )
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    msg = f"{type(value).__name__} has no JSON form"
    raise TypeError(msg)
