"""What a person is asked to confirm: certain where words are equal, a guess where near, never by a part."""

from __future__ import annotations

from datetime import date

import pytest

from collectors.proposals import propose_agencies, propose_columns
from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode


def agency(
    code: str, name: str, *aliases: str, last: date | None = None, first: date | None = None
) -> Agency:
    return Agency(
        code=AgencyCode(code), name=name, bloc="b", aliases=aliases, valid_from=first, valid_to=last,
        identifiers=(("mot-cua", f"H52.{code}"),),
    )  # fmt: skip


BEFORE = agency("so-giao-thong", "Sở Giao thông vận tải", last=date(2025, 2, 28))
AFTER = agency("so-xay-dung", "Sở Xây dựng", "Sở Giao thông vận tải", first=date(2025, 3, 1))
HEALTH = agency("so-y-te", "Sở Y tế", "Sở Y tế tỉnh Hoa Ban")
REGISTRY = (BEFORE, AFTER, HEALTH)


@pytest.mark.parametrize(
    ("text", "meaning", "certain"),
    [
        ("Sở Y tế", "so-y-te", True),
        ("sở y tế tỉnh Hoa Ban", "so-y-te", True),
        ("H52.so-y-te", "so-y-te", True),
        ("Sở Y tê", "so-y-te", False),
        ("Trung tâm Kiểm soát bệnh tật thuộc Sở Y tế", "", False),
        ("Sở Y", "", False),
    ],
)
def test_a_body_is_an_agency_by_its_whole_name_or_not_at_all(text: str, meaning: str, certain: bool) -> None:
    """Names joined by a part of them mis-join: a centre under a department is not the department."""
    (proposed,) = propose_agencies([text], REGISTRY, "mot-cua", date(2021, 10, 31))

    assert (proposed.meaning, proposed.nearness == 100) == (meaning, certain)


@pytest.mark.parametrize(
    ("day", "whose"), [(date(2021, 10, 31), "so-giao-thong"), (date(2025, 10, 31), "so-xay-dung")]
)
def test_after_a_merger_a_name_is_whose_it_is_on_the_day(day: date, whose: str) -> None:
    (proposed,) = propose_agencies(["Sở Giao thông vận tải"], REGISTRY, "mot-cua", day)

    assert (proposed.meaning, proposed.nearness) == (whose, 100)


def test_a_percentage_is_never_a_count_and_a_meaning_is_given_once() -> None:
    """Two columns called "Quá hạn" under other headings: neither is certain by its last word."""
    said = propose_columns(
        ["Đơn vị", "Tiếp nhận", "Đang xử lý / Quá hạn", "Đã xử lý / Quá hạn", "Tỷ lệ đã xử lý quá hạn"]
    )

    found = {each.text: each.meaning for each in said}
    assert found["Đang xử lý / Quá hạn"] == "open_overdue"
    assert found["Đã xử lý / Quá hạn"] == "resolved_overdue"
    assert found["Tỷ lệ đã xử lý quá hạn"] == ""
    given = [each.meaning for each in said if each.meaning]
    assert len(given) == len(set(given))
