"""Lists that are no pages: JSON by dotted paths, feeds by their entries."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any, Final

import feedparser

from collectors.addresses import absolute
from collectors.charset import text as decoded
from collectors.platforms.interface import Link, ListFacts, PageContext
from collectors.reading.dates import read_day
from collectors.reading.facts import Facts
from collectors.reading.fields import first_group
from collectors.reading.interfaces import known_interface
from collectors.reading.labels import Value
from collectors.reading.list_words import KINDS, identity_of_address
from collectors.reading.paging import cursor_turn, data_turn
from collectors.reading.profiles import rules_of
from collectors.reading.texts import tidy
from minhchung.addresses import normalise
from minhchung.errors import UnrecognisedError
from minhchung.evidence import EvidenceRecord
from minhchung.observations import Observation
from minhchung.sites import FieldRule, ListKind, ListProfile, SiteProfile

_DEEPEST: Final = 20
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")


def data_list(context: PageContext, site: SiteProfile, url: str) -> ListProfile | None:
    """Return the declared JSON or RSS list that lies at this address, or one that is well known, or None."""
    here = {normalise(url), normalise(context.list_key)}
    for profile in site.list:
        if profile.source == "html" or not profile.url:
            continue
        if normalise(absolute(context.agency.portal or url, profile.url)) in here:
            return profile
    return known_interface(url) if context.role == "list" else None


def read_data_list(
    record: EvidenceRecord, body: bytes, context: PageContext, site: SiteProfile, profile: ListProfile
) -> Iterator[Observation | Link | ListFacts]:
    """Yield the items of one answer, the list's facts, and its next page."""
    key = context.list_key or record.url
    kind = _kind(context, profile)
    total: int | None = None
    cursor: object = None
    if profile.source == "json":
        answer = _parsed(record, body)
        rows = _json_rows(record, answer, profile, site)
        told = at_path(answer, profile.pagination.total_path) if profile.pagination.total_path else None
        total = told if isinstance(told, int) and not isinstance(told, bool) else None
        cursor = at_path(answer, profile.pagination.cursor_path)
    else:
        rows = _feed_rows(record, body, profile)
    identities: dict[str, None] = {}
    for identity, facts, path in rows:
        if identity in identities:
            continue
        identities[identity] = None
        yield facts.item(
            kind, record, identity=identity, part="feed" if profile.source == "rss" else "row", path=path,
            list_url=key, list_heading=profile.heading, order=site.dates[0],
        )  # fmt: skip
        if facts.url and site.item.follow == "always":
            yield Link(
                url=facts.url, role="item", text=facts.title, list_key=key, kind=kind, identity=identity
            )
        for url in facts.attachments:
            yield Link(url=url, role="attachment", list_key=key, kind=kind, identity=identity)
    rules, met = profile.pagination, len(identities)
    by_cursor = rules.kind == "cursor"
    turn = (
        cursor_turn(key, rules, cursor, met) if by_cursor else data_turn(key, rules, context.page, met, total)
    )
    yield ListFacts(
        list_key=key,
        heading=profile.heading,
        item_kind=kind,
        identities=tuple(identities),
        last_page=not turn,
        ended="total" if total is not None else "short-page" if profile.pagination.page_size else "no-next",
        declared_total=total,
        empty_marker=not identities and total == 0,
        rows_expected=context.page == 1,
    )
    if turn:
        yield Link(
            url=turn, role="list", list_key=key, page=context.page + 1, kind=kind, text=profile.heading
        )


def _kind(context: PageContext, profile: ListProfile) -> ListKind:
    if profile.kind != "by_heading":
        return profile.kind
    return next((kind for kind in KINDS if kind == context.kind), "article")


def _parsed(record: EvidenceRecord, body: bytes) -> Any:
    try:
        return json.loads(decoded(body, record.content_type))
    except (ValueError, RecursionError) as error:
        raise UnrecognisedError(
            f"{record.url}: the answer is no JSON ({error}); look at the record"
        ) from error


def at_path(value: Any, path: str) -> Any:
    """Return what stands at a dotted path; None where nothing does. `*` takes the first of an array."""
    for step in [part for part in path.removeprefix("$.").split(".") if part][:_DEEPEST]:
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list):
            index = 0 if step == "*" else int(step) if step.isdigit() else -1
            value = value[index] if 0 <= index < len(value) else None
        else:
            return None
    return value


def _json_rows(
    record: EvidenceRecord, answer: Any, profile: ListProfile, site: SiteProfile
) -> Iterator[tuple[str, Facts, str]]:
    array = at_path(answer, profile.rows) if profile.rows else answer
    if not isinstance(array, list):
        raise UnrecognisedError(
            f"{record.url}: no array at {profile.rows!r}; correct `rows` in the site profile"
        )
    for n, element in enumerate(array):
        pointer = f"{profile.rows}.{n}" if profile.rows else str(n)
        facts = Facts()
        for name, rule in rules_of(profile).items():
            if name == "attachments":
                facts.attachments = tuple(absolute(record.url, text) for text in _texts(element, rule))
            elif texts := _texts(element, rule):
                facts.values[name] = Value(texts[0], f"{pointer}.{rule.path}")
        _settle(record, facts, site.dates[0])
        told = at_path(element, profile.identity.path) if profile.identity.path else None
        identity = (
            str(told) if told is not None else facts.url and identity_of_address(facts.url, profile.identity)
        )
        if identity:
            yield identity, facts, pointer


def _texts(element: Any, rule: FieldRule) -> list[str]:
    value = at_path(element, rule.path)
    values = value if isinstance(value, list) and rule.many else [value]
    found = (
        first_group(tidy(_plain(str(v))), rule.regex) for v in values if isinstance(v, str | int | float)
    )
    return [text for text in found if text]


def _plain(text: str) -> str:
    """Return a text without the mark-up that some systems send inside their JSON."""
    if "<" in text:
        text = _TAG.sub(" ", text)
    return unescape(text) if "&" in text else text


def _settle(record: EvidenceRecord, facts: Facts, order: str) -> None:
    """Turn the fields that are no labelled values into what they are."""
    for name in ("title", "url", "published"):
        value = facts.values.pop(name, None)
        if value is None:
            continue
        facts.places.append((name, value.path))
        if name == "title":
            facts.title = value.text
        elif name == "url":
            facts.url = absolute(record.url, value.text)
        else:
            facts.published = read_day(value.text, order, record.captured_at)


def _feed_rows(record: EvidenceRecord, body: bytes, profile: ListProfile) -> Iterator[tuple[str, Facts, str]]:
    parsed = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
    if not parsed.version:
        raise UnrecognisedError(f"{record.url}: the answer is no feed; look at the record")
    for n, entry in enumerate(parsed.entries):
        url = absolute(record.url, str(entry.get("link", "")))
        if not url:
            continue
        facts = Facts(title=tidy(str(entry.get("title", ""))), url=url)
        printed = str(entry.get("published") or entry.get("updated") or "")
        facts.published = read_day(printed) if printed else None
        yield identity_of_address(url, profile.identity), facts, f"item[{n + 1}]"
