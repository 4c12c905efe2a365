"""A whole round's result from what was measured, claimed and supplied; and whether it may be closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from minhchung.agencies import Agency
from minhchung.errors import ConfigError
from minhchung.evidence import AgencyCode
from minhchung.index_set import Component, IndexSet
from minhchung.measurements import Result
from minhchung.periods import Period
from minhchung.rounds import Round, ScoringStage
from minhchung.rulings import Ruling
from minhchung.scores import BlocStanding, Figure, Place, Standing, Total
from minhchung.sightings import Witnessed
from minhchung.submissions import OwnerFigure, SubmittedFigure
from scoring.award import award
from scoring.bands import banded, published, raw
from scoring.digest import inputs_digest
from scoring.field_accuracy import Accuracies, advised
from scoring.numerals import quantised
from scoring.owners import of_round
from scoring.peers import best_among
from scoring.ranking import rank
from scoring.reconcile import reconcile
from scoring.tally import tally

Results = Mapping[AgencyCode, Mapping[str, Result]]
"""By agency and component code."""

Claims = Mapping[AgencyCode, Mapping[str, SubmittedFigure]]
Rulings = Mapping[AgencyCode, Mapping[str, Ruling]]
Sightings = Mapping[AgencyCode, Mapping[str, Witnessed]]
OwnerFigures = Mapping[AgencyCode, Sequence[OwnerFigure]]


def stand(
    *,
    index_set: IndexSet,
    round_: Round,
    registry: Sequence[Agency],
    results: Results,
    claims: Claims,
    owner_figures: OwnerFigures,
    own_sets: Mapping[str, IndexSet] = MappingProxyType({}),
    rulings: Rulings = MappingProxyType({}),
    sightings: Sightings = MappingProxyType({}),
    accuracies: Accuracies = MappingProxyType({}),
    stage: ScoringStage = "first",
    simulated: bool = False,
    incidents: Mapping[str, Any] = MappingProxyType({}),
    as_of: date | None = None,
) -> Standing:
    """Conclude a round; the registry's order is the last tie order.

    `own_sets`, by bloc, go before the round's index set. Owners' figures of other days are
    left out. `as_of` is the local day up to which evidence
    was held (None: the freeze); a report that was due later is not missing yet. `accuracies` are what labels
    tell of verifiers: below the set's floor they advise and do not score. `incidents` is what was
    left out of the results, and by which thresholds. An agency outside the round's blocs raises ConfigError.
    """
    day = round_.freeze if as_of is None else as_of
    due = round_.report_due is not None and round_.report_due <= day
    assessed = [agency for agency in registry if valid_during(agency, round_.period)]
    _refuse_strangers(assessed, round_)
    owner_figures = of_round(owner_figures, round_)
    results = advised(results, assessed, index_set, own_sets, accuracies)
    said = Reported(
        results=results,
        claims=claims,
        owner_figures=owner_figures,
        rulings=rulings,
        sightings=sightings,
        report_was_due=due,
        stage=stage,
    )
    totals = [
        total
        for bloc_set, members in _by_set(assessed, index_set, own_sets)
        for total in _totals(members, bloc_set, round_, said)
    ]
    blocs = tuple(_bloc(code, name, totals, round_) for code, name in _filled_blocs(totals, round_))
    return Standing(
        round=round_.id,
        simulated=simulated,
        reconstruction=index_set.status == "reconstruction",
        blocs=blocs,
        overall_low=_overall(blocs, round_, 0),
        overall_high=_overall(blocs, round_, 1),
        inputs_digest=inputs_digest(
            index_set=index_set,
            own_sets=own_sets,
            round_=round_,
            registry=assessed,
            results=results,
            claims=claims,
            owner_figures=owner_figures,
            rulings=rulings,
            sightings=sightings,
            stage=stage,
            simulated=simulated,
            report_was_due=due,
            incidents=incidents,
        ),
    )


def valid_during(agency: Agency, period: Period) -> bool:
    """Say whether the agency existed on any day of the period."""
    begins = agency.valid_from is None or agency.valid_from <= period.last
    return begins and (agency.valid_to is None or agency.valid_to >= period.first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What was measured, claimed and supplied in a round, by agency."""

    results: Results
    claims: Claims
    owner_figures: OwnerFigures
    rulings: Rulings
    sightings: Sightings
    report_was_due: bool
    stage: ScoringStage

    def figure(self, component: Component, agency: Agency, round_: Round) -> Figure:
        """Return one component of one agency, settled."""
        owned = self.owner_figures.get(agency.code, ())
        return reconcile(
            component,
            agency=agency,
            result=self.results.get(agency.code, {}).get(component.code),
            claim=self.claims.get(agency.code, {}).get(component.code),
            owner_figures=[figure for figure in owned if figure.component == component.code],
            policy=round_.unmeasured,
            report_was_due=self.report_was_due,
            ruling=self.rulings.get(agency.code, {}).get(component.code),
            second_policy=round_.unmeasured_second,
            stage=self.stage,
            sighting=self.sightings.get(agency.code, {}).get(component.code),
        )


