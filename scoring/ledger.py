"""The ledger of differences: for every component and agency what was claimed, measured and supplied, which
figure scores, and why they differ (sổ chênh lệch)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from enum import StrEnum
from fractions import Fraction
from typing import Final

from minhchung.index_set import Component, IndexSet
from minhchung.measurements import Input, Measurement, Reason, Unmeasured, Value
from minhchung.scores import Figure, Finding, Place, Score
from scoring.annex_findings import Sets
from scoring.crossing import crosses
from scoring.inputs import items_of, number_of, shown
from scoring.said import claimed


class Cause(StrEnum):
    """Why a claim and a measurement differ."""

    NOT_FOUND = "not-found"
    WRONG_PERIOD = "wrong-period"
    DUPLICATE = "duplicate"
    UNDATED = "undated"
    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"
    DEFINITION_DIFFERS = "definition-differs"
    ARITHMETIC = "arithmetic"
    NOT_REPORTED = "not-reported"
    """Seen, and the agency claims less."""

    NOT_MEASURED = "not-measured"
    """Nobody could say, for a reason that is not the agency's."""


_BY_NOTE: Final[Mapping[str, Cause]] = {
    "duplicates": Cause.DUPLICATE,
    "undated": Cause.UNDATED,
    "outside-period": Cause.WRONG_PERIOD,
    "future-dated": Cause.WRONG_PERIOD,
    "not-due": Cause.WRONG_PERIOD,
    "reposts": Cause.DEFINITION_DIFFERS,
    "stubs": Cause.DEFINITION_DIFFERS,
    "outside-catalogue": Cause.DEFINITION_DIFFERS,
    "young-services": Cause.DEFINITION_DIFFERS,
    "overdue-open": Cause.DEFINITION_DIFFERS,
    "item-not-found": Cause.NOT_FOUND,
    "item-found-empty": Cause.NOT_FOUND,
    "no-list": Cause.NOT_FOUND,
    "no-section": Cause.NOT_FOUND,
}
"""By the key of a note of the verifier that left something out."""

_BY_REASON: Final[Mapping[Reason, Cause]] = {
    Reason.BLOCKED: Cause.BLOCKED,
    Reason.ROBOTS_REFUSED: Cause.BLOCKED,
    Reason.NEEDS_LOGIN: Cause.BLOCKED,
    Reason.UNREACHABLE: Cause.UNREACHABLE,
    Reason.BASIS_DOES_NOT_FIT: Cause.DEFINITION_DIFFERS,
    Reason.FIGURES_CONTRADICT: Cause.ARITHMETIC,
    Reason.COVERAGE_BELOW: Cause.UNDATED,
}

_BY_FINDING: Final[Mapping[Finding, Cause]] = {
    Finding.FALSE_CLAIM: Cause.NOT_FOUND,
    Finding.HONEST_ERROR: Cause.NOT_REPORTED,
    Finding.UNVERIFIABLE: Cause.NOT_MEASURED,
}
"""Where nothing else tells: more than was seen, less, or nobody could say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the ledger."""

    agency: str
    component: str
    title: str
    claimed: str
    measured: str
    owner: str
    scores: str
    """The inputs that score, in words; empty where none do."""

    ground: str
    finding: str
    causes: tuple[str, ...]
    crosses: bool
    """The claim lies on another side of a step, cut-off or target than the measurement."""

    points: str
    points_claimed: str
    """What the claim alone would be worth; empty without one."""

    difference: str


def ledger(places: Sequence[Place], sets: Sets) -> Iterator[Entry]:
    """Yield a line for every component that somebody claimed, measured, saw or supplied, in printed order."""
    for place in places:
        index_set: IndexSet = sets(place.total.bloc)
        for score in place.total.scores:
            component = index_set.component(score.component)
            figure = score.figure
            known = figure.claim or figure.owner_figures or figure.sighting
            if known or isinstance(figure.result, Measurement):
                yield _entry(component, score)


