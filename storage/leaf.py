"""What the log says of one event: a canonical JSON entry naming every stored gzip member."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from minhchung.errors import LogError

VERSION: Final = 1
"""Value of `v` in every entry."""

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode
_quoted = json.encoder.encode_basestring
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def canonical(value: object) -> bytes:
    """Return the RFC 8785 form of a value of strings, integers, booleans, nulls, lists and objects.

    Keys must be ASCII (then Unicode order is UTF-16 order) and floats do not occur: within these limits
    the standard library's compact, key-sorted form is the canonical one.
    """
    return _encode(value).encode()


def stamp(instant: datetime) -> str:
    """Return an aware instant as `2021-10-04T01:02:03.000000Z`."""
    if instant.tzinfo is not UTC:
        if instant.tzinfo is None:
            raise ValueError(f"{instant.isoformat()} has no zone")
        instant = instant.astimezone(UTC)
    return instant.isoformat(timespec="microseconds")[:26] + "Z"


def instant_of(text: str) -> datetime:
    """Return the instant of a stamp, aware, UTC."""
    return datetime.fromisoformat(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One gzip member, exactly as stored."""

    id: str
    """WARC-Record-ID without angle brackets."""

    type: str
    """WARC-Type."""

    sha256: str
    """Hex digest of the stored (compressed) bytes."""

    length: int
    """Stored bytes."""

    payload_sha256: str = ""
    """Hex digest of the decoded payload that readers see, where the record holds one."""

    def entry(self) -> str:
        """Return the member's part of an entry, in canonical form."""
        payload = f'"payload_sha256":"{self.payload_sha256}",' if self.payload_sha256 else ""
        return (
            f'{{"id":{_quoted(self.id)},"length":{self.length},{payload}"sha256":"{self.sha256}",'
            f'"type":{_quoted(self.type)}}}'
        )

    def as_json(self) -> dict[str, Any]:
        """Return what an act says of a member that it names."""
        said: dict[str, Any] = {
            "id": self.id,
            "type": self.type,
            "sha256": self.sha256,
            "length": self.length,
        }
        if self.payload_sha256:
            said["payload_sha256"] = self.payload_sha256
        return said


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One event; its first member is the record itself, the rest was captured with it."""

    kind: str
    """`response`, `revisit`, `failure`, `warcinfo`, or the kind of a resource: `visit`, `submission`, …"""

    agency: str
    source: str
    run: str
    url: str
    fetched_at: str
    """A stamp: see `stamp`."""

    status: int | None
    outcome: str
    """`fetched`, `not-modified`, `refused`, `failed`; `kept` for what is no attempt."""

    failure: str = ""
    """Code of the closed taxonomy, where the attempt failed."""

    members: tuple[Member, ...]

    @property
    def length(self) -> int:
        """Return the stored bytes of all members, which lie one after the other."""
        return sum(member.length for member in self.members)

    def entry(self) -> bytes:
        """Return the log entry: canonical JSON, never with a line break inside.

        Written out by hand, keys in order: it is what `canonical` makes of the same, at a third of the cost.
        """
        failure = f'"failure":{_quoted(self.failure)},' if self.failure else ""
        status = "null" if self.status is None else str(self.status)
        members = ",".join([member.entry() for member in self.members])
        return (
            f'{{"agency":{_quoted(self.agency)},{failure}"fetched_at":{_quoted(self.fetched_at)},'
            f'"kind":{_quoted(self.kind)},"members":[{members}],"outcome":{_quoted(self.outcome)},'
            f'"run":{_quoted(self.run)},"source":{_quoted(self.source)},"status":{status},'
            f'"url":{_quoted(self.url)},"v":{VERSION}}}'
        ).encode()

    @classmethod
    def read(cls, entry: bytes) -> Leaf:
        """Return the leaf of an entry; raises LogError for anything but the exact form we write."""
        try:
            said = json.loads(entry)
            ours = canonical(said) == entry and said.get("failure") != ""
            if said.pop("v") != VERSION:
                raise LogError("an entry of the log is of an unknown version; update this product")
            listed = said.pop("members")
            ours = ours and "" not in [member.get("payload_sha256") for member in listed]
            members = tuple([Member(**member) for member in listed])
            leaf = cls(**said, members=members)
        except (ValueError, TypeError, AttributeError, KeyError) as exc:
            raise LogError(f"an entry of the log cannot be read ({exc}); run `minhchung check`") from exc
        sound = all(type(m.length) is int and m.length > 0 and _DIGEST.fullmatch(m.sha256) for m in members)
        if not sound or not members or not ours:
            raise LogError("an entry of the log is not in canonical form; run `minhchung check`")
        return leaf
