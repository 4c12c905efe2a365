"""What is known of a list over time: which captures were complete, and how far back they reach (G7, G9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from minhchung.holdings import Holdings
from minhchung.measurements import Reason
from minhchung.observations import ListCapture
from minhchung.periods import Period, local_day
from verifiers.headings import TermList, match_heading, names_of
from verifiers.interface import Context
from verifiers.passes import healthy, portal_visits

ENDED_BY_ITSELF = frozenset({"no-next", "short-page", "total", "older", "known-run"})
_LEANS_ON_EARLIER = frozenset({"known-run"})
_STOPPED = frozenset({"known-run", "older"})
"""Endings that leave the rest of a list unread."""


@dataclass(frozen=True)
class History:
    """One list over all passes that count, oldest first."""

    url: str
    captures: tuple[ListCapture, ...]
    whole: tuple[bool, ...]
    """For each capture: it was complete."""

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings it was found under."""
        return tuple(dict.fromkeys(c.heading for c in self.captures if c.heading))

    @cached_property
    def sights(self) -> Mapping[str, tuple[ListCapture | None, ListCapture]]:
        """By identity the last complete capture before its first sight, and the one that saw it first."""
        found: dict[str, tuple[ListCapture | None, ListCapture]] = {}
        lacked: ListCapture | None = None
        for capture, whole in zip(self.captures, self.whole, strict=True):
            for identity in capture.identities:
                found.setdefault(identity, (lacked, capture))
            lacked = capture if whole else lacked
        return found

    def complete(self) -> Iterator[ListCapture]:
        """Yield the complete captures, oldest first."""
        return (c for c, whole in zip(self.captures, self.whole, strict=True) if whole)

    def last_complete(self) -> ListCapture | None:
        """Return the newest complete capture, or None."""
        found = list(self.complete())
        return found[-1] if found else None

    def reach(self) -> date | None:
        """Return the oldest day back to which complete captures reach without a gap; None: there is none.

        A capture that ended by itself at the list's end reaches every day. One that stopped at items older
        than wanted reaches the oldest day it met, and further back through an earlier one that it meets.
        """
        back: date | None = None
        last: date | None = None
        for capture in self.complete():
            if capture.ended not in _STOPPED:
                back = date.min
            else:
                met = min(capture.oldest or date.min, local_day(capture.captured_at))
                joined = capture.ended in _LEANS_ON_EARLIER or (last is not None and met <= last)
                back = met if back is None or not joined else min(met, back)
            last = local_day(capture.captured_at)
        return back

    def covered_to(self) -> date | None:
        """Return the local day up to which the list is known, or None."""
        last = self.last_complete()
        return None if last is None else local_day(last.captured_at)


def is_complete(capture: ListCapture, after_complete: bool) -> bool:
    """Say whether one capture shows all its list held; `after_complete`: an earlier one did."""
    if capture.ended not in ENDED_BY_ITSELF or capture.failed_pages or not capture.required_text:
        return False
    if capture.ended in _LEANS_ON_EARLIER and not (after_complete and capture.newest_first):
        return False
    if capture.ended == "older" and not capture.newest_first:
        return False
    if not capture.identities:
        return capture.empty_marker
    return capture.ended in _STOPPED or capture.declared_total in {None, len(capture.identities)}


def histories(holdings: Holdings, context: Context) -> Mapping[str, History]:
    """Return every list of the portal by its address, from the healthy visits up to the freeze."""
    runs = {v.run for v in portal_visits(holdings, context) if healthy(v)}
    found: dict[str, list[ListCapture]] = {}
    for each in holdings.observations:
        if isinstance(each, ListCapture) and each.run in runs:
            found.setdefault(each.list_url, []).append(each)
    return {url: _history(url, captures) for url, captures in found.items()}


def _history(url: str, captures: Iterable[ListCapture]) -> History:
    ordered = tuple(sorted(captures, key=lambda c: c.captured_at))
    whole: list[bool] = []
    for capture in ordered:
        whole.append(is_complete(capture, any(whole)))
    return History(url, ordered, tuple(whole))


def under(
    lists: Mapping[str, History], terms: TermList, holdings: Holdings, context: Context
) -> dict[str, History]:
    """Return the lists of which a heading matches the terms."""
    names = names_of(holdings.agency)
    return {
        url: history
        for url, history in lists.items()
        if any(match_heading(heading, terms, names, context.common) for heading in history.headings)
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of the period complete captures cover."""

    window: Period | None
    """The covered days; None: none."""

    share: Fraction
    reason: Reason | None = None
    """Why it is not enough; None: it is."""

    detail: str = ""


def cover(lists: Sequence[History], period: Period, context: Context) -> Coverage:
    """Return the days of the period that are covered in every one of the lists."""
    ends: list[date] = []
    first = period.first
    for history in lists:
        day, reach = history.covered_to(), history.reach()
        first = max(first, reach or first)
        if day is None or day < first:
            return Coverage(
                window=None, share=Fraction(0), reason=why_partial(history), detail=_told(history)
            )
        ends.append(min(day, period.last))
    last = min(ends, default=period.last)
    if last < first:
        detail = f"danh sách chỉ đọc được từ ngày {first:%d/%m/%Y}"
        return Coverage(window=None, share=Fraction(0), reason=Reason.COVERAGE_BELOW, detail=detail)
    window = Period(first, last)
    share = Fraction(len(window), len(period))
    if share * 100 < context.common.min_coverage_percent:
        detail = f"chỉ thu thập đầy đủ được {len(window)} trên {len(period)} ngày của kỳ"
        worst = next((h for h in lists if min(h.covered_to() or last, period.last) == last), None)
        reason = why_partial(worst) if worst is not None and not worst.whole[-1] else Reason.COVERAGE_BELOW
        return Coverage(window=window, share=share, reason=reason, detail=detail)
    return Coverage(window=window, share=share)


def why_partial(history: History) -> Reason:
    """Return why the newest capture of a list is not complete."""
    match history.captures[-1].ended:
        case "layout":
            return Reason.LAYOUT_CHANGED
        case "blocked":
            return Reason.BLOCKED
        case _:
            return Reason.COVERAGE_BELOW


def _told(history: History) -> str:
    ended = history.captures[-1].ended
    return f"danh sách {history.url} chưa lần nào đọc được trọn vẹn (kết thúc: {ended})"
