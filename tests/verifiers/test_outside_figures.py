"""HD.13, HD.16, HD.20, HD.21: what stands where the service system does not tell it, and what does not."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from minhchung.measurements import Measurement, NotApplicable, Unmeasured
from minhchung.observations import Observation, Procedure
from tests.verifiers import builders as b
from tests.verifiers import services as s
from verifiers import dossiers_paid_online, dossiers_postal, procedures_with_workflow, services_level_3_4
from verifiers.dossiers_in_system import VERIFIER as IN_SYSTEM
from verifiers.dossiers_on_time import VERIFIER as ON_TIME
from verifiers.services_level_4 import VERIFIER as LEVEL_4
from verifiers.services_used import VERIFIER as USED

WORKFLOW = procedures_with_workflow.VERIFIER
OFFERED = services_level_3_4.VERIFIER
POSTAL = dossiers_postal.VERIFIER
PAID = dossiers_paid_online.VERIFIER
ONCE = (s.health("dossiers"),)
TWICE = (s.health("dossiers"), s.health("dossiers", s.AGAIN))
P = "tthc_thuoc_tham_quyen"


# --- the procedures of an agency -------------------------------------------------------------------


def test_an_owners_list_of_procedures_stands_where_no_catalogue_answers() -> None:
    """Section 3: P is the catalogue's, else the list of the office that controls procedures, by code."""
    codes = [f"{s.code(n)}.H52" for n in range(1, 11)]
    held: list[Any] = [s.health("workflows"), *s.workflows(range(1, 9)), *s.workflows([99])]

    result = s.measured(
        s.measure(WORKFLOW, "HD.13", s.holdings(held, owners=[s.owner("HD.13", P, None, *codes)]))
    )

    assert s.ratio(result) == (8, 10)
    assert result.grade.value == "verified"
    assert [given.origin.value for given in result.inputs.values()] == ["service", "owner"]


@pytest.mark.parametrize(("said", "counted"), [(10, (8, 10)), (5, (5, 5))])
def test_a_bare_number_of_procedures_caps_the_ratio_and_is_partly_verified(
    said: int, counted: tuple[int, int]
) -> None:
    """Counts without codes: num/den capped at 1, partly verified."""
    held: list[Any] = [s.health("services"), *s.offers(dict.fromkeys(range(1, 9), 3))]

    result = s.measured(
        s.measure(OFFERED, "HD.16", s.holdings(held, claims=[s.claim("HD.16", tthc_thuoc_tham_quyen=said)]))
    )

    assert s.ratio(result) == counted
    assert result.grade.value == "partly-verified"


def test_the_catalogue_goes_before_every_other_word() -> None:
    """Precedence service > owner > submitted."""
    held: list[Any] = [s.health("procedures"), s.health("services"), s.procedures(12), s.offers({1: 3})]

    result = s.measure(
        OFFERED, "HD.16", s.holdings(*held, claims=[s.claim("HD.16", tthc_thuoc_tham_quyen=1)])
    )

    assert s.ratio(result) == (1, 12)


def test_without_catalogue_or_list_the_reason_of_the_system_stands() -> None:
    held: list[Any] = [s.health("procedures", state="unauthorised"), s.health("services"), *s.offers({1: 3})]

    assert s.reason(s.measure(OFFERED, "HD.16", s.holdings(held))) == "unauthorised"


# --- by post ---------------------------------------------------------------------------------------


def post(*codes: str, value: int | None = None, by: str = "buu-dien", **figures: int | None) -> Any:
    row = s.tally({"received": 6940, "received_postal": 214, "returned_postal": 388, **figures})
    owned = [s.owner("HD.20", "ho_so_bcci", value, *codes, by=by)] if codes or value is not None else []
    return s.measure(POSTAL, "HD.20", s.holdings(ONCE, [row], owners=owned))


def test_the_postal_owners_list_counts_each_dossier_once_where_the_counts_overlap() -> None:
    """214 came and 388 went by post: the ends differ; the list by dossier code has 471."""
    codes = [f"H52.1-2110{n:02d}-{n:04d}" for n in range(471)]

    assert isinstance(post(), Unmeasured)
    result = s.measured(post(*codes, codes[0]))

    assert s.ratio(result) == (471, 6940)
    assert round(float(s.score("HD.20", result)), 2) == 0.68
    assert result.questions == ()


def test_an_owners_list_far_from_the_systems_counts_is_asked_about() -> None:
    result = s.measured(post(value=800))

    assert [q.key for q in result.questions] == ["question-post-differs"]
    assert s.ratio(result) == (800, 6940)


def test_more_by_post_than_were_received_contradicts() -> None:
    assert s.reason(post(value=7000)) == "figures-contradict"


def test_the_systems_own_union_goes_before_the_owner() -> None:
    assert s.ratio(post(value=500, postal_either=450)) == (450, 6940)


def test_an_owner_that_is_rated_itself_is_partly_verified() -> None:
    assert s.measured(post(value=400, by=b.AGENCY.code)).grade.value == "partly-verified"


# --- paid online -----------------------------------------------------------------------------------


def paid(*more: Observation, owners: Any = (), claims: Any = (), **figures: int | None) -> Any:
    rows = [s.tally({"received": 40, **figures}, day=day) for day in (s.DAY, s.AGAIN)]
    return s.measure(PAID, "HD.21", s.holdings(TWICE, rows, list(more), owners=owners, claims=claims))


