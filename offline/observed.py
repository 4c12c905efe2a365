"""What readers saw, against the digest that was sealed with the account of each visit."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Set
from typing import Any, Final

from minhchung.blinding import blinded, mark_told, words_of
from minhchung.observations import Observation
from minhchung.observed import IN_ACCOUNTS, OF_A_VISIT, Observed, key_of, mark_of
from offline.codec import Held
from offline.findings import Finding, fault, remark
from offline.sealed import Evidence, Sealed, VisitKey

MASKED: Final = frozenset({"personal-data", "state-secret", "behind-login", "workbook"})
"""Reasons for which what readers saw in a withheld record may be masked here."""


def check_observed(held: Held, evidence: Evidence) -> Iterator[Finding]:
    """Yield every visit of which an observation was altered, taken out or put in."""
    agency = held.holdings.agency.code
    marks = _marks(held, evidence)
    in_force = {visit.record for visit in held.holdings.visits}
    gone, hidden = _keys(evidence, {"pruned"}), _keys(evidence, MASKED)
    for key, (account, sealed) in sorted(evidence.observed.items()):
        if key[0] != agency or account.id not in in_force:
            continue  # of somebody else, or after the day that counts
        where = ", ".join(key)
        seen = marks.pop(key, ())
        if sealed is None:
            yield remark("observed", where, *_SEALED_WITHOUT)
            continue
        if key in gone or (key in hidden and not sealed.is_blinded):
            yield remark("observed", where, *_NOT_HELD_AGAINST)
            continue
        found = Observed.of(seen, is_blinded=sealed.is_blinded)
        if found != sealed:
            yield fault(
                "observation",
                where,
                f"điều đã đọc được khác với lúc niêm phong ({sealed} | {found})",
                f"what readers saw is not what was sealed with the visit ({sealed} | {found})",
            )
        elif account.index in evidence.blinded:
            yield remark("observed", where, *_BUT_FOR_WORDS)
    for key in sorted(marks):
        where = ", ".join(key)
        yield remark("observed", where, "không có bản tường trình", "has no account in force of this visit")


_SEALED_WITHOUT: Final = (
    "niêm phong không kèm mã băm",
    "was sealed without a digest of what readers saw",
)
_NOT_HELD_AGAINST: Final = (
    "một phần đã bị che hoặc gỡ bỏ",
    "is masked or gone in part: not held against its digest",
)
_BUT_FOR_WORDS: Final = (
    "đúng như lúc niêm phong; riêng câu chữ bị che chỉ có cam kết thay thế",
    "is what was sealed; for the texts that are masked stand commitments alone",
)


def _keys(evidence: Evidence, reasons: Set[str]) -> set[VisitKey]:
    """Return the visits of which a record is withheld for one of these reasons."""
    return {_key_of(evidence.leaves[index]) for index, why in evidence.withheld.items() if why in reasons}


def _marks(held: Held, evidence: Evidence) -> dict[VisitKey, list[bytes]]:
    """Return, by visit, the marks of what was seen in its records; what a 304 only repeats is none of it."""
    marks: dict[VisitKey, list[bytes]] = defaultdict(list)
    leaves, repeated = evidence.by_id(), _Repeated(held)
    for (said, observation), told in zip(held.observed(), held.told(), strict=True):
        leaf = leaves.get(observation.seen.record)
        if leaf is None or leaf.said["kind"] == "visit" or observation.kind in IN_ACCOUNTS:
            continue
        key = (observation.agency, observation.run, str(leaf.said["source"]))
        if leaf.said["run"] == observation.run and not repeated.takes(said, observation):
            content = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
            marks[key].append(_mark(evidence, key, leaf, observation, content, told))
    return marks


def _mark(
    evidence: Evidence, key: VisitKey, leaf: Sealed, observation: Observation, content: str, told: Any
) -> bytes:
    """Return the mark of one observation as its visit counted; empty where what was told opens nothing."""
    account, sealed = evidence.observed.get(key, (None, None))
    if account is None or sealed is None or not sealed.is_blinded:
        said = content.encode("utf-8", "surrogatepass")
        return mark_of(leaf.index, observation.kind, key_of(observation), said)
    words = words_of(key_of(observation), content)
    seed = evidence.seeds.get(account.index)
    if seed is not None:
        return blinded(seed, leaf.index, observation.kind, words)
    try:
        return mark_told(told, leaf.index, observation.kind, words) if isinstance(told, list) else b""
    except ValueError:
        return b""


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
