"""What became of items that an earlier visit saw: told beside the account, judged by nobody here.

A list shows titles and days: what is noticed here is what lists show anew, and which items answer that they
are gone; edits inside their pages are `collectors.second_look`'s. Pure: accounts and rows in, changes out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from minhchung.evidence import Failure
from minhchung.holdings import Change, VisitReport
from minhchung.observations import Item, Observation
from minhchung.periods import local_day
from minhchung.text_keys import k1

MOST: Final = 200
"""Changes told of one visit."""

LATE: Final = timedelta(days=7)
"""An item may be put on the portal so long after the day it bears before that is worth telling."""


def changes(
    report: VisitReport,
    before: VisitReport | None,
    listed: Iterable[Item],
    earlier: Mapping[str, Item],
    known_lists: frozenset[str],
) -> tuple[Change, ...]:
    """Return what changed since the visit `before`; `earlier` is the last row of each identity until then.

    `known_lists` are the lists that an earlier visit saw whole: an item new on one of them is new.
    """
    if before is None:
        return ()
    since = local_day(before.began_at) - LATE
    found = [
        change for row in listed for change in _of_row(row, earlier.get(row.identity), since, known_lists)
    ]
    gone = {url for url, failure in report.failures if failure is Failure.HTTP_4XX}
    found += [
        Change(what="withdrawn", identity=item.identity, before=item.title, now="")
        for item in earlier.values()
        if item.url in gone
    ]
    return tuple(found[:MOST])


def _of_row(row: Item, was: Item | None, since: date, known_lists: frozenset[str]) -> Iterator[Change]:
    if was is None:
        if row.list_url in known_lists and row.published is not None and row.published < since:
            yield Change(what="back-dated", identity=row.identity, before="", now=row.published.isoformat())
        return
    if row.title and was.title and k1(row.title) != k1(was.title):
        yield Change(what="retitled", identity=row.identity, before=was.title, now=row.title)
    if row.published is not None and was.published is not None and row.published != was.published:
        yield Change(
            what="redated",
            identity=row.identity,
            before=was.published.isoformat(),
            now=row.published.isoformat(),
        )


def last_rows(kept: Iterable[Observation]) -> dict[str, Item]:
    """Return the last row of each identity among what was kept, oldest first."""
    return {each.identity: each for each in kept if isinstance(each, Item) and each.part == "row"}


def said(found: Iterable[Change]) -> str:
    """Return the changes counted in words, empty where there are none."""
    counts: dict[str, int] = {}
    for change in found:
        counts[change.what] = counts.get(change.what, 0) + 1
    return ", ".join(f"{count} mục {_WORDS[what]}" for what, count in counts.items())


_WORDS: Final = {
    "retitled": "đổi tên",
    "redated": "đổi ngày",
    "withdrawn": "đã gỡ",
    "edited": "sửa nội dung",
    "back-dated": "mới xuất hiện mà ghi ngày cũ",
}
