"""A corpus of inputs and what they are worth, rescored every time: no score changes unseen or unsaid."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pytest

from minhchung.index_set import Component
from minhchung.measurements import Input, Origin, Value
from scoring.printed import printed_place, printed_total
from scoring.rules import points
from tests.scoring.making import index_set_2021
from tests.scoring.small_round import small_standing
from tests.scoring.test_rule_types import CENTRE, LATE, MEETINGS, TWO_PARTS

CHECKOUT: Final = Path(__file__).resolve().parents[2]
CORPUS: Final = CHECKOUT / "tests" / "golden" / "corpus.json"
CASES: Final = ((0, 7), (1, 7), (1, 1), (3, 4), (49, 50), (9, 10), (19, 20), (31, 40), (1309, 365), (12, 5))
"""Pairs that stand for num and den, or as a fraction for any other number."""


def values(component: Component, num: int, den: int) -> dict[str, Value]:
    """Return inputs of a component that a pair stands for."""
    return {spec.name: _value(component, spec.name, spec.role, num, den) for spec in component.inputs}


def _value(component: Component, name: str, role: str, num: int, den: int) -> Value:
    formula = component.formula_of(name)
    if role == "items":
        return frozenset(item.id for n, item in enumerate(formula.items) if n % (num % 3 + 1) == 0)
    if role in {"date", "due"}:
        return f"2021-10-{1 + (num if role == 'date' else den) % 28:02}"
    if formula.type == "boolean":
        return num * 2 >= den
    if formula.type == "choice":
        return formula.options[num % len(formula.options)].id
    if role in {"num", "count", "part"}:
        return Fraction(num)
    return Fraction(den) if role == "den" else Fraction(num, den)


def rescored() -> dict[str, Any]:
    """Return what every case is worth, and what the small round concludes."""
    components = (*index_set_2021().components(), CENTRE, LATE, MEETINGS, TWO_PARTS)
    found: dict[str, Any] = {}
    for number, component in enumerate(components):
        for num, den in CASES:
            given = {
                name: Input(value=value, origin=Origin.CRAWL)
                for name, value in values(component, num, den).items()
            }
            worth = points(component, given)
            key = f"{number:02} {component.code} {component.formula.type} {num}/{den}"
            found[key] = [str(worth.low), str(worth.high), worth.applicable]
    for bloc in small_standing().blocs:
        for place in bloc.places:
            found[f"small round {place.agency}"] = {
                **printed_place(place),
                **_sums(printed_total(place.total)),
            }
    return found


def _sums(total: Mapping[str, Any]) -> dict[str, Any]:
    components = {code: [said["low"], said["high"]] for code, said in total["components"].items()}
    return {"low": total["low"], "high": total["high"], "components": components}


def changed_scores() -> str:
    """Return the digest of what CHANGELOG says under "Changed scores"."""
    text = (CHECKOUT / "CHANGELOG.md").read_text("utf-8")
    sections = [part.partition("\n### ")[0] for part in text.split("### Changed scores")[1:]]
    return sha256("".join(sections).encode()).hexdigest()


def test_a_score_that_changes_is_named_under_changed_scores(request: pytest.FixtureRequest) -> None:
    """With --update-golden a new score is only written where CHANGELOG says more than it did before."""
    kept: dict[str, Any] = {"scores": {}, "changelog": ""}
    if CORPUS.is_file():
        kept = json.loads(CORPUS.read_text("utf-8"))
    now = rescored()
    moved = sorted(
        key
        for key in {*kept["scores"], *now}
        if key in kept["scores"] and kept["scores"][key] != now.get(key)
    )
    if request.config.getoption("--update-golden") and kept["scores"] != now:
        assert not moved or kept["changelog"] != changed_scores(), (
            f"{moved[:5]} changed: say so in CHANGELOG under Changed scores, then update again"
        )
        said = {"changelog": changed_scores(), "scores": now}
        CORPUS.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", "utf-8")
        return

    assert moved == []
    assert kept["scores"] == now
