"""What agencies say of their own portals: most tell what is, some more than is, some a little off."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from simulator.agencies import Agency
from simulator.almanac import DAYS
from simulator.findings import ANSWERED, CADENCE, CHECKLISTS, COMPLETE, ON_TIME, PUBLICITY, Finding, Value
from simulator.news import PADDING

Claim = Mapping[str, Value]

RATIOS: Final = {"HD.4": COMPLETE, "HD.5": ON_TIME, "HD.9": ANSWERED}
_TOLERANCES: Final = {
    "ratio": Fraction(2, 100),
    "value": Fraction(2, 10),
    "share": Fraction(5, 100),
    "count": Fraction(1),
}
_BOAST: Final = Fraction(12, 100)
_EVERY_OTHER: Final = 2
_EVERY_THIRD: Final = 3
_BOASTED_DOCUMENTS: Final = Fraction(12)
_UNSEEN: Final[dict[str, Claim]] = {
    "HD.2": {CADENCE[0]: Fraction(26, 10), CADENCE[1]: Fraction(92, 100)},
    "HD.4": {COMPLETE[0]: Fraction(18), COMPLETE[1]: Fraction(20)},
    "HD.5": {ON_TIME[0]: Fraction(17), ON_TIME[1]: Fraction(20)},
    "HD.9": {ANSWERED[0]: Fraction(6), ANSWERED[1]: Fraction(7)},
    "TC.6": {PUBLICITY: Fraction(8)},
}
"""What an agency says whose portal nobody could read."""


def claim_of(agency: Agency, place: int, component: str, finding: Finding) -> Claim | None:
    """Return what the agency claims; None: it claims nothing."""
    if finding.not_applicable:
        return None
    if finding.unmeasured:
        return _unseen(component)
    plain = dict(finding.inputs)
    if "boasts" in agency.temper and place % _EVERY_OTHER == 0:
        return _boast(component, plain)
    if "pads" in agency.temper and component == "HD.2":
        return plain | {
            CADENCE[0]: two_decimals(_number(plain, CADENCE[0]) + Fraction(7 * sum(PADDING), DAYS))
        }
    if "errs" in agency.temper and place % _EVERY_THIRD != 0:
        return _slip(component, plain, place)
    return plain


def _unseen(component: str) -> Claim:
    if component in CHECKLISTS:
        name, items = CHECKLISTS[component]
        return {name: frozenset(items[:-1])}
    return _UNSEEN[component]


def _rounded(inputs: Mapping[str, Value]) -> dict[str, Value]:
    """Return the inputs as an office would write them down: two decimals."""
    return {
        name: value if isinstance(value, frozenset) else two_decimals(value) for name, value in inputs.items()
    }


def two_decimals(value: Fraction) -> Fraction:
    """Return the number rounded half-up to two decimals."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return Fraction(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _number(claim: Mapping[str, Value], name: str) -> Fraction:
    value = claim[name]
    return Fraction(0) if isinstance(value, frozenset) else value


def _boast(component: str, plain: dict[str, Value]) -> Claim:
    """Claim more than is true by far more than any tolerance, where there is room for it."""
    if component in CHECKLISTS:
        name, items = CHECKLISTS[component]
        held = plain[name]
        missing = [item for item in items if isinstance(held, frozenset) and item not in held]
        return plain | {name: frozenset((*_items(held), *missing[:2]))}
    if component == "HD.2":
        return plain | {CADENCE[0]: two_decimals(_number(plain, CADENCE[0]) + Fraction(13, 10))}
    if component == "TC.6":
        return {PUBLICITY: _number(plain, PUBLICITY) + 5}
    num, den = RATIOS[component]
    whole = _number(plain, den)
    if whole == 0:
        return {num: _BOASTED_DOCUMENTS, den: _BOASTED_DOCUMENTS} if component != "HD.9" else plain
    more = _number(plain, num) + -(-whole * _BOAST // 1)
    return plain if more > whole else {num: Fraction(more), den: whole}


def _slip(component: str, plain: dict[str, Value], place: int) -> Claim:
    """Claim a little off, or clearly less than is true."""
    if component in CHECKLISTS:
        name, _ = CHECKLISTS[component]
        return {name: frozenset(sorted(_items(plain[name]))[1:])}
    if component == "HD.2":
        rounded = _rounded(plain)
        return rounded | {CADENCE[0]: _number(rounded, CADENCE[0]) + Fraction(5, 100)}
    if component == "TC.6":
        return {PUBLICITY: max(Fraction(0), _number(plain, PUBLICITY) + (1 if place % 2 else -2))}
    num, den = RATIOS[component]
    return {num: max(Fraction(0), _number(plain, num) - 1), den: _number(plain, den)}


def _items(value: Value) -> frozenset[str]:
    return value if isinstance(value, frozenset) else frozenset()


def outcome(component: str, finding: Finding, claim: Claim | None) -> str:
    """Return what the comparison of a claim with the truth must say."""
    if finding.not_applicable:
        return "not_applicable"
    if finding.unmeasured or claim is None:
        return "unverifiable"
    if component in CHECKLISTS:
        name = CHECKLISTS[component][0]
        extra = _items(claim[name]) - _items(finding.inputs[name])
        if extra:
            return "false_claim"
        return "agreed" if claim[name] == finding.inputs[name] else "honest_error"
    gaps = list(_gaps(component, finding.inputs, claim))
    if any(favour > tolerance for favour, tolerance in gaps):
        return "false_claim"
    return "honest_error" if any(favour for favour, _ in gaps) else "agreed"


def _gaps(component: str, true: Mapping[str, Value], claim: Claim) -> list[tuple[Fraction, Fraction]]:
    """Return by how much the claim is better, each with what is tolerated."""
    if component == "HD.2":
        return [
            (_number(claim, CADENCE[0]) - _number(true, CADENCE[0]), _TOLERANCES["value"]),
            (_number(claim, CADENCE[1]) - _number(true, CADENCE[1]), _TOLERANCES["share"]),
        ]
    if component == "TC.6":
        return [(_number(claim, PUBLICITY) - _number(true, PUBLICITY), _TOLERANCES["count"])]
    num, den = RATIOS[component]
    if not _number(true, den) or not _number(claim, den):
        # nothing divided by nothing: what is claimed is worth more than the nothing that was found, or is not
        return [(_number(claim, num), Fraction(0))]
    favour = _number(claim, num) / _number(claim, den) - _number(true, num) / _number(true, den)
    return [(favour, _TOLERANCES["ratio"])]
