"""G8: a platform that moved is not a portal that back-dates; days stay as printed and a person is asked."""

from datetime import date, timedelta
from fractions import Fraction

from minhchung.measurements import Measurement
from tests.verifiers import builders as b
from tests.verifiers import lists as s
from verifiers import news_cadence
from verifiers.documents_on_time import VERIFIER as ON_TIME

BEFORE = s.QUARTER
VAN_BAN = b.HOME + "van-ban"


def keys(result: object) -> list[str]:
    assert isinstance(result, Measurement), result
    return [question.key for question in result.questions]


def moved(count: int, *, renamed: int = 0) -> s.Shelf:
    """So many items printed before the pass of May that lacked them, all first seen at the close."""
    shelf = s.Shelf(days=(BEFORE, *b.CLOSE))
    weekly = [day for day in s.every_week(1) if day < BEFORE - timedelta(days=7)]
    for n in range(count):
        shelf.item(f"moi-{n}", weekly[n % len(weekly)], seen_on=b.CLOSE[0])
    for n in range(renamed):
        shelf.item(f"cu-{n}", weekly[n % len(weekly)])
    shelf.captures()
    shelf.capture(BEFORE, [f"cu-{n}" for n in range(renamed)], list_url=b.LIST)
    return shelf


def test_old_items_seen_anew_at_once_keep_their_printed_weeks() -> None:
    """Twenty and half of a list: nobody back-dated, so the weeks stay active and a person is asked."""
    result = s.measured(s.measure(news_cadence.VERIFIER, "HD.2", moved(24).held()))
    share = list(result.inputs.values())[1].value

    assert "question-migration" in keys(result)
    assert "question-back-dated" not in keys(result)
    assert share == Fraction(23, 51), "24 weeks, of which Tết empties one"


def test_fewer_are_back_dated_and_stand_on_the_earliest_day_that_is_possible() -> None:
    """Near-miss: nineteen are no migration; all of them then stand on the one day of the earlier pass."""
    result = s.measured(s.measure(news_cadence.VERIFIER, "HD.2", moved(19).held()))

    assert "question-back-dated" in keys(result)
    assert "question-migration" not in keys(result)


def test_all_identities_changed_is_a_migration_whatever_their_number() -> None:
    shelf = s.Shelf(days=(BEFORE, *b.CLOSE))
    for n in range(5):
        shelf.item(f"moi-{n}", date(2021, 2, 1 + n), seen_on=b.CLOSE[0])
    shelf.captures()
    shelf.capture(BEFORE, [f"cu-{n}" for n in range(5)], list_url=b.LIST)

    asked = keys(s.measure(news_cadence.VERIFIER, "HD.2", shelf.held()))

    assert "question-migration" in asked
    assert "question-back-dated" not in asked


def test_documents_moved_with_the_platform_leave_the_deadline_unmeasured() -> None:
    """HD.5: a migration over more than half of the own documents is `migration`, a minority is not."""
    shelf = s.Shelf(days=(BEFORE, *b.CLOSE))
    for n in range(24):
        day = date(2021, 1, 4) + timedelta(days=n)
        shelf.item(
            f"vb-{n}", day, kind="legal_document", list_url=VAN_BAN, heading="Văn bản", issued=day,
            number=f"{n + 1}/QĐ-STD", issuer="Sở Thí dụ", seen_on=b.CLOSE[0],
        )  # fmt: skip
    shelf.captures()
    shelf.capture(BEFORE, ["khac"], list_url=VAN_BAN, heading="Văn bản", item_kind="legal_document")

    assert s.reason(s.measure(ON_TIME, "HD.5", shelf.held())) == "migration"
