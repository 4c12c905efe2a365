"""From a row of a list to an item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from collectors.addresses import is_file
from collectors.reading.dates import Day, read_day
from collectors.reading.facts import (
    DOCUMENTS,
    Facts,
    files,
    free_blocks,
    lead,
    loose_day,
    number_cell,
    settle_days,
)
from collectors.reading.fields import apply_rules, first
from collectors.reading.labels import Value, labelled, strip_label
from collectors.reading.page import Page
from collectors.reading.profiles import rules_of
from collectors.reading.rows import Row, title_link
from minhchung.sites import ListProfile
from minhchung.text_keys import k2


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """How days on a page are to be read."""

    order: str
    captured_at: datetime
    """Aware, UTC."""


def read_row(page: Page, row: Row, profile: ListProfile, kind: str, hand: Hand) -> Facts | None:
    """Return what a row says of its item; None for a row that names nothing."""
    given = apply_rules(page, row.node, rules_of(profile))
    facts = Facts(values={**labelled(row.blocks), **_columns(row)})
    facts.values.update({name: values[0] for name, values in given.items()})
    _name(page, row, facts, given)
    if not facts.title and not facts.url:
        return None
    if kind in DOCUMENTS and "number" not in facts.values and (cell := number_cell(row.blocks)) is not None:
        facts.values["number"] = cell
    settle_days(facts, kind)
    _publish(row, facts, kind, hand)
    if "summary" not in facts.values and (text := lead(row.blocks, facts.title)) is not None:
        facts.values["summary"] = text
    declared = tuple(
        dict.fromkeys(value.text for value in given.get("attachments", ()) if "://" in value.text)
    )
    facts.attachments = declared or files(row.links, page.outline.downloads)
    return facts


def _columns(row: Row) -> dict[str, Value]:
    """Return the cells under known headings."""
    found = {}
    for name, path in row.cells.items():
        inside = f"{path}>"
        blocks = [b for b in row.blocks if b.path == path or b.path.startswith(inside)]
        own = [b for b in blocks if b.link_text != b.text]
        text = " ".join(b.text for b in own or blocks)
        if text:
            found[name] = Value(strip_label(text), path)
    return found


def _name(page: Page, row: Row, facts: Facts, given: Mapping[str, tuple[Value, ...]]) -> None:
    """Find title and address."""
    link = title_link(row)
    title, url = first(given, "title"), first(given, "url")
    facts.url = url.text if url is not None else link.url if link is not None else ""
    if title is not None:
        facts.title, place = title.text, title.path
    elif link is not None:
        facts.title, place = _whole(page, row, link.url, row.title or link.text), link.path
    else:
        facts.title, place = "", row.path
    column = facts.values.pop("title", None)
    if column is not None and title is None and (link is None or len(column.text) > len(facts.title)):
        facts.title, place = column.text, column.path
    number = facts.values.get("number")
    abstract = facts.values.get("summary")
    if number is not None and abstract is not None and k2(facts.title) == k2(number.text):
        facts.title, place = abstract.text, abstract.path
    if not facts.title and abstract is not None:
        facts.title, place = abstract.text, abstract.path
    if facts.title:
        facts.places.append(("title", place))
    if facts.url:
        facts.places.append(("url", link.path if link is not None else row.path))


def _whole(page: Page, row: Row, url: str, text: str) -> str:
    """Return a title that the list cut short in full, where another copy or its tooltip has it."""
    if not text.endswith(("...", "…")):
        return text
    start = text.rstrip(".… ")
    copies = [link.text for link in row.links if link.url == url]
    copies += [title for title in page.tooltips(row.node) if title]
    return max((c for c in copies if c.startswith(start)), key=len, default=text)


def _publish(row: Row, facts: Facts, kind: str, hand: Hand) -> None:
    """Find the printed day of publication."""
    value = facts.values.pop("published", None)
    if value is not None:
        facts.published = read_day(value.text, hand.order, hand.captured_at)
        facts.places.append(("published", value.path))
        return
    for time in row.times:
        day = read_day(time.declared or time.printed, hand.order, hand.captured_at)
        if day.day is not None:
            printed = time.printed or time.declared
            facts.published = Day(day=day.day, printed=printed)
            facts.places.append(("published", time.path))
            return
    loose = loose_day(free_blocks(row.blocks, facts.values), hand.order, hand.captured_at)
    if loose is None:
        return
    day, block = loose
    if kind in DOCUMENTS and "issued" not in facts.values and block.tag == "td":
        facts.values["issued"] = Value(day.printed, block.path)  # beside the number it is the day of issue
        return
    facts.published = day
    facts.places.append(("published", block.path))


def own_page(facts: Facts) -> bool:
    """Say whether the item has a page of its own to be read."""
    return bool(facts.url) and not is_file(facts.url)
