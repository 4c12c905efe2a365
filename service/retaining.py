"""What may leave the archive: by the policy's age, or by an order; and what must not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from minhchung.errors import UsageError
from minhchung.evidence import EvidenceRecord, RecordId
from minhchung.measurements import Measurement, NotApplicable, Result, Unmeasured, Value
from minhchung.periods import local_day
from minhchung.retention import RetentionPolicy
from service.measuring import Judge, until
from service.settings import Settings
from service.standings import conclude
from service.workplace import RandomIds, clock_of, open_store
from storage.home import Home
from storage.pruning import Order, prune
from storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Retained:
    """What a policy comes to on a day."""

    going: tuple[EvidenceRecord, ...]
    kept: Mapping[str, int]
    """Why -> how many old enough records stay all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What an erasure takes away."""

    records: tuple[EvidenceRecord, ...]
    """The record, revisits that say that it came again unchanged, what a browser made of it, pictures."""

    components: tuple[tuple[str, str, str], ...]
    """(round, agency, component) of the scores whose evidence it is."""

    moved: tuple[Moved, ...] = ()
    """What is measured otherwise without it."""

    same: tuple[EvidenceRecord, ...] = ()
    """Records with the same payload that stay: they were fetched anew, and need an order of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A component that an erasure lets be measured otherwise."""

    round: str
    agency: str
    component: str
    before: str
    after: str
    """Values of the inputs as they are told, or the reason why there is no measurement."""


Components = dict[str, list[tuple[str, str, str]]]


def counted(settings: Settings, store: Store, rounds: Iterable[str]) -> Components:
    """Return, for each record, the scores that refer to it."""
    found: Components = {}
    for round_id in rounds:
        concluded = conclude(settings, store, round_id)
        for bloc in concluded.standing.blocs:
            for place in bloc.places:
                for score in place.total.scores:
                    figure = score.figure
                    basis = figure.result.basis if figure.result is not None else ()
                    told = [*basis, *([figure.claim.seen] if figure.claim is not None else [])]
                    for record in dict.fromkeys(str(seen.record) for seen in told):
                        found.setdefault(record, []).append((round_id, place.agency, score.component))
    return found


def judge(settings: Settings, store: Store, policy: RetentionPolicy, now: datetime) -> Retained:
    """Return what the policy lets go today, and why the rest of what is old enough stays."""
    rounds = [settings.checked_round(name) for name in settings.round_ids()]
    unknown = set(policy.closed_rounds) - {round_.id for round_ in rounds}
    if unknown:
        raise UsageError(
            f"retention.toml: closed_rounds names {sorted(unknown)[0]!r}, which is no round here"
        )
    ages = {rule.kind: timedelta(days=rule.age_days) for rule in policy.rule}
    open_until = max((r.freeze for r in rounds if r.id not in policy.closed_rounds), default=None)
    scores = counted(settings, store, settings.round_ids())
    referred = {record.refers_to for record in store.records(kind="revisit")}
    held, handed = frozenset(policy.hold), frozenset(policy.hand_over)
    going: list[EvidenceRecord] = []
    kept: dict[str, int] = {}
    for kind, age in ages.items():
        for record in store.records(kind=kind):
            if now - record.captured_at < age or store.is_pruned(record.id):
                continue
            names = {record.agency, record.run, record.id}
            if names & held:
                why = "hold"
            elif names & handed:
                why = "hand-over"
            elif open_until is not None and local_day(record.captured_at) <= open_until:
                why = "open-round"
            elif record.id in scores:
                why = "counted"
            elif record.id in referred:
                why = "revisited"
            else:
                going.append(record)
                continue
            kept[why] = kept.get(why, 0) + 1
    return Retained(going=tuple(going), kept=kept)


def retain(settings: Settings, policy: RetentionPolicy, *, by: str, dry_run: bool) -> tuple[Retained, int]:
    """Take out what the policy lets go; return it with the number of gzip members that went."""
    clock = clock_of(settings)
    store = open_store(settings)
    try:
        found = judge(settings, store, policy, clock.now())
    finally:
        store.close()
    if dry_run or not found.going:
        return found, 0
    order = Order(policy=policy.policy, by=by, reason="hết thời hạn lưu giữ")
    ids = [record.id for record in found.going]
    return found, prune(Home(settings.home), clock, RandomIds(), ids, order)


def loss(settings: Settings, record: str, policy: RetentionPolicy | None) -> Loss:
    """Return what an erasure would take away; raises UsageError for an unknown record or one on hold."""
    store = open_store(settings)
    try:
        try:
            wanted = store.record(RecordId(record))
        except KeyError as error:
            raise UsageError(f"there is no record {record}; `minhchung explain` names records") from error
        if policy is not None and {wanted.agency, wanted.run, wanted.id} & {*policy.hold, *policy.hand_over}:
            raise UsageError(f"{record}: is on legal hold or to be handed over; retention.toml says so")
        again = [each for each in store.records(kind="revisit") if each.refers_to == wanted.id]
        records = tuple({each.id: each for each in (wanted, *again, *_shown(store, wanted))}.values())
        scores = counted(settings, store, settings.round_ids())
        moved = tuple(_moved(settings, store, records))
        same = tuple(_same(store, wanted, records))
    finally:
        store.close()
    components = [named for each in records for named in scores.get(each.id, [])]
    return Loss(records=records, components=tuple(dict.fromkeys(components)), moved=moved, same=same)


def _shown(store: Store, page: EvidenceRecord) -> Iterator[EvidenceRecord]:
    """Yield what a browser made of a page in the same run, and its pictures: they show what it says."""
    if page.kind in ("response", "revisit"):
        for kind in ("dom-snapshot", "screenshot"):
            found = store.records(agency=page.agency, run=page.run, kind=kind)
            yield from (each for each in found if each.url == page.url and not store.is_pruned(each.id))


def _same(store: Store, wanted: EvidenceRecord, going: Iterable[EvidenceRecord]) -> Iterator[EvidenceRecord]:
    """Yield the records that were fetched anew and hold the very same payload."""
    taken = {each.id for each in going}
    for each in store.records(agency=wanted.agency, kind="response"):
        if each.body_sha256 == wanted.body_sha256 and each.id not in taken and not store.is_pruned(each.id):
            yield each


def _moved(settings: Settings, store: Store, going: Sequence[EvidenceRecord]) -> Iterator[Moved]:
    """Yield what every round's verifiers measure otherwise once these records are gone."""
    taken = {each.id for each in going}
    for name in settings.round_ids():
        round_ = settings.checked_round(name)
        judge = Judge.of(settings, round_)
        spoilt = judge.incidents(store.accounts(until(round_)))
        agencies = [
            each for each in settings.registries[round_.registry].agency if each.code == going[0].agency
        ]
        for agency in agencies:
            held = store.holdings(agency, until(round_))
            left = tuple(each for each in held.observations if each.seen.record not in taken)
            if len(left) == len(held.observations):
                continue
            before = judge.measure(held, incidents=spoilt)
            after = judge.measure(replace(held, observations=left), incidents=spoilt)
            for code, result in before.items():
                words = (_told(result), _told(after[code]))
                if words[0] != words[1]:
                    yield Moved(
                        round=name, agency=agency.code, component=code, before=words[0], after=words[1]
                    )


def _told(result: Result) -> str:
    match result:
        case Measurement(inputs=inputs):
            said = _texts({name: each.value for name, each in inputs.items()})
            return "; ".join(f"{name} = {text}" for name, text in said.items())
        case Unmeasured() | NotApplicable():
            return result.reason.value


def _texts(values: Mapping[str, Value]) -> dict[str, str]:
    """Return values as words: numbers exactly, sets sorted."""
    return {
        name: ", ".join(sorted(value)) if isinstance(value, frozenset) else str(value)
        for name, value in values.items()
    }


def erase(settings: Settings, lost: Loss, *, order: str, by: str, reason: str) -> int:
    """Take a record out by order, with its request and its revisits; return how many gzip members went."""
    said = Order(policy=order, by=by, reason=reason, whole=True)
    ids = [record.id for record in lost.records]
    return prune(Home(settings.home), clock_of(settings), RandomIds(), ids, said)
