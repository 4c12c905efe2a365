"""The evidence half: every record of the bundle stands in the signed log, byte for byte, and no other."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from minhchung.holdings import Holdings, VisitReport
from minhchung.observed import IN_ACCOUNTS, Observed
from offline.building import build
from offline.codec import Held
from offline.findings import BrokenError, Finding, fault, remark
from offline.members import MemberError, block_of, members
from offline.note import Head, included, leaf_hash
from offline.package import Package, parsed
from offline.rules import RuleFile

LEAVES: Final = "proofs/leaves.jsonl"
WITHHELD: Final = "proofs/withheld.json"
VisitKey = tuple[str, str, str]
"""Agency, run, source."""


SIGHTINGS: Final = ("observation", "countersignature")
"""Kinds of leaves that hold what a person saw, and who signed with them."""

REASONS: Final[Mapping[str, tuple[str, ...]]] = {
    "workbook": ("public",),
    "personal-data": ("public",),
    "behind-login": ("public",),
    "other-parties": ("party", "public"),
    "state-secret": ("full", "party", "public"),
    "pruned": ("full", "party", "public"),
    "blinding": ("full", "party", "public"),
    "nothing-else-of-its-file": ("full", "party", "public"),
}
"""Why a record may be withheld, and in which classes of bundles."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """One leaf of the log as the bundle gives it."""

    index: int
    said: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Return the identifier of its first record."""
        return str(self.said["members"][0]["id"])


@dataclass
class Evidence:
    """What was shown to be sealed."""

    leaves: dict[int, Sealed] = field(default_factory=dict)
    withheld: dict[int, str] = field(default_factory=dict)
    """Leaf -> reason."""

    members: int = 0
    accounts: set[str] = field(default_factory=set)
    """Canonical JSON of what sealed accounts of visits and readings of workbooks hold."""

    acts: dict[str, str] = field(default_factory=dict)
    """Record of a sighting or of its second signature -> canonical JSON of what was sealed."""

    reports: dict[str, VisitReport] = field(default_factory=dict)
    """Record of a visit's account -> the report in it."""

    observed: dict[VisitKey, tuple[Sealed, Observed | None]] = field(default_factory=dict)
    """Of each visit the newest account, with the digest of what readers saw so far."""

    seeds: dict[int, bytes] = field(default_factory=dict)
    """Leaf of a visit's account -> the secret under which it counted."""

    blinded: set[int] = field(default_factory=set)
    """Leaves of accounts whose secret is kept back, and nothing else of them."""

    def by_id(self) -> dict[str, Sealed]:
        """Return the leaves by the identifier of their record."""
        return {each.id: each for each in self.leaves.values()}


def check_leaves(
    package: Package, head: Head, evidence: Evidence, *, kind: str, whole: bool
) -> Iterator[Finding]:
    """Yield every leaf that the signed log does not hold, and say whether all of its leaves are here."""
    for number, line in enumerate(package.lines(LEAVES), start=1):
        where = f"{LEAVES}:{number}"
        try:
            index, entry = line["index"], line["entry"].encode()
            proof = [base64.b64decode(node, validate=True) for node in line["proof"]]
            said = json.loads(entry)
            sound = type(index) is int and all(_member(each) for each in said["members"])
        except (KeyError, TypeError, AttributeError, ValueError, binascii.Error) as error:
            raise BrokenError("leaf", where, "không đọc được", f"cannot be read ({error})") from error
        if not sound or not said["members"] or index in evidence.leaves:
            yield fault("leaf", where, "lá không hợp lệ hoặc lặp lại", "is malformed or stands twice")
        elif not included(leaf_hash(entry), index, proof, head):
            yield fault(
                "proof", f"{where} ({_named(said)})", "không thuộc nhật ký đã ký", "is not in the signed log"
            )
        else:
            evidence.leaves[index] = Sealed(index, said)
    if whole and len(evidence.leaves) != head.size:
        missing = next((n for n in range(head.size) if n not in evidence.leaves), head.size)
        yield fault("leaf-missing", f"{missing}", "thiếu lá của nhật ký", "this leaf of the log is missing")
    yield from _withheld(package, evidence, kind)


