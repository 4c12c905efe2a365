"""Every error this product raises on purpose.

* MinhChungError
  x ConfigError          a file under config/ is wrong; the operator can fix it
  x UsageError           the command cannot be done as asked
    + BusyError          another process writes to this home
    + PrunedError        the record was taken out of the archive, by an act that the log holds
  x SubmissionError      a workbook cannot be imported; its sender can fix it
  x CollectionError
    + RefusedError       robots.txt, the guard or the portal told us not to; never retried
    + UnreachableError   DNS, TLS, timeout; retried by the schedule
    + UnrecognisedError  the page loaded but no reader understands it
  x StorageError         the disk or the catalogue refused; nothing sealed is lost
  x IntegrityError
    + FixityError        a stored member no longer matches its digest
    + LogError           a member is missing from, or out of place in, the log

A verifier that cannot measure does not raise: it returns `Unmeasured`.
"""

from __future__ import annotations


class MinhChungError(Exception):
    """The root of every deliberate error; its text is one sentence with a remedy."""


class ConfigError(MinhChungError):
    """A configuration file is wrong: the text names the file, the key and the remedy."""

    def __init__(self, file: str, key: str, fault: str, remedy: str) -> None:
        where = f"{file}: {key}" if key else file
        super().__init__(f"{where}: {fault}; {remedy}")
        self.file, self.key, self.fault, self.remedy = file, key, fault, remedy


class UsageError(MinhChungError):
    """The command cannot be done as asked."""


class BusyError(UsageError):
    """Another process holds the writer's lock of this home."""

    def __init__(self, home: str, pid: int | None) -> None:
        holder = f"process {pid}" if pid is not None else "another process"
        super().__init__(f"{home}: {holder} is writing to this home; wait for it to end or stop it")
        self.home, self.pid = home, pid


class PrunedError(UsageError):
    """The record was taken out of the archive by authority; the log says when and by whom."""

    def __init__(self, record: str) -> None:
        super().__init__(f"record {record}: was pruned (authorised); `minhchung check` names the act")
        self.record = record


class SubmissionError(MinhChungError):
    """A workbook cannot be imported: the text names file, sheet, cell and remedy."""

    def __init__(self, file: str, where: str, fault: str, remedy: str) -> None:
        super().__init__(f"{file}: {where}: {fault}; {remedy}")
        self.file, self.where, self.fault, self.remedy = file, where, fault, remedy


class CollectionError(MinhChungError):
    """Something in the world could not be collected."""


class RefusedError(CollectionError):
    """We were told not to fetch this; it is never retried in the same run."""


class UnreachableError(CollectionError):
    """The host could not be reached; the schedule tries again."""


class UnrecognisedError(CollectionError):
    """The page loaded but no reader understands it."""


class StorageError(MinhChungError):
    """The disk or the catalogue refused a write; nothing already sealed is lost."""


class IntegrityError(MinhChungError):
    """What is stored is not what was sealed."""


class FixityError(IntegrityError):
    """A stored member no longer matches the digest it was sealed with."""

    def __init__(self, record: str, *, sealed: str, found: str) -> None:
        super().__init__(f"record {record}: sealed as {sealed}, now reads {found}")
        self.record, self.sealed, self.found = record, sealed, found


class LogError(IntegrityError):
    """A member is missing from the log, or stands in it out of place."""
