"""Whether an index set says for every input who produces it, and whether a person has confirmed its rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from minhchung.index_set import Component, IndexSet
from minhchung.measurements import Origin
from scoring.soundness import faults

_OBSERVED: Final = frozenset({Origin.CRAWL, Origin.SERVICE})

Roles = Callable[[str], tuple[str, ...] | None]
"""From a verifier's name to the roles that it produces; None for one that does not exist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFinding:
    """One thing that an operator should know of an index set."""

    severity: Literal["fault", "remark"]
    where: str
    """Main index or component, by code."""

    text: str
    remedy: str


def check_set(index_set: IndexSet, roles: Roles) -> Iterator[SetFinding]:
    """Yield every finding: sums, rules, verifiers and producers, claims, rules that nobody confirmed."""
    for each in faults(index_set):
        yield SetFinding(severity="fault", where=each.where, text=each.fault, remedy=each.remedy)
    for component in index_set.components():
        for text, remedy in (*_verifier(component, roles), *_producers(component)):
            yield SetFinding(severity="fault", where=component.code, text=text, remedy=remedy)
    yield from _unconfirmed(index_set)


def _verifier(component: Component, roles: Roles) -> Iterator[tuple[str, str]]:
    if not component.verifier:
        if component.kind.startswith("objective"):
            yield "an objective component has no verifier", "name one, or change the kind"
        return
    produced = roles(component.verifier)
    if produced is None:
        yield f"there is no verifier {component.verifier!r}", "use a file name under verifiers/"
        return
    asked = [spec.role for spec in component.inputs if spec.role != "due"]
    missing = [role for role in asked if role not in produced]
    if missing:
        made = ", ".join(produced)
        yield (
            f"{component.verifier} produces {made}; nobody produces {', '.join(missing)}",
            "choose a formula over what it produces",
        )


def _producers(component: Component) -> Iterator[tuple[str, str]]:
    """Yield inputs that only an observation could give where nothing observes."""
    for spec in component.inputs:
        if not component.verifier and set(spec.origins) <= _OBSERVED:
            yield f"{spec.name} has no producer: nothing crawls or asks for it", "name a verifier or an owner"


def _unconfirmed(index_set: IndexSet) -> Iterator[SetFinding]:
    waiting = [component.code for component in index_set.components() if not component.confirmed]
    if waiting:
        yield SetFinding(
            severity="fault" if index_set.status == "official" else "remark",
            where=", ".join(waiting),
            text="the rules were proposed from the annex's words and nobody has confirmed them",
            remedy="compare each with the annex, correct it and remove `confirmed = false`",
        )
