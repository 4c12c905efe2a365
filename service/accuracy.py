"""How right the product is where the truth is known: a simulated province beside what was concluded of it.

The truth file is the simulator's. It is read here and nowhere else in the product: no verifier, no rule may
see it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from minhchung.errors import UsageError
from minhchung.evidence import AgencyCode
from minhchung.measurements import Measurement, NotApplicable, Unmeasured, Value
from minhchung.scores import Figure, Finding
from scoring.digest import canonical
from scoring.numerals import half_up
from service.province import FOLDER
from service.standings import Concluded
from service.workplace import Simulation

FILE: Final = f"{FOLDER}/truth.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is true of one component of one agency."""

    agency: AgencyCode
    component: str
    expected: Finding
    inputs: Mapping[str, Value] | None
    """None where even a perfect observer measures nothing."""

    why_not: str = ""
    """Why there is nothing to measure: a reason by its code."""

    role: str = "plain"
    """What the agency is: `gamer`, `look-alike`, or neither."""

    plays: tuple[str, ...] = ()
    """What it does to game the rules, or what only looks so, in Vietnamese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What a truth file says."""

    round: str
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts over cases, one for each agency and component; an accusation is the finding "false claim"."""

    agencies: int = 0
    true_accusations: int = 0
    false_accusations: int = 0
    missed_accusations: int = 0
    other_findings: int = 0
    """Findings that differ from the truth without an accusation on either side."""

    measured_both: int = 0
    """Measurable, and measured."""

    exact_inputs: int = 0
    """Of these, with every input as it is in truth."""

    unmeasured_though_measurable: int = 0
    measured_though_unmeasurable: int = 0
    other_reasons: int = 0
    """Rightly not measured, for another reason than the true one."""

    @property
    def mistakes(self) -> int:
        """How often something is not as it is in truth."""
        findings = self.false_accusations + self.missed_accusations + self.other_findings
        values = self.measured_both - self.exact_inputs
        absent = self.unmeasured_though_measurable + self.measured_though_unmeasurable + self.other_reasons
        return findings + values + absent

    def __add__(self, other: Tally) -> Tally:
        one, two = asdict(self), asdict(other)
        return Tally(**{name: one[name] + two[name] for name in one})


def truth_of(home: Path) -> Truth:
    """Return the truth of a home's simulated province; raises UsageError for any other home."""
    path = home / FILE
    if Simulation.of(home) is None or not path.is_file():
        msg = f"{home}: holds no simulated province, so nobody knows its truth; run `minhchung demo` first"
        raise UsageError(msg)
    try:
        whole = json.loads(path.read_text("utf-8"))
        return Truth(round=whole["round"], cases=tuple(_cases(whole["agencies"])))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        msg = f"{path}: is damaged ({error!r}); run `minhchung demo` in a new home"
        raise UsageError(msg) from error


def _cases(agencies: Mapping[str, Any]) -> Iterator[Case]:
    for agency, told in agencies.items():
        for component, true in told["components"].items():
            inputs = true["inputs"]
            yield Case(
                agency=AgencyCode(agency),
                component=component,
                expected=Finding(true["expected"]),
                inputs=inputs and {name: _value(value) for name, value in inputs.items()},
                why_not=true["unmeasured"] or true["not_applicable"] or "",
                role=told.get("role", "plain"),
                plays=tuple(told.get("plays", ())),
            )


def _value(told: str | list[str]) -> Value:
    return frozenset(told) if isinstance(told, list) else Fraction(told)


def compared(true: Case, figure: Figure) -> Tally:
    """Return the tally of one case."""
    expected, found = (each is Finding.FALSE_CLAIM for each in (true.expected, figure.finding))
    measured = isinstance(figure.result, Measurement)
    measurable = true.inputs is not None
    return Tally(
        agencies=1,
        true_accusations=int(expected and found),
        false_accusations=int(found and not expected),
        missed_accusations=int(expected and not found),
        other_findings=int(not (expected or found) and true.expected is not figure.finding),
        measured_both=int(measurable and measured),
        exact_inputs=int(measurable and measured and _inputs(figure) == true.inputs),
        unmeasured_though_measurable=int(measurable and not measured),
        measured_though_unmeasurable=int(measured and not measurable),
        other_reasons=int(not measured and not measurable and _why_not(figure) != true.why_not),
    )


def _inputs(figure: Figure) -> dict[str, Value]:
    result = figure.result
    return {n: given.value for n, given in result.inputs.items()} if isinstance(result, Measurement) else {}


