"""A published decision recomputed: the real one of 2021, and what follows from editing it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minhchung.errors import ConfigError
from scoring.decision import Decision, DecisionFinding, check
from scoring.decision_printed import PrintedBloc, PrintedEvent, PrintedRow
from scoring.decision_tables import largest_remainder
from tests.scoring.making import config

DECISION = config(Decision, "decisions/son-la-3234-2021.toml")


def edited(bloc: int, line: int, change: Callable[[PrintedRow], PrintedRow]) -> Decision:
    """Return the decision with one line of one table changed."""
    table = DECISION.bloc[bloc]
    rows = tuple(change(row) if row.number == line else row for row in table.row)
    blocs = tuple(replace(table, row=rows) if n == bloc else b for n, b in enumerate(DECISION.bloc))
    return replace(DECISION, bloc=blocs)


def faults(decision: Decision) -> list[DecisionFinding]:
    return [finding for finding in check(decision) if finding.severity == "fault"]


def test_the_tables_are_those_of_the_decision() -> None:
    """Decision 3234/QĐ-UBND: sums 1563.9 and 968.0; both tables have two at 06 and none at 07."""
    provincial, district = DECISION.bloc

    assert sum(row.score for row in provincial.row) == Decimal("1563.9")
    assert sum(row.score for row in district.row) == Decimal("968.0")
    assert [row.rank for row in district.row] == [1, 2, 3, 4, 5, 6, 6, 8, 9, 10, 11, 12]


def test_decision_3234_has_exactly_three_faults_and_one_remark() -> None:
    """District mean 80.8 for 80.67, its shares for 17/75/8/0, a day of 2020; 79.5 by one route."""
    found = check(DECISION)

    assert [(f.severity, f.code, f.printed, f.recomputed) for f in found] == [
        ("fault", "bloc-mean", "80.8", "80.7"),
        ("fault", "shares", "8/84/8/0", "17/75/8/0"),
        ("remark", "mean-route", "79.5", "79.4"),
        ("fault", "timeline", "10/11/2020", "30/10/2021 – 15/12/2021"),
    ]
    assert "80,67 → 80,7" in found[0].text


def test_corrected_as_recomputed_it_is_clean_but_for_the_route() -> None:
    provincial, district = DECISION.bloc
    shares = tuple(
        replace(share, percent=Decimal(percent))
        for share, percent in zip(district.share, (17, 75, 8, 0), strict=True)
    )
    events = tuple(
        replace(event, day=date(2021, 11, 10)) if event.day.year == 2020 else event
        for event in DECISION.timeline
    )
    corrected = replace(
        DECISION,
        bloc=(provincial, replace(district, mean=Decimal("80.7"), share=shares)),
        timeline=events,
    )

    assert [finding.code for finding in check(corrected)] == ["mean-route"]


def test_editing_one_score_adds_every_fault_that_follows() -> None:
    """Sở Xây dựng from 89.1 to 80.1: its place, nine others, its band, the order, counts, means, shares."""
    found = faults(edited(0, 1, lambda row: replace(row, score=Decimal("80.1"))))

    table_1 = [f.code for f in found if f.where.startswith("Bảng 1") or "cấp tỉnh" in f.where]
    assert table_1.count("rank") == 10
    assert table_1.count("band") == 1
    assert table_1.count("order") == 1
    assert table_1.count("group-count") == 2
    assert table_1.count("bloc-mean") == 1
    assert table_1.count("shares") == 1
    assert [(f.printed, f.recomputed) for f in found if f.code == "overall-mean"] == [("79.5", "79.2")]
    assert {f.code for f in faults(DECISION)} <= {f.code for f in found}


def test_a_mean_is_shown_with_as_many_decimals_as_tell_how_it_rounds() -> None:
    """78.145 rounds to 78.1; shown as 78,15 it would seem to round to 78.2."""
    found = faults(edited(0, 1, lambda row: replace(row, score=Decimal("88.1"))))

    assert ["78,145 → 78,1" in f.text for f in found if f.code == "bloc-mean"][:1] == [True]


def test_a_wrong_rank_is_one_fault() -> None:
    """Dense ranks after a tie (07 instead of 08) are not what the decision uses."""
    found = faults(edited(0, 8, lambda row: replace(row, rank=7)))

    assert [(f.code, f.printed, f.recomputed) for f in found[:1]] == [("rank", "7", "8")]
    assert len(found) == 4


def test_a_band_on_the_wrong_side_of_its_bound_is_a_fault() -> None:
    """Mộc Châu, 85.0, is Tốt because the bound is inclusive."""
    found = faults(edited(1, 2, lambda row: replace(row, band="kha")))

    assert ("band", "kha", "tot") in [(f.code, f.printed, f.recomputed) for f in found]


def test_a_misprinted_score_stands_out() -> None:
    """A score beyond the scale or with more decimals than printed scores have (Ninh Bình's 3331.01)."""
    beyond = faults(edited(0, 1, lambda row: replace(row, score=Decimal("3331.0"))))
    finer = faults(edited(0, 1, lambda row: replace(row, score=Decimal("89.11"))))

    assert "score" in [f.code for f in beyond]
    assert "score" in [f.code for f in finer]


def test_a_missing_agency_is_counted() -> None:
    provincial, district = DECISION.bloc
    found = faults(replace(DECISION, bloc=(replace(provincial, row=provincial.row[:-1]), district)))

    assert [(f.printed, f.recomputed) for f in found if f.code == "agencies"] == [("32", "31")]
    assert [(f.printed, f.recomputed) for f in found if f.code == "bloc-size"] == [("20", "19")]


def test_one_event_out_of_order_is_one_fault_even_when_it_lies_ahead() -> None:
    """Only the misplaced day is named, not the right one after it."""
    days = (date(2021, 9, 15), date(2022, 10, 11), date(2021, 10, 22), date(2021, 10, 25))
    events = tuple(PrintedEvent(day=day, event=f"bước {n}") for n, day in enumerate(days))

    found = faults(replace(DECISION, timeline=events))

    assert [f.where for f in found if f.code == "timeline"] == ["bước 1"]


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (replace(DECISION, band=()), "is no band of this file; give every band"),
        (replace(DECISION, bloc=()), "no table is given"),
        (replace(DECISION, band=tuple(reversed(DECISION.band))), "do not fall"),
        (replace(DECISION, bloc=(DECISION.bloc[0], DECISION.bloc[0])), "stands 2 times"),
        (replace(DECISION, bloc=(replace(DECISION.bloc[0], row=()),)), "has no line"),
        (edited(0, 1, lambda row: replace(row, band="gioi")), "'gioi' is no band"),
        (edited(0, 1, lambda row: replace(row, score=Decimal("1e999999999"))), "is no score"),
        (replace(DECISION, mean_decimals=-1), "is no number of decimals"),
    ],
)
def test_a_file_that_cannot_be_recomputed_is_refused_in_one_sentence(broken: Decision, says: str) -> None:
    with pytest.raises(ConfigError, match=says) as refused:
        check(broken, "quyet-dinh.toml")

    assert str(refused.value).startswith("quyet-dinh.toml: ")


