"""What of the configuration in force is not as it was approved last."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from minhchung.approvals import ConfigApproval
from minhchung.evidence import RecordId
from minhchung.round_acts import Event, RoundAct
from service.act_records import acts_of
from service.settings import Settings
from storage.home import Home
from storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One file that is not as it was approved."""

    name: str
    how: str
    """`changed`, `new` or `gone`."""

    lines: tuple[str, ...]
    """Lines before and after."""


def approved(store: Store) -> Mapping[str, str] | None:
    """Return the digests approved last, by an approval or by a document that changes rules; None: never."""
    found: list[tuple[int, Mapping[str, str]]] = []
    for record, approval in acts_of(store, ConfigApproval):
        found.append((_leaf(store, record), approval.config))
    for record, act in acts_of(store, RoundAct):
        if act.event is Event.RULES_CHANGE:
            found.append((_leaf(store, record), act.config))
    return max(found, key=lambda each: each[0])[1] if found else None


def _leaf(store: Store, record: RecordId) -> int:
    leaf = store.record(record).leaf
    return -1 if leaf is None else leaf


def drift(settings: Settings, store: Store) -> tuple[Drift, ...] | None:
    """Return every file that differs from the approved configuration; None where none was ever approved."""
    known = approved(store)
    if known is None:
        return None
    return differing(settings, known)


def moving_files(settings: Settings) -> dict[str, bytes]:
    """Return every file that can move a point, or says who may rule and which law was read."""
    fresh = Settings(settings.home, settings.place)
    fresh.touch()
    _ = (fresh.people, fresh.legal)
    return dict(fresh.files())


def digests(settings: Settings) -> dict[str, str]:
    """Return the SHA-256 of each of these files, by name."""
    return {name: _digest(data) for name, data in moving_files(settings).items()}


def differing(settings: Settings, known: Mapping[str, str]) -> tuple[Drift, ...]:
    """Return every file that came, went or differs from these digests."""
    present = moving_files(settings)
    now = {name: _digest(data) for name, data in present.items()}
    configs = Home(settings.home).configs
    return tuple(
        Drift(
            name=name,
            how="new" if name not in known else "gone" if name not in present else "changed",
            lines=tuple(_lines(configs, known.get(name, ""), present.get(name, b""))),
        )
        for name in changed_files(known, now)
    )


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def _lines(configs: Path, before: str, after: bytes) -> list[str]:
    old = (configs / before).read_text("utf-8").splitlines() if before else []
    return list(
        difflib.unified_diff(old, after.decode("utf-8").splitlines(), "before", "after", lineterm="", n=1)
    )


def changed_files(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Return the names of files that came, went or differ, by their digests."""
    return sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
