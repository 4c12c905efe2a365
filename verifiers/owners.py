"""Figures from outside the systems: the owner's before the agency's own (G15)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from minhchung.evidence import Locator
from minhchung.holdings import Holdings
from minhchung.measurements import Origin, Value
from minhchung.submissions import OwnerFigure
from verifiers.interface import Context


@dataclass(frozen=True, slots=True)
class OutsideFigure:
    """A denominator, or a list, that no system shows."""

    value: Value | None
    codes: tuple[str, ...]
    origin: Origin
    text: str
    """Where it comes from, for people."""

    seen: Locator
    rated: bool
    """It rests on the word of the rated agency itself."""

    @property
    def count(self) -> int | None:
        """The figure as a count: of a list each entry once; None where it is no whole number."""
        if self.codes:
            return len(set(self.codes))
        whole = isinstance(self.value, Fraction) and self.value.denominator == 1
        return int(self.value) if whole and isinstance(self.value, Fraction) else None


def _origins(context: Context, role: str) -> tuple[Origin, ...]:
    return next((spec.origins for spec in context.component.inputs if spec.role == role), ())


def outside_figure(holdings: Holdings, context: Context, role: str = "den") -> OutsideFigure | None:
    """Return the owner's figure for an input, else the agency's claim where the index set admits it."""
    name = next(spec.name for spec in context.component.inputs if spec.role == role)
    owned = [
        f
        for f in holdings.owner_figures
        if f.component == context.component.code and f.input == name and _fits(f, context)
    ]
    if owned:
        return _owner(owned[-1], holdings)
    if Origin.SUBMITTED not in _origins(context, role):
        return None
    for claim in holdings.submitted:
        if claim.component == context.component.code and name in claim.inputs:
            text = "Số liệu do chính cơ quan báo cáo, chưa có nguồn độc lập."
            return OutsideFigure(claim.inputs[name], (), Origin.SUBMITTED, text, claim.seen, rated=True)
    return None


def _fits(figure: OwnerFigure, context: Context) -> bool:
    if figure.codes:
        return figure.first <= context.period.last <= figure.last or figure.first <= context.period.last
    return (figure.first, figure.last) == (context.period.first, context.period.last)


def _owner(figure: OwnerFigure, holdings: Holdings) -> OutsideFigure:
    text = f"Số liệu của {figure.owner}, văn bản {figure.document}."
    rated = figure.owner == holdings.agency.code
    return OutsideFigure(figure.value, figure.codes, Origin.OWNER, text, figure.seen, rated)
