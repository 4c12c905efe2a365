"""How right a verifier is on real portals, from what two people said of a sample; and what a set makes of it.

Below a set's floor a verifier advises: what it found is shown, and the points are as unmeasured.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode
from minhchung.index_set import AccuracyFloor, IndexSet
from minhchung.labels import Drawn, FieldAccuracy, Label, LabelDraw, Labels
from minhchung.measurements import Measurement, NotApplicable, Reason, Result, Unmeasured
from scoring.inputs import shown
from scoring.intervals import Ends, clopper_pearson, kappa
from scoring.numerals import percent

Accuracies = Mapping[str, FieldAccuracy]
"""By verifier, with its version."""

LABELS: Final[tuple[Label, ...]] = ("exceeds", "holds", "unclear")
_HALF: Final = Fraction(1, 40)
"""Of two shares that one figure rests on, each has half the error: together at most 5 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share with its 95 % interval."""

    value: Fraction
    ends: Ends


def field_accuracy(draw: LabelDraw, one: Labels, other: Labels) -> dict[str, FieldAccuracy]:
    """Return the accuracy of every verifier of a sample."""
    decided: dict[str, Counter[tuple[bool, Label]]] = {name: Counter() for name in draw.populations}
    for item, first, second in zip(draw.items, one.labels, other.labels, strict=True):
        agreed: Label = first if first == second else "unclear"
        decided[item.verifier][item.accused, agreed] += 1
    return {name: _accuracy(name, draw.populations[name], counts) for name, counts in decided.items()}


def _accuracy(
    verifier: str, populations: tuple[int, int], counts: Mapping[tuple[bool, Label], int]
) -> FieldAccuracy:
    accusing, other = populations
    labelled = {
        accused: sum(counts.get((accused, label), 0) for label in ("exceeds", "holds"))
        for accused in (True, False)
    }
    return FieldAccuracy(
        verifier=verifier,
        accusing=accusing,
        accusing_labelled=labelled[True],
        rightly=counts.get((True, "exceeds"), 0),
        other=other,
        other_labelled=labelled[False],
        missed=counts.get((False, "exceeds"), 0),
        undecided=counts.get((True, "unclear"), 0) + counts.get((False, "unclear"), 0),
    )


def precision(found: FieldAccuracy) -> Share | None:
    """Return which share of the accusations is right; None where none was labelled."""
    if not found.accusing_labelled:
        return None
    return Share(
        value=Fraction(found.rightly, found.accusing_labelled),
        ends=clopper_pearson(found.rightly, found.accusing_labelled),
    )


def recall(found: FieldAccuracy) -> Share | None:
    """Return which share of the false claims is accused; None where the sample cannot tell.

    Accusing and other findings were drawn apart, so each sample stands for its own population.
    """
    unseen = found.accusing and not found.accusing_labelled
    if unseen or (not found.other_labelled and found.other):
        return None
    hits, misses = found.rightly, found.missed
    right = clopper_pearson(hits, found.accusing_labelled, error=_HALF)
    wrong = clopper_pearson(misses, found.other_labelled, error=_HALF)
    value = _recalled(found, _share(hits, found.accusing_labelled), _share(misses, found.other_labelled))
    if value is None:
        return None
    low, high = _recalled(found, right[0], wrong[1]), _recalled(found, right[1], wrong[0])
    return Share(value=value, ends=(low or Fraction(0), Fraction(1) if high is None else high))


def _share(count: int, of: int) -> Fraction:
    return Fraction(count, of) if of else Fraction(0)


def _recalled(found: FieldAccuracy, right: Fraction, missed: Fraction) -> Fraction | None:
    hit, left = found.accusing * right, found.other * missed
    return hit / (hit + left) if hit + left else None


def agreement(one: Labels, other: Labels) -> tuple[Fraction, Ends] | None:
    """Return Cohen's kappa of two people over a sample, with its interval; None where it is not defined."""
    pairs: dict[tuple[str, str], int] = Counter(zip(one.labels, other.labels, strict=True))
    return kappa(pairs, LABELS)


def fault_of(floor: AccuracyFloor, found: FieldAccuracy | None) -> str:
    """Return in words how a verifier falls below a floor; empty where it does not, or too little is known."""
    if found is None:
        return ""
    for word, share, least, labelled in (
        ("độ chính xác", precision(found), floor.precision, found.accusing_labelled),
        ("độ đầy đủ", recall(found), floor.recall, found.other_labelled),
    ):
        if share is None or labelled < floor.least:
            continue
        reached = {"value": share.value, "low": share.ends[0], "high": share.ends[1]}[floor.end]
        if reached < Fraction(least):
            ends = "–".join(percent(end) for end in share.ends)
            return f"{word} {percent(share.value)} (khoảng 95 %: {ends}) dưới sàn {percent(Fraction(least))}"
    return ""


def advised(
    results: Mapping[AgencyCode, Mapping[str, Result]],
    registry: Sequence[Agency],
    index_set: IndexSet,
    own_sets: Mapping[str, IndexSet],
    accuracies: Accuracies,
) -> dict[AgencyCode, dict[str, Result]]:
    """Return the results, those of verifiers below their set's floor as advice that does not score."""
    blocs = {agency.code: agency.bloc for agency in registry}
    made: dict[AgencyCode, dict[str, Result]] = {}
    for code, mine in results.items():
        floor = own_sets.get(blocs.get(code, ""), index_set).accuracy_floor
        made[code] = {
            component: result if floor is None else _advice(result, floor, accuracies)
            for component, result in mine.items()
        }
    return made


def _advice(result: Result, floor: AccuracyFloor, accuracies: Accuracies) -> Result:
    fault = fault_of(floor, accuracies.get(result.verifier))
    if not fault:
        return result
    said = f"Bộ kiểm chứng {result.verifier} chỉ để tham khảo: {fault}"
    match result:
        case Unmeasured():
            return result
        case NotApplicable():
            return Unmeasured(
                reason=Reason.ADVISORY,
                detail=f"{said}. Tham khảo: không áp dụng ({result.detail})",
                basis=result.basis,
                verifier=result.verifier,
            )
        case Measurement():
            values = "; ".join(f"{name} = {shown(given.value)}" for name, given in result.inputs.items())
            return Unmeasured(
                reason=Reason.ADVISORY,
                detail=f"{said}. Tham khảo: {values}",
                basis=result.basis,
                notes=result.notes,
                verifier=result.verifier,
            )


def drawn(population: Sequence[Drawn], order: Mapping[Drawn, str], most: int) -> tuple[Drawn, ...]:
    """Return at most so many of each verifier's accusing findings, and of its others, by their order."""
    kept: list[Drawn] = []
    strata = dict.fromkeys((item.verifier, item.accused) for item in population)
    for verifier, accused in sorted(strata):
        mine = [item for item in population if (item.verifier, item.accused) == (verifier, accused)]
        kept += sorted(mine, key=lambda item: order[item])[:most]
    return tuple(kept)
