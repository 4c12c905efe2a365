"""Numbers and symbols, by NĐ 30/2020 (form of numbers) and the real symbols printed in Decision 3234."""

import pytest

from minhchung.document_numbers import find, normalise, parse


@pytest.mark.parametrize(
    ("printed", "kind", "type_", "body", "unit", "year"),
    [
        ("31/2019/QĐ-UBND", "normative", "QĐ", "UBND", "", 2019),
        ("3234/QĐ-UBND", "individual", "QĐ", "UBND", "", None),
        ("1379/STTTT-CNTT", "letter", "", "STTTT", "CNTT", None),
        ("17-NQ/TU", "party", "NQ", "TU", "", None),
        ("1587-KL/TU", "party", "KL", "TU", "", None),
        ("146/TTr-STTTT", "individual", "TTR", "STTTT", "", None),
        ("299/TB-VPUB", "individual", "TB", "VPUB", "", None),
        ("184/STNMT-CCQLDD", "letter", "", "STNMT", "CCQLDD", None),
        ("03/CV-BCĐ", "letter", "CV", "BCĐ", "", None),
        ("7209/UBND-STC", "letter", "", "UBND", "STC", None),
        ("66.14/2026/NQ-CP", "normative", "NQ", "CP", "", 2026),
        ("237/NQ-UBTVQH16", "individual", "NQ", "UBTVQH16", "", None),
        ("51/2019/QH14", "normative", "", "QH14", "", 2019),
        ("12/2014/TTLT-BTNMT-BTC", "normative", "TTLT", "BTNMT", "BTC", 2014),
    ],
)
def test_the_class_and_the_parts_follow_from_the_form(
    printed: str, kind: str, type_: str, body: str, unit: str, year: int | None
) -> None:
    """NĐ 30/2020: the year stands in normative numbers only; letters carry no type."""
    number = parse(printed)
    assert number is not None
    assert (number.kind, number.type, number.body, number.unit, number.year) == (
        kind,
        type_,
        body,
        unit,
        year,
    )


@pytest.mark.parametrize(
    ("printed", "normal"),
    [
        ("3243/BTTTT- CĐSQG", "3243/BTTTT-CĐSQG"),
        ("08 / CT - UBND", "8/CT-UBND"),
        ("số: 012/qđ-ubnd", "12/QĐ-UBND"),
        ("45/QÐ-UBND", "45/QĐ-UBND"),
        ("45/QĐ–UBND", "45/QĐ-UBND"),
        ("0450/BC-U\u0309BND", "450/BC-ỦBND"),
    ],
)
def test_spellings_of_one_number_have_one_normal_form(printed: str, normal: str) -> None:
    """The normal form: NFC, upper case, Ð as Đ, no blanks around signs, leading zeros off."""
    assert normalise(printed) == normal


def test_scanned_slips_of_quyet_dinh_keep_their_type() -> None:
    """Three scanning slips stand in the published text of Decision 3234."""
    for slip in ("12/Qb-UBND", "12/OB-UBND", "12/0D-UBND"):
        number = parse(slip)
        assert number is not None
        assert number.form == "Quyết định"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Kế hoạch 7433/KH-UBND V/v tổ chức vui Tết trung thu", "7433/KH-UBND"),
        ("Quyết định số 5084/QĐ-UBND ngày 12/9/2017 phê duyệt", "5084/QĐ-UBND"),
        ("Nghị quyết 01/2026/NQ-HĐND về mức thu", "01/2026/NQ-HĐND"),
        ("Kết luận số 1587-KL/TU của Ban Thường vụ", "1587-KL/TU"),
        ("Tờ trình số 146/TTr-STTTT", "146/TTr-STTTT"),
        ("Giá 5.000đ/kg, tốc độ 60 km/h, trực 24/7, từ 1/2021 đến 12/2021, V/v họp", ""),
        ("Hội nghị ngày 27/9/2021", ""),
        ("Theo Quyết định số 809/0D-UBND về việc", "809/0D-UBND"),
    ],
)
def test_a_number_is_found_inside_a_title(text: str, number: str) -> None:
    """Many portals print the number in the title only."""
    assert find(text) == number


@pytest.mark.parametrize("text", ["", "N/A", "12/2021", "27/09/2021", "Quyết định", "QĐ-UBND", "/QĐ-UBND"])
def test_what_is_no_number_does_not_parse(text: str) -> None:
    """A day, a type alone or a symbol without a number is no document number."""
    assert parse(text) is None
