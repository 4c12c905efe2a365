"""From pages read by looking to the rules of a profile that read the same, field by field."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from collectors.reading.dates import read_day
from collectors.reading.facts import Facts
from collectors.reading.fields import apply_rule
from collectors.reading.labels import field_of
from collectors.reading.learned import SURE, LearnedField
from collectors.reading.lists import FOUND, ListPage, identity_of
from collectors.reading.markup import select
from collectors.reading.page import Page
from collectors.reading.row_items import read_row
from collectors.reading.rows import Row
from collectors.reading.selectors import inside_candidates
from minhchung.observations import Article, Directive, LegalDocument, NewsItem
from minhchung.sites import FieldRule
from minhchung.text_keys import k2

AnyItem = NewsItem | LegalDocument | Directive | Article
NAMES: Final = (
    "title", "url", "published", "number", "issued", "effective", "issuer", "doc_type", "summary", "signer",
    "attachments",
)  # fmt: skip
_PATTERNS: Final = 4  # places from which rules are derived
_LONGEST_DAY: Final = 80  # characters of a text that a rule may read a day from
_MOST_INSIDE: Final = 80  # elements inside a block among which the value's own is looked for
Place = tuple[Page, str, str, str]
"""A page, the path of the element to look in, the path of the value, and the value as it is compared."""

Reading = Callable[[str], str]


def learn_rows(
    lists: Sequence[ListPage], pages: Mapping[str, AnyItem], order: str
) -> dict[str, LearnedField]:
    """Return what is known of each field of a list's rows; `pages` are the items' own pages by identity."""
    told: list[tuple[ListPage, Row, str, Facts]] = []
    for opened in lists:
        for row in opened.rows:
            facts = read_row(opened.page, row, FOUND, opened.item_kind, opened.hand)
            if facts is not None:
                told.append((opened, row, identity_of(opened, row, facts), facts))
    learned = {}
    for name in NAMES:
        places = [
            (opened.page, row.path, _path(row, facts, name), value)
            for opened, row, _, facts in told
            if (value := _value(facts, name))
        ]
        if not places:
            continue
        both = [
            (_plain(_value(facts, name)), _plain(_said(pages[identity], name)))
            for *_, identity, facts in told
            if identity in pages and _value(facts, name) and _said(pages[identity], name)
        ]
        empty = [(opened.page, row.path) for opened, row, _, facts in told if not _value(facts, name)]
        reader = _reader(name, order)
        learned[name] = LearnedField(
            seen=len(places),
            of=len(told),
            rule=_label_rule(places, reader) or _rule(name, places, empty, reader),
            agreed=sum(row == page for row, page in both),
            compared=len(both),
            example=places[0][3][:80],
        )
    return learned


def learn_pages(items: Sequence[tuple[Page, AnyItem]], order: str) -> dict[str, LearnedField]:
    """Return what is known of each field of the items' own pages."""
    learned = {}
    for name in NAMES:
        if name in {"url", "attachments"}:
            continue
        places = [
            (page, "body", dict(item.locators).get(name, ""), value)
            for page, item in items
            if (value := _said(item, name))
        ]
        if not places:
            continue
        empty = [(page, "body") for page, item in items if not _said(item, name)]
        reader = _reader(name, order)
        rule = _label_rule(places, reader) or _rule(name, places, empty, reader)
        learned[name] = LearnedField(seen=len(places), of=len(items), rule=rule, example=places[0][3][:80])
    return learned


def _value(facts: Facts, name: str) -> str:
    match name:
        case "title" | "url":
            return str(getattr(facts, name))
        case "published":
            day = facts.published
            return day.day.isoformat() if day is not None and day.day is not None else ""
        case "issued" | "effective":
            read = read_day(facts.text(name)) if facts.text(name) else None
            return read.day.isoformat() if read is not None and read.day is not None else ""
        case "attachments":
            return " ".join(facts.attachments)
        case _:
            return facts.text(name)


def _said(item: AnyItem, name: str) -> str:
    value = getattr(item, name, "")
    if name == "attachments":
        return " ".join(item.attachments)
    return value if isinstance(value, str) else value.isoformat() if value is not None else ""


def _path(row: Row, facts: Facts, name: str) -> str:
    if name == "attachments":
        return next((link.path for link in row.links if link.url in facts.attachments), "")
    found = dict(facts.places).get(name) or (facts.values[name].path if name in facts.values else "")
    return found or dict(facts.places).get("title", "")


def _plain(text: str) -> str:
    return k2(text.rstrip(".… ")) or text


def _reader(name: str, order: str) -> Reading:
    """Return how a rule's text becomes what is compared."""
    if name not in {"published", "issued", "effective"}:
        return lambda text: text

    def day(text: str) -> str:
        read = read_day(text, order) if len(text) <= _LONGEST_DAY else None
        return read.day.isoformat() if read is not None and read.day is not None else ""

    return day


def _rule(
    name: str, places: Sequence[Place], empty: Sequence[tuple[Page, str]], reader: Reading
) -> FieldRule | None:
    """Return the first rule that gives nearly every value, and none where looking found none."""
    attr, many = ("href" if name in {"url", "attachments"} else ""), name == "attachments"
    tried: set[str] = set()
    for page, top, path, value in places[:_PATTERNS]:
        inner = _innermost(page, path, value, reader) if not attr else path
        for css in (c for p in dict.fromkeys((inner, path)) if p for c in inside_candidates(page, p, top)):
            if css in tried:
                continue
            tried.add(css)
            rule = FieldRule(css=css, attr=attr, many=many)
            if _holds(rule, places, empty, reader):
                return rule
    return None


def _innermost(page: Page, path: str, value: str, reader: Reading) -> str:
    """Return the path of the innermost element that reads the value: blocks go by their block element."""
    node = page.tree.css_first(path) if path else None
    inside = select(node, "*")[:_MOST_INSIDE] if node is not None else []
    found = (each for each in reversed(inside) if reader(page.text(each)) == value)
    return next((inner for each in found if (inner := page.path(each))), path)


def _holds(
    rule: FieldRule, places: Sequence[Place], empty: Sequence[tuple[Page, str]], reader: Reading
) -> bool:
    wrong, allowed = 0, int((1 - SURE) * len(places))
    for page, top, _, wanted in places:
        wrong += _read(rule, page, top, reader) != wanted
        if wrong > allowed:
            return False
    return not any(_read(rule, page, top, reader) for page, top in empty)


def _read(rule: FieldRule, page: Page, top: str, reader: Reading) -> str:
    node = page.body if top == "body" else page.tree.css_first(top)
    found = apply_rule(page, node, rule) if node is not None else ()
    if rule.many:
        return " ".join(dict.fromkeys(value.text for value in found))
    return reader(found[0].text) if found else ""


def _label_rule(places: Sequence[Place], reader: Reading) -> FieldRule | None:
    """Return the rule by the labels that stand before the values."""
    labels = tuple(dict.fromkeys(label for place in places for label in _labels_at(*place)))
    if not labels:
        return None
    rule = FieldRule(label=labels)
    return rule if _holds(rule, places, (), reader) else None


def _labels_at(page: Page, _: str, path: str, value: str) -> Iterator[str]:
    blocks = page.outline.blocks
    for n, block in enumerate(blocks):
        if block.path != path:
            continue
        head, colon, _rest = block.text.partition(":")
        if colon and field_of(head):
            yield head.strip()
        elif n and field_of(blocks[n - 1].text.rstrip(" :")):
            yield blocks[n - 1].text.rstrip(" :")
        return
