"""A round's result: measure every agency, take the claims, let scoring conclude."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from minhchung.agencies import Agency
from minhchung.evidence import EvidenceRecord, RecordId
from minhchung.index_set import IndexSet
from minhchung.rounds import Round
from minhchung.scores import Place, Score, Standing
from minhchung.submissions import SubmittedFigure
from scoring.standing import stand
from service.measuring import Judge, Measured, measure_agency
from service.settings import Settings
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Concluded:
    """A standing with everything needed to explain it."""

    round: Round
    index_set: IndexSet
    standing: Standing
    registry: tuple[Agency, ...]
    records: Mapping[RecordId, EvidenceRecord]

    def place(self, code: str) -> Place:
        """Return the place of one agency; raises KeyError."""
        for bloc in self.standing.blocs:
            for place in bloc.places:
                if place.agency == code:
                    return place
        raise KeyError(code)

    def score(self, code: str, component: str) -> Score:
        """Return one agency's score of one component; raises KeyError."""
        for score in self.place(code).total.scores:
            if score.component == component:
                return score
        raise KeyError(component)

    def names(self) -> dict[str, str]:
        """Return the agencies' names by code."""
        return {agency.code: agency.name for agency in self.registry}


def conclude(
    settings: Settings,
    store: Store,
    round_name: str = "",
    only: Sequence[str] = (),
    progress: Callable[[Measured], None] | None = None,
) -> Concluded:
    """Measure and score one round on what is stored; fetches nothing. Raises ConfigError, UsageError.

    With `only`, no more than these agencies: their points stand, their places among themselves mean nothing.
    """
    round_ = settings.checked_round(round_name)
    judge = Judge.of(settings, round_)
    registry = settings.registries[round_.registry]
    agencies = tuple(a for a in registry.agency if not only or a.code in only)
    measured = {}
    records: dict[RecordId, EvidenceRecord] = {}
    for agency in agencies:
        one = measure_agency(store, judge, agency)
        measured[agency.code] = one
        records.update(one.records)
        if progress is not None:
            progress(one)
    standing = stand(
        index_set=judge.index_set,
        round_=round_,
        registry=agencies,
        results={code: one.results for code, one in measured.items()},
        claims={code: _claims(one) for code, one in measured.items()},
        owner_figures={code: one.holdings.owner_figures for code, one in measured.items()},
        simulated=registry.simulated,
    )
    return Concluded(round_, judge.index_set, standing, agencies, records)


def _claims(one: Measured) -> dict[str, SubmittedFigure]:
    return {claim.component: claim for claim in one.holdings.submitted}
