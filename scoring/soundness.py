"""Whether an index set can be computed at all: sums, roles, bounds and codes that fit together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from typing import Final

from minhchung.index_set import WHOLES, ChecklistItem, Component, FormulaType, IndexSet
from minhchung.measurements import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFault:
    """One thing that is wrong with an index set."""

    where: str
    """Main index or component, by code."""

    fault: str
    remedy: str


_Roles = dict[FormulaType, tuple[frozenset[str], ...]]

_ROLES: Final[_Roles] = {
    "ratio": (frozenset({"num", "den"}),),
    "ratio_target": (frozenset({"num", "den"}),),
    "ratio_cutoff": (frozenset({"num", "den"}),),
    "steps": (frozenset({"value"}), frozenset({"num", "den"})),
    "steps_all": (frozenset({"value", "share"}),),
    "capped_count": (frozenset({"count"}),),
    "checklist": (frozenset({"items"}),),
    "boolean": (frozenset({"value"}),),
    "choice": (frozenset({"value"}),),
    "deadline_steps": (frozenset({"date", "due"}), frozenset({"date"})),
    "weighted_ratio": (frozenset({"part", "den"}),),
    "deduction": (frozenset({"part"}),),
    "best_peer": (frozenset({"value"}), frozenset({"num", "den"})),
}
"""Roles that a formula of each type needs; any one of the alternatives."""

MOST_DECIMALS: Final = 6
"""More are no publication, but an attempt at making ties impossible."""

_WIDTHS: Final[dict[FormulaType, int]] = {"steps": 2, "steps_all": 3, "deadline_steps": 2}


def faults(index_set: IndexSet) -> Iterator[SetFault]:
    """Yield every fault of a set; one without any can be computed for every agency."""
    scored = [main for main in index_set.main_index if main.section == "scored"]
    if not 0 <= index_set.component_decimals <= MOST_DECIMALS:
        fault = f"component_decimals is {index_set.component_decimals}"
        yield SetFault(where="scale", fault=fault, remedy=f"print 0 to {MOST_DECIMALS} decimals")
    whole = _added(main.points for main in scored)
    if whole != index_set.scale:
        yield SetFault(
            where="scale",
            fault=f"the main indices add up to {_written(whole)}, not to {index_set.scale}",
            remedy="correct the points",
        )
    for main in index_set.main_index:
        parts = _added(component.points for component in main.component)
        if parts != main.points:
            yield SetFault(
                where=main.code,
                fault=f"its components add up to {_written(parts)}, not to {main.points}",
                remedy="correct the points",
            )
    codes = Counter(component.code for component in index_set.components())
    for code, times in codes.items():
        if times > 1:
            yield SetFault(where=code, fault=f"this code stands {times} times", remedy="rename all but one")
    for main in index_set.main_index:
        for component in main.component:
            for fault, remedy in (*_supply_faults(component), *_rule_faults(component)):
                yield SetFault(where=component.code, fault=fault, remedy=remedy)
            if main.section == "penalty" and (component.points or component.formula.type != "deduction"):
                yield SetFault(
                    where=component.code,
                    fault="a penalty may only take points away",
                    remedy='give it 0 points and a formula of type "deduction" with a floor below 0',
                )
            if main.section != "penalty" and component.points <= 0:
                yield SetFault(
                    where=component.code, fault="its points are not above 0", remedy="give it points"
                )


def _added(points: Iterable[Decimal]) -> Fraction:
    """Return an exact sum: adding decimals rounds beyond 28 digits, so that thirds would make a whole."""
    return sum((Fraction(each) for each in points), Fraction(0))


def _written(value: Fraction) -> str:
    """Return a sum of decimals with every digit it has."""
    if value.denominator == 1:
        return str(value)
    with localcontext(Context(prec=200)):
        return f"{(Decimal(value.numerator) / value.denominator).normalize():f}"


def _rule_faults(component: Component) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a rule; of one made of parts, with each part."""
    if component.formula.type in WHOLES:
        yield from _part_faults(component)
        return
    yield from _role_faults(component)
    yield from _threshold_faults(component)
    yield from _item_faults(component)
    yield from _number_faults(component)


def _part_faults(component: Component) -> Iterator[tuple[str, str]]:
    parts = component.formula.parts
    if not parts or len({part.id for part in parts}) != len(parts):
        yield "its parts are missing or stand twice", "give every one its own id"
        return
    each = [part.points for part in parts]
    reached = _added(each) if component.formula.type == "sum" else Fraction(max(each))
    if any(points <= 0 for points in each):
        yield "a part's points are not above 0", "give every part points"
    if reached != component.points:
        yield f"its parts reach {_written(reached)}, not {component.points}", "correct the points"
    used = Counter(name for part in parts for name in part.inputs)
    known = {spec.name for spec in component.inputs}
    if component.formula.type == "sum" and any(times > 1 for times in used.values()):
        yield "two parts share an input", "let one input feed one part"
    for name in sorted(set(used) ^ known):
        yield f"{name} is an input of no part, or of none that there is", "name every input in one part"
    for part in parts:
        if part.formula.type == "best_peer" or part.formula.if_den_zero == "not_applicable":
            yield f"part {part.id} cannot stand inside another rule", "make it a component of its own"
        for fault, remedy in _rule_faults(component.part(part)):
            yield f"part {part.id}: {fault}", remedy


