"""What the log says of the small files kept beside it: the digests that were sealed, by kind of leaf."""

from __future__ import annotations

from minhchung.errors import LogError
from storage.leaf import Leaf
from storage.log import LogFiles


def payloads_of(files: LogFiles, kind: str) -> dict[str, str]:
    """Return payload SHA-256 (hex) -> address of every leaf of a kind; a damaged entry is passed over."""
    marked, found = f'"kind":"{kind}"'.encode(), {}
    for entry in files.lines(files.entries):
        if marked not in entry:
            continue
        try:
            leaf = Leaf.read(entry)
        except LogError:
            continue  # `check` names it where it walks the entries
        if leaf.kind == kind:
            found[leaf.members[0].payload_sha256] = leaf.url
    return found
