"""What looks odd about documents: years that differ, texts and files repeated, broken signatures (G16)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from minhchung.document_numbers import normalise
from minhchung.evidence import Locator
from minhchung.files import FileSignature
from minhchung.measurements import Note
from minhchung.observations import Attachment
from minhchung.text_keys import k2
from verifiers.addresses import normal
from verifiers.blocks import is_own_file
from verifiers.documents import Document
from verifiers.item_pages import ItemPages

SAME_ABSTRACT: Final = 3
_SHOWN: Final = 5
"""Numbers named in a question; the places name all."""


def ask_about_documents(documents: Sequence[Document], contents: ItemPages) -> Iterator[Note]:
    """Yield what a person should look at; no document counts less for it."""
    off = [d for d in documents if _years_differ(d)]
    if off:
        yield _note("question-year", "Năm trong số, ký hiệu khác năm ban hành", off)
    said: dict[str, list[Document]] = {}
    for document in documents:
        if k2(document.item.summary):
            said.setdefault(k2(document.item.summary), []).append(document)
    alike = [d for group in said.values() if _numbers(group) >= SAME_ABSTRACT for d in group]
    if alike:
        text = f"Có trích yếu giống nhau ở từ {SAME_ABSTRACT} văn bản trở lên"
        yield _note("question-same-abstract", text, alike)
    shared = [d for group in _by_file(documents, contents).values() if _numbers(group) > 1 for d in group]
    if shared:
        yield _note("question-same-file", "Một tệp đứng dưới nhiều số, ký hiệu khác nhau", shared)
    broken = [d for d in documents if any(_is_broken(s) for s in _signatures(d, contents))]
    if broken:
        yield _note("question-signature", "Chữ ký số của tệp không toàn vẹn hoặc không hợp lệ", broken)


def _years_differ(document: Document) -> bool:
    number, issued = document.number, document.item.issued
    return (
        number is not None and number.year is not None and issued is not None and number.year != issued.year
    )


def _numbers(documents: Iterable[Document]) -> int:
    return len({normalise(d.item.number) for d in documents if d.item.number})


def _by_file(documents: Sequence[Document], contents: ItemPages) -> dict[str, list[Document]]:
    """Return the documents by the bytes of their files."""
    found: dict[str, dict[str, Document]] = {}
    for document in documents:
        for answer in files_of(document, contents):
            record = contents.holdings.records.get(answer.seen.record)
            if record is not None and record.body_sha256:
                found.setdefault(record.body_sha256, {})[document.item.identity] = document
    return {digest: list(group.values()) for digest, group in found.items()}


def files_of(document: Document, contents: ItemPages) -> Iterator[Attachment]:
    """Yield the newest answer of each file of a document that opened."""
    links = dict.fromkeys(a for item in (document.item, *document.twins) for a in item.attachments)
    for url in links:
        opened = [a for a in contents.files.get(normal(url), ()) if is_own_file(a)]
        yield from opened[-1:]


def _signatures(document: Document, contents: ItemPages) -> Iterator[FileSignature]:
    for answer in files_of(document, contents):
        if answer.facts is not None:
            yield from answer.facts.signatures or ()


def _is_broken(signature: FileSignature) -> bool:
    """Say whether a signature was examined and does not hold; what was not examined proves nothing."""
    return not signature.fault and not (signature.intact and signature.valid)


def _note(key: str, text: str, documents: Sequence[Document]) -> Note:
    each = list({d.item.identity: d for d in documents}.values())
    named = "; ".join(dict.fromkeys(d.item.number for d in each if d.item.number))
    numbers = named.split("; ")[:_SHOWN]
    places: tuple[Locator, ...] = tuple(d.item.where("number") for d in each)
    shown = f": {'; '.join(numbers)}" if named else ""
    return Note(key=key, text=f"{text}{shown}.", count=len(each), basis=places)
