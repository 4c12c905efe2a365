"""What looks odd about figures of dossiers: empty months, pauses, single dossiers, jumps (G16)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final

from minhchung.evidence import Locator
from minhchung.measurements import Note
from minhchung.observations import DossierTally
from minhchung.periods import Period
from verifiers.harvests import Harvest

DIFFER_PERCENT: Final = 10
PAUSED_PERCENT: Final = 20
SINGLE_PERCENT: Final = 50
ONE_MONTH_PERCENT: Final = 90
LEAST: Final = 5
_A_MONTH: Final = timedelta(days=31)


def ask_about_post(either: int, counts: tuple[int | None, int | None], seen: Locator) -> Iterator[Note]:
    """Ask where the postal service's list differs by more than 10 % from what the system's counts allow."""
    came, went = counts
    if came is None or went is None:
        return
    least, most = max(came, went), came + went
    off = least - either if either < least else either - most
    if off * 100 > DIFFER_PERCENT * max(least, 1):
        text = f"Đơn vị bưu chính có {either} hồ sơ, hệ thống một cửa có từ {least} đến {most}."
        yield Note(key="question-post-differs", text=text, count=off, basis=(seen,))


def ask_about_months(harvest: Harvest, period: Period, meaning: str) -> Iterator[Note]:
    """Ask about months without a dossier, and about a year's dossiers in one month."""
    months = _months(harvest, period, meaning)
    if len(months) < LEAST:
        return
    total = sum(months.values())
    empty = [row for row, figure in months.items() if figure == 0]
    if total and empty:
        named = ", ".join(f"{row.first:%m/%Y}" for row in empty)
        text = f"Hệ thống không ghi nhận hồ sơ nào trong {len(empty)} tháng: {named}."
        yield Note(key="question-empty-months", text=text, count=len(empty), basis=_places(empty))
    most, figure = max(months.items(), key=lambda each: each[1])
    if total >= LEAST and figure * 100 >= ONE_MONTH_PERCENT * total:
        text = f"{figure} trên {total} hồ sơ dồn vào tháng {most.first:%m/%Y}."
        yield Note(key="question-one-month", text=text, count=figure, basis=(most.seen,))


def _months(harvest: Harvest, period: Period, meaning: str) -> Mapping[DossierTally, int]:
    """Return the agency's monthly rows of the period of one system, with one figure each."""
    rows = [
        t
        for t in harvest.tallies
        if t.basis == "received" and t.whose == "agency" and not t.procedure and not t.is_total
        if t.first in period and t.last in period and t.last - t.first < _A_MONTH
    ]
    source = min((t.source for t in rows), default="")
    known = ((t, t.figure(meaning)) for t in rows if t.source == source)
    return {t: figure for t, figure in known if figure is not None}


def ask_about_pauses(rows: Sequence[DossierTally], due: int) -> Iterator[Note]:
    """Ask where many dossiers are paused: paused ones are never overdue."""
    paused = [figure for row in rows if (figure := row.figure("paused")) is not None]
    if paused and due and sum(paused) * 100 > PAUSED_PERCENT * due:
        text = f"{sum(paused)} hồ sơ đang tạm dừng, bằng hơn {PAUSED_PERCENT} % số hồ sơ đến hạn."
        yield Note(key="question-pauses", text=text, count=sum(paused), basis=_places(rows))


def ask_about_single_dossiers(rows: Sequence[DossierTally]) -> Iterator[Note]:
    """Ask where most of the used services received exactly one online dossier."""
    used = [row for row in rows if (row.figure("received_online") or 0) >= 1]
    single = [row for row in used if row.figure("received_online") == 1]
    if len(single) >= LEAST and len(single) * 100 >= SINGLE_PERCENT * len(used):
        text = f"{len(single)} trên {len(used)} dịch vụ chỉ có đúng một hồ sơ trực tuyến."
        yield Note(key="question-single-dossiers", text=text, count=len(single), basis=_places(single))


def ask_about_jump(harvest: Harvest, period: Period) -> Iterator[Note]:
    """Ask where the online share of the last month is at least double that of the months before."""
    online = _months(harvest, period, "received_online")
    received = _months(harvest, period, "received")
    months = sorted((t for t in online if received.get(t)), key=lambda t: t.first)
    if len(months) < LEAST:
        return
    *before, last = months
    earlier = sum(online[t] for t in before), sum(received[t] for t in before)
    if online[last] * earlier[1] >= 2 * earlier[0] * received[last] and online[last] >= LEAST:
        text = (
            f"Tháng {last.first:%m/%Y}: {online[last]}/{received[last]} hồ sơ trực tuyến, "
            f"các tháng trước {earlier[0]}/{earlier[1]}."
        )
        yield Note(key="question-jump", text=text, count=online[last], basis=(last.seen,))


def _places(rows: Sequence[DossierTally]) -> tuple[Locator, ...]:
    return tuple(row.seen for row in rows)
