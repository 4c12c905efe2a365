"""What readers saw, against the digest that was sealed with the account of each visit."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from minhchung.observations import Observation
from minhchung.observed import IN_ACCOUNTS, OF_A_VISIT, Observed, key_of, mark_of
from offline.codec import Held
from offline.findings import Finding, fault, remark
from offline.sealed import Evidence, Sealed, VisitKey

UNREADABLE: Final = frozenset({"personal-data", "state-secret", "pruned"})
"""Reasons for which what readers saw in a withheld record is masked here, or gone."""


def check_observed(held: Held, evidence: Evidence) -> Iterator[Finding]:
    """Yield every visit of which an observation was altered, taken out or put in."""
    agency, leaves = held.holdings.agency.code, evidence.by_id()
    marks = _marks(held, leaves)
    in_force = {visit.record for visit in held.holdings.visits}
    hidden = {
        _key_of(evidence.leaves[index]) for index, why in evidence.withheld.items() if why in UNREADABLE
    }
    for key, (account, sealed) in sorted(evidence.observed.items()):
        if key[0] != agency or account.id not in in_force:
            continue  # of somebody else, or after the day that counts
        where = ", ".join(key)
        found = Observed.of(marks.pop(key, ()))
        if sealed is None or key in hidden:
            why = ("niêm phong không kèm mã băm", "was sealed without a digest of what readers saw")
            if sealed is not None:
                why = (
                    "một phần đã bị che hoặc gỡ bỏ",
                    "is masked or gone in part: not held against its digest",
                )
            yield remark("observed", where, *why)
        elif found != sealed:
            yield fault(
                "observation",
                where,
                f"điều đã đọc được khác với lúc niêm phong ({sealed} | {found})",
                f"what readers saw is not what was sealed with the visit ({sealed} | {found})",
            )
    for key in sorted(marks):
        where = ", ".join(key)
        yield remark("observed", where, "không có bản tường trình", "has no account in force of this visit")


def _marks(held: Held, leaves: Mapping[str, Sealed]) -> dict[VisitKey, list[bytes]]:
    """Return, by visit, the marks of what was seen in its records; what a 304 only repeats is none of it."""
    marks: dict[VisitKey, list[bytes]] = defaultdict(list)
    repeated = _Repeated(held)
    for said, observation in held.observed():
        leaf = leaves.get(observation.seen.record)
        if leaf is None or leaf.said["kind"] == "visit" or observation.kind in IN_ACCOUNTS:
            continue
        key = (observation.agency, observation.run, str(leaf.said["source"]))
        if leaf.said["run"] == observation.run and not repeated.takes(said, observation):
            content = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode(
                "utf-8", "surrogatepass"
            )
            marks[key].append(mark_of(leaf.index, observation.kind, key_of(observation), content))
    return marks


class _Repeated:
    """Tells what a 304 repeats of the record it stands for from what was seen at the 304 itself."""

    def __init__(self, held: Held) -> None:
        self._refers = {record.id: record.refers_to for record in held.holdings.records.values()}
        self._left: dict[str, Counter[str]] = {}
        self._seen: dict[str, list[str]] = defaultdict(list)
        for said, observation in held.observed():
            if observation.kind not in OF_A_VISIT:
                self._seen[observation.seen.record].append(_words(said))

    def takes(self, said: Mapping[str, Any], observation: Observation) -> bool:
        """Say whether an observation is one that its revisit repeats; each is taken once."""
        record = observation.seen.record
        former = self._refers.get(record)
        if former is None or observation.kind in OF_A_VISIT:
            return False
        left = self._left.setdefault(record, Counter(self._seen[former]))
        words = _words(said)
        if not left[words]:
            return False
        left[words] -= 1
        return True


def _words(said: Mapping[str, Any]) -> str:
    """Return what an observation says, but for where it was seen."""
    return json.dumps({**said, "run": "", "seen": {**said["seen"], "record": ""}}, sort_keys=True)


def _key_of(leaf: Sealed) -> VisitKey:
    return (str(leaf.said["agency"]), str(leaf.said["run"]), str(leaf.said["source"]))
