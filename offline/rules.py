"""The rules of a round as the bundle holds them: index set, round, registry, calendar, settings."""

from __future__ import annotations

import importlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any, Final, TypeVar

from minhchung.agencies import Agency
from minhchung.decimals import decimal_of
from minhchung.index_set import Component, IndexSet
from minhchung.periods import Period, WorkCalendar
from minhchung.rounds import Round, YearCalendar
from minhchung.sources import AgenciesFile, Source
from offline.building import MisfitError, build
from offline.findings import BrokenError
from offline.package import Package
from scoring.rules import worth
from verifiers.interface import CommonSettings, Context, Verifier

FILES: Final = "rules/files.json"
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RuleFile:
    """One configuration file of the bundle."""

    name: str
    sha256: str
    leaf: int | None
    """Index of the leaf it was sealed under; None: it was not in force when something was last collected."""

    content: bytes


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that decides how observations become places."""

    files: tuple[RuleFile, ...]
    round: Round
    index_set: IndexSet
    own_sets: Mapping[str, IndexSet]
    registry: AgenciesFile
    calendar: WorkCalendar | None
    common: CommonSettings
    onestop: tuple[str, ...]
    verifiers: Mapping[str, tuple[Verifier[Any], Any]]

    def agency(self, code: str) -> Agency:
        """Return an agency of the registry; raises BrokenError for an unknown one."""
        for agency in self.registry.agency:
            if agency.code == code:
                return agency
        raise BrokenError("agency", code, "không có trong danh sách", "is not in the registry of the round")

    def context(self, component: Component) -> Context:
        """Return what the component's verifier is told besides the evidence."""
        return Context(
            component=component,
            period=self.round.period,
            freeze=self.round.freeze,
            round=self.round.id,
            calendar=self.calendar,
            common=self.common,
            registry=self.registry.agency,
            service_portal_hosts=self.registry.service_portal_hosts,
            shared_hosts=self.registry.shared_hosts,
            onestop_sources=self.onestop,
            worth=partial(worth, component),
        )


def read_rules(package: Package, round_id: str) -> Rules:
    """Return the rules of a round; raises BrokenError where a file is missing, altered or does not fit."""
    files = {each.name: each for each in _files(package)}
    round_ = _typed(files, f"rounds/{round_id}.toml", Round)
    index_set = _typed(files, f"index_sets/{round_.index_set}.toml", IndexSet)
    own_sets = {
        bloc.code: _typed(files, f"index_sets/{bloc.index_set}.toml", IndexSet)
        for bloc in round_.blocs
        if bloc.index_set
    }
    registry = _typed(files, f"agencies/{round_.registry}.toml", AgenciesFile)
    sources = [_typed(files, name, Source) for name in sorted(files) if name.startswith("sources/")]
    sets = (index_set, *own_sets.values())
    names = sorted({each.verifier for one in sets for each in one.components() if each.verifier})
    verifiers = {}
    for name in names:
        verifier = _verifier(name)
        verifiers[name] = (verifier, _typed(files, f"verifiers/{name}.toml", verifier.settings))
    return Rules(
        files=tuple(files.values()),
        round=round_,
        index_set=index_set,
        own_sets=own_sets,
        registry=registry,
        calendar=_calendar(files, round_.period),
        common=_typed(files, "verifiers/common.toml", CommonSettings),
        onestop=tuple(source.key for source in sources if source.kind == "onestop"),
        verifiers=verifiers,
    )


def _files(package: Package) -> list[RuleFile]:
    found = []
    for said in package.json(FILES):
        try:
            name, digest, leaf = str(said["name"]), str(said["sha256"]), said["leaf"]
        except (TypeError, KeyError) as error:
            raise BrokenError("content", FILES, "nội dung sai", f"does not fit ({error})") from error
        content = package.read(f"rules/{digest}.toml")
        if sha256(content).hexdigest() != digest:
            raise BrokenError(
                "rule-digest", name, "không khớp mã băm", "does not have the digest it is kept under"
            )
        found.append(RuleFile(name, digest, leaf if isinstance(leaf, int) else None, content))
    return found


def _typed(files: Mapping[str, RuleFile], name: str, kind: type[T]) -> T:
    file = files.get(name)
    if file is None:
        raise BrokenError("rule-missing", name, "không có trong gói", "is not in the bundle")
    try:
        return build(kind, tomllib.loads(file.content.decode(), parse_float=decimal_of))
    except (MisfitError, ValueError, RecursionError) as error:
        raise BrokenError("rule", name, f"nội dung sai ({error})", f"does not fit ({error})") from error


def _verifier(name: str) -> Verifier[Any]:
    """Return the verifier of this version; the name comes from the bundle, so only ours may be meant."""
    try:
        module = importlib.import_module(f"verifiers.{name}") if _NAME.fullmatch(name) else None
    except ModuleNotFoundError:
        module = None
    found = getattr(module, "VERIFIER", None)
    if not isinstance(found, Verifier):
        raise BrokenError("verifier", name, "không có bộ kiểm chứng này", "is no verifier of this version")
    return found


def _calendar(files: Mapping[str, RuleFile], period: Period) -> WorkCalendar | None:
    wanted = [f"calendars/vn-{year}.toml" for year in range(period.first.year, period.last.year + 1)]
    if not all(name in files for name in wanted):
        return None
    following = f"calendars/vn-{period.last.year + 1}.toml"
    read = [_typed(files, name, YearCalendar) for name in (*wanted, following) if name in files]
    return WorkCalendar(
        years=tuple(each.year for each in read),
        holidays={h.day: h.document for each in read for h in each.holiday},
        worked={h.day: h.document for each in read for h in each.worked},
    )
