"""One pass over one list: which pages, which items, and how it ended (G7)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import pairwise
from typing import Final, Literal, cast, get_args

from collectors.platforms.interface import ListFacts
from minhchung.evidence import AgencyCode, EvidenceRecord, Failure, Locator, RunId
from minhchung.observations import Item, ListCapture, Observation, Question, ScheduleEntry
from minhchung.sites import ListKind

Ended = Literal[
    "no-next", "short-page", "total", "older", "known-run", "repeated", "cap", "failed", "blocked", "layout"
]
COMPLETE: Final = frozenset({"no-next", "short-page", "total", "older", "known-run"})
_KINDS: Final = frozenset(get_args(ListKind))
_LAST: Final = frozenset({"no-next", "short-page", "total"})
_PINNED: Final = 5
"""Rows at the head of a list that may stand out of order."""


_PINNED_SHARE: Final = 3
"""A page that begins with a row met before is new when at least one row in so many is."""

_TELLING: Final = 3
"""Different rows with which a page can be told from others."""


class ListPass:
    """Follows one list from its first page on."""

    def __init__(
        self,
        key: str,
        *,
        agency: AgencyCode,
        run: RunId,
        known: frozenset[str],
        known_run: int,
        since: date | None = None,
        heading: str = "",
        kind: str = "",
    ) -> None:
        """Begin a pass; `known` are identities of earlier complete captures, `since` the oldest day."""
        self.key, self.heading, self.kind = key, heading, kind
        self.ended: Ended | None = None
        self._agency, self._run = agency, run
        self._known, self._known_run, self._since = known, known_run, since
        self._identities: dict[str, None] = {}
        self._firsts: set[str] = set()
        self._shown: set[tuple[tuple[str, date | None], ...]] = set()
        self._pages: list[EvidenceRecord] = []
        self._failed: list[str] = []
        self._days: list[date] = []
        self._run_of_known = 0
        self._begun: datetime | None = None
        self._facts: ListFacts | None = None
        self._empty_marker = False
        self._required_text = True

    @property
    def identities(self) -> tuple[str, ...]:
        """Return the distinct identities met so far, in order."""
        return tuple(self._identities)

    @property
    def complete(self) -> bool:
        """Say whether the pass ended by itself."""
        return self.ended in COMPLETE and not self._failed

    def take(self, record: EvidenceRecord, facts: ListFacts, rows: Iterable[Observation]) -> bool:
        """Take one page; return whether the list goes on."""
        self._begun = self._begun or record.captured_at
        self._pages.append(record)
        if self._facts is None:
            self.heading = facts.heading or self.heading
            self.kind = facts.item_kind or self.kind
        self._facts = facts
        self._empty_marker = self._empty_marker or facts.empty_marker
        self._required_text = self._required_text and facts.required_text
        rows = tuple(rows)
        days = [day for day in map(_day_of, rows) if day is not None]
        self._days.extend(days)
        self.ended = "repeated" if self._shows_again(rows) else self._judge(facts, days)
        return self.ended is None

    def _shows_again(self, rows: tuple[Observation, ...]) -> bool:
        """Say whether a page shows the rows of an earlier one, whatever their addresses are now."""
        shown = tuple((getattr(row, "title", ""), _day_of(row)) for row in rows)
        if len(set(shown)) < _TELLING:
            return False
        again = shown in self._shown
        self._shown.add(shown)
        return again

    def _judge(self, facts: ListFacts, days: list[date]) -> Ended | None:
        if not facts.required_text:
            return "blocked"
        if not facts.identities:
            if facts.rows_expected and not facts.empty_marker and not self._identities:
                return "layout"
            return _last(facts)
        new = sum(identity not in self._identities for identity in facts.identities)
        if new == 0 or (facts.identities[0] in self._firsts and new * _PINNED_SHARE < len(facts.identities)):
            # A page that brings next to nothing new is an earlier one once more: a cap, stale hidden fields.
            # A first row met before is no sign of it beside new ones: some items stand on top of every page.
            return "repeated"
        self._firsts.add(facts.identities[0])
        for identity in facts.identities:
            self._identities.setdefault(identity)
            self._run_of_known = self._run_of_known + 1 if identity in self._known else 0
            if self._run_of_known >= self._known_run:
                return "known-run"
        if facts.last_page:
            return _last(facts)
        if self._since is not None and days and max(days) < self._since and self.newest_first:
            return "older"
        return None

    def fail(self, url: str, failure: Failure | None, record: EvidenceRecord | None) -> None:
        """Note a page that could not be read."""
        self._failed.append(url)
        if record is not None:
            self._begun = self._begun or record.captured_at
            if not self._pages:
                self._pages.append(record)
        if failure is Failure.BUDGET:
            self.ended = "cap"
        else:
            self.ended = "blocked" if failure in (Failure.BLOCKED, Failure.RATE_LIMITED) else "failed"

    def change_layout(self, record: EvidenceRecord) -> None:
        """Note a page on which no list was found where one was."""
        self._begun = self._begun or record.captured_at
        self._pages.append(record)
        self.ended = "layout"

    def cut(self) -> None:
        """Note that our own limit on pages ended the pass."""
        self.ended = "cap"

    def run_out(self) -> None:
        """Note that nothing leads on although the page did not say so."""
        self.ended = "no-next"

    @property
    def newest_first(self) -> bool:
        """Say whether printed days do not rise after the pinned rows."""
        days = self._days[_PINNED:]
        return all(later <= earlier for earlier, later in pairwise(days))

    def capture(self) -> ListCapture | None:
        """Return the account of the pass; None when neither a page nor the kind of the list is known."""
        if not self._pages or self.kind not in _KINDS or self._begun is None:
            return None
        facts = self._facts
        return ListCapture(
            agency=self._agency,
            run=self._run,
            seen=Locator(record=self._pages[0].id),
            list_url=self.key,
            heading=self.heading,
            item_kind=cast("ListKind", self.kind),
            captured_at=self._begun,
            pages=tuple(page.id for page in self._pages),
            identities=self.identities,
            ended=self.ended or "failed",
            failed_pages=tuple(self._failed),
            declared_total=facts.declared_total if facts is not None else None,
            empty_marker=self._empty_marker,
            required_text=self._required_text,
            oldest=min(self._days, default=None),
            newest_first=self.newest_first,
        )


def _last(facts: ListFacts) -> Ended | None:
    if not facts.last_page:
        return None
    return cast("Ended", facts.ended) if facts.ended in _LAST else "no-next"


def _day_of(row: Observation) -> date | None:
    match row:
        case Item(part="row"):
            return row.published
        case Question():
            return row.asked
        case ScheduleEntry():
            return row.first
        case _:
            return None


def vanished(before: ListCapture, now: ListPass) -> tuple[str, ...]:
    """Return the identities of the earlier capture that a complete pass should have met and did not.

    A pass that stopped at known items has seen the earlier list down to the last of them only.
    """
    if not now.complete:
        return ()
    met = frozenset(now.identities)
    earlier = before.identities
    if now.ended == "known-run":
        seen = [n for n, identity in enumerate(earlier) if identity in met]
        earlier = earlier[: seen[-1] + 1] if seen else ()
    return tuple(identity for identity in earlier if identity not in met)