def _entry(component: Component, score: Score) -> Entry:
    figure = score.figure
    seen = figure.result.inputs if isinstance(figure.result, Measurement) else {}
    said = claimed(figure.claim) if figure.claim is not None else None
    return Entry(
        agency=score.agency,
        component=component.code,
        title=component.title,
        claimed=_words(component, said or {}),
        measured=_words(component, seen),
        owner="; ".join(
            f"{f.input} = {_owned(f.value, f.codes)} ({f.document})" for f in figure.owner_figures
        ),
        scores=_words(component, figure.inputs or {}),
        ground=figure.ground.value,
        finding=figure.finding.value,
        causes=tuple(cause.value for cause in causes(component, figure)),
        crosses=bool(said and figure.inputs and crosses(component, said, figure.fallback or figure.inputs)),
        points=_ends(score.low, score.high),
        points_claimed="" if said is None else _worth(component, said),
        difference=figure.difference,
    )


def _worth(component: Component, inputs: Mapping[str, Input]) -> str:
    from scoring.rules import points

    found = points(component, inputs)
    return _ends(found.low, found.high)


def _ends(low: Fraction, high: Fraction) -> str:
    return str(low) if low == high else f"{low}–{high}"


def _words(component: Component, inputs: Mapping[str, Input]) -> str:
    return "; ".join(
        f"{spec.name} = {shown(inputs[spec.name].value)}" for spec in component.inputs if spec.name in inputs
    )


def _owned(value: Value | None, codes: Sequence[str]) -> str:
    return f"{len(codes)} mã" if value is None else shown(value)


def causes(component: Component, figure: Figure) -> tuple[Cause, ...]:
    """Return why a claim differs, the likeliest first; nothing where it does not, or where none was made."""
    if figure.claim is None or figure.finding not in _BY_FINDING:
        return ()
    found: list[Cause] = []
    if _impossible(component, figure.claim.inputs):
        found.append(Cause.ARITHMETIC)
    match figure.result:
        case Unmeasured(reason=reason):
            found.append(_BY_REASON.get(reason, Cause.NOT_MEASURED))
        case Measurement(notes=notes, inputs=seen):
            found += [_BY_NOTE[note.key] for note in notes if note.key in _BY_NOTE and note.count != 0]
            found += _by_figures(component, figure.claim.inputs, {n: i.value for n, i in seen.items()})
        case _:
            pass
    return tuple(dict.fromkeys(found)) or (_BY_FINDING[figure.finding],)


def _impossible(component: Component, values: Mapping[str, Value]) -> bool:
    """Say whether a claim contradicts itself: a part larger than its whole."""
    num, den = number_of(component, values, "num"), number_of(component, values, "den")
    return num is not None and den is not None and num > den


def _by_figures(
    component: Component, said: Mapping[str, Value], seen: Mapping[str, Value]
) -> Iterator[Cause]:
    """Yield what the figures alone tell: other denominators are other definitions, more is not found."""
    den, true_den = number_of(component, said, "den"), number_of(component, seen, "den")
    if den is not None and true_den is not None and den != true_den:
        yield Cause.DEFINITION_DIFFERS
    for role in ("num", "count", "value"):
        claim, true = number_of(component, said, role), number_of(component, seen, role)
        if claim is not None and true is not None and claim > true:
            yield Cause.NOT_FOUND
    if items_of(component, said) - items_of(component, seen):
        yield Cause.NOT_FOUND


def as_csv(entries: Sequence[Entry]) -> str:
    """Return the ledger as CSV; texts that a spreadsheet would take for a formula are quoted."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([field.name for field in fields(Entry)])
    for entry in entries:
        writer.writerow([_cell(value) for value in astuple(entry)])
    return out.getvalue()


def _cell(value: object) -> str:
    text = " ".join(value) if isinstance(value, tuple) else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
