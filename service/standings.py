"""A round's result: measure every agency, take the claims, let scoring conclude."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from minhchung.agencies import Agency, told_apart
from minhchung.evidence import AgencyCode, EvidenceRecord, RecordId
from minhchung.holdings import Holdings
from minhchung.incidents import Incident
from minhchung.index_set import IndexSet
from minhchung.observations import Attachment
from minhchung.round_acts import SECOND_STAGES, RoundAct, stage_after
from minhchung.rounds import Round, ScoringStage
from minhchung.rulings import Ruling
from minhchung.scores import Place, Score, Standing
from minhchung.sources import AgenciesFile
from minhchung.submissions import Proof
from scoring.field_accuracy import Accuracies
from scoring.standing import Rulings, Sightings, stand
from service.act_records import acts_of
from service.claim_checks import ClaimChecks
from service.config_drift import drift
from service.heap import kept_apart
from service.labelling import accuracies_of
from service.measuring import Judge, Measured, until
from service.personal_data import PersonalRule
from service.proof_records import proofs_of
from service.settings import Settings
from service.sighting_records import in_force
from storage.store import Store
from verifiers.cross_checks.claimed_documents import Checks
from verifiers.incidents.finding import Accounts, moving


@dataclass(frozen=True, slots=True)
class Concluded:
    """A standing with everything needed to explain it."""

    round: Round
    index_set: IndexSet
    standing: Standing
    registry: tuple[Agency, ...]
    records: Mapping[RecordId, EvidenceRecord]
    """Those that something of the standing rests on."""

    own_sets: Mapping[str, IndexSet] = field(default_factory=dict)
    """By bloc, where it is scored by a set of its own."""

    files: Mapping[RecordId, Attachment] = field(default_factory=dict)
    """Files that were looked into, by the record that holds them."""

    personal: PersonalRule | None = None
    """How citizens' data is masked in explanations; None: there is none to mask."""

    rulings: Rulings = field(default_factory=dict)
    sightings: Sightings = field(default_factory=dict)
    proofs: Mapping[RecordId, tuple[Proof, ...]] = field(default_factory=dict)
    """Files handed in as proof, by the record of the workbook that they came with."""

    accuracies: Accuracies = field(default_factory=dict)
    """What labels tell of verifiers."""

    stage: ScoringStage = "first"
    """By the rules of which scoring it is concluded."""

    unproven: Mapping[str, str] = field(default_factory=dict)
    """By key of a source, that its driver is not proven on the live system; the others are left out."""

    incidents: tuple[Incident, ...] = ()
    """Of the whole registry up to the last day that counts, oldest first."""

    checks: Mapping[AgencyCode, Checks] = field(default_factory=dict)
    """What the portal says of claims that nothing measures, by agency."""

    def set_of(self, bloc: str) -> IndexSet:
        """Return the index set that scores a bloc."""
        return self.own_sets.get(bloc, self.index_set)

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

    def masked(self, text: str) -> str:
        """Return a text with citizens' data masked."""
        rule = self.personal
        return text if rule is None else rule.masked(text, citizens=rule.of_citizens(text))

    def names(self) -> dict[str, str]:
        """Return the agencies' names by code, told apart where several bear one."""
        return {agency.code: agency.name for agency in told_apart(self.registry)}


def conclude(
    settings: Settings,
    store: Store,
    round_name: str = "",
    only: Sequence[str] = (),
    progress: Callable[[Measured], None] | None = None,
    extra: Ruling | None = None,
    stage: ScoringStage | None = None,
) -> Concluded:
    """Measure and score one round on what is stored; fetches nothing. Raises ConfigError, UsageError.

    With `only`, no more than these agencies: their points stand, their places among themselves mean nothing.
    `extra` is a ruling that is not sealed yet, to see what it would move; `stage` is where the round is
    taken to be, by default where its acts have brought it.
    """
    judge = Judge.of(settings, settings.checked_round(round_name))
    (concluded,) = conclude_under((judge,), store, only, progress, extra, stage)
    return concluded


def conclude_under(
    judges: Sequence[Judge],
    store: Store,
    only: Sequence[str] = (),
    progress: Callable[[Measured], None] | None = None,
    extra: Ruling | None = None,
    stage: ScoringStage | None = None,
) -> tuple[Concluded, ...]:
    """Conclude once for each judge, all of them on the same evidence: each agency's is read only once.

    The judges are of one registry; one of other rules or of an earlier day shows what those come to.
    """
    with kept_apart() as settle:
        incidents = _incidents(judges, store)
        measured = _measure(judges, store, incidents, only, progress, settle)
        return _conclude_all(judges, store, incidents, measured, extra, stage)


def _incidents(judges: Sequence[Judge], store: Store) -> list[tuple[Incident, ...]]:
    held: dict[datetime, Accounts] = {}
    for judge in judges:
        last = until(judge.round)
        if last not in held:
            held[last] = store.accounts(last)
    return [judge.incidents(held[until(judge.round)]) for judge in judges]


