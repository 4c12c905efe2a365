"""What the portal says of claims that nothing measures: each held against the documents that it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from minhchung.holdings import Holdings
from minhchung.submissions import Proof, SubmittedFigure
from service.measuring import Judge
from service.proof_records import digest_of, proofs_by_digest
from storage.store import Store
from verifiers.cross_checks.claimed_documents import Checks, check_claim, cross_checked


@dataclass(frozen=True)
class ClaimChecks:
    """Checks the claims of one agency after the other; the proofs handed in are read once."""

    store: Store

    @cached_property
    def _proofs(self) -> Mapping[str, Sequence[Proof]]:
        return proofs_by_digest(self.store)

    def of(self, judge: Judge, holdings: Holdings) -> Checks:
        """Return what the portal says of each claim that no verifier measures, by component."""
        index_set = judge.own_sets.get(holdings.agency.bloc, judge.index_set)
        known = {each.code: each for each in index_set.components() if cross_checked(each)}
        found = {}
        for claim in holdings.submitted:
            component = known.get(claim.component)
            if component is not None:
                notes = check_claim(holdings, judge.context(component), claim, self._handed_in(claim))
                if notes:
                    found[component.code] = notes
        return found

    def _handed_in(self, claim: SubmittedFigure) -> Sequence[Proof]:
        workbook = digest_of(self.store.record(claim.seen.record))
        return [each for each in self._proofs.get(workbook, ()) if each.component == claim.component]