@given(st.lists(st.integers(0, 40), min_size=1, max_size=5).filter(any))
def test_shares_by_largest_remainder_add_up_to_100(counts: list[int]) -> None:
    shares = [Fraction(100 * count, sum(counts)) for count in counts]

    assert sum(largest_remainder(shares, 0)) == 100


def test_a_column_rounded_to_100_is_no_fault() -> None:
    """1/1/1 of 3: half-up gives 33/33/33, largest remainder 34/33/33; both are accepted."""
    rows = tuple(
        PrintedRow(number=n, name=f"Sở {n}", rank=n, score=Decimal(score), band=band)
        for n, (score, band) in enumerate((("90.0", "tot"), ("80.0", "kha"), ("60.0", "trung-binh")), start=1)
    )
    shares = DECISION.bloc[0].share
    for percents in ((33, 33, 33, 0), (34, 33, 33, 0)):
        printed = tuple(replace(s, percent=Decimal(p)) for s, p in zip(shares, percents, strict=True))
        bloc = PrintedBloc(code="a", name="Khối", table="Bảng 1", row=rows, share=printed)

        assert (
            check(
                Decision(
                    number="1/QĐ",
                    issued=date(2021, 1, 1),
                    title="",
                    scale=Decimal(100),
                    band=DECISION.band,
                    bloc=(bloc,),
                )
            )
            == ()
        )
