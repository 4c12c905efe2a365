"""The annex as data and as csv."""

import csv
import io
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from minhchung.scores import Total
from scoring.annex import annex, cell
from scoring.annex_csv import as_csv, safe
from scoring.ranking import rank
from scoring.standing import stand
from tests.scoring.making import index_set_2021, registry_2021, round_2021, round_of, total
from tests.scoring.small_round import REGISTRY, ROUND, SET, small_standing

Golden = Callable[[str, str | bytes], None]
ANNEX = annex(small_standing(), SET, ROUND, REGISTRY)


def cells(*totals: Total) -> dict[str, str]:
    return {place.agency: cell(place, round_of()) for place in rank(totals, round_of())}


def test_a_cell_is_printed_as_in_the_decision() -> None:
    """Decision 3234/QĐ-UBND prints `06 (86,2)`; a provisional place is a span and says so."""
    assert cells(total("so-a", "86.2"), total("so-b", "75")) == {"so-a": "01 (86,2)", "so-b": "02 (75,0)"}
    assert cells(total("so-a", "71.2", "78.4"), total("so-b", "75"), total("so-c", "9", ranked=False)) == {
        "so-a": "01–02 (71,2–78,4) tạm xếp",
        "so-b": "01–02 (75,0) tạm xếp",
        "so-c": "– (9,0)",
    }


def test_the_csv_is_the_reviewed_one(golden: Golden) -> None:
    golden("annex.csv", as_csv(ANNEX))


def test_two_compositions_are_byte_identical() -> None:
    assert as_csv(annex(small_standing(), SET, ROUND, REGISTRY)) == as_csv(ANNEX)


def test_what_the_reader_must_know_first_stands_first() -> None:
    assert [warning.split(":")[0] for warning in ANNEX.warnings] == [
        "MÔ PHỎNG",
        "Bộ chỉ số tái dựng để thử.",
        "TẠM XẾP",
    ]


def test_every_agency_stands_in_exactly_one_group() -> None:
    rows = [row.agency for table in ANNEX.tables for group in table.groups for row in group.rows]

    assert sorted(rows) == sorted(agency.code for agency in REGISTRY)
    for table in ANNEX.tables:
        numbers = [row.number for group in table.groups for row in group.rows]
        assert numbers == list(range(1, len(numbers) + 1))


def test_an_unsettled_band_has_a_heading_of_its_own() -> None:
    headings = [group.heading for group in ANNEX.tables[0].groups]

    assert headings[-1].endswith("(01 sở, ngành)")
    assert "chưa xác định mức" in headings[-1]


def test_false_claims_and_honest_errors_are_listed_and_nothing_else() -> None:
    listed = [(each.agency, each.component, each.finding) for each in ANNEX.differences]

    assert listed == [
        ("so-ban", "HD.2", "honest_error"),
        ("so-ban", "HD.4", "false_claim"),
        ("so-trang", "HT.1", "false_claim"),
    ]


def test_open_points_name_their_reason() -> None:
    assert [(o.agency, o.component, o.reason, o.points) for o in ANNEX.open_points] == [
        ("so-mo", "HD.2", "unreachable", "0,00–3,00/3,00")
    ]


def test_what_the_shared_platform_loses_is_listed_apart() -> None:
    assert [(p.agency, p.component, p.points) for p in ANNEX.platform_losses] == [("so-mo", "AT.4", "1,00")]


def test_shares_add_up_to_100() -> None:
    for table in ANNEX.tables:
        assert sum(int(share.removesuffix("%")) for _, _, share in table.shares) == 100


def test_the_products_own_round_can_be_printed_without_any_evidence() -> None:
    registry = registry_2021().agency
    empty = stand(
        index_set=index_set_2021(),
        round_=round_2021(),
        registry=registry,
        results={},
        claims={},
        owner_figures={},
    )

    text = as_csv(annex(empty, index_set_2021(), round_2021(), registry))

    assert "Bảng 1. Xếp hạng tổng thể: Cơ quan nhà nước cấp tỉnh" in text
    assert "01–20 (0,0–43,0) tạm xếp" in text


@given(st.text(max_size=20))
def test_no_cell_is_a_formula(text: str) -> None:
    """A name or proof written by others must not run in the reader's spreadsheet."""
    cell_ = safe(text)

    assert not cell_.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert cell_.removeprefix("'") == text or cell_ == text


def test_the_csv_reads_back_as_rows() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(ANNEX))))

    assert ["1", "huyen-dao", "UBND huyện Đào"] in [row[:3] for row in rows]
    assert rows[-1][0] == "Mã băm số liệu đầu vào (SHA-256)"
