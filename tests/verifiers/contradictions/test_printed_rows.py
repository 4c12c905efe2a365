"""Contradictions among printed rows: each kind alone, and what only looks like one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest

from collectors.spans import whole_months
from minhchung.agencies import Agency
from minhchung.contradictions import Contradiction
from minhchung.dossiers import DossierTally, IndexScore, ServiceOffer, SourceAgency
from minhchung.evidence import AgencyCode, Locator, RecordId, RunId
from minhchung.law import LevelName, ServiceLaw
from minhchung.observations import Observation
from minhchung.periods import Period
from verifiers.contradictions.finding import Question, contradictions
from verifiers.contradictions.within_rows import percentage

WHO = AgencyCode("so-tu-phap")
YEAR = Period(date(2021, 1, 1), date(2021, 12, 31))
FIRST, SECOND = RunId("20220104T010000Z-1"), RunId("20220106T010000Z-1")
TAKEN = {FIRST: datetime(2022, 1, 4, 1, tzinfo=UTC), SECOND: datetime(2022, 1, 6, 1, tzinfo=UTC)}
LAW = ServiceLaw(
    level=(
        LevelName(words=("muc do 4",), level=4, valid_to=date(2022, 8, 14)),
        LevelName(words=("toan trinh",), level=4, valid_from=date(2022, 8, 15)),
    )
)
AGENCY = Agency(
    code=WHO,
    name="Sở Tư pháp tỉnh Mường Thử",
    bloc="b",
    identifiers=(("mot-cua", "H01"), ("cong", "H01")),
)


def tally(
    place: str = "/0", *, figures: dict[str, int | None], run: RunId = SECOND, **fields: Any
) -> DossierTally:
    given = {"source": "mot-cua", "basis": "received", "first": YEAR.first, "last": YEAR.last, **fields}
    return DossierTally(
        agency=WHO,
        run=run,
        seen=Locator(record=RecordId(f"urn:uuid:{run}"), path=place),
        taken_at=TAKEN[run],
        figures=tuple(figures.items()),
        **given,
    )


def found(*seen: Observation, province: Sequence[Observation] = ()) -> list[Contradiction]:
    question = Question(period=YEAR, law=LAW, agencies=(AGENCY,))
    return contradictions({WHO: seen}, province, question)


def kinds(*seen: Observation, province: Sequence[Observation] = ()) -> list[tuple[str, str, str, str]]:
    return [(c.kind, c.about, c.one.value, c.other.value) for c in found(*seen, province=province)]


# --- one row ------------------------------------------------------------------------------------------


def test_published_parts_that_do_not_make_their_total_are_shown_with_both() -> None:
    """A province's own page of 2021: 124,907 + 102,770 + 19,852 are not the 257,141 printed as resolved."""
    row = tally(
        basis="resolved",
        figures={
            "resolved": 257141,
            "resolved_early": 124907,
            "resolved_on_time": 102770,
            "resolved_overdue": 19852,
        },
    )

    (only,) = found(row)

    assert (only.kind, only.about) == ("parts-total", "mot-cua/resolved")
    assert (only.one.value, only.other.value) == ("257141", "247529")
    assert only.one.seen == only.other.seen == (row.seen,)


def test_a_missing_part_is_no_zero_and_contradicts_nothing() -> None:
    assert kinds(tally(figures={"received": 10, "received_online": 4, "received_direct": None})) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("48,6%", False),
        ("48,5%", False),
        ("48,57 %", False),
        ("48.58%", False),
        ("49%", False),
        ("48%", False),
        ("48,4%", True),
        ("48,7%", True),
        ("50%", True),
        ("khoảng 48%", False),
        ("", False),
    ],
)
def test_a_printed_percentage_may_be_rounded_or_cut_and_no_more(text: str, wrong: bool) -> None:
    """124,907 of 257,141 is 48.575… %."""
    row = tally(
        basis="resolved",
        figures={"resolved_early": 124907, "resolved": 257141},
        printed=(("Trước hạn %", text),),
        rates=(("Trước hạn %", "resolved_early", "resolved"),),
    )

    assert [kind for kind, *_ in kinds(row)] == (["percentage"] if wrong else [])


def test_stock_and_flow_balance_only_where_the_snapshot_is_of_the_last_day() -> None:
    came = tally(figures={"carried_over": 10, "received": 90})
    went = tally(basis="resolved", figures={"resolved": 80})
    on_the_day = tally(basis="snapshot", first=YEAR.last, last=YEAR.last, figures={"open": 21})
    later = tally(basis="snapshot", first=date(2022, 1, 6), last=date(2022, 1, 6), figures={"open": 21})

    assert kinds(came, went, on_the_day) == [("balance", "mot-cua/balance", "100", "101")]
    assert kinds(came, went, later) == []


def test_a_part_may_not_exceed_its_whole() -> None:
    row = tally(figures={"paid_online": 7, "fee_bearing": 6, "postal_either": 9, "received_postal": 3})

    assert kinds(row) == [("part-exceeds", "mot-cua/paid_online", "7", "6")]


# --- rows beside each other ---------------------------------------------------------------------------


def months(*received: int) -> list[DossierTally]:
    spans = list(whole_months(YEAR))
    return [
        tally(f"/m{n}", source="cong", first=first, last=last, figures={"received": value})
        for n, ((first, last), value) in enumerate(zip(spans, received, strict=False))
    ]


