"""Registries as files: taken in from a province's workbook, checked, written as TOML."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from collectors.registry_rows import Listed, read_registry
from minhchung.addresses import host_of
from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode
from minhchung.sources import AgenciesFile
from service.config_files import read_bytes
from service.toml_text import as_toml


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryFinding:
    """One thing that is wrong with a list of agencies."""

    line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A list read from a workbook, before anything is written."""

    listed: tuple[Listed, ...]
    findings: tuple[RegistryFinding, ...]

    def toml(self, title: str) -> str:
        """Return the registry file."""
        return as_toml(AgenciesFile(title=title, agency=tuple(one.agency for one in self.listed)))


def preview(path: Path, *, source: str = "", blocs: Sequence[str] = ()) -> Preview:
    """Return what a workbook lists and what is wrong with it; raises SubmissionError for no list at all."""
    listed = read_registry(read_bytes(path), path.name, source)
    return Preview(listed=listed, findings=tuple(check(listed, blocs)))


def check(listed: Sequence[Listed], blocs: Sequence[str]) -> Iterator[RegistryFinding]:
    """Yield codes that stand twice, blocs and predecessors that do not exist, spans and places that clash."""
    codes = Counter(one.agency.code for one in listed)
    by_code = {one.agency.code: one.agency for one in listed}
    for one in listed:
        for text in _faults(one.agency, codes, by_code, blocs):
            yield RegistryFinding(line=one.line, text=text)
    yield from _shared(listed)


def _faults(
    agency: Agency, codes: Counter[AgencyCode], by_code: dict[AgencyCode, Agency], blocs: Sequence[str]
) -> Iterator[str]:
    if codes[agency.code] > 1:
        yield f"{agency.code}: the code stands {codes[agency.code]} times"
    if blocs and agency.bloc not in blocs:
        yield f"{agency.code}: {agency.bloc!r} is none of the blocs {', '.join(blocs)}"
    if agency.valid_from and agency.valid_to and agency.valid_to < agency.valid_from:
        yield f"{agency.code}: ends on {agency.valid_to}, before it begins on {agency.valid_from}"
    for former in agency.predecessors:
        other = by_code.get(former)
        if other is None:
            yield f"{agency.code}: its predecessor {former!r} is not in the list"
        elif other.valid_to is None:
            yield f"{agency.code}: its predecessor {former} has no last day"
        elif agency.valid_from and other.valid_to >= agency.valid_from:
            yield f"{agency.code}: begins on {agency.valid_from}, while {former} lasts until {other.valid_to}"


def _shared(listed: Sequence[Listed]) -> Iterator[RegistryFinding]:
    """Yield agencies of the same days on one host that no path tells apart."""
    seen: dict[str, list[Agency]] = defaultdict(list)
    for one in listed:
        host = host_of(one.agency.portal)
        if not host:
            continue
        place = host + urlsplit(one.agency.portal).path.rstrip("/")
        other = next((each for each in seen[place] if _together(each, one.agency)), None)
        if other is not None:
            text = f"{one.agency.code}: has the same address as {other.code}; give each its path"
            yield RegistryFinding(line=one.line, text=text)
        seen[place].append(one.agency)


def _together(one: Agency, other: Agency) -> bool:
    """Say whether two agencies exist on a common day."""
    later = [a.valid_from for a in (one, other) if a.valid_from]
    sooner = [a.valid_to for a in (one, other) if a.valid_to]
    return not later or not sooner or max(later) <= min(sooner)
