"""Pages of one question that show what an earlier page of it showed.

A system that ignores the page it is asked for answers with the first one for ever, or until the declared
total seems reached. What such a list says is no more than its first page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Final

from collectors.interface import Ask, Row
from minhchung.dossiers import Topic
from minhchung.evidence import EvidenceRecord, RecordId

_ONE_MOMENT: Final = datetime(2000, 1, 1, tzinfo=UTC)
_Series = tuple[Topic, int, date | None, date | None]


@dataclass(slots=True)
class Pages:
    """What the pages of one visit have shown, by question."""

    _shown: dict[tuple[_Series, tuple[Row, ...] | str], int] = field(default_factory=dict)

    def repeated(self, ask: Ask, record: EvidenceRecord, seen: Sequence[Row], *, goes_on: bool) -> int | None:
        """Return the earlier page that showed the same rows, or None; the page is remembered.

        A page without a row of the agency is compared by its bytes, and only when it leads to a further one:
        that the pages after the last are all alike is no fault.
        """
        series = (ask.topic, ask.profile, ask.first, ask.last)
        rows = tuple(map(_anywhere, seen))
        earlier = self._shown.setdefault((series, rows or record.body_sha256), ask.page)
        return earlier if earlier < ask.page and (rows or goes_on) else None


def _anywhere(row: Row) -> Row:
    """Return a row as if every page were one record, read at one moment."""
    return replace(row, seen=replace(row.seen, record=RecordId("")), taken_at=_ONE_MOMENT)
