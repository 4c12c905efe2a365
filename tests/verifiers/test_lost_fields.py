"""HD.4, HD.5: a field that the whole list stops showing was lost by a change of layout, not left out."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from minhchung.measurements import Unmeasured
from tests.verifiers import builders as b
from tests.verifiers import lists as s
from verifiers.documents_complete import VERIFIER as COMPLETE
from verifiers.documents_on_time import VERIFIER as ON_TIME

VAN_BAN = b.HOME + "van-ban"
FIELDS: dict[str, Any] = {"doc_type": "Quyết định", "issuer": "Sở Thí dụ"}


def listed(*, old: int, new: int, lost: str = "issuer", kept: int = 0) -> s.Shelf:
    """Documents of May with every field; later ones whose rows lack one, but for the first `kept`."""
    shelf = s.Shelf(days=(s.QUARTER, *b.CLOSE))
    for n in range(old + new):
        day = date(2021, 3, 1) + timedelta(days=n)
        told = FIELDS | {"number": f"{n + 1}/QĐ-XYZ", "issued": day, "summary": f"Về việc thứ {n} của ngành"}
        file = f"{VAN_BAN}/{n}.pdf"
        shelf.item(
            f"vb-{n}", day, kind="legal_document", list_url=VAN_BAN, heading="Văn bản",
            seen_on=s.QUARTER if n < old else b.CLOSE[0], attachments=(file,), **told,
        )  # fmt: skip
        shelf.file(file)
    gone = {b.run_on(day) for day in b.CLOSE}
    for n, each in enumerate(shelf.observations):
        bare = getattr(each, "kind", "") == "legal_document" and each.run in gone
        if bare and not any(getattr(each, "identity", "") == f"vb-{k}" for k in range(kept)):
            shelf.observations[n] = _without(each, lost)
    shelf.captures()
    return shelf


def _without(each: Any, lost: str) -> Any:
    return replace(each, **{lost: None if lost == "issued" else ""})


def test_new_documents_of_a_list_that_lost_its_issuer_are_open() -> None:
    result = s.measure(COMPLETE, "HD.4", listed(old=12, new=6).held())

    assert isinstance(result, Unmeasured)
    assert result.reason.value == "layout-changed"
    assert [given.value for given in (result.low or {}).values()] == [12, 18]
    assert [given.value for given in (result.high or {}).values()] == [18, 18]


def test_a_field_that_some_rows_still_show_is_left_out_by_the_agency() -> None:
    """Near-miss: a third of the rows still show it, so the others lack it."""
    result = s.measure(COMPLETE, "HD.4", listed(old=12, new=6, kept=6).held())

    assert s.values(result) == [12, 18]


def test_a_list_that_lost_its_days_of_issue_says_nothing_of_deadlines() -> None:
    shelf = listed(old=12, new=6, lost="issued")

    assert s.reason(s.measure(ON_TIME, "HD.5", shelf.held())) == "layout-changed"
