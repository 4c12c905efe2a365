"""A platform that moved: old items seen anew at once, or every identity of a list changed (G8).

What moved was published nobody knows when: its interval opens to the left again, so that its printed day
stands, no back-dating is stated of it, and a person is asked to look.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from minhchung.measurements import Note
from minhchung.observations import ListCapture
from minhchung.periods import local_day
from verifiers.captures import History
from verifiers.interface import Context
from verifiers.items import Whole
from verifiers.publication import first_sight


def migrated(items: Sequence[Whole], lists: Mapping[str, History], context: Context) -> frozenset[str]:
    """Return the identities whose first sight is a migration.

    Only items printed before the previous complete capture that lacked them are old. They moved when they are
    at least half of the list's items and at least twenty in one pass, or when that pass shares no identity
    with the complete one before it.
    """
    least, percent = context.common.migration_min, context.common.migration_share_percent
    found: set[str] = set()
    for url, history in lists.items():
        mine = [item for item in items if url in item.lists]
        renamed = _renamed(history)
        for run, moved in _seen_anew(mine, url, history).items():
            many = len(moved) >= least and len(moved) * 100 >= percent * len(mine)
            if many or run in renamed:
                found |= moved
    return frozenset(found)


def _seen_anew(items: Iterable[Whole], url: str, history: History) -> dict[str, set[str]]:
    """Return the old items by the run that saw them first in a list which a complete capture lacked."""
    anew: dict[str, set[str]] = {}
    for item in items:
        lacked, first = first_sight(item, {url: history})
        if lacked is None or first is None or item.published is None:
            continue
        if item.published < local_day(lacked.captured_at):
            anew.setdefault(first.run, set()).add(item.identity)
    return anew


def _renamed(history: History) -> frozenset[str]:
    """Return the runs whose complete capture shares no identity with the complete one before it."""
    before: ListCapture | None = None
    found: set[str] = set()
    for capture in history.complete():
        known = set(before.identities) if before is not None else set()
        if known and capture.identities and known.isdisjoint(capture.identities):
            found.add(capture.run)
        before = capture
    return frozenset(found)


def ask_about_migration(items: Iterable[Whole], moved: frozenset[str]) -> tuple[Note, ...]:
    """Return the question whether a platform moved; nothing where nothing did."""
    places = tuple(item.seen for item in items if item.identity in moved)
    if not places:
        return ()
    text = (
        f"{len(places)} mục cũ cùng hiện ra lần đầu trong một lượt hoặc đổi mã: nghi chuyển đổi nền tảng, "
        "cần người xem lại; không kết luận lùi ngày."
    )
    return (Note(key="question-migration", text=text, count=len(places), basis=places),)