def _role_faults(component: Component) -> Iterator[tuple[str, str]]:
    roles = [spec.role for spec in component.inputs]
    single = [role for role in roles if role != "part"]
    wanted = _ROLES[component.formula.type]
    if len(set(single)) != len(single) or frozenset(roles) not in wanted:
        named = " or ".join(", ".join(sorted(one)) for one in wanted)
        yield f"its inputs are {', '.join(sorted(roles)) or 'none'}", f"give it exactly: {named}"


def _supply_faults(component: Component) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with who supplies the inputs."""
    names = Counter(spec.name for spec in component.inputs)
    for name, times in names.items():
        if times > 1:
            yield f"input {name} stands {times} times", "rename all but one"
    if any({Origin.RULING, Origin.SIGHTING} & set(spec.origins) for spec in component.inputs):
        yield "a ruling or a sighting is no source of an input", "name who supplies it"
    if any(not spec.origins for spec in component.inputs):
        yield "an input has no origin", "say who supplies it"
    if any(Origin.SUBMITTED in spec.origins[:-1] for spec in component.inputs):
        yield "a claim stands before other origins", "name what was seen or owned first, submitted last"
    if component.kind.startswith("objective"):
        for spec in component.inputs:
            if set(spec.origins) <= {"submitted"}:
                yield f"{spec.name} is only claimed", "name a crawl, service or owner, or change the kind"


def _threshold_faults(component: Component) -> Iterator[tuple[str, str]]:
    width = _WIDTHS.get(component.formula.type)
    if width is None:
        return
    rows = component.formula.thresholds
    if not rows or any(len(row) != width for row in rows):
        yield f"each threshold needs {width} numbers", "correct the thresholds"
        return
    points = [row[-1] for row in rows]
    bounds = [row[0] for row in rows]
    best_first = bounds == sorted(bounds, reverse=component.formula.type != "deadline_steps")
    if component.formula.type != "steps_all" and len(set(bounds)) != len(bounds):
        yield "a threshold stands twice", "keep one of them"
    if min(points) < 0 or not 0 <= component.formula.otherwise <= min(points):
        yield (
            "what misses a threshold brings more than what reaches it, or less than 0",
            ("let points fall from threshold to threshold and `otherwise`, never below 0"),
        )
    if points != sorted(points, reverse=True) or not best_first:
        yield "its thresholds do not stand best first", "reorder them"
    if points[0] != component.points:
        yield f"its best threshold is worth {points[0]}, not {component.points}", "correct the points"


def _item_faults(component: Component) -> Iterator[tuple[str, str]]:
    formula = component.formula
    if formula.type == "checklist":
        yield from _listed("items", formula.items, _added(i.points for i in formula.items), component)
    if formula.type == "choice":
        best = Fraction(max((option.points for option in formula.options), default=Decimal(0)))
        yield from _listed("options", formula.options, best, component)


def _listed(
    what: str, listed: Sequence[ChecklistItem], reached: Fraction, component: Component
) -> Iterator[tuple[str, str]]:
    if len({item.id for item in listed}) != len(listed) or not listed:
        yield f"its {what} are missing or stand twice", "give every one its own id"
    elif any(item.points < 0 for item in listed):
        yield f"one of its {what} costs points", "give it 0 or more, or use a deduction"
    elif reached != component.points:
        yield f"its {what} reach {_written(reached)}, not {component.points}", "correct the points"


def _number_faults(component: Component) -> Iterator[tuple[str, str]]:
    formula = component.formula
    needed = {
        "ratio_target": ("target", formula.target),
        "ratio_cutoff": ("cutoff", formula.cutoff),
        "capped_count": ("per_unit", formula.per_unit),
    }
    key, value = needed.get(formula.type, ("", None))
    if key and (value is None or value <= 0):
        yield f"its formula has no {key} above 0", f"give {key}"
    if formula.type == "deduction" and formula.floor >= component.points:
        yield f"its floor {formula.floor} is not below its {component.points} points", "lower the floor"
    if any(spec.weight <= 0 for spec in component.inputs):
        yield "an input weighs nothing", "give it a weight above 0"
    if not 0 < formula.cap <= 1:
        yield f"its cap {formula.cap} is not above 0 and at most 1", "points never exceed the maximum"
    if formula.min_denominator is not None and formula.min_denominator < 1:
        yield f"its min_denominator {formula.min_denominator} is below 1", "give the fewest cases, 1 or more"
    tolerances = [component.tolerance, *(s.tolerance for s in component.inputs if s.tolerance is not None)]
    if min(tolerances) < 0:
        yield "its tolerance is below 0", "give 0 or more"
    if formula.type == "ratio_cutoff" and formula.cutoff is not None and formula.cutoff > 0:
        yield from _cutoff_faults(component, Fraction(formula.cutoff))


def _cutoff_faults(component: Component, cutoff: Fraction) -> Iterator[tuple[str, str]]:
    formula = component.formula
    reached = cutoff / Fraction(formula.target) if formula.target else cutoff
    at_it = min(reached, Fraction(formula.cap)) * Fraction(component.points)
    if not 0 <= Fraction(formula.below) <= at_it:
        yield (
            f"below the cut-off it brings {formula.below}, more than at it or less than 0",
            "give `below` 0, or no more than the cut-off brings",
        )