def _without_leaps(total: Total, agency: Agency, index_set: IndexSet, round_: Round) -> Total:
    """Let measured figures score after all where claims within their tolerance would change the band."""
    if all(score.figure.fallback is None for score in total.scores):
        return total
    measured = [
        score
        if score.figure.fallback is None
        else award(index_set.component(score.component), _fallen_back(score.figure), index_set.not_applicable)
        for score in total.scores
    ]
    strict = tally(agency.code, agency.bloc, measured, index_set, round_.rounding)
    return total if banded(total, round_) == banded(strict, round_) else strict


def _fallen_back(figure: Figure) -> Figure:
    text = f"{figure.difference}; nhưng làm đổi mức của cơ quan: lấy số đo"
    return replace(figure, inputs=figure.fallback, fallback=None, difference=text)


def _by_set(
    agencies: Sequence[Agency], index_set: IndexSet, own_sets: Mapping[str, IndexSet]
) -> Iterator[tuple[IndexSet, list[Agency]]]:
    """Yield the agencies under the set that scores them, each set once; two of one id may differ."""
    sets = {agency.bloc: own_sets.get(agency.bloc, index_set) for agency in agencies}
    distinct: list[IndexSet] = []
    for one in sets.values():
        if one not in distinct:
            distinct.append(one)
    for one in distinct:
        yield one, [agency for agency in agencies if sets[agency.bloc] == one]


def _totals(
    agencies: Sequence[Agency], index_set: IndexSet, round_: Round, said: Reported
) -> Iterator[Total]:
    """Yield the totals of those whom one set scores: every component settled, awarded and added up."""
    components = index_set.components()
    by_code = {agency.code: agency for agency in agencies}
    peers = {}
    for component in components:
        if component.formula.type == "best_peer":
            figures = {agency.code: said.figure(component, agency, round_) for agency in agencies}
            peers[component.code] = best_among(component, figures, by_code)
    for agency in agencies:
        scores = [
            award(
                component,
                said.figure(component, agency, round_),
                index_set.not_applicable,
                peers.get(component.code, {}).get(agency.code),
            )
            for component in components
        ]
        total = tally(agency.code, agency.bloc, scores, index_set, round_.rounding)
        yield _without_leaps(total, agency, index_set, round_)


def closing_obstacles(standing: Standing) -> tuple[str, ...]:
    """Return why the round cannot be closed, one Vietnamese sentence an agency; empty when it can."""
    return tuple(
        f"{place.agency}: {_unsettled(place)}"
        for bloc in standing.blocs
        for place in bloc.places
        if place.total.provisional
    )


def _unsettled(place: Place) -> str:
    open_ones = [score.component for score in place.total.scores if score.open]
    claimed = [s.component for s in place.total.scores if s.figure.ground.value == "claim-provisional"]
    parts = [
        f"{what}: {', '.join(codes)}"
        for what, codes in (("điểm còn mở", open_ones), ("tạm tính theo tự báo cáo", claimed))
        if codes
    ]
    return "; ".join(parts)


def _refuse_strangers(agencies: Sequence[Agency], round_: Round) -> None:
    known = {bloc.code for bloc in round_.blocs}
    for agency in agencies:
        if agency.bloc not in known:
            raise ConfigError(
                f"agencies/{round_.registry}.toml",
                agency.code,
                f"{agency.bloc!r} is no bloc of round {round_.id}",
                f"use one of: {', '.join(sorted(known))}",
            )


def _filled_blocs(totals: Sequence[Total], round_: Round) -> list[tuple[str, str]]:
    present = {total.bloc for total in totals}
    return [(bloc.code, bloc.name) for bloc in round_.blocs if bloc.code in present]


def _bloc(code: str, name: str, totals: Sequence[Total], round_: Round) -> BlocStanding:
    mine = [total for total in totals if total.bloc == code]
    ranked = [total for total in mine if total.ranked]
    return BlocStanding(
        code=code,
        name=name,
        places=rank(mine, round_),
        mean_low=_mean([_averaged(total, round_)[0] for total in ranked], round_),
        mean_high=_mean([_averaged(total, round_)[1] for total in ranked], round_),
    )


def _averaged(total: Total, round_: Round) -> tuple[Decimal | Fraction, Decimal | Fraction]:
    return raw(total, round_) if round_.block_mean == "raw_totals" else published(total, round_)


def _overall(blocs: Sequence[BlocStanding], round_: Round, end: int) -> Decimal | None:
    """Return the mean of all blocs at one end (0 low, 1 high), by the round's declared weighting."""
    match round_.overall_mean:
        case "none":
            return None
        case "unweighted_mean_of_published_bloc_means":
            return _mean([(bloc.mean_low, bloc.mean_high)[end] for bloc in blocs], round_)
        case "mean_of_published_totals":
            ranked = [place.total for bloc in blocs for place in bloc.places if place.total.ranked]
            return _mean([published(total, round_)[end] for total in ranked], round_)


def _mean(values: Sequence[Decimal | Fraction], round_: Round) -> Decimal:
    """Return a mean, itself published; 0 where there is nothing to average."""
    whole = sum((Fraction(value) for value in values), Fraction(0))
    mean = whole / len(values) if values else Fraction(0)
    return quantised(mean, round_.rounding.mean_decimals, round_.rounding.mode)
