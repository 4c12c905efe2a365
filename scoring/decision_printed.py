"""A published decision as printed: tables, summary figures, timeline; nothing corrected.

These types are also the schema of `config/decisions/*.toml`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Final

from minhchung.errors import ConfigError
from minhchung.rounds import Band


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedRow:
    """One line of a table."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    number: int
    """The line's own number (STT)."""

    name: str
    rank: int
    score: Decimal
    band: str
    """Code of the band under whose heading the line stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedGroup:
    """One heading of a table: a band and how many stand under it."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    band: str
    count: int
    heading: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedShare:
    """The printed percentage of a bloc's agencies in one band."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    band: str
    percent: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedBloc:
    """One table with its summary figures."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    code: str
    name: str
    table: str
    row: tuple[PrintedRow, ...]
    size: int | None = None
    mean: Decimal | None = None
    group: tuple[PrintedGroup, ...] = ()
    share: tuple[PrintedShare, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedSummary:
    """What the text says of all blocs together."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    agencies: int | None = None
    mean: Decimal | None = None
    band: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedEvent:
    """One step of the process, in the order in which it must have happened."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    day: date
    event: str
    document: str = ""
    printed: str = ""
    """The day as the text prints it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision that publishes a ranking: `decisions/*.toml`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    number: str
    issued: date
    title: str
    issuer: str = ""
    source: str = ""
    scale: Decimal
    score_decimals: int = 1
    mean_decimals: int = 1
    share_decimals: int = 0
    band: tuple[Band, ...]
    """Best first; the bounds that fit the tables."""

    bloc: tuple[PrintedBloc, ...]
    summary: PrintedSummary = PrintedSummary()
    timeline: tuple[PrintedEvent, ...] = ()


def require_computable(decision: Decision, file: str) -> None:
    """Raise ConfigError where the file itself, not the decision, makes recomputing impossible."""
    for key, what, remedy in _impossibilities(decision):
        raise ConfigError(file or decision.number, key, what, remedy)


def _impossibilities(decision: Decision) -> Iterator[tuple[str, str, str]]:
    if not decision.band:
        yield "band", "no band is given", "give every band, best first"
    if not decision.bloc:
        yield "bloc", "no table is given", "give one [[bloc]] a table"
    mins = [band.min for band in decision.band]
    if mins != sorted(mins, reverse=True) or len(set(mins)) != len(mins):
        yield "band", "the bounds do not fall from band to band", "give the bands best first"
    yield from _twice("band", (band.code for band in decision.band))
    yield from _twice("bloc", (bloc.code for bloc in decision.bloc))
    known = {band.code for band in decision.band}
    for bloc in decision.bloc:
        where = f"bloc {bloc.code}"
        if not bloc.row:
            yield f"{where}.row", "the table has no line", "give one [[bloc.row]] a line"
        yield from _twice(f"{where}.group", (group.band for group in bloc.group))
        yield from _twice(f"{where}.share", (share.band for share in bloc.share))
        used = {row.band for row in bloc.row} | {g.band for g in bloc.group} | {s.band for s in bloc.share}
        for unknown in sorted(used - known):
            yield where, f"{unknown!r} is no band of this file", f"use one of: {', '.join(sorted(known))}"
    if decision.summary.band and decision.summary.band not in known:
        yield "summary.band", f"{decision.summary.band!r} is no band of this file", "use a band's code"
    for key in ("score_decimals", "mean_decimals", "share_decimals"):
        if not 0 <= getattr(decision, key) <= _MOST_DECIMALS:
            yield key, "is no number of decimals", f"use 0 to {_MOST_DECIMALS}"
    for key, value in _numbers(decision):
        if not value.is_finite() or value.adjusted() > _MOST_DIGITS or _places(value) > _MOST_DIGITS:
            yield key, f"{value} is no score, mean or share", "copy the number as printed"


_MOST_DECIMALS: Final = 6
_MOST_DIGITS: Final = 9
"""Beyond this a number is a slip, and exact arithmetic on it would not end."""


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _numbers(decision: Decision) -> Iterator[tuple[str, Decimal]]:
    yield "scale", decision.scale
    if decision.summary.mean is not None:
        yield "summary.mean", decision.summary.mean
    for band in decision.band:
        yield f"band {band.code}.min", band.min
    for bloc in decision.bloc:
        if bloc.mean is not None:
            yield f"bloc {bloc.code}.mean", bloc.mean
        for row in bloc.row:
            yield f"bloc {bloc.code}.row {row.number}.score", row.score
        for share in bloc.share:
            yield f"bloc {bloc.code}.share {share.band}", share.percent


def _twice(key: str, codes: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    for code, times in Counter(codes).items():
        if times > 1:
            yield key, f"{code!r} stands {times} times", "keep one"
