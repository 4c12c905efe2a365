"""What service systems published and cannot all be true: taken from one home, for command and web app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from minhchung.agencies import PROVINCE
from minhchung.contradictions import Contradiction
from minhchung.observations import Observation
from service.measuring import until
from service.sample_outcomes import outcomes
from verifiers.contradictions.dossier_samples import told
from verifiers.contradictions.finding import Question, contradictions

if TYPE_CHECKING:
    from minhchung.evidence import AgencyCode
    from service.settings import Settings
    from storage.store import Store

KINDS: Final = (
    "dossier_tally",
    "procedure",
    "service_offer",
    "workflow",
    "index_score",
    "source_agency",
    "service_health",
)
"""Kinds of observations that service systems are the source of."""


def find(settings: Settings, store: Store, round_name: str = "") -> list[Contradiction]:
    """Return every contradiction in what was sealed up to the round's freeze; fetches nothing."""
    round_ = settings.checked_round(round_name)
    registry = settings.registries[round_.registry]
    end = until(round_)

    def kept(code: AgencyCode) -> tuple[Observation, ...]:
        return tuple(o for o in store.kept(code, KINDS) if getattr(o, "taken_at", end) <= end)

    question = Question(period=round_.period, law=settings.law, agencies=registry.agency)
    held = {agency.code: kept(agency.code) for agency in registry.agency}
    found = contradictions(held, kept(PROVINCE), question)
    codes = frozenset(agency.code for agency in registry.agency)
    sampled = [each for outcome in outcomes(store, codes, end) for each in told(outcome)]
    return found + list(
        {(c.kind, c.agency, c.about, c.one.value, c.other.value): c for c in sampled}.values()
    )
