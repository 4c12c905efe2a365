"""What `items` prints: one row per news item, legal document or directive."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from minhchung.addresses import normalise
from minhchung.agencies import Agency
from minhchung.observations import Attachment
from service.file_words import plain
from service.personal_data import PersonalRule
from verifiers.items import Whole, wholes

if TYPE_CHECKING:
    from storage.store import Store

KINDS: Final = ("news", "legal_document", "directive")
FIELDS: Final = (
    *("agency", "kind", "url", "title", "published", "number", "issued", "issuer", "doc_type", "summary"),
    *("attachments", "record", "locator", "signer", "effective"),
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so would be a formula in a spreadsheet."""

_BREAK: Final = "\r\n"
"""The writer quotes what could be taken for the end of its lines."""


def rows(
    store: Store, agencies: Sequence[Agency], kinds: Sequence[str], rule: PersonalRule
) -> Iterator[dict[str, Any]]:
    """Yield one row per item, agencies in registry order, items in order of first sight."""
    for agency in agencies:
        holdings = store.holdings(agency, None)
        files = {normalise(each.url): each for each in holdings.observations if isinstance(each, Attachment)}
        for item in wholes(holdings.observations):
            if item.kind in kinds:
                yield row_of(agency, item, rule, files)


def row_of(
    agency: Agency, item: Whole, rule: PersonalRule, files: Mapping[str, Attachment] = MappingProxyType({})
) -> dict[str, Any]:
    """Return one item as it is printed."""
    citizens = rule.of_citizens(*item.headings)
    where = item.where("title")
    return {
        "agency": agency.code,
        "kind": item.kind,
        "url": item.url,
        "title": rule.masked(item.title, citizens=citizens),
        "published": item.published.isoformat() if item.published else None,
        "number": item.number or None,
        "issued": item.issued.isoformat() if item.issued else None,
        "issuer": item.issuer or None,
        "doc_type": item.doc_type or None,
        "summary": rule.masked(item.summary, citizens=citizens) or None,
        "attachments": list(item.attachments),
        "files": [plain(files[key]) for key in map(normalise, item.attachments) if key in files],
        "record": where.record,
        "locator": where.path,
        "signer": item.signer or None,
        "effective": item.effective.isoformat() if item.effective else None,
    }


def as_jsonl(found: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield one JSON document per row."""
    for row in found:
        yield json.dumps(row, ensure_ascii=False)


def as_csv(found: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield CSV lines, a heading first; text that a spreadsheet would run is disarmed by an apostrophe."""
    yield ",".join(FIELDS)
    for row in found:
        line = io.StringIO()
        csv.writer(line, lineterminator=_BREAK).writerow([_cell(row[name]) for name in FIELDS])
        yield line.getvalue().removesuffix(_BREAK)


def _cell(value: Any) -> str:
    text = " ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
