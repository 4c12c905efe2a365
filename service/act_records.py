"""The acts of a round as sealed records: written once, read back in the order of the log."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter

from collectors.sniff import kind_of
from minhchung.agencies import PROVINCE
from minhchung.approvals import ConfigApproval
from minhchung.clock import Clock
from minhchung.errors import UsageError
from minhchung.evidence import EvidenceRecord, RecordId, SourceKey
from minhchung.labels import LabelDraw, Labels
from minhchung.round_acts import RoundAct
from minhchung.rulings import Answer, Comment, Ruling
from storage.codec import value_json, value_of
from storage.store import Store

ROUNDS: Final = SourceKey("rounds")
JSON: Final = "application/json"
MAX_DOCUMENT: Final = 20_000_000
"""Bytes of one attached file."""

CONTENT_TYPES: Final = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
    "text": "text/plain",
    "zip": "application/zip",
    "png": "image/png",
    "jpg": "image/jpeg",
}
_KINDS: Final[Mapping[type[Any], str]] = {
    RoundAct: "round-act",
    Ruling: "ruling",
    Comment: "comment",
    Answer: "answer",
    ConfigApproval: "config-approval",
    LabelDraw: "label-draw",
    Labels: "labels",
}

Act = RoundAct | Ruling | Comment | Answer | ConfigApproval | LabelDraw | Labels
T = TypeVar("T", RoundAct, Ruling, Comment, Answer, ConfigApproval, LabelDraw, Labels)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where acts of one sitting are sealed: one run, one clock."""

    store: Store
    clock: Clock
    run: Any

    @classmethod
    def begin(cls, store: Store, clock: Clock) -> Desk:
        """Begin a sitting."""
        return cls(store, clock, store.begin_run("acts"))

    def seal(self, act: Act) -> EvidenceRecord:
        """Seal an act as a leaf of the log."""
        body = json.dumps(as_plain(act), ensure_ascii=False, sort_keys=True).encode()
        return self.keep(body, JSON, _KINDS[type(act)])

    def keep(self, body: bytes, content_type: str, kind: str) -> EvidenceRecord:
        """Seal the bytes of something that belongs to an act."""
        digest = sha256(body).hexdigest()
        return self.store.resource(
            body,
            url=f"urn:minhchung:{kind}:{digest}",
            content_type=content_type,
            agency=PROVINCE,
            source=ROUNDS,
            run=self.run,
            kind=kind,
            captured_at=self.clock.now(),
        )

    def document(self, path: Path) -> EvidenceRecord:
        """Seal an attached file; raises UsageError for one that is unreadable, empty or too large."""
        try:
            size = path.stat().st_size
            body = path.read_bytes() if size <= MAX_DOCUMENT else b""
        except OSError as error:
            raise UsageError(f"{path}: cannot be read ({error.strerror}); check path and rights") from error
        if not body:
            what = "is empty" if not size else f"is larger than {MAX_DOCUMENT} bytes"
            raise UsageError(f"{path}: {what}; attach the document itself")
        return self.keep(body, CONTENT_TYPES.get(kind_of(body), "application/octet-stream"), "document")


def as_plain(act: Act) -> dict[str, Any]:
    """Return an act as plain JSON."""
    said = asdict(act)
    if not isinstance(act, Labels):
        said["day"] = act.day.isoformat()
    if isinstance(act, Ruling):
        said["inputs"] = {name: value_json(value) for name, value in act.inputs.items()}
    return said


def _read(kind: type[T], body: bytes) -> T:
    said = json.loads(body)
    inputs = said.pop("inputs", None)
    if kind is Ruling:
        said = {**said, "day": date.fromisoformat(said["day"])}
        read = {name: value_of(value) for name, value in inputs.items()}
        made: T = kind(**{**said, "inputs": read, "records": tuple(said["records"])})
        return made
    checked: T = TypeAdapter(kind).validate_python(said)
    return checked


def acts_of(store: Store, kind: type[T], round_id: str = "") -> Iterator[tuple[RecordId, T]]:
    """Yield the acts of a kind, oldest first, with their records; of one round where it is named."""
    for record in store.records(kind=_KINDS[kind]):
        act = _read(kind, store.body(record.id))
        if not round_id or getattr(act, "round", round_id) == round_id:
            yield record.id, act
