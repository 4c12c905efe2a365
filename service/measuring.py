"""From what is held to results: every verifier of the index set on one agency's holdings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import partial
from types import MappingProxyType
from typing import Any

from minhchung.agencies import Agency
from minhchung.evidence import EvidenceRecord, Locator, RecordId
from minhchung.holdings import Holdings
from minhchung.incidents import Incident
from minhchung.index_set import Component, IndexSet
from minhchung.measurements import Measurement, NotApplicable, Result, Unmeasured
from minhchung.observations import Attachment
from minhchung.periods import VIETNAM, WorkCalendar
from minhchung.rounds import Round
from minhchung.submissions import OwnerFigure, SubmittedFigure
from scoring.rules import worth
from service import plugins
from service.settings import Settings
from verifiers.cross_checks.claimed_documents import NO_CHECKS, Checks
from verifiers.incidents.finding import Accounts, find_incidents, without
from verifiers.incidents.judging import judge
from verifiers.interface import Context, Verifier


@dataclass(frozen=True, slots=True)
class Measured:
    """One agency's results, what others say of it, and the records that both rest on."""

    agency: Agency
    results: Mapping[str, Result]
    claims: Mapping[str, SubmittedFigure]
    owner_figures: tuple[OwnerFigure, ...]
    records: Mapping[RecordId, EvidenceRecord]
    files: Mapping[RecordId, Attachment] = field(default_factory=dict)
    """Of those records the files that were looked into."""

    checks: Checks = field(default_factory=dict)
    """What the portal says of claims that nothing measures; it never scores by itself."""

    @classmethod
    def of(cls, holdings: Holdings, results: Mapping[str, Result], checks: Checks = NO_CHECKS) -> Measured:
        """Return what an agency's holdings came to, with the records cited; the rest can be let go."""
        claims = {claim.component: claim for claim in holdings.submitted}
        cited = {place.record for result in results.values() for place in _places(result)}
        cited |= {place.record for notes in checks.values() for note in notes for place in note.basis}
        records = {record: held for record in cited if (held := holdings.records.get(record)) is not None}
        files = {
            each.seen.record: each
            for each in holdings.observations
            if isinstance(each, Attachment) and each.facts is not None and each.seen.record in cited
        }
        return cls(holdings.agency, results, claims, tuple(holdings.owner_figures), records, files, checks)

    def workbooks(self) -> Iterator[RecordId]:
        """Yield the records of the workbooks that claims and owners' figures stand in: none of `records`."""
        yield from (claim.seen.record for claim in self.claims.values())
        yield from (figure.seen.record for figure in self.owner_figures)


def _places(result: Result) -> Iterator[Locator]:
    yield from result.basis
    match result:
        case Measurement(notes=notes, questions=questions):
            told = (*notes, *questions)
        case Unmeasured(notes=notes):
            told = notes
        case NotApplicable():
            told = ()
    for note in told:
        yield from note.basis


def until(round_: Round) -> datetime:
    """Return the last instant whose evidence counts: the end of the freeze day, local time."""
    return datetime.combine(round_.freeze, time.max, tzinfo=VIETNAM)


@dataclass(frozen=True, slots=True)
class Judge:
    """A round's verifiers with their settings, ready to read holdings."""

    settings: Settings
    round: Round
    index_set: IndexSet
    own_sets: Mapping[str, IndexSet]
    """By bloc, where it is scored by a set of its own."""

    calendar: WorkCalendar | None
    verifiers: Mapping[str, tuple[Verifier[Any], Any]]

    @classmethod
    def of(cls, settings: Settings, round_: Round) -> Judge:
        """Load everything a round needs to measure; raises ConfigError."""
        index_set = settings.index_set(round_)
        own_sets = settings.own_sets(round_)
        sets = (index_set, *own_sets.values())
        names = {c.verifier for one in sets for c in one.components() if c.verifier}
        terms = {name: settings.verifier_settings(name) for name in sorted(names)}
        return cls.under(settings, round_, index_set, terms, own_sets)

    @classmethod
    def under(
        cls,
        settings: Settings,
        round_: Round,
        index_set: IndexSet,
        terms: Mapping[str, Any],
        own_sets: Mapping[str, IndexSet] = MappingProxyType({}),
    ) -> Judge:
        """Return the judge of given rules; `terms` are the settings of each verifier that the sets name.

        Without `own_sets` every bloc is scored by the one set.
        """
        verifiers = {name: (plugins.verifier(name), each) for name, each in terms.items()}
        return cls(settings, round_, index_set, own_sets, settings.calendar(round_.period), verifiers)

    def as_of(self, day: date) -> Judge:
        """Return the same judge for whom the evidence ends with this local day, or the freeze before it."""
        return replace(self, round=replace(self.round, freeze=min(self.round.freeze, day)))

    def context(self, component: Component) -> Context:
        """Return what the component's verifier is told besides the evidence."""
        registry = self.settings.registries[self.round.registry]
        sources = self.settings.sources.values()
        return Context(
            component=component,
            period=self.round.period,
            freeze=self.round.freeze,
            round=self.round.id,
            calendar=self.calendar,
            common=self.settings.common,
            registry=registry.agency,
            service_portal_hosts=registry.service_portal_hosts,
            shared_hosts=registry.shared_hosts,
            onestop_sources=tuple(s.key for s in sources if s.kind == "onestop"),
            worth=partial(worth, component),
        )

    def incidents(self, accounts: Accounts) -> tuple[Incident, ...]:
        """Return the incidents that the accounts of all agencies' visits show."""
        registry = self.settings.registries[self.round.registry]
        return find_incidents(accounts, registry, self.settings.common)

    def measure(
        self, holdings: Holdings, only: Sequence[str] = (), incidents: Sequence[Incident] = ()
    ) -> dict[str, Result]:
        """Return the result of every component that has a verifier, by component code.

        Visits in incidents that are nobody's fault are left out.
        """
        found = {}
        left = without(holdings, incidents)
        index_set = self.own_sets.get(holdings.agency.bloc, self.index_set)
        for component in index_set.components():
            if component.verifier and (not only or component.code in only):
                verifier, settings = self.verifiers[component.verifier]
                found[component.code] = judge(verifier, settings, left, self.context(component))
        return found
