"""The registry: who is assessed, in which bloc, at which address, from when to when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Final

from minhchung.evidence import AgencyCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Bloc:
    """A group of agencies ranked among themselves (khối)."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    code: str
    name: str
    unit: str = "cơ quan"
    """Word for its members in the headings of the annex, e.g. `huyện`."""

    index_set: str = ""
    """File name of a set of its own under `index_sets/`; empty: the round's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """One assessed agency."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    code: AgencyCode
    name: str
    bloc: str
    portal: str = ""
    """Absolute URL of the home page, port and path allowed; empty: not confirmed."""

    http_port: int | None = None
    """Port of plain http where the portal's address has a port of its own."""

    site: str = ""
    """Key of the site profile under `sites/`; empty: read by discovery."""

    abbreviation: str = ""
    """Unit part of the agency's document symbols, e.g. `SXD`."""

    aliases: tuple[str, ...] = ()
    """Other names by which pages call it."""

    hosts: tuple[str, ...] = ()
    """Further `host`, `host:port` or `host/path` that are the agency's own."""

    has_procedures: bool = True
    identifiers: tuple[tuple[str, str], ...] = ()
    """(source key, identifier) in service systems, e.g. ("igate2", "H99.01")."""

    valid_from: date | None = None
    valid_to: date | None = None
    level: str = ""
    """Of government, in the province's own word."""

    predecessors: tuple[AgencyCode, ...] = ()
    """Agencies that it was made of; what it did before is theirs."""

    note: str = ""

    def identifier(self, source: str) -> str | None:
        """Return the agency's identifier in a service system, or None where none is mapped."""
        return dict(self.identifiers).get(source)

    def in_force(self, day: date) -> bool:
        """Say whether the agency existed on a day: agencies merge and are given new names."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPlatform:
    """What portals of several agencies stand on together: whoever runs it can silence them all."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    key: str
    title: str
    hosts: tuple[str, ...]
    """`host` or `host:port` of portals, without `www.`; `.host` stands for every host below it."""

    owner: str = ""
    """Who runs it: an agency's code, or a name."""

    def holds(self, place: str) -> bool:
        """Say whether a `host` or `host:port` stands on it."""
        host = place.rpartition(":")[0] or place
        return any(
            each in (place, host) or (each.startswith(".") and host.endswith(each)) for each in self.hosts
        )


def told_apart(registry: Iterable[Agency]) -> tuple[Agency, ...]:
    """Return the agencies as people are told of them: of several with one name each with its days."""
    listed = tuple(registry)
    borne = Counter(agency.name for agency in listed)
    return tuple(_with_days(agency) if borne[agency.name] > 1 else agency for agency in listed)


def _with_days(agency: Agency) -> Agency:
    bounds = (("từ", agency.valid_from), ("đến", agency.valid_to))
    days = " ".join(f"{word} {day:%d/%m/%Y}" for word, day in bounds if day is not None)
    return replace(agency, name=f"{agency.name} ({days})") if days else agency


PROVINCE: Final = AgencyCode("tinh")
"""In whose name that is asked and kept which belongs to the province as a whole."""


def whole_province(name: str = "") -> Agency:
    """Return the stand-in for the province as a whole; it is nobody's rival and is never ranked."""
    return Agency(code=PROVINCE, name=name, bloc="")
