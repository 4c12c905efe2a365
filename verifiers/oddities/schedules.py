"""What looks odd about work schedules: those that appeared only after their week was over (HD.3, G16)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from minhchung.evidence import Locator, RunId
from minhchung.measurements import Note
from minhchung.observations import ScheduleEntry
from minhchung.periods import Period, local_day
from verifiers.captures import History


def ask_about_late_schedules(
    entries: Iterable[ScheduleEntry], lists: Mapping[str, History], period: Period
) -> Iterator[Note]:
    """Ask about days and weeks that a whole reading after their end still lacked."""
    first: dict[tuple[str, date, date], tuple[RunId, Locator]] = {}
    for each in entries:
        key = (each.list_url, each.first, each.last)
        if each.first in period and (key not in first or each.run < first[key][0]):
            first[key] = (each.run, each.seen)
    late = [
        seen
        for (url, _, last), (run, seen) in first.items()
        if url in lists and _lacked_after(lists[url], last, run)
    ]
    if late:
        text = f"{len(late)} lịch làm việc chỉ xuất hiện sau khi tuần đó đã qua."
        yield Note(key="question-late-schedule", text=text, count=len(late), basis=tuple(late))


def _lacked_after(history: History, last: date, run: RunId) -> bool:
    return any(c.run < run and local_day(c.captured_at) > last for c in history.complete())
