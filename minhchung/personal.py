"""Citizens' data in what portals show: the schema of `personal_data.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalData:
    """Words by which citizens' data is recognised; compared without regard to case."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    asker_terms: tuple[str, ...]
    """Words about the person who asks, complains or applies; a name may follow."""

    identity_terms: tuple[str, ...]
    """Words that name an identity document; its number may follow."""

    address_terms: tuple[str, ...] = ()
    """Words after which a person's name stands in what citizens write: ông, bà, …"""

    lists: tuple[str, ...] = ()
    """Headings of lists in which citizens speak (compared on k2): every contact and name there is theirs."""

    field_terms: tuple[str, ...] = ()
    """Further labels and headings whose values are an applicant's (compared on k2): in sightings."""

    field_keys: tuple[str, ...] = ()
    """Names of fields whose values are an applicant's, without accents and signs: hoten, cccd, phone, …"""

    family_names: tuple[str, ...] = ()
    """Family names: with capitalised words after them they are a person's name; in sightings."""

    near: int = 300
    """Characters between a term and what it is about."""
