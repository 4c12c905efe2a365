"""Catalogue, online services and workflows of one agency against each other and against the law's words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from minhchung.contradictions import Contradiction, Said
from minhchung.dossiers import Procedure, ServiceOffer, Workflow
from minhchung.evidence import Locator
from minhchung.law import LevelName, ServiceLaw
from minhchung.periods import local_day
from minhchung.text_keys import k2
from verifiers.procedures import is_code


def within_catalogue(procedures: Sequence[Procedure]) -> Iterator[Contradiction]:
    """Yield codes that stand twice, once as in force and once as abolished."""
    by_code: dict[str, list[Procedure]] = {}
    for procedure in procedures:
        by_code.setdefault(procedure.code, []).append(procedure)
    for code, rows in by_code.items():
        valid, gone = [r for r in rows if r.valid], [r for r in rows if not r.valid]
        if valid and gone:
            yield Contradiction(
                kind="code-twice",
                agency=rows[0].agency,
                about=f"{rows[0].source}/{code}",
                text=f"Thủ tục {code} vừa được ghi còn hiệu lực, vừa được ghi hết hiệu lực.",
                one=Said(what="còn hiệu lực", value=code, seen=tuple(r.seen for r in valid)),
                other=Said(what="hết hiệu lực", value=code, seen=tuple(r.seen for r in gone)),
            )


def against_catalogue(
    procedures: Sequence[Procedure], offers: Sequence[ServiceOffer], workflows: Sequence[Workflow]
) -> Iterator[Contradiction]:
    """Yield services and workflows that a catalogue, which must be whole, does not bear out."""
    rows: dict[str, list[Procedure]] = {}
    for procedure in procedures:
        rows.setdefault(procedure.code, []).append(procedure)
    for offer in offers:
        listed = rows.get(offer.procedure, [])
        if is_code(offer.procedure) and not listed:
            yield _outside(offer, "offer-outside-catalogue", "Dịch vụ công", procedures)
        elif offer.open and listed and not any(r.valid for r in listed):
            text = f"Thủ tục {offer.procedure} đã hết hiệu lực mà dịch vụ công vẫn mở."
            yield Contradiction(
                kind="abolished-offered",
                agency=offer.agency,
                about=f"{offer.source}/{offer.procedure}",
                text=text,
                one=Said(what="danh mục: hết hiệu lực", value=offer.procedure, seen=_seen(listed)),
                other=Said(what="dịch vụ công đang mở", value=offer.level_text, seen=(offer.seen,)),
            )
    for workflow in workflows:
        if is_code(workflow.procedure) and workflow.active and workflow.procedure not in rows:
            yield _outside(workflow, "workflow-outside-catalogue", "Quy trình điện tử", procedures)


def _seen(rows: Sequence[Procedure]) -> tuple[Locator, ...]:
    return tuple(row.seen for row in rows)


def _outside(
    row: ServiceOffer | Workflow, kind: str, what: str, procedures: Sequence[Procedure]
) -> Contradiction:
    return Contradiction(
        kind=kind,
        agency=row.agency,
        about=f"{row.source}/{row.procedure}",
        text=f"{what} của thủ tục {row.procedure} không có trong danh mục thủ tục của cơ quan.",
        one=Said(what="số thủ tục trong danh mục", value=str(len(procedures)), seen=_first(procedures)),
        other=Said(what=what.lower(), value=row.procedure, seen=(row.seen,)),
    )


def _first(rows: Sequence[Procedure]) -> tuple[Locator, ...]:
    """Return one place for each record of a list: the list is in all of them."""
    return tuple({row.seen.record: row.seen for row in rows}.values())


def words_out_of_time(offers: Sequence[ServiceOffer], law: ServiceLaw) -> Iterator[Contradiction]:
    """Yield wordings of levels used on a day on which they were not in force, each once a source."""
    found: dict[tuple[str, str], list[ServiceOffer]] = {}
    for offer in offers:
        if law.out_of_time(k2(offer.level_text), local_day(offer.taken_at)) is not None:
            found.setdefault((offer.source, k2(offer.level_text)), []).append(offer)
    for (source, words), rows in found.items():
        yield _untimely(source, words, rows, law)


def _untimely(source: str, words: str, rows: Sequence[ServiceOffer], law: ServiceLaw) -> Contradiction:
    day = local_day(rows[0].taken_at)
    name = law.out_of_time(words, day) or LevelName(words=(), level=0)
    span = f"từ {name.valid_from or '…'} đến {name.valid_to or '…'}"
    seen = tuple(row.seen for row in rows)
    return Contradiction(
        kind="level-out-of-time",
        agency=rows[0].agency,
        about=f"{source}/{words.replace(' ', '-')}",
        text=f"Cách gọi mức độ {rows[0].level_text!r} không dùng vào ngày {day}.",
        one=Said(what="mức độ in trên hệ thống", value=rows[0].level_text, seen=seen),
        other=Said(what=f"thời gian áp dụng ({name.document})", value=span, seen=seen),
    )