def _member(said: Any) -> bool:
    return isinstance(said["id"], str) and isinstance(said["sha256"], str) and type(said["length"]) is int


def _named(said: Mapping[str, Any]) -> str:
    return f"{said['members'][0]['id']} {said.get('url', '')}"[:200]


def _withheld(package: Package, evidence: Evidence, kind: str) -> Iterator[Finding]:
    for said in package.json(WITHHELD):
        try:
            index, reason = said["index"], said["reason"]
        except (KeyError, TypeError) as error:
            raise BrokenError("content", WITHHELD, "nội dung sai", f"does not fit ({error})") from error
        if index not in evidence.leaves:
            yield fault("withheld", f"{index}", "giữ lại một lá không có chứng minh", "has no proven leaf")
            continue
        leaf = evidence.leaves[index].said
        name = _named(leaf)
        if reason != "blinding":
            evidence.withheld[index] = str(reason)
        elif leaf["kind"] == "visit" and len(leaf["members"]) == 2:
            evidence.blinded.add(index)
        else:
            yield fault("withheld", name, "không có bí mật để giữ lại", "holds no secret to keep back")
            continue
        if kind not in REASONS.get(str(reason), ()):
            yield fault(
                "withheld",
                name,
                f"gói loại {kind} không giữ lại vì {reason}",
                f"{reason}: no reason in {kind}",
            )
            continue
        yield remark("withheld", name, f"được giữ lại: {reason}", f"is withheld: {reason}")


def check_members(package: Package, evidence: Evidence) -> Iterator[Finding]:
    """Yield every stored record that is altered, strange or missing."""
    expected: dict[str, list[Sealed]] = {}
    for leaf in evidence.leaves.values():
        if leaf.index not in evidence.withheld:
            expected.setdefault(leaf.said["members"][0]["sha256"], []).append(leaf)
    for name in package.under("archive"):
        try:
            with package.open(name) as file:
                yield from _walk(name, file, expected, evidence)
        except (MemberError, OSError, ValueError, RuntimeError) as error:
            yield fault("member", name, f"không đọc được ({error})", f"cannot be read ({error})")
    for leaves in expected.values():
        for leaf in leaves:
            yield fault(
                "member-missing", _named(leaf.said), "bản ghi bị thiếu hoặc bị sửa", "is missing or altered"
            )


def _walk(name: str, file: Any, expected: dict[str, list[Sealed]], evidence: Evidence) -> Iterator[Finding]:
    pending: list[Mapping[str, Any]] = []
    owner = -1
    for number, stored in enumerate(members(file), start=1):
        where = f"{name}, {number}"
        digest = sha256(stored).hexdigest()
        if pending:
            wanted = pending.pop(0)
            if wanted["sha256"] != digest or wanted["length"] != len(stored):
                yield fault(
                    "member", f"{wanted['id']} ({where})", "bị sửa hoặc sai chỗ", "is altered or misplaced"
                )
                pending = []
            elif evidence.leaves[owner].said["kind"] == "visit":
                evidence.seeds[owner] = block_of(stored)
            evidence.members += 1
            continue
        leaves = expected.get(digest)
        if not leaves:
            yield fault("member-unlogged", where, "không thuộc lá nào", "belongs to no leaf of the bundle")
            continue
        leaf = leaves.pop()
        if not leaves:
            del expected[digest]
        owner, pending = leaf.index, list(leaf.said["members"][1:])
        if leaf.index in evidence.blinded:
            pending = []
        evidence.members += 1
        if leaf.said["kind"] in ("visit", "figures"):
            _account(leaf, stored, evidence)
        elif leaf.said["kind"] in SIGHTINGS:
            evidence.acts[leaf.id] = canonical(parsed(leaf.id, block_of(stored)))
    if pending:
        yield fault(
            "member-missing", str(pending[0]["id"]), "bị thiếu ở cuối tệp", "is missing at the file's end"
        )


