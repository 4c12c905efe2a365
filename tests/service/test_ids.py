"""Identifiers of records."""

from __future__ import annotations

import uuid

from service.workplace import RandomIds


def test_identifiers_are_unique_and_those_made_together_lie_together() -> None:
    """RFC 9562, 5.7: version 7, time first; WARC 1.1, 5.2: an identifier is a URI, and nobody else's."""
    ids = RandomIds()
    made = [ids.next() for _ in range(5000)]
    read = [uuid.UUID(each) for each in made]
    assert len(set(made)) == len(made)
    assert all(each == one.urn and one.version == 7 for each, one in zip(made, read, strict=True))
    assert {one.variant for one in read} == {uuid.RFC_4122}
    times = [one.int >> 80 for one in read]
    assert times == sorted(times)
