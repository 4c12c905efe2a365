"""Taking records out: a new file without them, a signed act that names them, and only then the old file goes.

The order is the promise: the new file on the disk under a name that nobody reads, the act sealed, then what
`storage.settling` does. A crash before the act changes nothing; after it, the next writer goes on.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from minhchung.agencies import PROVINCE
from minhchung.clock import Clock, Ids
from minhchung.errors import UsageError
from minhchung.evidence import RecordId
from storage.disk import refusals
from storage.home import Home, WriterLock
from storage.leaf import Leaf, Member, canonical
from storage.log import LogFiles, read_place
from storage.pruned import KIND, Layout, ThinnedFile, next_name
from storage.settling import settle
from storage.store import ACTS, Store

PRUNABLE: Final = frozenset({"response", "revisit", "dom-snapshot", "screenshot", "submission"})
"""Kinds of records that may be taken out; our own acts and accounts never are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """On whose word records are taken out."""

    policy: str
    """The rule or the order, as it is to be found again: number and day."""

    by: str
    reason: str
    whole: bool = False
    """Take out the request and what else was captured with the record, too; else the record alone."""


Placed = list[tuple[Leaf, int]]
"""The leaves of one file, in order, with their offsets."""


def prune(home: Home, clock: Clock, ids: Ids, records: Iterable[RecordId], order: Order) -> int:
    """Take records out of the archive; return how many gzip members went.

    The caller has judged whether they may go. Raises UsageError for a kind that is never taken out, and
    where what is to stay is damaged; BusyError while somebody writes.
    """
    with Store(home, clock, ids, writer=True) as store:
        files = LogFiles(home.log)
        layout = Layout.of(files, home.archive)
        thinned = _thinned(files, layout, frozenset(records), order)
        if not thinned:
            return 0
        with refusals(home.archive):
            for file, leaves in thinned:
                _write_without(home.archive, file, leaves, layout)
        act = canonical(
            {
                "v": 1,
                "policy": order.policy,
                "by": order.by,
                "reason": order.reason,
                "files": [file.as_json() for file, _ in thinned],
            }
        )
        store.resource(
            act,
            url=f"urn:minhchung:pruned:{sha256(act).hexdigest()}",
            content_type="application/json",
            agency=PROVINCE,
            source=ACTS,
            run=store.begin_run("pruning"),
            kind=KIND,
            captured_at=clock.now(),
        )
    # The store is closed: its open index must not be written to once another is in its place.
    lock = WriterLock(home)
    try:
        settle(home)
    finally:
        lock.release()
    return sum(len(file.members) for file, _ in thinned)


def _thinned(
    files: LogFiles, layout: Layout, wanted: frozenset[str], order: Order
) -> list[tuple[ThinnedFile, Placed]]:
    """Return the files that records are to be taken out of, with all their leaves."""
    leaves: dict[str, Placed] = {}
    going: dict[str, list[Member]] = {}
    for entry, line in zip(files.lines(files.entries), files.lines(files.index), strict=False):
        leaf, (file, offset, _) = Leaf.read(entry), read_place(line)
        leaves.setdefault(file, []).append((leaf, offset))
        if leaf.members[0].id not in wanted:
            continue
        if leaf.kind not in PRUNABLE:
            raise UsageError(f"{leaf.members[0].id}: is a {leaf.kind}, which is never taken out")
        going.setdefault(file, []).extend(m for m in layout.kept(leaf, file) if _goes(m, leaf, order))
    return [
        (ThinnedFile(old=file, new=next_name(file), members=tuple(members)), leaves[file])
        for file, members in going.items()
        if members
    ]


def _goes(member: Member, leaf: Leaf, order: Order) -> bool:
    # A handshake is pointed to by other captures, so it stays whatever goes.
    return member is leaf.members[0] or (order.whole and member.type == "request")


def _write_without(archive: Path, file: ThinnedFile, leaves: Placed, layout: Layout) -> None:
    """Write the file that is to replace one; raises UsageError where what stays is not as sealed."""
    going = frozenset(member.id for member in file.members)
    fresh = archive / f"{file.new}.new"
    with (archive / file.old).open("rb") as old, fresh.open("wb") as new:
        for leaf, offset in leaves:
            old.seek(offset)
            for member in layout.kept(leaf, file.old):
                raw = old.read(member.length)
                if sha256(raw).hexdigest() != member.sha256:
                    raise UsageError(
                        f"{archive / file.old}: {member.id} is damaged; run `minhchung check` first"
                    )
                if member.id not in going:
                    new.write(raw)
        new.flush()
        os.fsync(new.fileno())
