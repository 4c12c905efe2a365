"""An agency's holdings as they would be, had its portal begun to refuse the collector."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import cycle
from typing import Literal, get_args

from minhchung.agencies import Agency
from minhchung.evidence import PORTAL, AgencyCode, Failure
from minhchung.holdings import Holdings, VisitReport
from minhchung.measurements import Result
from minhchung.rounds import UnmeasuredPolicy
from minhchung.scores import Place, Standing
from scoring.standing import stand
from service.measuring import Judge
from service.settings import Settings

Way = Literal["blocked", "robots-refused", "unreachable"]


def passes(held: Holdings) -> list[VisitReport]:
    """Return the visits of the portal, oldest first."""
    return [visit for visit in held.visits if visit.source == PORTAL]


def hidden(held: Holdings, since: int, way: Way) -> Holdings:
    """Return the holdings where the portal refuses from its visit number `since` on (0: always)."""
    runs = {visit.run for visit in passes(held)[since:]}

    def refused(visit: VisitReport) -> VisitReport:
        if visit.source != PORTAL or visit.run not in runs:
            return visit
        failure = Failure.TIMEOUT_CONNECT if way == "unreachable" else None
        return replace(
            visit,
            state=way,
            failure=failure,
            attempts=1,
            fetched=0,
            not_modified=0,
            refused=0,
            failed=1,
            items=0,
        )

    return replace(
        held,
        visits=tuple(map(refused, held.visits)),
        observations=tuple(
            each
            for each in held.observations
            if each.run not in runs or held.records[each.seen.record].source != PORTAL
        ),
    )


def gains(
    settings: Settings, registry: Sequence[Agency], held: Mapping[AgencyCode, Holdings]
) -> Iterator[str]:
    """Yield every agency that would have a point or a place more, had its portal begun to refuse."""
    judge = Judge.of(settings, settings.checked_round())
    accounts: dict[AgencyCode, Sequence[VisitReport]] = {code: one.visits for code, one in held.items()}
    known = {code: judge.measure(one, incidents=judge.incidents(accounts)) for code, one in held.items()}
    policies: tuple[UnmeasuredPolicy, ...] = get_args(UnmeasuredPolicy)

    def standing(
        results: Mapping[AgencyCode, Mapping[str, Result]], policy: UnmeasuredPolicy, only: str = ""
    ) -> Standing:
        return stand(
            index_set=judge.index_set,
            round_=replace(judge.round, unmeasured=policy),
            registry=[agency for agency in registry if only in ("", agency.code)],
            results=results,
            claims={code: {said.component: said for said in one.submitted} for code, one in held.items()},
            owner_figures={code: one.owner_figures for code, one in held.items()},
            simulated=True,
        )

    before = {policy: standing(known, policy) for policy in policies}
    for agency, way in zip(registry, cycle(get_args(Way)), strict=False):
        code, visits = agency.code, len(passes(held[agency.code]))
        for since in {0, visits - 2, visits - 1} & set(range(visits)):
            hiding = hidden(held[code], since, way)
            spoilt = judge.incidents({**accounts, code: hiding.visits})
            found = judge.measure(hiding, incidents=spoilt)
            for policy in policies:
                after = _place(standing({code: found}, policy, code), code).total
                if after.low > _place(before[policy], code).total.low:
                    yield f"{code}: more points by {policy}, {way} since visit {since}"
            if since == visits - 2:
                place = _place(standing({**known, code: found}, "hold"), code)
                if place.worst < _place(before["hold"], code).worst:
                    yield f"{code}: a better place, {way} since visit {since}"


def _place(found: Standing, code: AgencyCode) -> Place:
    return next(place for bloc in found.blocs for place in bloc.places if place.agency == code)
