"""When a list may be called absent: two complete walks on two days found no heading of its kind (G5, G10)."""

from __future__ import annotations

from minhchung.evidence import Locator
from minhchung.holdings import Holdings
from minhchung.measurements import Reason, Unmeasured
from verifiers.headings import TermList
from verifiers.interface import Context
from verifiers.passes import apart, refusal, snapshot_visits, words
from verifiers.portals import read_portal
from verifiers.sites import read_sites


def absent_twice(holdings: Holdings, context: Context, terms: TermList) -> tuple[Locator, ...] | Unmeasured:
    """Return the walks that prove that nothing matches the terms, or why nothing may be said."""
    visits = snapshot_visits(holdings, context)
    if (refused := refusal(holdings, visits)) is not None:
        return refused
    sites = read_sites(read_portal(holdings, context), visits)
    whole = [site for site in sites if site.gap(terms) is None]
    if not whole:
        reasons = [reason for site in sites if (reason := site.gap(terms)) is not None]
        reason = reasons[-1] if reasons else Reason.COVERAGE_BELOW
        return Unmeasured(reason=reason, detail=f"Chưa lượt nào đi hết được trang: {words(reason)}.")
    places = tuple(site.walk.seen for site in whole)
    if not apart([site.at for site in whole], context.common):
        return Unmeasured(
            reason=Reason.SINGLE_MEASUREMENT, detail=words(Reason.SINGLE_MEASUREMENT), basis=places
        )
    return places
