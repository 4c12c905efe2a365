"""The share of published documents whose PDF bears a digital signature that holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal

from minhchung.evidence import Locator
from minhchung.files import FileSignature
from minhchung.holdings import Holdings
from minhchung.measurements import Grade, Measurement, Note, Reason, Result, Unmeasured
from minhchung.observations import Attachment
from verifiers.absence import absent_twice
from verifiers.bounds import settles
from verifiers.captures import Coverage, cover, histories
from verifiers.documents import Document, document_lists, find_documents, is_own
from verifiers.documents_complete import empty_twice, nothing, ratio_inputs
from verifiers.interface import Context, Verifier
from verifiers.item_pages import ItemPages
from verifiers.oddities.documents import files_of
from verifiers.passes import assessed_period, portal_visits, refusal
from verifiers.zeros import seen_once

State = Literal["signed", "broken", "untrusted", "unsigned", "open"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`config/verifiers/documents_signed.toml`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    lists: tuple[str, ...]
    """Headings of lists of documents."""

    not_lists: tuple[str, ...] = ()
    own_only: bool = True
    """Documents of the agency alone count: it cannot sign a ministry's."""

    require_trusted: bool = False
    """The signer's chain must lead to a configured authority; where none is configured nothing is known."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One document, and what its best file's signatures came to."""

    document: Document
    state: State
    seen: Locator


def documents_signed(holdings: Holdings, context: Context, settings: Settings) -> Result:
    """Measure documents with a signature that holds / documents with a PDF, issued in the period."""
    period = assessed_period(holdings.agency, context.period)
    if (refused := refusal(holdings, portal_visits(holdings, context))) is not None or period is None:
        return refused or Unmeasured(reason=Reason.COVERAGE_BELOW, detail="Cơ quan không hoạt động trong kỳ.")
    known = histories(holdings, context)
    lists = document_lists(known, holdings, context, tuple(settings.lists), tuple(settings.not_lists))
    if not lists:
        said = absent_twice(holdings, context, tuple(settings.lists))
        return said if isinstance(said, Unmeasured) else nothing(context, period, said)
    contents = ItemPages(holdings, context.common)
    found = find_documents(holdings, context, lists, contents, period).documents
    mine = [d for d in found if not settings.own_only or is_own(d, holdings.agency)]
    looked = [look for d in mine if (look := _look(d, contents, settings)) is not None]
    coverage = cover(tuple(lists.values()), period, context)
    if coverage.reason is not None or coverage.window is None:
        reason = coverage.reason or Reason.COVERAGE_BELOW
        return Unmeasured(reason=reason, detail=coverage.detail, notes=_notes(looked))
    if not looked:
        return empty_twice(lists, context, period)
    result = _settle(context, looked, coverage)
    if isinstance(result, Measurement) and not any(each.state == "signed" for each in looked):
        return seen_once(lists.values(), context, result.inputs) or result
    return result


def _look(document: Document, contents: ItemPages, settings: Settings) -> Looked | None:
    """Return what the PDFs of a document say; None for one that has none."""
    states = [
        (_state(answer, settings), answer.seen)
        for answer in files_of(document, contents)
        if answer.type == "pdf"
    ]
    order: tuple[State, ...] = ("signed", "open", "untrusted", "broken", "unsigned")
    for state in order:
        for found, seen in states:
            if found == state:
                return Looked(document, state, seen)
    return None


def _state(answer: Attachment, settings: Settings) -> State:
    if answer.facts is None or answer.facts.signatures is None:
        return "open"
    signatures = answer.facts.signatures
    if not signatures:
        return "unsigned"
    if any(_holds(each) for each in signatures):
        trusted = [each.trusted for each in signatures if _holds(each)]
        if not settings.require_trusted or any(trusted):
            return "signed"
        return "open" if None in trusted else "untrusted"
    return "open" if any(each.fault for each in signatures) else "broken"


def _holds(signature: FileSignature) -> bool:
    return signature.intact and signature.valid and not signature.fault


def _settle(context: Context, looked: Sequence[Looked], coverage: Coverage) -> Result:
    signed = sum(each.state == "signed" for each in looked)
    unknown = [each for each in looked if each.state == "open"]
    low = ratio_inputs(context, signed, len(looked))
    high = ratio_inputs(context, signed + len(unknown), len(looked))
    if unknown and not settles(context, low, high):
        return Unmeasured(
            reason=Reason.NOT_READ,
            detail=f"Chưa xem được chữ ký số của {len(unknown)} trên {len(looked)} tệp PDF.",
            basis=tuple(each.seen for each in unknown),
            low=low,
            high=high,
            notes=_notes(looked),
        )
    return Measurement(
        inputs=low,
        grade=Grade.VERIFIED,
        window=coverage.window or context.period,
        coverage=coverage.share,
        basis=tuple(each.seen for each in looked),
        notes=_notes(looked),
        questions=_questions(looked),
        bounded=bool(unknown),
        high=high if unknown else None,
    )


_WORDS: Final[dict[State, str]] = {
    "signed": "Có chữ ký số toàn vẹn, hợp lệ",
    "untrusted": "Chữ ký số không dẫn tới tổ chức chứng thực được khai báo",
    "broken": "Chữ ký số không toàn vẹn hoặc không hợp lệ",
    "unsigned": "Không có chữ ký số",
    "open": "Chưa xem được chữ ký số",
}


def _notes(looked: Sequence[Looked]) -> tuple[Note, ...]:
    found = []
    for state, words in _WORDS.items():
        places = tuple(each.seen for each in looked if each.state == state)
        if places:
            text = f"{words}: {len(places)} văn bản."
            found.append(Note(key=f"file-{state}", text=text, count=len(places), basis=places))
    return tuple(found)


def _questions(looked: Sequence[Looked]) -> tuple[Note, ...]:
    """Ask about broken signatures: a file altered after signing looks the same as a scanner's work."""
    places = tuple(each.seen for each in looked if each.state == "broken")
    if not places:
        return ()
    text = f"{len(places)} tệp có chữ ký số nhưng chữ ký không còn đúng; tệp có bị sửa sau khi ký không?"
    return (Note(key="question-broken-signature", text=text, count=len(places), basis=places),)


VERIFIER: Final = Verifier(
    name="documents_signed", version=1, settings=Settings, roles=("num", "den"), measure=documents_signed
)
