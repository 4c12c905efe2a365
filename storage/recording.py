"""The recording half of a store: what is captured is sealed, in the order of the promise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from sqlalchemy import func, select

from minhchung.blinding import blinded, seed_of, words_of
from minhchung.clock import Clock, Ids
from minhchung.errors import LogError, StorageError, UsageError
from minhchung.evidence import (
    AgencyCode,
    EvidenceRecord,
    Exchange,
    FailedAttempt,
    RecordId,
    RunId,
    SourceKey,
)
from minhchung.holdings import VisitReport
from minhchung.observations import ListCapture, Observation, Walk
from minhchung.observed import Observed
from storage import shelf
from storage.archive import ROLL_BYTES
from storage.catalogue import Catalogue, add
from storage.checkpoint import load_signer
from storage.codec import dump, dump_visit
from storage.disk import DiskFile, OpenFile, refusals, write_whole
from storage.home import Home, WriterLock
from storage.log import Log, LogFiles
from storage.observed import mark_of_row
from storage.reading import Reading
from storage.recovery import open_log
from storage.rereading import SEALED_WITH_A_VISIT, distrust_unfinished, top_up
from storage.rotation import finish_rotation
from storage.sealing import Referred, Sealer, Subject
from storage.settling import settle
from storage.tables import (
    RECORD,
    RECORD_KINDS,
    ClaimRow,
    ObservationRow,
    RecordRow,
    SubmissionRow,
    Table,
    VisitRow,
    record_of,
)


class Recording(Reading):
    """Implements `minhchung.ports.Recorder` on a home, opened by one writer or by any number of readers."""

    def __init__(
        self,
        home: Home,
        clock: Clock,
        ids: Ids,
        *,
        writer: bool,
        open_file: OpenFile = DiskFile,
        roll_bytes: int = ROLL_BYTES,
    ) -> None:
        self._clock = clock
        self._ids = ids
        self._open_file = open_file
        self._rows: list[tuple[type[Table], dict[str, Any]]] = []
        self._in_flight: dict[str, dict[str, Any]] = {}
        self._places: dict[str, tuple[int, SourceKey]] = {}
        """Record -> its leaf and source, of records lately asked for."""

        self._latest: dict[AgencyCode, dict[tuple[str, str], Referred | RecordId]] = {}
        """What conditional requests may be made on, by source and address; an identifier alone for what has
        been recorded since the agency was first asked for: few of these are asked for again, and a portal
        has many."""

        self._probes: dict[tuple[str, RunId], list[Observation]] = {}
        self._observed: dict[tuple[str, RunId, SourceKey], tuple[bytes, list[bytes]]] = {}
        """A secret, and the marks of what was seen, for the digest that a visit's account seals."""

        self._kept: dict[str, bytes] = {}
        """Configuration files, by digest, that are to be put in place once they are sealed."""

        self._acts_run: RunId | None = None
        self._failed = ""
        self._lock: WriterLock | None = None
        self._sealer: Sealer | None = None
        if not writer:
            home.require()
            super().__init__(home, Catalogue(home.catalogue, writer=False))
            return
        home.prepare()
        with ExitStack() as undo:
            self._lock = WriterLock(home)
            undo.callback(self._lock.abandon)
            settle(home)
            super().__init__(home, Catalogue(home.catalogue, writer=True))
            undo.callback(self._catalogue.close)
            self._sealer = Sealer(home, self._open_log(), clock, ids, open_file, roll_bytes)
            self._sealer.on_due = self.commit
            self._sealer.runs.update((run.id, run) for run in self.runs())
            if self._lock.after_crash:
                self._mend_configs()
            undo.pop_all()

    def _open_log(self) -> Log:
        """Return the log, and bring the catalogue level with it: it may be behind, never ahead."""
        home = self.home
        with self._catalogue.writing() as connection:
            known = connection.execute(select(func.coalesce(func.max(RECORD.c.leaf) + 1, 0))).scalar_one()
            with refusals(home.path):
                finish_rotation(home)
                signer = load_signer(home.keys / "log.key", home.log / "key")
                log = open_log(home.log, home.archive, signer, self._open_file, at_least=known)
            if known < log.size:
                top_up(connection, LogFiles(home.log), home.archive)
            if self._lock is not None and self._lock.after_crash:
                distrust_unfinished(connection)
        return log

    def _mend_configs(self) -> None:
        """Put in place the configuration files that were sealed but not written before a crash."""
        query = select(RECORD.c.id, RECORD.c.body_sha256).where(RECORD.c.kind == "config")
        with self._catalogue.reading() as connection:
            sealed = connection.execute(query).all()
        for record, digest in sealed:
            place = self.home.configs / digest
            if not place.exists():
                with refusals(place):
                    write_whole(place, self.body(record), self._open_file)

    # --- what the collectors do (minhchung.ports.Recorder) -------------------------------------------

    def exchange(
        self,
        exchange: Exchange,
        *,
        agency: AgencyCode,
        source: SourceKey,
        run: RunId,
        refers_to: EvidenceRecord | None = None,
    ) -> EvidenceRecord:
        """Append a request and its response; a 304, or an equal payload, with `refers_to` as a revisit."""
        with self._writing() as sealer:
            referred = self._referred(refers_to) if refers_to is not None else None
            subject = Subject(agency=agency, source=source, run=run)
            record = sealer.exchange(exchange, subject, referred)
            row = sealer.rows[-1]
            self._take(sealer)
            if row["conditional"] and agency in self._latest:
                self._latest[agency][source, record.url] = record.id
            return record

    def failure(
        self, attempt: FailedAttempt, *, agency: AgencyCode, source: SourceKey, run: RunId
    ) -> EvidenceRecord:
        """Append a failed or refused attempt."""
        with self._writing() as sealer:
            record = sealer.failure(attempt, Subject(agency=agency, source=source, run=run))
            self._take(sealer)
            return record

    def resource(
        self,
        body: bytes,
        *,
        url: str,
        content_type: str,
        agency: AgencyCode,
        source: SourceKey,
        run: RunId,
        kind: str,
        captured_at: datetime,
        concurrent_to: RecordId | None = None,
        secret: bytes = b"",
    ) -> EvidenceRecord:
        """Append something that is no HTTP exchange, under its own kind in the log.

        `secret` is sealed beside it, in a record that bundles may keep back alone.
        """
        if kind in RECORD_KINDS:
            raise ValueError(f"{kind!r} is no kind of resource")
        record = EvidenceRecord(
            id=RecordId(""),
            agency=agency,
            source=source,
            run=run,
            url=url,
            captured_at=captured_at,
            kind="resource",
            content_type=content_type,
        )
        with self._writing() as sealer:
            sealed = sealer.resource(body, record, kind=kind, concurrent_to=concurrent_to, secret=secret)
            self._take(sealer)
            return sealed

    def observe(self, observations: Iterable[Observation]) -> None:
        """Keep what readers saw; raises KeyError where it was seen in a record that is not ours."""
        with self._writing():
            for observation in observations:
                leaf, source = self._place(observation.seen.record)
                said = dump(observation)
                row = ObservationRow.values(observation, leaf, said)
                self._rows.append((ObservationRow, row))
                key = (observation.agency, observation.run, source)
                seed, marks = self._marks(key)
                marks.append(blinded(seed, leaf, row["kind"], words_of(row["key"], said.decode())))
                if observation.kind in SEALED_WITH_A_VISIT:
                    self._probes.setdefault((observation.agency, observation.run), []).append(observation)

    def visit(
        self, report: VisitReport, captures: Iterable[ListCapture], walk: Walk | None
    ) -> EvidenceRecord:
        """Seal the account of one visit and keep its captures and walk as observations."""
        agency, taken = AgencyCode(report.agency), list(captures)
        with self._writing():
            probes = self._probes.pop((report.agency, report.run), [])
            seed, marks = self._marks((report.agency, report.run, report.source))
            record = self.resource(
                dump_visit(report, taken, walk, probes, Observed.of(marks, is_blinded=True).as_json()),
                url=f"urn:minhchung:visit:{report.run}:{agency}:{report.source}",
                content_type="application/json",
                agency=agency,
                source=report.source,
                run=report.run,
                kind="visit",
                captured_at=report.ended_at,
                secret=seed,
            )
            leaf = self._leaf(record.id)
            self._rows.append((VisitRow, VisitRow.values(replace(report, record=record.id), leaf)))
            said: list[Observation] = [*taken, *([walk] if walk is not None else [])]
            for observation in said:
                self._rows.append((ObservationRow, ObservationRow.values(observation, leaf)))
            for capture in taken:
                self._captures.pop((agency, capture.list_url), None)
            self._latest.pop(agency, None)
            return record

    def commit(self) -> None:
        """Seal everything appended so far: archive, log, then catalogue."""
        with self._writing() as sealer:
            sealer.sync()
            for digest, content in self._kept.items():
                with refusals(self.home.configs):
                    write_whole(self.home.configs / digest, content, self._open_file)
            self._kept.clear()
            self._take(sealer)
            rows, self._rows = self._rows, []
            if not rows:
                return
            with self._catalogue.writing() as connection:
                for table in (RecordRow, ObservationRow, VisitRow, SubmissionRow, ClaimRow):
                    add(connection, table, [row for of, row in rows if of is table])
            self._in_flight.clear()
            self._places.clear()

    def latest(self, agency: AgencyCode, source: SourceKey, url: str) -> EvidenceRecord | None:
        """Return the newest record of this address that a conditional request may be made on."""
        with self._guard:
            known = self._latest.get(agency)
            if known is None:
                with self._catalogue.reading() as connection:
                    rows: list[Any] = [*shelf.conditional_rows(connection, agency), *self._in_flight.values()]
                known = {
                    (row["source"], row["url"]): Referred(record_of(row), row["wire_sha256"])
                    for row in rows
                    if row["agency"] == agency and row["conditional"]
                }
                self._latest[agency] = known
            found = known.get((source, url))
            if isinstance(found, str):
                row = self._row(found)
                found = known[source, url] = Referred(record_of(row), row["wire_sha256"])
            return found.record if found is not None else None

    @contextmanager
    def _writing(self) -> Iterator[Sealer]:
        """Give the sealer to one caller at a time; after a refusal nothing more is written."""
        with self._guard:
            if self._sealer is None:
                raise UsageError(f"{self.home}: was opened for reading")
            if self._failed:
                raise StorageError(self._failed)
            try:
                yield self._sealer
            except StorageError as exc:
                self._failed = str(exc)
                raise

    def _settle(self) -> None:
        """Bring what is in flight where queries see it."""
        if self._sealer is not None and not self._failed and (self._rows or self._sealer.in_flight):
            self.commit()

    def _take(self, sealer: Sealer) -> None:
        for row in sealer.rows:
            self._rows.append((RecordRow, row))
            self._in_flight[row["id"]] = row
            self._places[row["id"]] = (row["leaf"], row["source"])
        sealer.rows.clear()

    def _row(self, record: str) -> dict[str, Any]:
        return self._in_flight.get(record) or super()._row(record)

    def _hand_over(self, record: str) -> None:
        if record in self._in_flight and self._sealer is not None:
            self._sealer.write()

    def _leaf(self, record: RecordId) -> int:
        return self._place(record)[0]

    def _marks(self, key: tuple[str, RunId, SourceKey]) -> tuple[bytes, list[bytes]]:
        """Return a secret and, under it, the marks of what was seen in a run, in former processes too."""
        if key not in self._observed:
            seed = seed_of((self._ids.next(), self._ids.next()))
            with self._catalogue.reading() as connection:
                seen = shelf.observed_in(connection, *key)
            self._observed[key] = seed, [mark_of_row(row, seed) for row in seen]
        return self._observed[key]

    def _place(self, record: RecordId) -> tuple[int, SourceKey]:
        place = self._places.get(record)
        if place is None:
            row = self._row(record)
            place = self._places[record] = (row["leaf"], row["source"])
        return place

    def _referred(self, record: EvidenceRecord) -> Referred:
        known = self._latest.get(record.agency, {}).get((record.source, record.url))
        if isinstance(known, Referred) and known.record.id == record.id:
            return known
        row = self._row(record.id)
        if row["refers_to"] is not None:
            row = self._row(row["refers_to"])
        return Referred(record_of(row), row["wire_sha256"])

    # --- the end ---------------------------------------------------------------------------------------

    def close(self) -> None:
        """Seal what is left and let go of the home."""
        with self._guard:
            try:
                if self._sealer is not None and not self._failed:
                    self.commit()
            finally:
                if self._sealer is not None:
                    self._sealer.close()
                    if self._failed:
                        with suppress(LogError, OSError):  # the next writer cuts it then
                            self._sealer.cut()
                self._catalogue.close()
                if self._lock is not None:
                    (self._lock.abandon if self._failed else self._lock.release)()
                    self._lock = None
                self._sealer = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
