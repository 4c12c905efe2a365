"""P, the procedures of an agency: the catalogue's, else an owner's list, else its own number (C11)."""

from __future__ import annotations

from dataclasses import dataclass

from minhchung.evidence import Locator
from minhchung.holdings import Holdings
from minhchung.measurements import Grade, Note, Origin, Unmeasured
from verifiers.harvests import Harvest, harvests
from verifiers.interface import Context
from verifiers.owners import OutsideFigure, outside_figure
from verifiers.procedures import catalogue, national


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """The procedures in an agency's authority, by code where codes are known."""

    codes: frozenset[str]
    """Empty: only a number is known."""

    count: int
    origin: Origin
    rated: bool
    """It rests on the agency's own word."""

    basis: tuple[Locator, ...]
    text: str = ""
    """Where it comes from, when that is not the catalogue."""

    def counted(self, codes: frozenset[str]) -> int:
        """Return how many of the codes are of P; where P is a bare number, at most that many."""
        return len(codes & self.codes) if self.codes else min(len(codes), self.count)

    @property
    def grade(self) -> Grade:
        """How far the denominator rests on somebody else than the agency; a bare number compares no codes."""
        named = bool(self.codes) and not self.rated
        return Grade.VERIFIED if named else Grade.PARTLY_VERIFIED

    @property
    def notes(self) -> tuple[Note, ...]:
        """Say where it comes from."""
        return (Note(key="denominator", text=self.text, basis=self.basis),) if self.text else ()


@dataclass(frozen=True, slots=True)
class Asked:
    """Harvests that answer about a topic, and whether their catalogue may be used."""

    harvests: tuple[Harvest, ...]
    catalogued: bool
    outside: OutsideFigure | None

    def authority(self, harvest: Harvest) -> Authority | None:
        """Return P as one harvest and the figures from outside show it, or None."""
        listed = catalogue(harvest) if self.catalogued else {}
        if listed:
            return Authority(
                codes=frozenset(listed),
                count=len(listed),
                origin=Origin.SERVICE,
                rated=False,
                basis=tuple(p.seen for p in listed.values()),
            )
        return _outside(self.outside)


def ask(holdings: Holdings, context: Context, topic: str) -> Asked | Unmeasured:
    """Return the harvests about a topic: with a catalogue, else without where somebody else tells P."""
    outside = outside_figure(holdings, context)
    found = harvests(holdings, context, ("procedures", topic))
    if not isinstance(found, Unmeasured):
        return Asked(tuple(found), catalogued=True, outside=outside)
    alone = harvests(holdings, context, (topic,)) if _outside(outside) is not None else found
    if isinstance(alone, Unmeasured):
        return found
    return Asked(tuple(alone), catalogued=False, outside=outside)


def _outside(figure: OutsideFigure | None) -> Authority | None:
    if figure is None or not figure.count:
        return None
    codes = frozenset(code for code in map(national, figure.codes) if code)
    rated = figure.rated or figure.origin is not Origin.OWNER
    return Authority(
        codes=codes,
        count=len(codes) or figure.count,
        origin=figure.origin,
        rated=rated,
        basis=(figure.seen,),
        text=figure.text,
    )
