"""Whoever begins to refuse, throttle or hide wins no pass by it, whatever else fails around it (G12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from minhchung.agencies import SharedPlatform
from minhchung.evidence import AgencyCode, Failure, RunId
from minhchung.holdings import Holdings, VisitReport
from minhchung.measurements import Reason
from scoring.unmeasured import NOT_THEIRS
from tests.verifiers.builders import CLOSE, common
from tests.verifiers.test_incidents import CODES, REGISTRY, agency, fallen, looked
from verifiers.incidents.finding import find_incidents, without
from verifiers.passes import read_visits, refusal

PASSES: Final = (date(2021, 2, 1), date(2021, 8, 3), *CLOSE)
HIDER, OTHERS = CODES[0], CODES[1:]
WAYS: Final[Mapping[str, Mapping[str, Any]]] = {
    "robots.txt": {"state": "robots-refused"},
    "403 to us alone": {"state": "blocked", "failure": Failure.BLOCKED},
    "429": {"state": "blocked", "failure": Failure.RATE_LIMITED},
    "too slow to answer": {"state": "unreachable", "failure": Failure.TIMEOUT_TOTAL},
    "packets dropped": {"state": "unreachable", "failure": Failure.TIMEOUT_CONNECT},
    "connection refused": {"state": "unreachable", "failure": Failure.CONNECT},
    "its name taken down": {"state": "unreachable", "failure": Failure.DNS, "addresses": ()},
    "503 to us alone": {"state": "unreachable", "failure": Failure.HTTP_5XX},
    "a page that breaks the collector": {"state": "incident", "failure": Failure.BAD_CONTENT},
    "half of it": {"state": "needs-person", "failures": (("http://x/", Failure.TIMEOUT_READ),) * 9},
}
HIDING: Final = sorted(way for way, more in WAYS.items() if more["state"] != "incident")
"""Without the page that breaks the collector: that visit is ours, and held all the same."""

SHARED = replace(
    REGISTRY,
    shared_platform=(
        SharedPlatform(key="chung", title="Chung", hosts=tuple(f"{c}.example.vn" for c in CODES)),
    ),
)

Accounts = dict[AgencyCode, list[VisitReport]]


def province(down: Mapping[date, frozenset[str]], ways: Mapping[date, str], address: str) -> Accounts:
    """Return every visit of the year: `down` are the others that fail, `ways` how the hider hides."""
    found: Accounts = {}
    for day in PASSES:
        for code in CODES:
            if code == HIDER and day in ways:
                more = {"addresses": (address or "10.0.0.1",), **WAYS[ways[day]]}
                one = replace(looked(code, day, address=address), **more)
            elif code in down.get(day, frozenset()):
                one = fallen(code, day, address=address)
            else:
                one = looked(code, day, address=address)
            found.setdefault(AgencyCode(code), []).append(one)
    return found


def left_of(accounts: Accounts, shared: bool) -> Holdings:
    """Return what is left of the hider once incidents have been taken away."""
    incidents = find_incidents(accounts, SHARED if shared else REGISTRY, common())
    code = AgencyCode(HIDER)
    return without(Holdings(agency=agency(HIDER), visits=tuple(accounts[code])), incidents)


def runs(held: Holdings) -> set[RunId]:
    """Return the runs that speak for the hider."""
    return {visit.run for visit in read_visits(held.visits)}


ANYBODY = st.frozensets(st.sampled_from(OTHERS))


@settings(max_examples=300)
@given(
    down=st.dictionaries(st.sampled_from(PASSES), ANYBODY),
    ways=st.dictionaries(st.sampled_from(PASSES), st.sampled_from(sorted(WAYS)), min_size=1),
    shared=st.booleans(),
    address=st.sampled_from(["", "10.9.9.9"]),
)
def test_hiding_wins_no_pass_and_no_reason(
    down: Mapping[date, frozenset[str]], ways: Mapping[date, str], shared: bool, address: str
) -> None:
    """No pass is read that would not have been, and what is unmeasured is held whatever the rule says."""
    honest = left_of(province(down, {}, address), shared)
    hiding = left_of(province(down, ways, address), shared)

    assert runs(hiding) <= runs(honest)
    why = refusal(hiding, hiding.visits)
    assert why is None or why.reason not in NOT_THEIRS


@settings(max_examples=100)
@given(
    ways=st.dictionaries(st.sampled_from(PASSES), st.sampled_from(HIDING), min_size=1),
    shared=st.booleans(),
)
def test_a_portal_that_dies_together_with_nobody_is_no_incident(
    ways: Mapping[date, str], shared: bool
) -> None:
    """Alone among ten that answer, on one platform or not: nothing is left out, nobody else is touched."""
    accounts = province({}, ways, "10.9.9.9")

    found = find_incidents(accounts, SHARED if shared else REGISTRY, common())

    assert not any(each.excused for each in found)
    assert {code for each in found for code in each.agencies} <= {HIDER}


@settings(max_examples=100)
@given(way=st.sampled_from(HIDING), down=st.frozensets(st.sampled_from(OTHERS), min_size=3, max_size=3))
def test_whoever_has_long_hidden_does_not_fall_with_others(way: str, down: frozenset[str]) -> None:
    """Declared on the platform of three that fall: they are excused, whoever shut us out before is not."""
    accounts = province({CLOSE[0]: down}, dict.fromkeys(PASSES, way), "10.9.9.9")

    excused = {
        code for each in find_incidents(accounts, SHARED, common()) if each.excused for code in each.agencies
    }

    assert excused == down


def test_the_points_of_a_fallen_platform_are_held_by_every_rule() -> None:
    """Whoever runs it may be rated too."""
    assert Reason.PLATFORM_INCIDENT not in NOT_THEIRS
    assert Reason.INCIDENT in NOT_THEIRS
