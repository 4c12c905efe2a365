"""Documents of the period: which lists hold them, which are one, and which fields each one shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from minhchung.agencies import Agency
from minhchung.document_numbers import DocumentNumber, parse
from minhchung.evidence import Locator
from minhchung.holdings import Holdings
from minhchung.periods import Period
from minhchung.text_keys import holds, k2
from verifiers.addresses import normal
from verifiers.blocks import is_own_file
from verifiers.captures import History, under
from verifiers.duplicates import clusters
from verifiers.interface import Context
from verifiers.item_pages import ItemPages
from verifiers.items import Whole, in_lists, own_items
from verifiers.migrations import migrated
from verifiers.passes import apart
from verifiers.publication import Posting, posting

MIN_ABSTRACT: Final = 15
"""Letters and digits of an abstract."""

FieldState = Literal["there", "absent", "open"]

_IN_FORCE: Final = tuple(map(k2, ("có hiệu lực từ ngày ký", "có hiệu lực kể từ ngày ký", "từ ngày ký")))
_LEAD: Final = re.compile(r"^\s*(V/v|Về việc|về việc|v/v)\b", re.I)


@dataclass(frozen=True, slots=True)
class Document:
    """One document of the period."""

    item: Whole
    number: DocumentNumber | None
    posting: Posting
    twins: tuple[Whole, ...]
    """Other identities of the same document."""


@dataclass(frozen=True, slots=True)
class Found:
    """The documents of the period, and what was left out."""

    documents: tuple[Document, ...]
    duplicates: tuple[Locator, ...]
    unseen: tuple[Document, ...] = ()
    """Neither issue day nor published day can be read: nobody knows whether they are of the period."""

    moved: frozenset[str] = frozenset()
    """Identities that a migration brought."""


def document_lists(
    lists: Mapping[str, History],
    holdings: Holdings,
    context: Context,
    terms: tuple[str, ...],
    not_terms: tuple[str, ...],
) -> dict[str, History]:
    """Return the lists of documents, drafts left out."""
    drafts = under(lists, not_terms, holdings, context) if not_terms else {}
    return {url: h for url, h in under(lists, terms, holdings, context).items() if url not in drafts}


def find_documents(
    holdings: Holdings, context: Context, lists: Mapping[str, History], contents: ItemPages, period: Period
) -> Found:
    """Return the documents issued in the period, or published in it where no issue day can be read."""
    seen = in_lists(own_items(holdings, context.registry), lists)
    moved = migrated(seen, lists, context)
    posted = {i.identity: _posted(i, lists, moved) for i in seen}
    groups = clusters(
        seen,
        {i.identity: contents.text(i) for i in seen},
        {i.identity: posted[i.identity].day for i in seen},
        jaccard=context.common.dup_jaccard_percent,
        documents=True,
    )
    kept: list[Document] = []
    unseen: list[Document] = []
    twins: list[Locator] = []
    for group in groups:
        document = _document(group, posted)
        day = document.item.issued or document.posting.day
        if day is None:
            unseen.append(document)
        elif day in period:
            kept.append(document)
            twins += [other.seen for other in group[1:]]
    return Found(tuple(kept), tuple(twins), tuple(unseen), moved)


def _posted(item: Whole, lists: Mapping[str, History], moved: frozenset[str]) -> Posting:
    """Return the day of posting; a printed day after the capture is none, the interval alone speaks (G8)."""
    found = posting(item, lists, not_before=item.issued, moved=moved)
    if not found.future or found.open_left:
        return found
    return posting(replace(item, published=None), lists, moved=moved)


def _document(group: Sequence[Whole], posted: Mapping[str, Posting]) -> Document:
    """Put a document together: the fullest of its identities, the earliest of its postings."""
    best = max(group, key=lambda i: (i.issued is not None, bool(i.number), len(i.attachments)))
    days = [p for i in group if (p := posted[i.identity]).day is not None]
    earliest = min(days, key=lambda p: str(p.day)) if days else posted[best.identity]
    return Document(best, parse(best.number), earliest, tuple(i for i in group if i is not best))


DISTRICT_BODIES: Final = ("UBND huyện", "Chủ tịch UBND huyện")
"""Issuers that are a district's own, whatever its name."""


