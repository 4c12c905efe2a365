"""A whole round's result from what was measured, claimed and supplied; and whether it may be closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from minhchung.agencies import Agency
from minhchung.errors import ConfigError
from minhchung.evidence import AgencyCode
from minhchung.index_set import IndexSet
from minhchung.measurements import Result
from minhchung.periods import Period
from minhchung.rounds import Round
from minhchung.scores import BlocStanding, Place, Standing, Total
from minhchung.submissions import OwnerFigure, SubmittedFigure
from scoring.award import award
from scoring.digest import inputs_digest
from scoring.numerals import half_up
from scoring.ranking import rank
from scoring.reconcile import reconcile
from scoring.tally import tally

Results = Mapping[AgencyCode, Mapping[str, Result]]
"""By agency and component code."""

Claims = Mapping[AgencyCode, Mapping[str, SubmittedFigure]]
OwnerFigures = Mapping[AgencyCode, Sequence[OwnerFigure]]


def stand(
    *,
    index_set: IndexSet,
    round_: Round,
    registry: Sequence[Agency],
    results: Results,
    claims: Claims,
    owner_figures: OwnerFigures,
    simulated: bool = False,
    as_of: date | None = None,
) -> Standing:
    """Conclude a round; the registry's order is the last tie order.

    `as_of` is the local day up to which evidence was held (None: the freeze); a report that was due
    later is not missing yet. An agency outside the round's blocs raises ConfigError.
    """
    day = round_.freeze if as_of is None else as_of
    due = round_.report_due is not None and round_.report_due <= day
    assessed = [agency for agency in registry if valid_during(agency, round_.period)]
    _refuse_strangers(assessed, round_)
    totals = [
        total_of(
            agency,
            index_set,
            round_,
            results.get(agency.code, {}),
            claims.get(agency.code, {}),
            owner_figures.get(agency.code, ()),
            report_was_due=due,
        )
        for agency in assessed
    ]
    blocs = tuple(_bloc(code, name, totals, round_) for code, name in _filled_blocs(totals, round_))
    return Standing(
        round=round_.id,
        simulated=simulated,
        reconstruction=index_set.status == "reconstruction",
        blocs=blocs,
        overall_low=_mean([bloc.mean_low for bloc in blocs], round_),
        overall_high=_mean([bloc.mean_high for bloc in blocs], round_),
        inputs_digest=inputs_digest(
            index_set=index_set,
            round_=round_,
            registry=assessed,
            results=results,
            claims=claims,
            owner_figures=owner_figures,
            simulated=simulated,
            report_was_due=due,
        ),
    )


def valid_during(agency: Agency, period: Period) -> bool:
    """Say whether the agency existed on any day of the period."""
    begins = agency.valid_from is None or agency.valid_from <= period.last
    return begins and (agency.valid_to is None or agency.valid_to >= period.first)


def total_of(
    agency: Agency,
    index_set: IndexSet,
    round_: Round,
    results: Mapping[str, Result],
    claims: Mapping[str, SubmittedFigure],
    owner_figures: Sequence[OwnerFigure],
    *,
    report_was_due: bool,
) -> Total:
    """Return one agency's total: every component reconciled, awarded and added up."""
    scores = [
        award(
            component,
            reconcile(
                component,
                agency=agency,
                result=results.get(component.code),
                claim=claims.get(component.code),
                owner_figures=[figure for figure in owner_figures if figure.component == component.code],
                policy=round_.unmeasured,
                report_was_due=report_was_due,
            ),
            index_set.not_applicable,
        )
        for component in index_set.components()
    ]
    return tally(agency.code, agency.bloc, scores, index_set, round_.rounding)


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
        mean_low=_mean([total.published_low for total in ranked], round_),
        mean_high=_mean([total.published_high for total in ranked], round_),
    )


def _mean(published: Sequence[Decimal], round_: Round) -> Decimal:
    """Return the mean of published values, itself published; 0 where there are none."""
    whole = sum((Fraction(value) for value in published), Fraction(0))
    return half_up(whole / len(published) if published else Fraction(0), round_.rounding.mean_decimals)