def test_an_owner_who_says_that_nothing_costs_anything_does_not_make_it_inapplicable() -> None:
    """C8b: not applicable pays, so the system or the catalogue must say it."""
    told = [s.owner("HD.21", "ho_so_co_phi", 0)]

    assert s.reason(paid(owners=told, paid_online=0)) == "denominator-absent"
    assert isinstance(paid(fee_bearing=0, paid_online=0), NotApplicable)


def test_payments_may_come_from_the_owner_of_the_payment_platform() -> None:
    told = [s.owner("HD.21", "ho_so_thanh_toan_truc_tuyen", 9)]

    result = s.measured(paid(owners=told, fee_bearing=30))

    assert s.ratio(result) == (9, 30)
    assert [given.origin.value for given in result.inputs.values()] == ["owner", "service"]


def catalogue(**fees: bool | None) -> list[Observation]:
    listed: list[Observation] = []
    for day in (s.DAY, s.AGAIN):
        for n, fee in enumerate(fees.values(), start=1):
            (procedure,) = s.procedures(1, day)
            listed.append(_with(procedure, s.code(n), fee))
            listed.append(s.tally({"received": 20}, day=day, procedure=s.code(n)))
    return listed


def _with(procedure: Procedure, code: str, fee: bool | None) -> Procedure:
    return replace(procedure, code=code, fee_always=fee)


def test_fee_bearing_dossiers_follow_from_a_catalogue_that_tells_of_every_code() -> None:
    """Of 40 dossiers 20 are of a code that costs something in every case."""
    result = s.measured(paid(*catalogue(a=True, b=False), paid_online=6))

    assert s.ratio(result) == (6, 20)


@pytest.mark.parametrize("fees", [{"a": True, "b": None}, {"a": True}])
def test_a_catalogue_that_is_silent_about_a_code_tells_no_denominator(fees: dict[str, bool | None]) -> None:
    """Near-misses: a fee in some cases only; a code that the rows do not add up without."""
    assert s.reason(paid(*catalogue(**fees), paid_online=6)) == "denominator-absent"


# --- what is asked ---------------------------------------------------------------------------------


def keys(result: Any) -> list[str]:
    assert isinstance(result, Measurement), result
    return [question.key for question in result.questions]


def test_workflows_that_are_all_alike_or_never_used_are_asked_about_and_counted() -> None:
    held: list[Any] = [
        s.health("procedures"),
        s.health("workflows"),
        s.procedures(12),
        s.workflows(range(1, 13)),
    ]
    idle = s.tally({"received": 0}, procedure=s.code(3))

    result = s.measure(WORKFLOW, "HD.13", s.holdings(*held, [idle]))

    assert keys(result) == ["question-identical", "question-unused"]
    assert s.ratio(result) == (12, 12)


def test_a_list_of_eligible_procedures_that_lost_entries_is_asked_about() -> None:
    held: list[Any] = [s.health("procedures"), s.health("services"), s.procedures(12), s.offers({1: 4})]
    codes = [s.code(n) for n in range(1, 9)]
    name = "tthc_du_dieu_kien_muc_4"
    first = replace(s.owner("HD.17", name, None, *codes), first=date(2020, 12, 1), document="1/KH")
    second = replace(s.owner("HD.17", name, None, *codes[:6]), first=date(2021, 6, 18), document="150/KH")

    result = s.measure(LEVEL_4, "HD.17", s.holdings(*held, owners=[first, second]))

    assert keys(result) == ["question-list-shrank"]
    assert s.ratio(result) == (1, 6)


def test_pauses_single_dossiers_and_a_jump_at_the_close_are_asked_about() -> None:
    done = s.tally(
        {"resolved_early": 50, "resolved_on_time": 40, "resolved_overdue": 10, "paused": 30}, "resolved"
    )
    still = s.tally({"open_overdue": 0}, "snapshot")
    offered = s.offers(dict.fromkeys(range(1, 7), 3))
    rows = [s.tally({"received": 9, "received_online": 1}, procedure=s.code(n)) for n in range(1, 7)]

    assert keys(s.measure(ON_TIME, "HD.15", s.holdings(ONCE, [done, still]))) == ["question-pauses"]
    used = s.measure(USED, "HD.18", s.holdings([s.health("services")], ONCE, offered, rows))
    assert keys(used) == ["question-single-dossiers"]


def test_months_without_a_dossier_and_a_year_in_one_month_are_asked_about() -> None:
    months = [date(2020, 11, 1), date(2020, 12, 1), *(date(2021, m, 1) for m in range(1, 11))]
    ends = [*months[1:], date(2021, 11, 1)]
    rows = [
        s.tally({"received": 0 if n == 4 else 10}, first=first, last=date.fromordinal(end.toordinal() - 1))
        for n, (first, end) in enumerate(zip(months, ends, strict=True))
    ]
    register = [s.owner("HD.14", "tong_ho_so_phat_sinh", 120)]

    result = s.measure(IN_SYSTEM, "HD.14", s.holdings(ONCE, rows, owners=register))

    assert keys(result) == ["question-empty-months"]
    assert s.ratio(result) == (110, 120)
