"""The secrets under which visits counted what was seen: kept back where something that was seen is masked."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from minhchung.blinding import Told, told, words_of
from minhchung.observed import IN_ACCOUNTS, key_in
from storage.excerpt import SealedLeaf, SealedLog, opened

VisitKey = tuple[str, str, str]
"""Agency, run, source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitSecrets:
    """Of every visit that is shown masked, what stands for its secret."""

    seeds: dict[VisitKey, bytes] = field(default_factory=dict)
    leaves: dict[str, SealedLeaf] = field(default_factory=dict)
    """By the identifier of their record."""

    kept_back: frozenset[int] = frozenset()
    """Leaves of accounts whose secret stays in the house."""

    @classmethod
    def of(cls, log: SealedLog, hidden: Collection[str]) -> VisitSecrets:
        """Return those of the visits in which one of these records was seen."""
        leaves = {one.leaf.members[0].id: one for one in log.leaves}
        keys = {_key(leaves[record]) for record in hidden if record in leaves}
        accounts = [
            one
            for one in log.leaves
            if one.leaf.kind == "visit" and len(one.leaf.members) == 2 and _key(one) in keys
        ]
        seeds = {_key(one): opened(log.members(one)[1]).block for one in accounts}
        return cls(seeds=seeds, leaves=leaves, kept_back=frozenset(one.index for one in accounts))

    def told(self, whole: dict[str, Any], shown: dict[str, Any]) -> Told | None:
        """Return what goes with an observation of such a visit; None for what needs nothing."""
        leaf = self.leaves.get(whole["seen"]["record"])
        if leaf is None or whole["kind"] in IN_ACCOUNTS or leaf.leaf.kind == "visit":
            return None
        seed = self.seeds.get((whole["agency"], whole["run"], leaf.leaf.source))
        return told(seed, leaf.index, _words(whole), _words(shown)) if seed is not None else None


def _words(said: dict[str, Any]) -> str:
    return words_of(key_in(said), json.dumps(said, ensure_ascii=False, separators=(",", ":")))


def _key(one: SealedLeaf) -> VisitKey:
    return (one.leaf.agency, one.leaf.run, one.leaf.source)
