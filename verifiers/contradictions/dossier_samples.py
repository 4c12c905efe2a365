"""An agency's list of dossiers against the system that holds them: what differs is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from minhchung.contradictions import Contradiction, Said
from minhchung.evidence import Locator
from minhchung.law import ServiceLaw
from minhchung.samples import DATES, DossierFacts, SampleDifference, SampleOutcome
from minhchung.text_keys import k2

_WORDS: Final = {
    "not-found": ("hồ sơ", "Hồ sơ có trong danh sách của cơ quan mà hệ thống không tìm thấy."),
    "code-form": ("mã hồ sơ", "Mã hồ sơ không theo dạng nào đang dùng vào ngày tiếp nhận."),
    "status": ("trạng thái", "Trạng thái trong danh sách của cơ quan khác trạng thái tra được."),
    "received": ("ngày tiếp nhận", "Ngày tiếp nhận trong danh sách của cơ quan khác ngày tra được."),
    "due": ("ngày hẹn trả", "Ngày hẹn trả trong danh sách của cơ quan khác ngày tra được."),
    "completed": ("ngày trả", "Ngày trả trong danh sách của cơ quan khác ngày tra được."),
}


def differences(
    listed: DossierFacts, found: DossierFacts | None, law: ServiceLaw
) -> Iterator[SampleDifference]:
    """Yield every fact that both sides state and on which they differ; a missing fact contradicts nothing."""
    if not _known_form(listed, law):
        known = "; ".join(form.title for form in law.dossier_code)
        yield SampleDifference(code=listed.code, what="code-form", listed=listed.code, found=known)
    if found is None:
        yield SampleDifference(code=listed.code, what="not-found", listed=listed.code, found="")
        return
    if listed.status and found.status and k2(listed.status) != k2(found.status):
        yield SampleDifference(code=listed.code, what="status", listed=listed.status, found=found.status)
    for name in DATES:
        ours, theirs = getattr(listed, name), getattr(found, name)
        if ours is not None and theirs is not None and ours != theirs:
            yield SampleDifference(code=listed.code, what=name, listed=str(ours), found=str(theirs))


def _known_form(listed: DossierFacts, law: ServiceLaw) -> bool:
    """Say whether the code has a form in force on the day of reception; old and new ones stand together."""
    forms = [f for f in law.dossier_code if listed.received is None or f.holds(listed.received)]
    return not law.dossier_code or any(re.fullmatch(form.pattern, listed.code) for form in forms)


def told(outcome: SampleOutcome) -> Iterator[Contradiction]:
    """Yield what a sealed sample found different, each side with the record that says it."""
    for each in outcome.differences:
        what, text = _WORDS[each.what]
        field = "code" if each.what in ("not-found", "code-form") else each.what
        listed = Locator(record=outcome.draw, path=f"/drawn/{outcome.drawn.index(each.code)}/{field}")
        looked = Locator(record=outcome.looked_up.get(each.code, outcome.outcome), path=f"/{field}")
        if each.what == "code-form":
            other = Said(what="dạng mã đang dùng", value=each.found, seen=(listed,))
        else:
            found = each.found or "không có hồ sơ này"
            other = Said(what=f"tra cứu trên {outcome.source}: {what}", value=found, seen=(looked,))
        yield Contradiction(
            kind=f"dossier-{each.what}",
            agency=outcome.agency,
            about=f"{outcome.source}/{each.code}",
            text=text,
            one=Said(what=f"danh sách của cơ quan: {what}", value=each.listed, seen=(listed,)),
            other=other,
        )
