"""What may leave the archive: by the policy's age, or by an order; and what must not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from minhchung.errors import UsageError
from minhchung.evidence import EvidenceRecord, RecordId
from minhchung.periods import local_day
from minhchung.retention import RetentionPolicy
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
    """The record, and the revisits that say that it came again unchanged."""

    components: tuple[tuple[str, str, str], ...]
    """(round, agency, component) of the scores whose evidence it is."""


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
        again = tuple(each for each in store.records(kind="revisit") if each.refers_to == wanted.id)
        scores = counted(settings, store, settings.round_ids())
    finally:
        store.close()
    records = (wanted, *again)
    components = [named for each in records for named in scores.get(each.id, [])]
    return Loss(records=records, components=tuple(dict.fromkeys(components)))


def erase(settings: Settings, lost: Loss, *, order: str, by: str, reason: str) -> int:
    """Take a record out by order, with its request and its revisits; return how many gzip members went."""
    said = Order(policy=order, by=by, reason=reason, whole=True)
    ids = [record.id for record in lost.records]
    return prune(Home(settings.home), clock_of(settings), RandomIds(), ids, said)