def is_own(
    document: Document, agency: Agency, district: str = "district", bodies: Sequence[str] = DISTRICT_BODIES
) -> bool:
    """Say whether the issuer, or the symbol where no issuer is shown, is the agency.

    For an agency of the bloc `district` the `bodies` are its own too.
    """
    shown = k2(document.item.issuer)
    if shown:
        names = [agency.name, *agency.aliases]
        if agency.bloc == district:
            names += bodies
            return any(shown == k2(n) or holds(shown, k2(agency.name)) for n in names)
        return any(shown == k2(n) for n in names)
    body = document.number.body if document.number is not None else ""
    return bool(agency.abbreviation) and k2(body) == k2(agency.abbreviation)


def is_normative(document: Document) -> bool:
    """Say whether the number is that of a normative document: it carries the year."""
    return document.number is not None and document.number.kind == "normative"


def form(document: Document) -> str:
    """Return the document's type as shown, else as its number tells; empty when neither does."""
    if document.item.doc_type.strip():
        return document.item.doc_type
    return document.number.form if document.number is not None else ""


def issuer(document: Document, registry: Iterable[Agency]) -> str:
    """Return the issuer as shown, else the one agency whose symbol the number bears; else empty."""
    if document.item.issuer.strip():
        return document.item.issuer
    if document.number is None or not document.number.body:
        return ""
    bearers = [a.name for a in registry if k2(a.abbreviation) == k2(document.number.body) and a.abbreviation]
    return bearers[0] if len(bearers) == 1 else ""


def abstract(document: Document) -> str:
    """Return the abstract as shown, else what the title says besides number and type."""
    item = document.item
    if item.summary.strip():
        return item.summary
    rest = item.title
    if item.number:
        before, _, after = rest.partition(item.number)
        rest = after if k2(before) in {"", *_forms(document)} else f"{before} {after}"
    return _LEAD.sub("", rest).strip(" :-–.")


def _forms(document: Document) -> set[str]:
    shown = {form(document)}
    if document.number is not None:
        shown.add(document.number.form)
    return {k2(name) for name in shown if name} | {"van ban", "cong van", "so"}


def abstract_state(document: Document) -> FieldState:
    """Say whether there is an abstract: long enough, and neither the number nor the type again."""
    text = abstract(document)
    if sum(map(str.isalnum, text)) < MIN_ABSTRACT:
        return "absent"
    same = k2(text) in {k2(document.item.number), k2(form(document))}
    return "absent" if same else "there"


def effective_state(document: Document) -> FieldState:
    """Say whether the day of effect is shown, or said to be the day of signing."""
    if document.item.effective is not None:
        return "there"
    said = k2(document.item.effective_text)
    return "there" if any(holds(said, words) for words in _IN_FORCE) else "absent"


def file_state(
    document: Document, contents: ItemPages, context: Context, placeholders: Iterable[str]
) -> FieldState:
    """Say whether a file of the document opens; it is absent when what answered on two days was none.

    An attempt that nobody answered, or in a visit that proves nothing, is no day.
    """
    links = dict.fromkeys(a for item in (document.item, *document.twins) for a in item.attachments)
    real = [a for a in links if not _is_placeholder(a, placeholders)]
    answers = {url: contents.files.get(normal(url), ()) for url in real}
    if any(is_own_file(a) for found in answers.values() for a in found):
        return "there"
    for found in answers.values():
        answered = [a for a in found if a.status is not None and a.run not in contents.spoilt]
        instants = [at for a in answered if (at := _instant(contents, a.seen)) is not None]
        if not apart(instants, context.common):
            return "open"
    if not real and document.item.page is None and not document.item.attachments:
        return "open"
    return "absent"


def _instant(contents: ItemPages, seen: Locator) -> datetime | None:
    record = contents.holdings.records.get(seen.record)
    return None if record is None else record.captured_at


def _is_placeholder(url: str, names: Iterable[str]) -> bool:
    file = url.partition("?")[0].rpartition("/")[2].casefold()
    return file in {name.casefold() for name in names}
