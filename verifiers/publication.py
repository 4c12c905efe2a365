"""The day an item was published, as far as the captures prove it (G8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from minhchung.observations import ListCapture
from minhchung.periods import local_day
from verifiers.captures import History
from verifiers.items import Whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """When an item was published."""

    day: date | None
    """None: undated."""

    witnessed: bool
    """A complete capture without the item stands before the first one with it."""

    future: bool = False
    """The printed day lies after the capture that shows it: no published day at all."""

    back_dated: bool = False
    """The printed day lies before a complete capture that lacked the item: a question."""

    open_left: bool = True


def first_sight(item: Whole, lists: Mapping[str, History]) -> tuple[ListCapture | None, ListCapture | None]:
    """Return the last complete capture without the item before its first sight, and that first sight.

    Of several lists the interval that reaches further back stands, in the agency's favour.
    """
    first: ListCapture | None = None
    before: list[ListCapture | None] = []
    for url in item.lists:
        history = lists.get(url)
        sight = history.sights.get(item.identity) if history is not None else None
        if sight is None:
            continue
        lacked, capture = sight
        if first is None or capture.captured_at < first.captured_at:
            first = capture
        before.append(lacked)
    if not before or None in before:
        return None, first
    return min((b for b in before if b is not None), key=lambda c: c.captured_at), first


def posting(
    item: Whole,
    lists: Mapping[str, History],
    *,
    not_before: date | None = None,
    moved: frozenset[str] = frozenset(),
) -> Posting:
    """Return the published day of an item by its interval and its printed day.

    `not_before`: a printed day before this one (the day of issue) is no published day. `moved`: identities
    that a migration brought, whose interval is open to the left.
    """
    lacked, first = first_sight(item, lists)
    left = None if lacked is None or item.identity in moved else local_day(lacked.captured_at)
    printed = item.published
    if first is None:
        return Posting(day=printed, witnessed=False)
    right = local_day(first.captured_at)
    if printed is not None and printed > right:
        return Posting(day=None, witnessed=left is not None, future=True, open_left=left is None)
    early = printed is not None and not_before is not None and printed < not_before
    if printed is None or early:
        return Posting(day=left, witnessed=left is not None, back_dated=early, open_left=left is None)
    if left is None or left <= printed:
        return Posting(day=printed, witnessed=left is not None, open_left=left is None)
    return Posting(day=left, witnessed=True, back_dated=True, open_left=False)
