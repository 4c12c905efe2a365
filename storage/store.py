"""The store: one object through which everything is kept and found again.

Reading finds, Recording seals what was captured, and what is here keeps our own acts: runs, configuration,
workbooks, claims. None of it decides what the evidence means.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Final

from sqlalchemy import insert, select

from minhchung.agencies import PROVINCE
from minhchung.evidence import (
    AgencyCode,
    EvidenceRecord,
    RecordId,
    Run,
    RunId,
    SourceKey,
)
from minhchung.submissions import Submission
from storage.codec import dump_submission
from storage.leaf import canonical, stamp
from storage.recording import Recording
from storage.rereading import Reader, read_again
from storage.tables import (
    CLAIM,
    RECORD,
    ClaimRow,
    RunRow,
    SubmissionRow,
    record_of,
)

ACTS: Final = SourceKey("minhchung")
"""Source of what we did ourselves: configuration, claims, readings of workbooks."""


class Store(Recording):
    """A home, opened: by one writer, or by any number of readers."""

    # --- runs and acts ---------------------------------------------------------------------------------

    def begin_run(self, note: str = "") -> RunId:
        """Begin a run; its identifier tells its instant and sorts by it."""
        with self._writing() as sealer:
            now = self._clock.now()
            prefix = now.strftime("%Y%m%dT%H%M%SZ-")
            taken = sum(1 for run in self.runs() if run.id.startswith(prefix))
            run = Run(id=RunId(f"{prefix}{taken + 1}"), began_at=now, note=note)
            sealer.runs[run.id] = run
            with self._catalogue.writing() as connection:
                connection.execute(insert(RunRow).values(RunRow.of(run).model_dump()))
            self._acts_run = run.id
            return run.id

    def keep_config(self, name: str, content: bytes) -> str:
        """Keep a configuration file by digest, sealed once; returns its SHA-256 in hex."""
        digest = sha256(content).hexdigest()
        with self._writing() as sealer:
            sealer.configs[name] = digest
            # The file follows the seal, so one that is there has been sealed.
            if not (self.home.configs / digest).exists() and digest not in self._kept:
                self._act(content, "config", f"urn:sha256:{digest}#{name}", "application/toml")
                self._kept[digest] = content
        return digest

    def keep_submission(self, submission: Submission) -> bool:
        """Seal what was read from a workbook; False where the same file is kept already."""
        with self._writing():
            if self.holds_submission(submission.agency, submission.sha256):
                return False
            record = self._act(
                dump_submission(submission),
                "figures",
                f"urn:minhchung:figures:{submission.sha256}",
                "application/json",
                agency=submission.agency,
                concurrent_to=submission.record,
            )
            row = SubmissionRow.of(submission, self._leaf(record.id)).model_dump()
            self._rows.append((SubmissionRow, row))
            self.commit()
            return True

    def claim(self, schedule: str, fire_at: datetime) -> bool:
        """Take a due run, once and for all; False where it was taken before."""
        with self._writing():
            now = self._clock.now()
            with self._catalogue.reading() as connection:
                query = select(CLAIM.c.leaf).where(CLAIM.c.schedule == schedule, CLAIM.c.fire_at == fire_at)
                if connection.execute(query).first() is not None:
                    return False
            said = {"v": 1, "schedule": schedule, "fire_at": stamp(fire_at), "claimed_at": stamp(now)}
            url = f"urn:minhchung:claim:{schedule}:{stamp(fire_at)}"
            record = self._act(canonical(said), "claim", url, "application/json")
            row = {
                "leaf": self._leaf(record.id),
                "schedule": schedule,
                "fire_at": fire_at,
                "claimed_at": now,
            }
            self._rows.append((ClaimRow, row))
            self.commit()
            return True

    # --- after a crash ---------------------------------------------------------------------------------

    def unread(self) -> tuple[EvidenceRecord, ...]:
        """Return the records that a crash left without what readers saw in them."""
        query = select(RECORD).where(RECORD.c.unread).order_by(RECORD.c.leaf)
        with self._catalogue.reading() as connection:
            return tuple(record_of(row) for row in connection.execute(query).mappings())

    def read_again(self, reread: Reader) -> int:
        """Add what readers see in the unread records; return their number."""
        with self._writing():
            with self._catalogue.writing() as connection:
                done = read_again(connection, self.home.archive, reread)
            self._latest.clear()
            return done

    # --- inside ----------------------------------------------------------------------------------------

    def _act(
        self,
        body: bytes,
        kind: str,
        url: str,
        content_type: str,
        *,
        agency: AgencyCode = PROVINCE,
        concurrent_to: RecordId | None = None,
    ) -> EvidenceRecord:
        run = self._acts_run or self.begin_run("acts")
        return self.resource(
            body,
            url=url,
            content_type=content_type,
            agency=agency,
            source=ACTS,
            run=run,
            kind=kind,
            captured_at=self._clock.now(),
            concurrent_to=concurrent_to,
        )