def test_a_year_is_the_sum_of_its_months_when_none_is_missing() -> None:
    year = tally("/y", source="cong", figures={"received": 79})

    assert kinds(year, *months(*range(1, 13))) == [("months-year", "cong/2021/received", "79", "78")]
    assert kinds(year, *months(*range(1, 12))) == []


def test_two_systems_are_held_against_each_other_over_the_same_span() -> None:
    """A year of one system against the twelve months of another; a month alone is compared with nothing."""
    whole = tally(figures={"received": 80})

    assert kinds(whole, *months(*range(1, 13))) == [("systems-differ", "cong+mot-cua/received", "78", "80")]
    assert kinds(whole, *months(5)) == []


def test_units_add_up_to_the_agency() -> None:
    total = tally(figures={"received": 10}, is_total=True)
    units = [
        tally(f"/{n}", whose="unit", body=f"H01.{n}", figures={"received": value})
        for n, value in ((1, 4), (2, 5))
    ]

    assert kinds(total, *units) == [("units-total", "mot-cua/received", "10", "9")]


def test_what_was_closed_must_not_change_and_what_was_open_may() -> None:
    old = tally(run=FIRST, figures={"received": 10})
    new = tally(run=SECOND, figures={"received": 11})
    running: dict[str, Any] = {"first": date(2022, 1, 1), "last": date(2022, 12, 31)}

    assert kinds(old, new) == [("harvests-differ", "mot-cua/2021-01-01..2021-12-31/received", "10", "11")]
    assert (
        kinds(
            tally(run=FIRST, figures={"received": 10}, **running), tally(figures={"received": 11}, **running)
        )
        == []
    )


def test_the_province_cannot_be_less_than_the_agencies_seen() -> None:
    own = tally(figures={"received": 10})
    above = tally("/1", whose="province", body="H", is_total=True, figures={"received": 9})
    more = tally("/1", whose="province", body="H", is_total=True, figures={"received": 11})

    assert kinds(own, above) == [("agencies-province", "mot-cua/received", "9", "10")]
    assert [kind for kind, *_ in kinds(own, more)] == ["agencies-province"], "the only agency is the province"


# --- the province -------------------------------------------------------------------------------------


def body(identifier: str, name: str) -> SourceAgency:
    seen = Locator(record=RecordId("urn:uuid:b"), path="/0")
    return SourceAgency(
        agency=AgencyCode("tinh"),
        run=SECOND,
        seen=seen,
        source="mot-cua",
        identifier=identifier,
        name=name,
        taken_at=TAKEN[SECOND],
    )


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("Sở Tư pháp tỉnh Mường Thử", True),
        ("SỞ TƯ PHÁP", True),
        ("Sở Tư pháp - tỉnh Mường Thử", True),
        ("Trung tâm Sở Tư pháp tỉnh Mường Thử", False),
        ("Sở Tư pháp và Hộ tịch", False),
        ("Sở Tài chính tỉnh Mường Thử", False),
    ],
)
def test_a_name_with_or_without_the_province_is_the_same_and_a_part_of_one_is_not(
    name: str, same: bool
) -> None:
    assert [kind for kind, *_ in kinds(province=[body("H01", name)])] == ([] if same else ["name-differs"])


def test_a_body_that_nobody_is_mapped_to_is_told_and_never_guessed() -> None:
    assert kinds(province=[body("H77", "Sở Tư pháp tỉnh Mường Thử")]) == [
        ("body-unmapped", "mot-cua/H77", "Sở Tư pháp tỉnh Mường Thử", "H77")
    ]


def test_scores_are_no_more_than_their_maxima_and_make_their_total() -> None:
    """Decision 766/QĐ-TTg: six groups, 18 + 20 + 12 + 10 + 18 + 22 = 100; a last digit may be rounded."""

    def score(total: str, *groups: str) -> IndexScore:
        return IndexScore(
            agency=AgencyCode("tinh"),
            run=SECOND,
            seen=Locator(record=RecordId("urn:uuid:s"), path="/0"),
            source="cong",
            index="766",
            body="H01",
            first=YEAR.first,
            last=YEAR.last,
            scores=tuple(zip(("CKMB", "TDGQ"), groups, strict=True)),
            maxima=(("CKMB", "18"), ("TDGQ", "20")),
            total=total,
            taken_at=TAKEN[SECOND],
        )

    assert kinds(province=[score("30,1", "12,05", "18,05")]) == []
    assert kinds(province=[score("30", "12.1", "18.3")]) == []
    assert kinds(province=[score("32", "12", "18")]) == [("index-total", "cong/766/H01", "32", "30")]
    assert kinds(province=[score("30.5", "18.5", "12.0")]) == [
        ("index-maximum", "cong/766/H01/CKMB", "18.5", "18")
    ]


def test_a_wording_before_its_day_is_read_and_told() -> None:
    """Decree 42/2022/NĐ-CP brought `toàn trình` on 15/8/2022."""
    offer = ServiceOffer(
        agency=WHO,
        run=SECOND,
        seen=Locator(record=RecordId("urn:uuid:o")),
        source="cong",
        procedure="1.000001",
        level=4,
        level_text="Toàn trình",
        taken_at=TAKEN[SECOND],
    )

    (only,) = found(offer)

    assert (only.kind, only.about) == ("level-out-of-time", "cong/toan-trinh")
    assert "2022-08-15" in only.other.value


@pytest.mark.parametrize("text", ["1e5", "٣", "-1", "1.2.3", "%", "9" * 40])
def test_what_is_no_percentage_is_none(text: str) -> None:
    assert percentage(text) is None
