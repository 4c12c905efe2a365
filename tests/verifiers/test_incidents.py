"""Ours, theirs or everybody's: which failures are an incident, and whose (G12)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from minhchung.agencies import Agency, SharedPlatform
from minhchung.evidence import AgencyCode, Failure, RecordId, RunId, SourceKey
from minhchung.holdings import CanaryCheck, Holdings, VisitReport
from minhchung.incidents import Incident
from minhchung.measurements import Reason, Unmeasured
from minhchung.sources import AgenciesFile
from tests.verifiers.builders import CLOSE, at, common, record_id, run_on, visit
from verifiers.incidents.finding import find_incidents, moving, without
from verifiers.passes import refusal

CODES = tuple(f"so-{letter}" for letter in "abcdefghij")
Q3 = date(2021, 8, 3)


def agency(code: str) -> Agency:
    """Return an agency whose host bears its code."""
    return Agency(code=AgencyCode(code), name=code, bloc="so", portal=f"http://{code}.example.vn/")


REGISTRY = AgenciesFile(agency=tuple(map(agency, CODES)))
ON_ONE = replace(
    REGISTRY,
    shared_platform=(
        SharedPlatform(key="cong-tinh", title="Cổng tỉnh", hosts=tuple(f"{c}.example.vn" for c in CODES)),
    ),
)


def looked(code: str, day: date, *, minute: int = 0, address: str = "", **more: Any) -> VisitReport:
    """Return a visit to an agency; each host has an address of its own unless one is given."""
    own = f"10.0.0.{CODES.index(code) + 1}"
    begun = at(day) + timedelta(minutes=minute)
    told: dict[str, Any] = {"addresses": (address or own,), **more}
    return replace(
        visit(day, agency=agency(code), **told),
        began_at=begun,
        ended_at=begun + timedelta(minutes=2),
        record=record_id(f"visit {code}", run_on(day)),
    )


def fallen(code: str, day: date, *, failure: Failure = Failure.CONNECT, **more: Any) -> VisitReport:
    """Return a visit to which nobody answered."""
    return looked(code, day, state="unreachable", failure=failure, **more)


def found(visits: Iterable[VisitReport], registry: AgenciesFile = REGISTRY) -> tuple[Incident, ...]:
    """Return the incidents of these visits."""
    accounts: dict[AgencyCode, list[VisitReport]] = {}
    for each in visits:
        accounts.setdefault(AgencyCode(each.agency), []).append(each)
    return find_incidents(accounts, registry, common())


def excused(visits: Iterable[VisitReport], registry: AgenciesFile = REGISTRY) -> set[str]:
    """Return the agencies some visit of which is left out."""
    return {code for each in found(visits, registry) if each.excused for code in each.agencies}


def day_of_all(day: date, down: Sequence[str] = (), **more: Any) -> list[VisitReport]:
    """Return a visit to every agency; `down` are those that do not answer."""
    return [fallen(c, day, **more) if c in down else looked(c, day, **more) for c in CODES]


def test_agencies_of_one_platform_that_fail_together_are_an_incident_of_it() -> None:
    """G12: at least three and a fifth of those on one address or platform fail together."""
    down = CODES[:4]
    (incident,) = found([*day_of_all(Q3), *day_of_all(CLOSE[0], down)], ON_ONE)

    assert (incident.kind, incident.what, incident.excused) == ("platform", "cong-tinh", True)
    assert incident.agencies == down
    assert [member.record for member in incident.members] == list(incident.evidence)
    assert (incident.began_at, incident.ended_at) == (at(CLOSE[0]), at(CLOSE[0]) + timedelta(minutes=2))


def test_portals_that_go_with_their_agencies_are_nobodys_failure_and_excuse_nobody() -> None:
    """Reorganised on 1 July: four portals of a platform are shut in August; a fifth is dark beside them."""
    ended = frozenset(CODES[:4])
    registry = replace(
        ON_ONE,
        agency=tuple(
            replace(each, valid_to=date(2021, 6, 30)) if each.code in ended else each
            for each in ON_ONE.agency
        ),
    )
    visits = [*day_of_all(date(2021, 5, 4)), *day_of_all(Q3, CODES[:5]), *day_of_all(CLOSE[0], CODES[:5])]

    assert excused(visits, registry) == set()
    assert [each.agencies for each in found(visits, registry)] == [(CODES[4],)]
    assert excused(visits, ON_ONE) == set(CODES[:5])


def test_two_are_no_incident_and_three_of_twenty_are_not() -> None:
    many = tuple(f"so-{n}" for n in range(20))
    registry = AgenciesFile(
        agency=tuple(map(agency, many)),
        shared_platform=(SharedPlatform(key="p", title="P", hosts=(".example.vn",)),),
    )

    def visits(day: date, down: int) -> list[VisitReport]:
        state: dict[str, Any] = {"state": "unreachable", "failure": Failure.TIMEOUT_CONNECT}
        return [
            visit(day, agency=agency(code), addresses=(f"10.0.0.{n}",), **(state if n < down else {}))
            for n, code in enumerate(many)
        ]

    assert excused([*day_of_all(Q3), *day_of_all(CLOSE[0], CODES[:2])], ON_ONE) == set()
    assert excused([*visits(Q3, 0), *visits(CLOSE[0], 3)], registry) == set()
    assert len(excused([*visits(Q3, 0), *visits(CLOSE[0], 4)], registry)) == 4


def test_an_address_is_shared_without_being_declared_and_outlives_dns() -> None:
    """A name that does not resolve keeps the address it had: dead DNS of a platform is the platform's."""
    before = [looked(code, Q3, address="10.9.9.9") for code in CODES[:4]]
    dark = [replace(fallen(code, CLOSE[0], failure=Failure.DNS), addresses=()) for code in CODES[:4]]
    rest = [looked(code, day) for code in CODES[4:] for day in (Q3, CLOSE[0])]

    (incident,) = found([*before, *dark, *rest])

    assert (incident.what, incident.agencies) == ("10.9.9.9", CODES[:4])


