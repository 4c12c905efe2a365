"""The ledger: every difference with its cause, exported whole."""

import csv
import io
from dataclasses import replace
from fractions import Fraction

import pytest

from minhchung.measurements import Note, Reason
from scoring.annex import annex
from scoring.ledger import Cause, as_csv, causes, ledger
from scoring.reconcile import reconcile
from tests.scoring.making import AGENCY, claim, component, given, measured, unmeasured
from tests.scoring.small_round import REGISTRY, ROUND, SET, small_standing

COUNT = component("ratio", tolerance="0.02")


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        (Reason.BLOCKED, Cause.BLOCKED),
        (Reason.ROBOTS_REFUSED, Cause.BLOCKED),
        (Reason.UNREACHABLE, Cause.UNREACHABLE),
        (Reason.BASIS_DOES_NOT_FIT, Cause.DEFINITION_DIFFERS),
        (Reason.NOT_READ, Cause.NOT_MEASURED),
    ],
)
def test_an_unmeasured_difference_has_the_reason_as_its_cause(reason: Reason, cause: Cause) -> None:
    said = claim(COUNT, num=4, den=5)
    figure = reconcile(COUNT, agency=AGENCY, result=unmeasured(reason=reason), claim=said)

    assert causes(COUNT, figure) == (cause,)


@pytest.mark.parametrize(
    ("note", "cause"),
    [
        ("duplicates", Cause.DUPLICATE),
        ("undated", Cause.UNDATED),
        ("outside-period", Cause.WRONG_PERIOD),
        ("reposts", Cause.DEFINITION_DIFFERS),
    ],
)
def test_what_a_verifier_left_out_is_why_a_claim_is_higher(note: str, cause: Cause) -> None:
    found = replace(measured(given(num=3, den=5)), notes=(Note(key=note, text="x", count=1),))
    figure = reconcile(COUNT, agency=AGENCY, result=found, claim=claim(COUNT, num=4, den=5))

    assert causes(COUNT, figure) == (cause, Cause.NOT_FOUND)


def test_a_part_larger_than_its_whole_is_arithmetic_and_another_whole_another_definition() -> None:
    found = measured(given(num=3, den=5))
    larger = reconcile(COUNT, agency=AGENCY, result=found, claim=claim(COUNT, num=9, den=5))
    other = reconcile(COUNT, agency=AGENCY, result=found, claim=claim(COUNT, num=3, den=4))

    assert causes(COUNT, larger) == (Cause.ARITHMETIC, Cause.NOT_FOUND)
    assert causes(COUNT, other) == (Cause.DEFINITION_DIFFERS,)


def test_an_agreed_claim_has_no_cause() -> None:
    figure = reconcile(
        COUNT, agency=AGENCY, result=measured(given(num=3, den=5)), claim=claim(COUNT, num=3, den=5)
    )

    assert causes(COUNT, figure) == ()


def test_the_ledger_holds_every_difference_of_the_annex_and_is_exported_whole() -> None:
    standing = small_standing()
    places = [place for bloc in standing.blocs for place in bloc.places]

    entries = list(ledger(places, lambda _: SET))
    told = {(d.agency, d.component) for d in annex(standing, SET, ROUND, REGISTRY).differences}
    read = list(csv.DictReader(io.StringIO(as_csv(entries))))

    assert told <= {(entry.agency, entry.component) for entry in entries}
    assert all(entry.causes for entry in entries if (entry.agency, entry.component) in told)
    assert [row["component"] for row in read] == [entry.component for entry in entries]
    assert all(Fraction(row["points"].partition("–")[0]) >= 0 for row in read)


def test_a_text_that_a_spreadsheet_would_compute_is_quoted() -> None:
    standing = small_standing()
    places = [place for bloc in standing.blocs for place in bloc.places]
    entry = replace(next(ledger(places, lambda _: SET)), title="=1+1", difference="@SUM(A1)")

    row = next(csv.DictReader(io.StringIO(as_csv([entry]))))

    assert (row["title"], row["difference"]) == ("'=1+1", "'@SUM(A1)")
