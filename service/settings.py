"""One configuration directory as one value, read lazily and kept by digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from minhchung.agencies import Agency
from minhchung.errors import ConfigError, UsageError
from minhchung.index_set import IndexSet
from minhchung.law import ServiceLaw
from minhchung.periods import Period, WorkCalendar
from minhchung.personal import PersonalData
from minhchung.retention import RetentionPolicy
from minhchung.rounds import Round, YearCalendar
from minhchung.rulings import LegalFile, PeopleFile
from minhchung.sites import SiteProfile
from minhchung.sources import AgenciesFile, CrawlTerms, Network, Source, Timetable
from service import consistency, plugins
from service.config_files import parse, read_bytes
from service.people import check_people
from service.personal_data import PersonalRule, rule_of
from service.places import Place, find, product_config
from verifiers.interface import CommonSettings

T = TypeVar("T")


@dataclass(frozen=True)
class Settings:
    """Everything the operator decided, from one directory."""

    home: Path
    place: Place
    _read: dict[str, bytes] = field(default_factory=dict)

    # --- files ---------------------------------------------------------------------------------

    def _file(self, name: str, kind: type[T], *, fallback: bool = False) -> T:
        path = self.place.directory / name
        if fallback and not path.is_file():
            path = product_config() / name
        data = read_bytes(path)
        self._read[name] = data
        return parse(str(path), data, kind)

    def _names(self, folder: str) -> list[str]:
        return sorted(p.stem for p in (self.place.directory / folder).glob("*.toml"))

    def _has(self, name: str) -> bool:
        return (self.place.directory / name).is_file()

    def _where(self, name: str) -> str:
        return str(self.place.directory / name)

    def file(self, name: str) -> Path:
        """Return where a file of the configuration is: its own, else the product's."""
        path = self.place.directory / name
        return path if path.is_file() else product_config() / name

    def touch(self) -> None:
        """Read every file that can move a point, so that `files` and `digest` are whole."""
        _ = (self.network, self.terms, self.sites, self.sources, self.timetable)
        for agency in self.registry.agency:
            self.site(agency)
        for name in self.round_ids():
            round_ = self.checked_round(name)
            self.calendar(round_.period)
            _ = self.common
            for index_set in (self.index_set(round_), *self.own_sets(round_).values()):
                for component in index_set.components():
                    if component.verifier:
                        self.verifier_settings(component.verifier)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield every file read so far, to be kept in the home by digest."""
        yield from sorted(self._read.items())

    def digest(self) -> str:
        """Return the SHA-256, in hex, over names and bytes of every file read so far."""
        whole = hashlib.sha256()
        for name, data in self.files():
            whole.update(f"{name}\0{hashlib.sha256(data).hexdigest()}\n".encode())
        return whole.hexdigest()

    # --- who is assessed -----------------------------------------------------------------------

    @cached_property
    def registries(self) -> Mapping[str, AgenciesFile]:
        """Every registry by file name, checked."""
        found = {}
        for name in self._names("agencies"):
            registry = self._file(f"agencies/{name}.toml", AgenciesFile)
            consistency.check_registry(self._where(f"agencies/{name}.toml"), registry)
            found[name] = registry
        return found

    @cached_property
    def registry(self) -> AgenciesFile:
        """The registry of the round; without one round in config, the only registry there is."""
        rounds = self._names("rounds")
        if len(rounds) == 1:
            name = self.round(rounds[0]).registry
            if name in self.registries:
                return self.registries[name]
            raise ConfigError(
                self._where(f"rounds/{rounds[0]}.toml"),
                "registry",
                f"there is no agencies/{name}.toml",
                f"use one of: {', '.join(self.registries)}",
            )
        if len(self.registries) == 1:
            return next(iter(self.registries.values()))
        raise ConfigError(
            self._where("agencies/"),
            "",
            "several registries and no round that chooses one",
            "add rounds/x.toml",
        )

    @property
    def simulated(self) -> bool:
        """Say whether this configuration describes a simulated province."""
        return self.registry.simulated

    def agency(self, code: str) -> Agency:
        """Return one agency; an unknown code raises UsageError that names near ones."""
        for agency in self.registry.agency:
            if agency.code == code:
                return agency
        near = [a.code for a in self.registry.agency if code[:4] in a.code or code in a.abbreviation]
        hint = ", ".join(near[:5]) or ", ".join(a.code for a in self.registry.agency[:5])
        msg = f"no agency has the code {code!r}; try: {hint}"
        raise UsageError(msg)

    def agencies(self, codes: tuple[str, ...] = ()) -> tuple[Agency, ...]:
        """Return the named agencies, or all in registry order."""
        return tuple(self.agency(code) for code in dict.fromkeys(codes)) or self.registry.agency

    # --- how the world is reached --------------------------------------------------------------

    @cached_property
    def network(self) -> Network:
        """Network limits: of the registry, else `network.toml`, else the defaults."""
        own = self.registry.network
        network = own if own is not None else self._file("network.toml", Network, fallback=True)
        names = [f"agencies/{name}.toml" for name, each in self.registries.items() if each is self.registry]
        consistency.check_network(self._where(names[0] if own is not None else "network.toml"), network)
        return network

    @cached_property
    def terms(self) -> CrawlTerms:
        """The words by which lists and sections are recognised."""
        return self._file("crawl.toml", CrawlTerms, fallback=True)

    @cached_property
    def personal(self) -> PersonalRule:
        """The rule by which citizens' data is masked; it moves no point and is not kept with the run."""
        path = self.file("personal_data.toml")
        return rule_of(parse(str(path), read_bytes(path), PersonalData))

    @cached_property
    def sites(self) -> Mapping[str, SiteProfile]:
        """Site profiles by key."""
        found = {}
        for name in self._names("sites"):
            file = f"sites/{name}.toml"
            profile = self._file(file, SiteProfile)
            self._check_name(file, "key", profile.key, name)
            plugins.platform(profile.platform, self._where(file))
            found[name] = profile
        return found

    def site(self, agency: Agency) -> SiteProfile | None:
        """Return the agency's site profile, or None where its portal is read by discovery."""
        if not agency.site:
            return None
        if agency.site in self.sites:
            return self.sites[agency.site]
        raise ConfigError(
            self._where("agencies/"),
            f"agency {agency.code}.site",
            f"there is no sites/{agency.site}.toml",
            "add the file or leave `site` out",
        )

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """Service systems by key."""
        found = {}
        for name in self._names("sources"):
            file = f"sources/{name}.toml"
            source = self._file(file, Source)
            self._check_name(file, "key", source.key, name)
            plugins.driver(source.kind, source.driver, self._where(file))
            found[name] = source if source.level else replace(source, level=self.law.level)
        return found

    @cached_property
    def law(self) -> ServiceLaw:
        """What the words of service systems mean, by date."""
        return self._file("law.toml", ServiceLaw, fallback=True)

    @cached_property
    def timetable(self) -> Timetable:
        """When what is visited; empty where there is no `timetable.toml`."""
        return (
            self._file("timetable.toml", Timetable) if self._has("timetable.toml") else Timetable(schedule=())
        )

    # --- what is scored ------------------------------------------------------------------------

    def round_ids(self) -> tuple[str, ...]:
        """Return the ids of the rounds in config."""
        return tuple(self._names("rounds"))

    def round(self, name: str = "") -> Round:
        """Return one round; without a name the only one there is, else UsageError."""
        names = self._names("rounds")
        if not name:
            if not names:
                msg = (
                    f"{self.place.directory}: there is no round to score; add rounds/NAME.toml "
                    "and the index set that it names (collect, items and check work without)"
                )
                raise UsageError(msg)
            if len(names) > 1:
                msg = f"{self.place.directory}: rounds in config: {', '.join(names)}; name one with --round"
                raise UsageError(msg)
            name = names[0]
        if name not in names:
            msg = f"there is no rounds/{name}.toml; rounds in config: {', '.join(names) or 'none'}"
            raise UsageError(msg)
        round_ = self._file(f"rounds/{name}.toml", Round)
        self._check_name(f"rounds/{name}.toml", "id", round_.id, name)
        return round_

    def _check_name(self, file: str, key: str, given: str, name: str) -> None:
        if given != name:
            raise ConfigError(self._where(file), key, f"is {given!r}", f"call it {name!r}, as its file")

    def checked_round(self, name: str = "") -> Round:
        """Return a round after checking that it, its registry and its index set fit."""
        round_ = self.round(name)
        if round_.registry not in self.registries:
            raise ConfigError(
                self._where(f"rounds/{round_.id}.toml"),
                "registry",
                f"there is no agencies/{round_.registry}.toml",
                f"use one of: {', '.join(self.registries)}",
            )
        consistency.check_round(
            self._where(f"rounds/{round_.id}.toml"), round_, self.registries[round_.registry]
        )
        consistency.check_scales(
            self._where(f"rounds/{round_.id}.toml"), round_, self.index_set(round_), self.own_sets(round_)
        )
        return round_

    def index_set(self, round_: Round) -> IndexSet:
        """Return the round's index set, checked."""
        return self._index_set(round_, round_.index_set, "index_set")

    def own_sets(self, round_: Round) -> dict[str, IndexSet]:
        """Return the sets of blocs that have one of their own, by bloc, checked."""
        return {
            bloc.code: self._index_set(round_, bloc.index_set, f"bloc {bloc.code}.index_set")
            for bloc in round_.blocs
            if bloc.index_set
        }

    def _index_set(self, round_: Round, wanted: str, key: str) -> IndexSet:
        name = f"index_sets/{wanted}.toml"
        if not self._has(name):
            raise ConfigError(
                self._where(f"rounds/{round_.id}.toml"),
                key,
                f"there is no {name}",
                f"use one of: {', '.join(self._names('index_sets')) or 'none yet'}",
            )
        index_set = self._file(name, IndexSet)
        self._check_name(name, "id", index_set.id, wanted)
        consistency.check_index_set(self._where(name), index_set)
        return index_set

    def calendar(self, period: Period) -> WorkCalendar | None:
        """Return the working days of a period's years and the next; None where one of them is missing."""
        years = range(period.first.year, period.last.year + 1)
        if not all(self._has(f"calendars/vn-{year}.toml") for year in years):
            return None
        read = [
            self._file(f"calendars/vn-{year}.toml", YearCalendar)
            for year in (*years, period.last.year + 1)
            if self._has(f"calendars/vn-{year}.toml")
        ]
        return WorkCalendar(
            years=tuple(each.year for each in read),
            holidays={h.day: h.document for each in read for h in each.holiday},
            worked={h.day: h.document for each in read for h in each.worked},
        )

    @cached_property
    def common(self) -> CommonSettings:
        """Thresholds that several verifiers share."""
        return self._file("verifiers/common.toml", CommonSettings, fallback=True)

    def verifier_settings(self, name: str) -> Any:
        """Return the checked settings of one verifier."""
        return self._file(f"verifiers/{name}.toml", plugins.verifier(name).settings, fallback=True)

    @cached_property
    def retention(self) -> RetentionPolicy | None:
        """What may leave the archive; None where there is no `retention.toml`."""
        return self._file("retention.toml", RetentionPolicy) if self._has("retention.toml") else None

    @cached_property
    def people(self) -> PeopleFile | None:
        """Who may rule, checked; None where there is no `people.toml`."""
        if not self._has("people.toml"):
            return None
        people = self._file("people.toml", PeopleFile)
        registries = self.registries.values()
        systems = [*self.sources, *(each.key for one in registries for each in one.shared_platform)]
        agencies = (agency for one in registries for agency in one.agency)
        check_people(self._where("people.toml"), people, agencies, systems)
        return people

    @cached_property
    def legal(self) -> LegalFile | None:
        """Numbers that stand for rules of law; None where there is no `legal.toml`."""
        return self._file("legal.toml", LegalFile) if self._has("legal.toml") else None

    def trust_roots(self) -> tuple[Path, ...]:
        """Return the PEM files of further authorities; a missing one raises ConfigError."""
        return self._present(self.network.trust_roots, "network.trust_roots")

    def signature_roots(self) -> tuple[Path, ...]:
        """Return the PEM files of authorities of signatures; a missing one raises ConfigError."""
        return self._present(self.network.files.signature_roots, "network.files.signature_roots")

    def _present(self, names: tuple[str, ...], key: str) -> tuple[Path, ...]:
        paths = tuple(self.place.directory / name for name in names)
        for path in paths:
            if not path.is_file():
                raise ConfigError(str(path), key, "is not there", "correct the path")
        return paths


def load(home: Path, config: Path | None = None) -> Settings:
    """Return the settings for a home; raises ConfigError when no configuration is found."""
    return Settings(home=home, place=find(config, home))
