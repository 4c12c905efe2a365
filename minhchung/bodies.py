"""Whether a name that somebody typed means an agency of the registry, however it is written."""

from __future__ import annotations

from collections.abc import Iterable

from minhchung.agencies import Agency
from minhchung.text_keys import holds, look


def means(text: str, agency: Agency) -> bool:
    """Say whether a text is an agency's code, abbreviation or name, or names a part of it.

    Case, accents, blanks, Unicode forms and letters that only look alike do not matter.
    """
    key = look(text)
    if not key:
        return False
    if key in {look(word) for word in (agency.code, agency.abbreviation, agency.name, *agency.aliases)}:
        return True
    names = (look(word) for word in (agency.code, agency.name))
    return any(" " in name and holds(key, name) for name in names)


def meant(text: str, agencies: Iterable[Agency]) -> Agency | None:
    """Return the agency that a text means, the one of the longest name where several do; None: none."""
    found = [agency for agency in agencies if means(text, agency)]
    return max(found, key=lambda agency: len(agency.name), default=None)


def same(one: str, other: str) -> bool:
    """Say whether two names read alike; nothing is like no name at all."""
    return bool(look(one)) and look(one) == look(other)
