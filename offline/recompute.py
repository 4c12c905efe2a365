"""The arithmetic half: measurement, figure, score, total and place made again and compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode
from minhchung.holdings import Holdings, VisitReport
from minhchung.incidents import Incident
from minhchung.measurements import Result
from minhchung.rounds import ScoringStage
from minhchung.scores import Standing
from offline.codec import Held
from offline.findings import Finding
from offline.rules import Rules
from scoring.field_accuracy import Accuracies
from scoring.printed import printed_incident, printed_standing, printed_total
from scoring.standing import stand
from verifiers.incidents.finding import find_incidents, moving, without
from verifiers.incidents.judging import judge


@dataclass(frozen=True, slots=True)
class Difference:
    """The first place at which printed and recomputed part."""

    agency: str
    component: str
    """Empty for totals and places."""

    path: str
    printed: Any
    recomputed: Any

    def finding(self) -> Finding:
        """Return it in words."""
        where = ", ".join(part for part in (self.agency, self.component, self.path) if part)
        vi = f"đã công bố {_short(self.printed)}, tính lại {_short(self.recomputed)}"
        en = f"printed {_short(self.printed)}, recomputed {_short(self.recomputed)}"
        return Finding("difference", "recomputed", where, vi, en)


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 120 else f"{text[:117]}…"


def incidents_of(
    rules: Rules, bundled: Mapping[AgencyCode, Held], others: Iterable[VisitReport]
) -> tuple[Incident, ...]:
    """Return the incidents that the accounts of all visits show; `others` are of agencies not held here."""
    accounts: dict[AgencyCode, list[VisitReport]] = {
        code: list(one.holdings.visits) for code, one in bundled.items()
    }
    for visit in others:
        if visit.agency not in bundled:
            accounts.setdefault(AgencyCode(visit.agency), []).append(visit)
    return find_incidents(accounts, rules.registry, rules.common)


def measure(rules: Rules, holdings: Holdings, incidents: Sequence[Incident] = ()) -> dict[str, Result]:
    """Return the result of every component that has a verifier, from the observations of the bundle."""
    found: dict[str, Result] = {}
    left = without(holdings, incidents)
    index_set = rules.own_sets.get(holdings.agency.bloc, rules.index_set)
    for component in index_set.components():
        if not component.verifier:
            continue
        verifier, settings = rules.verifiers[component.verifier]
        found[component.code] = judge(verifier, settings, left, rules.context(component))
    return found


def conclude(
    rules: Rules,
    bundled: Mapping[AgencyCode, Held],
    stage: ScoringStage = "first",
    accuracies: Accuracies = MappingProxyType({}),
    incidents: Sequence[Incident] = (),
) -> Standing:
    """Return the standing of the agencies that the bundle holds, by the rules of one scoring."""
    held = {code: one.holdings for code, one in bundled.items()}
    agencies: tuple[Agency, ...] = tuple(each for each in rules.registry.agency if each.code in held)
    return stand(
        index_set=rules.index_set,
        own_sets=rules.own_sets,
        rulings={code: {ruling.component: ruling for ruling in one.rulings} for code, one in bundled.items()},
        sightings={
            code: {seen.sighting.begun.component: seen for seen in one.sightings}
            for code, one in bundled.items()
        },
        round_=rules.round,
        registry=agencies,
        results={code: measure(rules, one, incidents) for code, one in held.items()},
        claims={code: {claim.component: claim for claim in one.submitted} for code, one in held.items()},
        owner_figures={code: one.owner_figures for code, one in held.items()},
        accuracies=accuracies,
        stage=stage,
        simulated=rules.registry.simulated,
        incidents=moving(incidents, rules.common.incidents),
    )


def compare_totals(
    standing: Standing, printed: Mapping[str, Any], unrepeatable: frozenset[tuple[str, str]]
) -> Iterator[Difference]:
    """Yield the first difference of each agency: component by component, then its total.

    `unrepeatable` (agency, component) rest on masked observations: neither they nor sums over them compare.
    """
    totals = {place.agency: printed_total(place.total) for bloc in standing.blocs for place in bloc.places}
    for code in sorted({*printed, *totals}):
        old = printed.get(code, {}).get("total")
        new = totals.get(AgencyCode(code))
        if not isinstance(old, dict) or new is None:
            if old != new:
                yield Difference(code, "", "total", "có" if old else "không có", "có" if new else "không có")
            continue
        left_out = {component for agency, component in unrepeatable if agency == code}
        found = next(_differences(code, old, new, left_out), None)
        if found is not None:
            yield found


def _differences(
    code: str, old: dict[str, Any], new: dict[str, Any], left_out: set[str]
) -> Iterator[Difference]:
    components = old.get("components")
    if not isinstance(components, dict):
        components = {}
    gone = [name for name in components if name not in new["components"]]
    for component in [*new["components"], *gone]:
        if component in left_out:
            continue
        pair = components.get(component), new["components"].get(component)
        for path, before, after in differing(*pair):
            yield Difference(code, component, path, before, after)
    if not left_out:
        for path, before, after in differing(_sums(old), _sums(new)):
            yield Difference(code, "", path, before, after)


def _sums(total: dict[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in total.items() if name != "components"}


def compare_standing(standing: Standing, printed: Any) -> Iterator[Difference]:
    """Yield where places, means and digest differ."""
    for path, before, after in differing(printed, printed_standing(standing)):
        yield Difference("", "", path, before, after)


def compare_incidents(incidents: Iterable[Incident], printed: Any) -> Iterator[Difference]:
    """Yield where the incidents differ."""
    for path, before, after in differing(printed, list(map(printed_incident, incidents))):
        yield Difference("", "", f"incidents{path if path.startswith('[') else f'.{path}'}", before, after)


def compare_places(standing: Standing, printed: Mapping[str, Any], *, whole: bool) -> Iterator[Difference]:
    """Yield where an agency's own page names another place, total or band than the standing.

    A place itself comes out of a `whole` standing alone.
    """
    for bloc in printed_standing(standing)["blocs"]:
        for place in bloc["places"]:
            said = printed.get(place["agency"], {}).get("place")
            for path, before, after in differing(said, place):
                if whole or path not in ("best", "worst"):
                    yield Difference(place["agency"], "", f"place.{path}", before, after)


def differing(old: Any, new: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield (path, old, new) of everything in which two JSON values differ, in the order of the new one."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*new, *(key for key in old if key not in new)]:
            yield from differing(old.get(key), new.get(key), f"{path}.{key}" if path else str(key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, pair in enumerate(zip(old, new, strict=True)):
            yield from differing(*pair, f"{path}[{number + 1}]")
    elif old != new or type(old) is not type(new):
        yield path, old, new
