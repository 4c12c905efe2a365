"""G10: a zero needs two complete readings on two days, in every verifier that counts items of lists."""

from datetime import date
from typing import Any

import pytest

from minhchung.measurements import Measurement, Unmeasured
from minhchung.observations import Question
from tests.verifiers import builders as b
from tests.verifiers import lists as s
from verifiers import documents_complete, documents_on_time, news_cadence, publicity_items, questions_answered

DAY = date(2021, 3, 1)


def _news(shelf: s.Shelf) -> None:
    shelf.item("cu", date(2019, 3, 1))


def _incomplete_document(shelf: s.Shelf) -> None:
    said: dict[str, Any] = {"kind": "legal_document", "list_url": b.HOME + "van-ban", "heading": "Văn bản"}
    shelf.item("vb", DAY, title="Thiếu mọi thuộc tính", issued=DAY, **said)


def _late_document(shelf: s.Shelf) -> None:
    said: dict[str, Any] = {"kind": "legal_document", "list_url": b.HOME + "van-ban", "heading": "Văn bản"}
    shelf.item("vb", date(2021, 5, 1), issued=DAY, number="12/QĐ-STD", issuer="Sở Thí dụ", **said)


def _unanswered(shelf: s.Shelf) -> None:
    shelf.question("a", DAY, None, 0)


CASES = [
    ("HD.2", news_cadence.VERIFIER, _news),
    ("TC.6", publicity_items.VERIFIER, _news),
    ("HD.4", documents_complete.VERIFIER, _incomplete_document),
    ("HD.5", documents_on_time.VERIFIER, _late_document),
    ("HD.9", questions_answered.VERIFIER, _unanswered),
]


def _held(fill: Any, days: tuple[date, ...]) -> s.Shelf:
    shelf = s.Shelf(days=days)
    fill(shelf)
    shelf.captures()
    for day in days:
        asked = [o.identity for o in shelf.observations if isinstance(o, Question) and o.run == b.run_on(day)]
        if asked:
            told: dict[str, Any] = {"heading": "Hỏi đáp", "item_kind": "question"}
            shelf.capture(day, asked, list_url=b.HOME + "hoi-dap", **told)
    return shelf


@pytest.mark.parametrize(("code", "verifier", "fill"), CASES, ids=[code for code, _, _ in CASES])
def test_a_zero_of_one_pass_is_a_single_measurement_and_of_two_a_zero(
    code: str, verifier: Any, fill: Any
) -> None:
    once = s.measure(verifier, code, _held(fill, b.CLOSE[:1]).held())
    twice = s.measure(verifier, code, _held(fill, b.CLOSE).held())

    assert isinstance(once, Unmeasured)
    assert once.reason.value == "single-measurement"
    assert once.low is not None
    assert isinstance(twice, Measurement)
    assert s.score(code, twice) == 0
