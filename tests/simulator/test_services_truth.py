"""The truth of the nine service components: computed from the books, with every outcome somewhere."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import Any

import pytest

from simulator.service_truth import INPUTS, service_truth
from simulator.services import books

SEED = 3234
TOLERANCE = Fraction(2, 100)
OUTCOMES = {"agreed", "false_claim", "honest_error", "unverifiable", "not_applicable"}


def ratio(inputs: dict[str, str]) -> Fraction | None:
    num, den = (Fraction(value) for value in inputs.values())
    return num / den if den else None


def entries(seed: int) -> list[tuple[str, str, dict[str, Any]]]:
    return [(code, name, entry) for code, mine in service_truth(seed).items() for name, entry in mine.items()]


def test_every_outcome_occurs_in_every_component() -> None:
    met = defaultdict(set)
    for _, component, entry in entries(SEED):
        met[component].add(entry["expected"])

    assert dict(met) == dict.fromkeys(INPUTS, OUTCOMES)


@pytest.mark.parametrize("seed", [1, 2, 7, 99, SEED])
def test_a_false_claim_is_far_beyond_the_tolerance_and_an_honest_one_is_not(seed: int) -> None:
    """The tolerance of ratios is 0.02; false claims lie beyond 0.05, honest ones within 0.01 or below."""
    for code, component, entry in entries(seed):
        if entry["expected"] not in {"false_claim", "honest_error", "agreed"}:
            continue
        measured, claimed = ratio(entry["inputs"]), ratio(entry["claim"])
        if entry["expected"] == "agreed":
            assert entry["inputs"] == entry["claim"], (code, component)
            continue
        assert measured is not None
        assert claimed is not None
        if entry["expected"] == "false_claim":
            assert claimed - measured > Fraction(5, 100), (code, component)
        else:
            assert claimed != measured
            assert claimed - measured <= Fraction(1, 100) < TOLERANCE, (code, component)


@pytest.mark.parametrize("seed", [1, 7, SEED])
def test_only_boasters_are_expected_to_be_accused(seed: int) -> None:
    accused = {code for code, _, entry in entries(seed) if entry["expected"] == "false_claim"}

    assert accused == {code for code, book in books(seed).items() if "boasts" in book.agency.temper}


@pytest.mark.parametrize("seed", [1, 7, SEED])
def test_exactly_one_of_inputs_and_reasons_is_given(seed: int) -> None:
    for _, component, entry in entries(seed):
        given = [entry["inputs"], entry["unmeasured"], entry["not_applicable"]]
        assert sum(each is not None for each in given) == 1
        assert (entry["expected"] == "unverifiable") == (entry["unmeasured"] is not None)
        assert (entry["claim"] is None) == (entry["expected"] == "not_applicable")
        assert entry["inputs"] is None or tuple(entry["inputs"]) == INPUTS[component]


def test_open_overdue_dossiers_belong_to_the_denominator() -> None:
    """HD.15, worked example: leaving out the open ones gives 7840/7960 instead of 7840/8021."""
    book = books(SEED)["so-tu-phap"]

    inputs = service_truth(SEED)["so-tu-phap"]["HD.15"]["inputs"]

    good = book.early + book.on_time
    assert inputs["ho_so_dung_han"] == str(good)
    assert inputs["ho_so_da_giai_quyet_va_qua_han"] == str(good + book.late + book.open_overdue)


def test_an_agency_with_nothing_online_gets_zeros_and_not_not_applicable() -> None:
    """Settlement C9: offering nothing must not pay."""
    mine = service_truth(SEED)["so-ngoai-vu"]

    assert [Fraction(mine[c]["inputs"][INPUTS[c][0]]) for c in ("HD.16", "HD.17", "HD.18", "HD.19")] == [
        0
    ] * 4
    assert mine["HD.18"]["inputs"]["dvc_muc_3_4"] == "0"
    assert mine["HD.21"]["not_applicable"] == "no-fees"


def test_an_agency_without_dossiers_is_out_of_what_counts_dossiers() -> None:
    """Settlement C9: a printed 0 of dossiers is not applicable; its services still count, unused."""
    mine = service_truth(SEED)["ban-dan-toc"]

    assert {c: mine[c]["not_applicable"] for c in ("HD.14", "HD.15", "HD.19", "HD.20")} == dict.fromkeys(
        ("HD.14", "HD.15", "HD.19", "HD.20"), "no-dossiers"
    )
    assert mine["HD.18"]["inputs"]["dvc_co_phat_sinh"] == "0"


@pytest.mark.parametrize("seed", [1, 2, 7, 99, SEED])
def test_what_is_hidden_leaves_the_points_open(seed: int) -> None:
    """What bounds would settle (G11) is no case here: both ends are worth different points."""
    hidden = books(seed)["ban-quan-ly-khu-cong-nghiep"]
    good, late = hidden.early + hidden.on_time, hidden.late
    steps = [Fraction(98, 100), Fraction(95, 100), Fraction(90, 100), Fraction(80, 100)]
    worst, best = Fraction(good, good + late + hidden.open), Fraction(good, good + late)
    assert sum(worst >= step for step in steps) < sum(best >= step for step in steps)
    online = sum(procedure.online for procedure in hidden.procedures)
    assert Fraction(online, hidden.received()) < Fraction(1, 2)

    postal = books(seed)["huyen-ban-dao"]
    came = sum(procedure.postal for procedure in postal.procedures)
    least, most = max(came, postal.returned_postal), came + postal.returned_postal
    assert least < most
    assert Fraction(least, postal.received()) < Fraction(1, 10)
    short = books(seed)["huyen-muong-thong"]
    assert short.register < short.received()