def _measure(
    judges: Sequence[Judge],
    store: Store,
    incidents: Sequence[tuple[Incident, ...]],
    only: Sequence[str],
    progress: Callable[[Measured], None] | None,
    settle: Callable[[], None],
) -> list[dict[AgencyCode, Measured]]:
    measured: list[dict[AgencyCode, Measured]] = [{} for _ in judges]
    checks = ClaimChecks(store)
    for agency in _registry(judges[0]).agency:
        if only and agency.code not in only:
            continue
        held: dict[datetime, Holdings] = {}
        for judge, mine, spoilt in zip(judges, measured, incidents, strict=True):
            last = until(judge.round)
            if last not in held:
                held[last] = store.holdings(agency, last)
            results = judge.measure(held[last], incidents=spoilt)
            mine[agency.code] = Measured.of(held[last], results, checks.of(judge, held[last]))
        if progress is not None:
            progress(measured[0][agency.code])
        settle()
    return measured


def _conclude_all(
    judges: Sequence[Judge],
    store: Store,
    incidents: Sequence[tuple[Incident, ...]],
    measured: Sequence[Mapping[AgencyCode, Measured]],
    extra: Ruling | None,
    stage: ScoringStage | None,
) -> tuple[Concluded, ...]:
    told = {record for mine in measured for one in mine.values() for record in one.workbooks()}
    workbooks = {record: store.record(record) for record in told}
    proofs = proofs_of(store, workbooks.values())
    accuracies = accuracies_of(store, judges[0].round.id)
    acts = [act for _, act in acts_of(store, RoundAct, judges[0].round.id)]
    official = any(act.official for act in acts)
    unapproved = tuple(each.name for each in drift(judges[0].settings, store) or ())
    reached: ScoringStage = "second" if stage_after(acts) in SECOND_STAGES else "first"
    return tuple(
        _concluded(
            judge,
            mine,
            spoilt,
            workbooks,
            proofs,
            accuracies,
            _rulings(store, judge, extra),
            _sightings(store, judge),
            official=official,
            unapproved=unapproved,
            stage=stage or reached,
        )
        for judge, mine, spoilt in zip(judges, measured, incidents, strict=True)
    )


def _registry(judge: Judge) -> AgenciesFile:
    return judge.settings.registries[judge.round.registry]


def _concluded(
    judge: Judge,
    measured: Mapping[AgencyCode, Measured],
    incidents: tuple[Incident, ...],
    workbooks: Mapping[RecordId, EvidenceRecord],
    proofs: Mapping[RecordId, tuple[Proof, ...]],
    accuracies: Accuracies,
    rulings: Rulings,
    sightings: Sightings,
    *,
    official: bool,
    unapproved: tuple[str, ...],
    stage: ScoringStage,
) -> Concluded:
    agencies = tuple(one.agency for one in measured.values())
    standing = stand(
        index_set=judge.index_set,
        own_sets=judge.own_sets,
        rulings=rulings,
        sightings=sightings,
        accuracies=accuracies,
        stage=stage,
        round_=judge.round,
        registry=agencies,
        results={code: one.results for code, one in measured.items()},
        claims={code: one.claims for code, one in measured.items()},
        owner_figures={code: one.owner_figures for code, one in measured.items()},
        simulated=_registry(judge).simulated,
        incidents=moving(incidents, judge.settings.common.incidents),
    )
    trial = not standing.simulated and not official
    standing = replace(standing, trial=trial, unapproved=unapproved)
    records = {record: each for one in measured.values() for record, each in one.records.items()}
    files = {record: each for one in measured.values() for record, each in one.files.items()}
    return Concluded(
        judge.round,
        judge.index_set,
        standing,
        agencies,
        {**records, **workbooks},
        judge.own_sets,
        files,
        judge.settings.personal,
        rulings,
        sightings,
        proofs,
        accuracies,
        stage,
        {
            key: f"{source.title} (trình đọc {source.driver}) {source.unproven}"
            for key, source in judge.settings.sources.items()
            if source.unproven
        },
        incidents,
        {code: one.checks for code, one in measured.items() if one.checks},
    )


def _early(judge: Judge) -> bool:
    """Say whether the judge stands before the round's freeze."""
    return judge.round.freeze < judge.settings.round(judge.round.id).freeze


def _sightings(store: Store, judge: Judge) -> Sightings:
    return in_force(store, judge.round.id, judge.round.freeze if _early(judge) else None)


def _rulings(store: Store, judge: Judge, extra: Ruling | None) -> Rulings:
    """Return the last ruling on each component; before the freeze, of those made by then."""
    early = _early(judge)
    sealed = [
        ruling
        for _, ruling in acts_of(store, Ruling, judge.round.id)
        if not early or ruling.day <= judge.round.freeze
    ]
    found: dict[AgencyCode, dict[str, Ruling]] = {}
    for ruling in [*sealed, *([extra] if extra is not None else [])]:
        found.setdefault(ruling.agency, {})[ruling.component] = ruling
    return found
