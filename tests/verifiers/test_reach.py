"""G9: covered are the days back to which complete captures reach without a gap."""

from datetime import date

import pytest

from tests.verifiers import builders as b
from tests.verifiers import lists as s
from verifiers.captures import cover, histories
from verifiers.news_cadence import VERIFIER

FIRST = date(2021, 5, 4)


def reach(*captures: tuple[date, str, date | None]) -> date | None:
    told = [
        b.capture(day, [f"t{n}" for n in range(3)], ended=ended, oldest=oldest)
        for day, ended, oldest in captures
    ]
    (history,) = histories(b.holdings(*told), b.context()).values()
    return history.reach()


@pytest.mark.parametrize(
    ("captures", "day"),
    [
        ([(b.CLOSE[0], "no-next", date(2021, 3, 1))], date.min),
        ([(b.CLOSE[0], "older", date(2021, 3, 1))], date(2021, 3, 1)),
        ([(FIRST, "older", date(2020, 1, 1)), (b.CLOSE[0], "older", date(2021, 3, 1))], date(2020, 1, 1)),
        ([(FIRST, "no-next", None), (b.CLOSE[0], "older", date(2021, 6, 1))], date(2021, 6, 1)),
        ([(FIRST, "no-next", None), (b.CLOSE[0], "known-run", date(2021, 4, 1))], date.min),
        ([(b.CLOSE[0], "cap", date(2021, 3, 1))], None),
    ],
    ids=["whole", "stopped", "joined", "gap", "known", "cut"],
)
def test_how_far_back_a_list_is_known(
    captures: list[tuple[date, str, date | None]], day: date | None
) -> None:
    assert reach(*captures) == day


def test_a_list_read_for_half_the_period_is_below_coverage() -> None:
    """A reading that stopped in March says nothing of the winter before, however complete it is."""
    shelf = s.Shelf()
    for n, day in enumerate(s.every_week(6)):
        if day >= date(2021, 3, 1):
            shelf.item(f"t{n}", day)
    shelf.captures(ended="older", oldest=date(2021, 3, 1))

    coverage = cover(tuple(histories(shelf.held(), b.context()).values()), b.PERIOD, b.context())

    assert coverage.window is not None
    assert coverage.window.first == date(2021, 3, 1)
    assert s.reason(s.measure(VERIFIER, "HD.2", shelf.held())) == "coverage-below"
