"""From an item's own page to the item."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from collectors.reading.facts import DOCUMENTS, Facts, files, settle_days
from collectors.reading.fields import apply_rules
from collectors.reading.kinds import first_part
from collectors.reading.labels import Value, labelled
from collectors.reading.markup import select
from collectors.reading.page import Page
from collectors.reading.profiles import rules_of
from collectors.reading.published import publish
from collectors.reading.row_items import Hand
from collectors.reading.rows import HEADING_TAGS
from collectors.reading.texts import letters
from minhchung.observations import Block
from minhchung.sites import ItemProfile
from minhchung.text_keys import k1, k2

_RELATED: Final = frozenset(
    (
        "tin lien quan", "bai viet lien quan", "cac tin khac", "tin khac", "cac bai khac",
        "bai viet khac", "tin cung chuyen muc", "cung chuyen muc", "tin da dua", "cac tin da dua",
        "tin moi hon", "cac tin moi hon", "tin cu hon", "cac tin cu hon", "van ban lien quan",
        "van ban khac", "cac van ban khac", "van ban cung loai", "binh luan", "y kien ban doc",
        "gui binh luan", "tin doc nhieu", "xem nhieu", "tin xem nhieu", "xem them", "doc them",
        "related posts", "leave a reply",
    )
)  # fmt: skip
"""Headings (k2) under which an item's page shows other items or comments."""

_WAYS: Final = frozenset(
    ("binh luan", "y kien ban doc", "gui binh luan", "xem them", "doc them", "leave a reply")
)
"""Those of them (k2) that are a way to another place on the page as well, which ends nothing."""

_SOURCES: Final = tuple(
    k1(words)
    for words in (
        "nguồn", "nguồn tin", "theo báo", "theo trang", "theo cổng", "theo TTXVN", "sưu tầm",
        "dẫn nguồn", "trích nguồn", "bài gốc", "link gốc",
    )
)  # fmt: skip
_REPORT: Final = k1("theo báo cáo")
_LONGEST_SOURCE: Final = 200  # characters
_ST: Final = re.compile(r"^\W*ST\s*:")
_SOURCE_CLASS: Final = re.compile(r"source|nguon|tac-?gia|author", re.IGNORECASE)
_LEAD_CLASS: Final = re.compile(r"sapo|\blead\b|summary|hometext|excerpt|mo-?ta|tom-?tat", re.IGNORECASE)
_SHOWN: Final = frozenset(("main", "form"))
_LAST: Final = 3  # blocks at the end among which a source line is looked for
_NEAR: Final = 5  # blocks after the title among which a lead is looked for
_BEFORE: Final = 2


@dataclass(frozen=True, slots=True)
class _Body:
    """The part of a page that is the item's own."""

    title: str
    place: str
    before: Sequence[Block]
    blocks: Sequence[Block]
    first: int
    last: int


def read_item_page(page: Page, profile: ItemProfile, kind: str, hand: Hand, hint: str = "") -> Facts:
    """Return what the item's page says; `hint` is the text of the link that led here."""
    given = apply_rules(page, page.body, rules_of(profile))
    body = _body(page, profile, given, hint)
    facts = Facts(title=body.title, url=page.url, values=labelled(body.blocks))
    facts.values.update({name: values[0] for name, values in given.items() if name != "title"})
    for name in ("title", "source", "attachments"):
        facts.values.pop(name, None)
    if body.place:
        facts.places.append(("title", body.place))
    settle_days(facts, kind)
    publish(page, body.blocks, body.before, body.place, facts, hand, guess=kind not in DOCUMENTS)
    if (source := source_line(body.blocks)) is not None:
        facts.values["source"] = source
    if kind not in DOCUMENTS:
        facts.values.pop("summary", None)
    if "summary" not in facts.values and (sapo := _lead(body.blocks)) is not None:
        facts.values["summary"] = sapo
    declared = tuple(dict.fromkeys(v.text for v in given.get("attachments", ()) if "://" in v.text))
    links = [link for link in page.outline.links[body.first : body.last] if link.region in _SHOWN]
    facts.attachments = declared or files(links, page.outline.downloads)
    return facts


def own_blocks(page: Page, profile: ItemProfile, hint: str = "") -> Sequence[Block]:
    """Return the blocks under the item's title, up to related items and comments."""
    return _body(page, profile, {}, hint).blocks


def page_title(page: Page, hint: str) -> tuple[str, str]:
    """Return an item's title and its place: the heading that repeats the hint, else the main heading."""
    wanted = k1(hint.rstrip(".… "))
    headings = [h for h in page.outline.headings if h.region not in {"nav", "footer", "aside"}]
    if wanted:
        for heading in headings:
            if (key := k1(heading.text)) == wanted or (len(wanted) > 30 and key.startswith(wanted)):
                return heading.text, heading.path
    own = [h for h in headings if h.region in _SHOWN]
    for tag in ("h1", "h2", "h3"):
        if (found := [h for h in own if h.tag == tag]) and (tag == "h1" or len(found) == 1 or not wanted):
            return found[0].text, found[0].path
    for block in page.outline.blocks:
        if wanted and block.region in _SHOWN and k1(block.text) == wanted:
            return block.text, block.path
    return page.meta("og:title") or first_part(page.title) or hint, ""


def _body(page: Page, profile: ItemProfile, given: Mapping[str, tuple[Value, ...]], hint: str) -> _Body:
    if told := given.get("title"):
        title, place = told[0].text, told[0].path
    else:
        title, place = page_title(page, hint)
    blocks, marks = page.outline.blocks, page.outline.link_marks
    at = next((n for n, block in enumerate(blocks) if place and block.path == place), -1)
    start = at + 1
    stop = next(
        (n for n in range(start, len(blocks)) if _ends_here(blocks[n], n - start)),
        len(blocks),
    )
    own = _SHOWN if at < 0 else _SHOWN | {blocks[at].region}  # a title in the page's header has its day there
    if profile.body:
        inside = [block for node in select(page.tree, profile.body) for block in page.blocks_in(node)]
    else:
        inside = [block for block in blocks[start:stop] if block.region in own]
    before = [b for b in blocks[max(at - _BEFORE, 0) : max(at, 0)] if b.region in _SHOWN]
    first = marks[at] if at >= 0 else 0
    last = marks[stop] if stop < len(marks) else len(page.outline.links)
    return _Body(title, place, before, inside, first, last)


def _ends_here(block: Block, distance: int) -> bool:
    if len(block.text) >= 60 or block.region not in _SHOWN or (key := k2(block.text)) not in _RELATED:
        return False
    linked = block.link_text == block.text or distance < _NEAR
    return key not in _WAYS or not linked or block.tag in HEADING_TAGS


def source_line(blocks: Sequence[Block]) -> Value | None:
    """Return the printed line that names where a text was taken from, beginning as such lines begin."""
    marked = [block for block in blocks if _SOURCE_CLASS.search(block.classes)]
    for block in (*marked, *reversed(blocks[-_LAST:])):
        if _begins_as_source(block.text):
            return Value(block.text, block.path)
    return None


def _begins_as_source(text: str) -> bool:
    if len(text) > _LONGEST_SOURCE:
        return False
    key = k1(text[:60])
    if key.startswith(_REPORT):
        return False  # what somebody reported is told in a sentence
    return any(key == start or key.startswith(f"{start} ") for start in _SOURCES) or bool(_ST.match(text))


def _lead(blocks: Sequence[Block]) -> Value | None:
    for block in blocks[:_NEAR]:
        if _LEAD_CLASS.search(block.classes) and letters(block.text) >= 20:
            return Value(block.text, block.path)
    return None
