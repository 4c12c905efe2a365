"""Published work schedules: one entry for each week, or for each day of a week's table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from collectors.addresses import is_file
from collectors.reading.dates import find_days
from collectors.reading.facts import files
from collectors.reading.markup import select
from collectors.reading.page import Page
from collectors.reading.row_groups import found_rows
from collectors.reading.row_items import Hand
from collectors.reading.rows import Row, chosen_rows, row_of, title_link
from minhchung.evidence import EvidenceRecord, Locator
from minhchung.observations import ScheduleEntry
from minhchung.sites import ListProfile

_SPAN: Final = re.compile(
    r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})(?:[/.-](?P<y>\d{4}))?\s*"
    r"(?:-|–|đến(?: hết)?(?: ngày)?|tới(?: ngày)?)\s*"
    r"(?P<d2>\d{1,2})[/.-](?P<m2>\d{1,2})[/.-](?P<y2>\d{4})"
)
_LONGEST: Final = 31  # days that one entry may stand for


def schedule_rows(page: Page, profile: ListProfile) -> list[Row]:
    """Return the rows of a schedule: by selector, of the table that shows days, or as any list's."""
    if profile.rows and (rows := chosen_rows(page, profile.rows, profile.exclude)):
        return rows
    for table in select(page.tree, "main table, table"):
        nodes = [node for node in select(table, "tr") if page.path(node)]
        rows = [row_of(page, node) for node in nodes]
        if any(span_of(row, "dmy") for row in rows) and page.region(table) in {"main", "form"}:
            return rows
    return found_rows(page, least=1)


def read_entries(
    page: Page, rows: Sequence[Row], record: EvidenceRecord, hand: Hand, list_url: str, heading: str
) -> Iterator[tuple[ScheduleEntry, str]]:
    """Yield each entry and the address of its own page; a row without a day belongs to the day above it."""
    span: tuple[date, date] | None = None
    for row in rows:
        own = span_of(row, hand.order)
        span = own or span
        if span is None:
            continue
        link = title_link(row)
        text = " ".join(
            block.text for n, block in enumerate(row.blocks) if not (own and n == 0 and len(row.blocks) > 1)
        )
        page_url, named = ("", "") if link is None or is_file(link.url) else (link.url, link.text)
        entry = ScheduleEntry(
            agency=record.agency,
            run=record.run,
            seen=Locator(record=record.id, path=row.path),
            first=span[0],
            last=span[1],
            text="" if page_url and text.strip() == named else text,
            attachment=next(iter(files(row.links, page.outline.downloads)), ""),
            list_url=list_url,
            list_heading=heading,
        )
        yield entry, page_url


def span_of(row: Row, order: str) -> tuple[date, date] | None:
    """Return the days a row stands for: a printed span, else its first day alone."""
    for block in row.blocks:
        if (span := printed_span(block.text)) is not None:
            return span
        for day in find_days(block.text, order):
            if day.day is not None and not day.clock and day.start < 60:
                return day.day, day.day
    return None


def printed_span(text: str) -> tuple[date, date] | None:
    """Return the first and last day of "từ ngày 18/10 đến ngày 24/10/2021"; None where no span is printed."""
    if (match := _SPAN.search(text)) is None:
        return None
    try:
        last = date(int(match["y2"]), int(match["m2"]), int(match["d2"]))
        first = date(int(match["y"] or match["y2"]), int(match["m"]), int(match["d"]))
        if first > last and not match["y"]:
            first = first.replace(year=first.year - 1)
    except ValueError:
        return None
    return (first, last) if timedelta(0) <= last - first <= timedelta(days=_LONGEST) else None
