"""Sealing: what was captured becomes WARC members, one leaf of the log, and a row to be.

The order of a commit is the promise: archive on the disk, then log on the disk and signed, then catalogue.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Final

from minhchung import VERSION
from minhchung.clock import Clock, Ids
from minhchung.evidence import (
    AgencyCode,
    EvidenceRecord,
    Exchange,
    FailedAttempt,
    Outcome,
    RecordId,
    Run,
    RunId,
    SourceKey,
    TlsFacts,
)
from storage import warc
from storage.archive import Archive, Place
from storage.cutting import cut_unsigned
from storage.disk import OpenFile, refusals
from storage.home import Home
from storage.leaf import Leaf, Member, stamp
from storage.log import Log
from storage.payloads import CAP, GZIP_NAMES, payload_of
from storage.tables import RecordRow

IN_FLIGHT_RECORDS: Final = 200
"""Records not yet sealed, at most; one more and a commit comes first."""

IN_FLIGHT_SECONDS: Final = 1.0
"""Age of the oldest record not yet sealed, at most, once another comes."""

TOLD: Final = ("content-encoding", "content-type", "etag", "last-modified")
"""Fields of a response that say what its body is."""

KEPT: Final = "kept"
"""Outcome of a leaf that is no attempt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whose record it is."""

    agency: AgencyCode
    source: SourceKey
    run: RunId


@dataclass(frozen=True, slots=True)
class Referred:
    """The record that a revisit stands for."""

    record: EvidenceRecord
    wire_sha256: str


class Sealer:
    """Appends records to archive and log; nothing counts before `sync` returns."""

    def __init__(
        self, home: Home, log: Log, clock: Clock, ids: Ids, open_file: OpenFile, roll_bytes: int
    ) -> None:
        self._home = home
        self._log = log
        self._clock = clock
        self._ids = ids
        self._archive = Archive(home.archive, open_file, self._begin_file, roll_bytes=roll_bytes)
        self._entries: list[tuple[bytes, str, int]] = []
        self._infos: dict[str, RecordId] = {}
        self._handshakes: dict[tuple[RunId, TlsFacts], str] = {}
        self._oldest = 0.0
        self.runs: dict[RunId, Run] = {}
        """Runs begun, for the file's first record."""

        self.configs: dict[str, str] = {}
        """Name -> SHA-256 of the configuration in force, for the file's first record."""

        self.rows: list[dict[str, Any]] = []
        """Of what was appended since they were last taken."""

        self.on_due: Callable[[], None] = self.sync
        """Called when a group is full, before the next record is appended."""

    @property
    def in_flight(self) -> int:
        """Return the number of leaves appended and not yet sealed."""
        return len(self._entries)

    def exchange(self, exchange: Exchange, subject: Subject, refers_to: Referred | None) -> EvidenceRecord:
        """Append request and response, or request and revisit."""
        wire_sha = sha256(exchange.wire).digest()
        if refers_to is not None and exchange.status == 304:
            return self._revisit(exchange, subject, refers_to, warc.NOT_MODIFIED)
        if refers_to is not None and exchange.wire and wire_sha.hex() == refers_to.wire_sha256:
            return self._revisit(exchange, subject, refers_to, warc.SAME_PAYLOAD)
        told, body = _told(exchange), exchange.body
        if body is None or told["content-encoding"] not in GZIP_NAMES or len(body) > CAP:
            body = payload_of(exchange.wire, told["content-encoding"])
        belongs = self._belongs(subject.run)
        record = self._record(
            exchange,
            subject,
            "response",
            body_sha256=wire_sha.hex() if body is exchange.wire else sha256(body).hexdigest(),
            content_type=told["content-type"],
            etag=told["etag"],
            last_modified=told["last-modified"],
        )
        fields = [("WARC-Payload-Digest", warc.named_digest(wire_sha))]
        if exchange.truncated:
            fields.append(("WARC-Truncated", "length"))
        conditional = (
            exchange.status == 200 and not exchange.truncated and bool(record.etag or record.last_modified)
        )
        return self._pair(
            exchange,
            record,
            belongs,
            fields,
            exchange.wire,
            wire_sha256=wire_sha.hex(),
            conditional=conditional,
        )

    def _revisit(
        self, exchange: Exchange, subject: Subject, refers_to: Referred, profile: str
    ) -> EvidenceRecord:
        former, told = refers_to.record, _told(exchange)
        belongs = self._belongs(subject.run)
        record = self._record(
            exchange,
            subject,
            "revisit",
            body_sha256=former.body_sha256,
            content_type=told["content-type"] or former.content_type,
            etag=told["etag"] or former.etag,
            last_modified=told["last-modified"] or former.last_modified,
            refers_to=former.id,
        )
        fields = [
            ("WARC-Profile", profile),
            ("WARC-Refers-To", f"<{former.id}>"),
            ("WARC-Refers-To-Target-URI", warc.target(former.url)[1]),
            ("WARC-Refers-To-Date", stamp(former.captured_at)),
            ("WARC-Payload-Digest", warc.named_digest(bytes.fromhex(refers_to.wire_sha256))),
        ]
        return self._pair(exchange, record, belongs, fields, b"", wire_sha256=refers_to.wire_sha256)

    def _record(
        self, exchange: Exchange | FailedAttempt, subject: Subject, kind: str, **said: Any
    ) -> EvidenceRecord:
        """Return the record of a capture; its file is open, so its number in the log is the next one."""
        return EvidenceRecord(
            id=RecordId(self._ids.next()),
            agency=subject.agency,
            source=subject.source,
            run=subject.run,
            url=warc.plain(exchange.url),
            method=exchange.method,
            captured_at=exchange.begun_at,
            kind=kind,
            status=exchange.status if isinstance(exchange, Exchange) else None,
            leaf=self._next_leaf,
            **said,
        )

    def _pair(
        self,
        exchange: Exchange,
        record: EvidenceRecord,
        belongs: warc.Fields,
        fields: warc.Fields,
        wire: bytes,
        *,
        wire_sha256: str,
        conditional: bool = False,
    ) -> EvidenceRecord:
        date = stamp(record.captured_at)
        common, handshake = self._common(exchange, record, date, belongs)
        first = warc.seal(
            record.kind,
            record.id,
            date,
            [*common, *fields],
            warc.HTTP_RESPONSE,
            warc.response_head(exchange),
            wire,
            payload_sha256=record.body_sha256,
        )
        concurrent = [common[0], ("WARC-Concurrent-To", f"<{record.id}>"), *belongs]
        request = warc.request(exchange, self._ids.next(), date, concurrent)
        unchanged = record.kind == "revisit" or exchange.status == 304
        outcome = Outcome.NOT_MODIFIED if unchanged else Outcome.FETCHED
        return self._append(
            record,
            [first, request, *handshake],
            date,
            kind=record.kind,
            outcome=outcome,
            wire_sha256=wire_sha256,
            conditional=conditional,
        )

    def failure(self, attempt: FailedAttempt, subject: Subject) -> EvidenceRecord:
        """Append an attempt that brought no usable answer, as a metadata record."""
        block = warc.failure_block(attempt)
        belongs = self._belongs(subject.run)
        record = self._record(
            attempt,
            subject,
            "failure",
            failure=attempt.failure,
            content_type=warc.FAILURE_TYPE,
            body_sha256=sha256(block).hexdigest(),
        )
        date = stamp(record.captured_at)
        common, handshake = self._common(attempt, record, date, belongs)
        first = warc.seal(
            "metadata",
            record.id,
            date,
            common,
            warc.FAILURE_TYPE,
            block,
            payload_sha256=record.body_sha256,
        )
        outcome = Outcome.REFUSED if attempt.failure.refusal else Outcome.FAILED
        return self._append(record, [first, *handshake], date, kind="failure", outcome=outcome)

    def resource(
        self,
        body: bytes,
        record: EvidenceRecord,
        *,
        kind: str,
        concurrent_to: RecordId | None = None,
        secret: bytes = b"",
    ) -> EvidenceRecord:
        """Append what is no HTTP exchange; `record` comes without id and digest.

        `secret` lies beside it, as a second record of its leaf: what may be kept back alone.
        """
        belongs = self._belongs(record.run)
        fields = [warc.target(record.url), *belongs]
        record = replace(
            record,
            id=RecordId(self._ids.next()),
            body_sha256=sha256(body).hexdigest(),
            leaf=self._next_leaf,
        )
        date = stamp(record.captured_at)
        if concurrent_to is not None:
            fields.insert(1, ("WARC-Concurrent-To", f"<{concurrent_to}>"))
        content_type = warc.one_line(warc.plain(record.content_type))
        sealed = warc.seal(
            "resource",
            record.id,
            date,
            fields,
            content_type,
            body,
            payload_sha256=record.body_sha256,
        )
        beside = []
        if secret:
            about = [fields[0], ("WARC-Concurrent-To", f"<{record.id}>"), *belongs]
            beside.append(warc.seal("metadata", self._ids.next(), date, about, warc.BLINDING_TYPE, secret))
        return self._append(record, [sealed, *beside], date, kind=kind, outcome=KEPT)

    def _common(
        self, exchange: Exchange | FailedAttempt, record: EvidenceRecord, date: str, belongs: warc.Fields
    ) -> tuple[warc.Fields, list[warc.Sealed]]:
        """Return the fields of a capture (address first, file last) and its handshake's record, if new."""
        fields = [warc.target(exchange.url), *warc.capture_fields(exchange)]
        handshake: list[warc.Sealed] = []
        if exchange.tls is not None:
            key = (record.run, exchange.tls)
            known = self._handshakes.get(key)
            if known is None:
                # A chain is larger than most pages: it is kept once a file, and later captures point to it.
                known = self._handshakes[key] = self._ids.next()
                about = [fields[0], ("WARC-Concurrent-To", f"<{record.id}>"), *belongs]
                block = warc.tls_block(exchange.tls)
                handshake.append(warc.seal("metadata", known, date, about, warc.TLS_TYPE, block))
            fields.append(("X-TLS-Facts", f"<{known}>"))
        return [*fields, *belongs], handshake

    @property
    def _next_leaf(self) -> int:
        return self._log.size + len(self._entries)

    def _belongs(self, run: RunId) -> warc.Fields:
        """Return the field that names the file's warcinfo record, opening the run's next file if need be."""
        if self._entries and (
            len(self._entries) >= IN_FLIGHT_RECORDS or time.monotonic() - self._oldest > IN_FLIGHT_SECONDS
        ):
            self.on_due()
        name = self._archive.file_for(run)
        return [("WARC-Warcinfo-ID", f"<{self._infos[name]}>")]

    def _begin_file(self, run: RunId, name: str) -> bytes:
        begun = self.runs.get(run)
        now = self._clock.now()
        said = [
            ("software", f"minhchung/{VERSION} Python/{platform.python_version()}"),
            ("format", "WARC File Format 1.1"),
            ("conformsTo", "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"),
            ("minhchung-run", run),
            ("minhchung-run-began", stamp(begun.began_at if begun else now)),
            ("minhchung-run-note", begun.note if begun else ""),
            ("minhchung-config-sha256", config_digest(self.configs)),
        ]
        record = EvidenceRecord(
            id=RecordId(self._ids.next()),
            leaf=self._next_leaf,
            agency=AgencyCode(""),
            source=SourceKey(""),
            run=run,
            url=f"urn:minhchung:file:{name}",
            method="",
            captured_at=now,
            kind="warcinfo",
            content_type=warc.WARCINFO_TYPE,
        )
        self._infos[name] = record.id
        for known in [key for key in self._handshakes if key[0] == run]:
            del self._handshakes[known]
        sealed = warc.warcinfo(record.id, stamp(now), name, said)
        self._note(record, [sealed.member], stamp(now), Place(name, 0), kind="warcinfo", outcome=KEPT)
        return sealed.stored

    def _append(
        self,
        record: EvidenceRecord,
        sealed: Sequence[warc.Sealed],
        date: str,
        *,
        kind: str,
        outcome: str,
        **extra: Any,
    ) -> EvidenceRecord:
        place = self._archive.append(record.run, b"".join([part.stored for part in sealed]))
        members = [part.member for part in sealed]
        return self._note(record, members, date, place, kind=kind, outcome=outcome, **extra)

    def _note(
        self,
        record: EvidenceRecord,
        members: Sequence[Member],
        date: str,
        place: Place,
        *,
        kind: str,
        outcome: str,
        wire_sha256: str = "",
        conditional: bool = False,
    ) -> EvidenceRecord:
        if not self._entries:
            self._oldest = time.monotonic()
        leaf = Leaf(
            kind=kind,
            agency=record.agency,
            source=record.source,
            run=record.run,
            url=record.url,
            fetched_at=date,
            status=record.status,
            outcome=outcome,
            failure=record.failure.value if record.failure is not None else "",
            members=tuple(members),
        )
        self._entries.append((leaf.entry(), place.file, place.offset))
        self.rows.append(
            RecordRow.values(
                record,
                kind=kind,
                place=(place.file, place.offset, members[0].length),
                wire_sha256=wire_sha256,
                conditional=conditional,
            )
        )
        return record

    def write(self) -> None:
        """Hand what waits to the operating system, so that it can be read back."""
        self._archive.write()

    def sync(self) -> None:
        """Seal what was appended: archive, then log."""
        if not self._entries:
            return
        self._archive.sync()
        with refusals(self._home.log):
            self._log.append(self._entries)
        self._entries.clear()

    def cut(self) -> None:
        """After `close`: cut what was written and not sealed; raises LogError or OSError where that fails."""
        cut_unsigned(self._home, self._archive.names)

    def close(self) -> None:
        """Let go of the files; what was not sealed is dropped."""
        self._archive.close()
        self._log.close()


def config_digest(configs: Mapping[str, str]) -> str:
    """Return the digest of a configuration: over its sorted `name sha256` lines."""
    lines = "".join(f"{name} {digest}\n" for name, digest in sorted(configs.items()))
    return sha256(lines.encode()).hexdigest()


def _told(exchange: Exchange) -> dict[str, str]:
    """Return what a response says of its body: the first field of each name, all codings together."""
    told = dict.fromkeys(TOLD, "")
    for name, value in exchange.headers:
        known = name.casefold()
        if known in told and (not told[known] or known == "content-encoding"):
            told[known] = f"{told[known]}, {value}" if told[known] else warc.plain(warc.one_line(value))
    return told