def test_failures_far_apart_are_not_together() -> None:
    down = [fallen(code, CLOSE[0], minute=n * 40) for n, code in enumerate(CODES[:3])]

    assert excused([*day_of_all(Q3), *down], ON_ONE) == set()


def test_sick_canaries_make_every_failure_ours() -> None:
    """A failure while canaries fail is ours, never the agency's; the canaries' answers are its evidence."""
    sick = CanaryCheck(at=at(CLOSE[0]), well=False, records=(RecordId("urn:uuid:canary"),))
    down = [fallen(code, CLOSE[0], canaries=False, canary_checks=(sick,)) for code in CODES[:2]]

    (incident,) = found([*day_of_all(Q3), *down])

    assert (incident.kind, incident.what, incident.agencies) == ("ours", "canaries", CODES[:2])
    assert incident.evidence[-1] == "urn:uuid:canary"


def test_one_portal_alone_is_charged_after_two_days() -> None:
    once = [*day_of_all(Q3), *day_of_all(CLOSE[0], CODES[:1])]
    (first,) = found(once, ON_ONE)
    (second,) = found([*once, *day_of_all(CLOSE[1], CODES[:1])], ON_ONE)

    assert (first.kind, first.excused, first.charged) == ("portal", False, False)
    assert (second.agencies, second.excused, second.charged) == (CODES[:1], False, True)


def test_whoever_shuts_us_alone_out_does_not_hide_behind_a_platform_that_answers() -> None:
    """Long silent alone, it does not fall with the others, who are excused."""
    silent, others = CODES[0], CODES[1:4]
    visits = [*day_of_all(Q3, [silent]), *day_of_all(CLOSE[0], [silent, *others])]

    assert excused(visits, ON_ONE) == set(others)


def test_whoever_shuts_us_out_does_not_hide_behind_the_fall_of_another_platform() -> None:
    """What is left when a fall is explained is looked at by itself: one alone is one alone."""
    platform = SharedPlatform(
        key="cong-tinh", title="Cổng tỉnh", hosts=tuple(f"{c}.example.vn" for c in CODES[1:])
    )
    registry = replace(REGISTRY, shared_platform=(platform,))

    assert excused([*day_of_all(Q3), *day_of_all(CLOSE[0], CODES)], registry) == set(CODES[1:])


def test_refusing_together_is_told_and_not_excused() -> None:
    """robots.txt set by whoever runs the platform: it is theirs, and the points stay open all the same."""
    visits = [looked(c, CLOSE[0], state="robots-refused" if c in CODES[:6] else "ok") for c in CODES]

    (incident,) = found(visits, ON_ONE)

    assert (incident.kind, incident.cause, incident.excused) == ("platform", "refusal", False)
    assert incident.agencies == CODES[:6]


def test_a_dead_service_system_is_one_incident() -> None:
    down: dict[str, Any] = {"source": SourceKey("mot-cua"), "scope": "services", "addresses": ()}
    visits = [fallen(code, CLOSE[0], failure=Failure.HTTP_5XX, **down) for code in CODES]

    (incident,) = found(visits)

    assert (incident.kind, incident.what, len(incident.members)) == ("platform", "mot-cua", len(CODES))


def test_the_remaining_pass_speaks_and_without_one_the_reason_names_the_incident() -> None:
    """Affected components use the other passes; without one they are unmeasured."""
    down = CODES[:6]
    visits = [*day_of_all(CLOSE[0], down), *day_of_all(CLOSE[1])]
    incidents = found(visits, ON_ONE)
    held = Holdings(agency=agency("so-a"), visits=tuple(each for each in visits if each.agency == "so-a"))
    left = without(held, incidents)

    assert refusal(left, left.visits) is None
    alone = refusal(left, left.visits[:1])
    assert isinstance(alone, Unmeasured)
    assert alone.reason is Reason.PLATFORM_INCIDENT
    assert incidents[0].id in alone.detail


def test_the_digest_holds_thresholds_and_visits_of_what_was_left_out_alone() -> None:
    settings = common().incidents

    assert moving(found(day_of_all(CLOSE[0], CODES[:1])), settings) == {}
    told = moving(found(day_of_all(CLOSE[0], CODES)), settings)
    assert told["rule"] == settings
    assert len(told["left_out"][0]["visits"]) == len(CODES)


@given(st.integers(0, 47))
def test_a_portal_that_comes_and_goes_is_not_charged_whatever_our_clock_says(hours: int) -> None:
    """Clock shift: the same flapping falls on one local day or two; it answered in between, so it was met."""
    flapping = [
        (fallen if down else looked)("so-a", CLOSE[0], minute=60 * hours + minute)
        for minute, down in (
            (0, True),
            (30, False),
            (90, True),
            (150, True),
            (24 * 60, False),
            (25 * 60, True),
        )
    ]
    numbered = [replace(each, run=RunId(f"{each.run}-{n}")) for n, each in enumerate(flapping)]

    outages = [each for each in found(numbered) if each.kind == "portal"]

    assert len(outages) == 3
    assert not any(each.charged for each in outages)
    visits = [member.run for each in outages for member in each.members]
    assert len(visits) == len(set(visits)) == 4


@given(st.permutations(range(20)))
def test_the_order_of_the_accounts_does_not_matter(order: list[int]) -> None:
    visits = [*day_of_all(Q3), *day_of_all(CLOSE[0], CODES[:4])]

    assert found([visits[n] for n in order], ON_ONE) == found(visits, ON_ONE)