def _why_not(figure: Figure) -> str:
    match figure.result:
        case Unmeasured(reason=why) | NotApplicable(reason=why):
            return why.value
        case _:
            return ""


def total(tallies: Iterable[Tally]) -> Tally:
    """Return the tally of several together."""
    return sum(tallies, Tally())


def accuracy(truth: Truth, first: Concluded, second: Concluded) -> dict[str, Any]:
    """Return what the first conclusion got right, per component, and whether the second is equal to it.

    Raises UsageError where the truth tells of something that the round does not conclude.
    """
    tallies: dict[str, list[Tally]] = {}
    for true in truth.cases:
        tallies.setdefault(true.component, []).append(compared(true, _figure(first, true)))
    rows = []
    for component, found in tallies.items():
        agencies = [true.agency for true in truth.cases if true.component == component]
        row = {"component": component, "verifier": _verifier(first, agencies[0], component)}
        row |= told(total(found))
        digests = [digest(each, component, agencies) for each in (first, second)]
        rows.append(row | {"digests": digests, "repeatable": digests[0] == digests[1]})
    whole = [_whole(each, rows, turn) for turn, each in enumerate((first, second))]
    return {
        "round": first.round.id,
        "simulated": True,
        "digests": whole,
        "repeatable": whole[0] == whole[1],
        "verifiers": rows,
        "roles": list(_roles(truth, first)),
        "total": told(total(tally for found in tallies.values() for tally in found)),
    }


def _roles(truth: Truth, concluded: Concluded) -> Iterator[dict[str, Any]]:
    """Yield what came of those who game the rules, and of those who only look so: each kind apart."""
    for role in ("gamer", "look-alike"):
        mine = [true for true in truth.cases if true.role == role]
        for plays in dict.fromkeys(true.plays for true in mine):
            cases = [true for true in mine if true.plays == plays]
            tally = total(compared(true, _figure(concluded, true)) for true in cases)
            yield {
                "role": role,
                "plays": list(plays),
                "agencies": len({true.agency for true in cases}),
                "components": len(cases),
                "true_accusations": tally.true_accusations,
                "false_accusations": tally.false_accusations,
                "missed_accusations": tally.missed_accusations,
                "mistakes": tally.mistakes,
                "asked": sum(_asked(_figure(concluded, true)) for true in cases),
                "held": sum(isinstance(_figure(concluded, true).result, Unmeasured) for true in cases),
            }


def _asked(figure: Figure) -> bool:
    """Say whether something about it is shown to a person as a question; none is ever deducted."""
    return isinstance(figure.result, Measurement) and bool(figure.result.questions)


def _whole(concluded: Concluded, rows: Sequence[Mapping[str, Any]], turn: int) -> str:
    parts = [concluded.standing.inputs_digest, *(row["digests"][turn] for row in rows)]
    return sha256("\n".join(parts).encode()).hexdigest()


def _figure(concluded: Concluded, true: Case) -> Figure:
    try:
        return concluded.score(true.agency, true.component).figure
    except KeyError as error:
        msg = (
            f"{FILE}: tells of {true.component} of {true.agency}, which round {concluded.round.id} does not "
            "conclude; use the configuration that the demo wrote"
        )
        raise UsageError(msg) from error


def _verifier(concluded: Concluded, agency: AgencyCode, component: str) -> str:
    return concluded.set_of(concluded.place(agency).total.bloc).component(component).verifier


def digest(concluded: Concluded, component: str, agencies: Sequence[AgencyCode]) -> str:
    """Return the SHA-256 of what was concluded of one component: points, figures, reasons, evidence."""
    whole = []
    for agency in agencies:
        score = concluded.score(agency, component)
        result = score.figure.result
        basis = [canonical(place) for place in result.basis] if result is not None else []
        whole.append([agency, canonical(score), score.figure.difference, basis])
    line = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(line.encode()).hexdigest()


def told(tally: Tally) -> dict[str, Any]:
    """Return a tally as plain data, its ratios with what they are counted over."""
    true = tally.true_accusations
    return {
        **asdict(tally),
        "precision": ratio(true, true + tally.false_accusations),
        "recall": ratio(true, true + tally.missed_accusations),
        "exact": ratio(tally.exact_inputs, tally.measured_both),
        "mistakes": tally.mistakes,
    }


def ratio(count: int, of: int) -> dict[str, Any]:
    """Return a ratio with its counts; of no case there is none."""
    return {"count": count, "of": of, "share": half_up(Fraction(count, of), 4) if of else None}
