"""An agency's list of dossiers against the system that holds them: what differs is told."""

from __future__ import annotations

import re
from collections.abc import Iterator

from minhchung.law import ServiceLaw
from minhchung.samples import DATES, DossierFacts, SampleDifference
from minhchung.text_keys import k2


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
