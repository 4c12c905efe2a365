"""A published decision as printed: tables, summary figures, timeline; nothing corrected.

These types are also the schema of `config/decisions/*.toml`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, Final, Literal

from minhchung.errors import ConfigError
from minhchung.rounds import Band


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedRow:
    """One line of a table."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    number: int
    """The line's own number (STT)."""

    name: str
    score: Decimal
    rank: int | None = None
    """None where no rank is printed."""

    band: str = ""
    """Code of the band under whose heading the line stands; empty where none is printed."""

    percent: Decimal | None = None
    """The score in percent of the table's maximum, where it is printed beside."""

    values: tuple[Decimal, ...] = ()
    """Values of the main indices, where the decision prints them; weighted by the decision's `weights`."""


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
    row: tuple[PrintedRow, ...] = ()
    complete: bool = True
    """False: only some lines are known, so that nothing is concluded from the others."""

    maximum: Decimal | None = None
    """Where it is not the decision's scale."""

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
    """Empty where the source gives none."""

    title: str
    issued: date | None = None
    issuer: str = ""
    source: str = ""
    scale: Decimal
    score_decimals: int = 1
    mean_decimals: int = 1
    share_decimals: int = 0
    percent_decimals: int = 2
    band: tuple[Band, ...] = ()
    """Best first; none where the decision has no bands."""

    band_unit: Literal["points", "percent"] = "points"
    """What the bounds are in: points, or percent of a table's own maximum."""

    bounds: Literal["printed", "assumed"] = "printed"
    """Assumed bounds are not in the text: which ones would fit is remarked."""

    weights: tuple[Decimal, ...] = ()
    """Of the main indices, in the order of `values`; a score is their weighted sum over the sum of weights
    times the scale."""

    bloc: tuple[PrintedBloc, ...]
    summary: PrintedSummary = PrintedSummary()
    timeline: tuple[PrintedEvent, ...] = ()


def maximum_of(decision: Decision, bloc: PrintedBloc) -> Decimal:
    """Return the most that a line of a table can have."""
    return bloc.maximum if bloc.maximum is not None else decision.scale


def banded_value(decision: Decision, bloc: PrintedBloc, score: Decimal) -> Fraction:
    """Return what the bands look at: the score, or its share of the table's maximum in percent."""
    if decision.band_unit == "points":
        return Fraction(score)
    return 100 * Fraction(score) / Fraction(maximum_of(decision, bloc))


def require_computable(decision: Decision, file: str) -> None:
    """Raise ConfigError where the file itself, not the decision, makes recomputing impossible."""
    for key, what, remedy in _impossibilities(decision):
        raise ConfigError(file or decision.number, key, what, remedy)


def _impossibilities(decision: Decision) -> Iterator[tuple[str, str, str]]:
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
        if not bloc.row and bloc.complete:
            yield f"{where}.row", "the table has no line", "give one [[bloc.row]] a line, or complete = false"
        for row in bloc.row:
            if row.values and len(row.values) != len(decision.weights):
                what = f"has {len(row.values)} values for {len(decision.weights)} weights"
                yield f"{where}.row {row.number}.values", what, "give one value a weight"
        yield from _twice(f"{where}.group", (group.band for group in bloc.group))
        yield from _twice(f"{where}.share", (share.band for share in bloc.share))
        used = (
            {row.band for row in bloc.row if row.band}
            | {g.band for g in bloc.group}
            | {s.band for s in bloc.share}
        )
        for unknown in sorted(used - known):
            remedy = f"use one of: {', '.join(sorted(known))}" if known else "give every band, best first"
            yield where, f"{unknown!r} is no band of this file", remedy
    if decision.summary.band and decision.summary.band not in known:
        yield "summary.band", f"{decision.summary.band!r} is no band of this file", "use a band's code"
    for key in ("score_decimals", "mean_decimals", "share_decimals", "percent_decimals"):
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
            for value in (*row.values, *((row.percent,) if row.percent is not None else ())):
                yield f"bloc {bloc.code}.row {row.number}", value
        for share in bloc.share:
            yield f"bloc {bloc.code}.share {share.band}", share.percent


def _twice(key: str, codes: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    for code, times in Counter(codes).items():
        if times > 1:
            yield key, f"{code!r} stands {times} times", "keep one"
