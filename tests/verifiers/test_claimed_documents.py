"""Cross-checks: a document that a report names is looked for by number, day and signer; no deduction."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from minhchung.measurements import Note, Value
from minhchung.submissions import Proof, SubmittedFigure
from tests.verifiers import builders as b
from tests.verifiers import lists as s
from verifiers.cross_checks.claimed_documents import check_claim, cited_in, cross_checked

VAN_BAN = b.HOME + "van-ban"
PLAN = date(2021, 2, 20)


def portal(days: tuple[date, ...] = b.CLOSE, **said: Any) -> s.Shelf:
    """A portal whose list of documents holds the plan 12/KH-STD of 20 February."""
    shelf = s.Shelf(days=days)
    told: dict[str, Any] = {"issued": PLAN, "number": "12/KH-STD", "signer": "Trần Thị Mô Phỏng", **said}
    shelf.item("kh", PLAN, kind="legal_document", list_url=VAN_BAN, heading="Văn bản", **told)
    shelf.captures()
    return shelf


def checks(
    proof: str,
    shelf: s.Shelf | None = None,
    code: str = "TC.2",
    proofs: tuple[Proof, ...] = (),
    **inputs: Value,
) -> dict[str, Note]:
    claim = SubmittedFigure(
        agency=b.AGENCY.code, component=code, inputs=inputs, proof=proof, seen=b.place("workbook")
    )
    held = (shelf or portal()).held()
    return {note.key: note for note in check_claim(held, b.context(s.component(code)), claim, proofs)}


def test_a_text_names_documents_with_their_days_and_signers() -> None:
    said = cited_in("Kế hoạch số 012/KH-STD ngày 20/2/2021 (người ký: Trần Thị Mô Phỏng); 7/QĐ-STD")

    assert [(c.number, c.day, c.signer) for c in said] == [
        ("012/KH-STD", PLAN, "Trần Thị Mô Phỏng"),
        ("7/QĐ-STD", None, ""),
    ]


def test_a_document_that_is_there_as_reported_is_found_and_nothing_differs() -> None:
    found = checks("Kế hoạch 012/KH-STD ngày 20/2/2021", ngay_ban_hanh_ke_hoach="2021-02-20")

    assert found.keys() == {"check-found"}
    assert "20/02/2021" in found["check-found"].text
    assert found["check-found"].basis


def test_another_day_and_another_signer_than_on_the_portal_are_said() -> None:
    proof = "Kế hoạch 12/KH-STD ngày 15/1/2021, người ký: Lê Văn Khác"

    found = checks(proof, ngay_ban_hanh_ke_hoach="2021-01-15")

    assert found.keys() >= {"check-day-differs", "check-signer-differs", "check-claimed-day"}
    assert "15/01/2021" in found["check-claimed-day"].text


def test_a_document_of_another_year_is_outside_the_period() -> None:
    found = checks("12/KH-STD", portal(issued=date(2019, 2, 20)))

    assert "check-outside-period" in found


@pytest.mark.parametrize(
    ("days", "key"), [(b.CLOSE, "check-not-found"), (b.CLOSE[:1], "check-not-read")], ids=["twice", "once"]
)
def test_a_document_is_called_missing_only_after_two_whole_readings(days: tuple[date, ...], key: str) -> None:
    found = checks("99/KH-STD", portal(days))

    assert found.keys() == {key}
    assert "99/KH-STD" in found[key].text


def test_a_portal_that_refused_us_lacks_nothing() -> None:
    claim = SubmittedFigure(
        agency=b.AGENCY.code, component="TC.2", inputs={}, proof="12/KH-STD", seen=b.place("workbook")
    )

    assert check_claim(portal().held(state="blocked"), b.context(s.component("TC.2")), claim) == ()


def test_a_claim_of_more_documents_than_it_names_or_the_portal_shows_is_said() -> None:
    """TC.4: twelve directives claimed, two named, one on the portal."""
    found = checks("12/KH-STD; 13/CT-STD", code="TC.4", vb_nguoi_dung_dau_ky=Fraction(12))

    assert "báo cáo 12, nêu 2 văn bản, thấy trên cổng 1" in found["check-count"].text


def test_numbers_read_in_proof_files_are_looked_for_too() -> None:
    handed = Proof(component="TC.2", name="TC.2/kh.pdf", record=b.record_id("kh"), words="số 12/KH-STD")

    assert "check-found" in checks("xem tệp kèm theo", proofs=(handed,))


def test_a_claim_that_names_no_document_is_not_held_against_any() -> None:
    assert checks("Báo cáo tự đánh giá, mục TC.2", ngay_ban_hanh_ke_hoach="2021-02-20") == {}


def test_components_that_a_verifier_measures_are_reconciled_not_cross_checked() -> None:
    assert cross_checked(s.component("TC.2"))
    assert not cross_checked(s.component("HD.14"))
    assert not cross_checked(replace(s.component("TC.2"), kind="submitted_proof"))