def _account(leaf: Sealed, stored: bytes, evidence: Evidence) -> None:
    said = parsed(leaf.id, block_of(stored))
    parts: list[Any] = []
    if leaf.said["kind"] == "visit":
        parts = [*said["captures"], said["walk"]]
        evidence.reports[leaf.id] = build(VisitReport, {**said["report"], "record": leaf.id})
        key = (str(leaf.said["agency"]), str(leaf.said["run"]), str(leaf.said["source"]))
        if key not in evidence.observed or evidence.observed[key][0].index < leaf.index:
            evidence.observed[key] = leaf, Observed.read(said.get("observations"))
    else:
        parts = [*said["figures"], *said["owner_figures"]]
    evidence.accounts.update(canonical(part) for part in parts if part is not None)


def canonical(said: Any) -> str:
    """Return plain JSON in one form."""
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def check_rules(files: tuple[RuleFile, ...], evidence: Evidence) -> Iterator[Finding]:
    """Yield every rule that is not the one that was sealed."""
    for file in files:
        leaf = evidence.leaves.get(file.leaf) if file.leaf is not None else None
        if leaf is None:
            yield remark(
                "rule-unsealed",
                file.name,
                "quy tắc này chưa được niêm phong trong nhật ký của gói",
                "is not sealed in the log of this bundle: compare it with the published one",
            )
        elif leaf.said["kind"] != "config" or leaf.said["members"][0].get("payload_sha256") != file.sha256:
            yield fault("rule", file.name, "khác với bản đã niêm phong", "differs from what was sealed")


def check_held(held: Held, figures: Any, evidence: Evidence, *, masked: bool) -> Iterator[Finding]:
    """Yield what one agency's holdings say of records against what the log and sealed accounts say."""
    code, leaves = held.holdings.agency.code, evidence.by_id()
    yield from _records(held.holdings, leaves)
    for observation in held.holdings.observations:
        if observation.seen.record not in leaves:
            where = f"{code}: {observation.seen.record}"
            yield fault(
                "observation", where, "quan sát không có bản ghi", "is observed in no record of the bundle"
            )
    for line in held.lines:
        name, said = line["is"], line["said"]
        sealed_word = name == "visit" or (name == "observation" and said["kind"] in IN_ACCOUNTS)
        if not sealed_word or (masked and name == "observation"):
            continue
        if name == "visit":
            # Compared as read: whoever wrote the bundle may know more fields than whoever sealed.
            is_sealed = evidence.reports.get(said.get("record")) == build(VisitReport, said)
        else:
            is_sealed = canonical(said) in evidence.accounts
        if not is_sealed:
            where = f"{code}: {said.get('record') or said.get('list_url') or name}"
            yield fault("account", where, "khác với bản đã niêm phong", "is not what was sealed of the visit")
    if not masked:
        yield from _claims(code, figures, leaves, evidence)


def _claims(code: str, figures: Any, leaves: Mapping[str, Sealed], evidence: Evidence) -> Iterator[Finding]:
    for said in (*figures["submitted"], *figures["owner_figures"]):
        where = f"{code}: {said['component']}"
        sealed = leaves.get(said["seen"]["record"])
        if sealed is not None and sealed.index in evidence.withheld:
            yield remark("claim-unseen", where, "bản gốc không có trong gói", "rests on a withheld workbook")
        elif canonical(said) not in evidence.accounts:
            yield fault(
                "claim", where, "khác với số liệu đã niêm phong", "is not what was sealed of a workbook"
            )


def _records(holdings: Holdings, leaves: Mapping[str, Sealed]) -> Iterator[Finding]:
    for record in holdings.records.values():
        leaf = leaves.get(record.id)
        if leaf is None:
            yield fault("record", record.id, "không có lá", "has no leaf in the bundle")
            continue
        said = leaf.said
        kind = said["kind"] if said["kind"] in ("response", "revisit", "failure") else "resource"
        stamp = record.captured_at.isoformat(timespec="microseconds")[:26] + "Z"
        printed = (
            record.agency,
            record.source,
            record.run,
            record.url,
            record.kind,
            record.status,
            record.leaf,
        )
        logged = (said["agency"], said["source"], said["run"], said["url"], kind, said["status"], leaf.index)
        body = said["members"][0].get("payload_sha256", "")
        if printed != logged or stamp != said["fetched_at"] or (record.body_sha256 or body) != body:
            yield fault("record", record.id, "khác với nhật ký", "is not what the log says of it")
