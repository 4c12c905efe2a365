"""What a schema cannot say: sums, duplicates and names that must exist elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final
from urllib.parse import urlsplit

from minhchung.agencies import Agency
from minhchung.errors import ConfigError
from minhchung.index_set import Component, IndexSet
from minhchung.rounds import Round
from minhchung.sources import AgenciesFile
from service import plugins

_CODE: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def check_registry(file: str, registry: AgenciesFile) -> None:
    """Raise ConfigError for a bad code, a duplicate agency or a portal that is no absolute address."""
    seen: set[str] = set()
    for n, agency in enumerate(registry.agency, start=1):
        key = f"agency[{n}]"
        if not _CODE.fullmatch(agency.code):
            raise ConfigError(file, f"{key}.code", f"{agency.code!r} is no code", "use unaccented kebab-case")
        if agency.code in seen:
            raise ConfigError(file, f"{key}.code", f"{agency.code!r} stands twice", "remove or rename one")
        seen.add(agency.code)
        _check_portal(file, key, agency)


def _check_portal(file: str, key: str, agency: Agency) -> None:
    if not agency.portal:
        return
    remedy = 'write an absolute http or https address, or "" while it is not confirmed'
    try:
        parts = urlsplit(agency.portal)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        raise ConfigError(file, f"{key}.portal", f"{agency.portal!r} is no absolute address", remedy)


def _total(points: Iterable[Decimal]) -> Decimal:
    return sum(points, Decimal(0))


def check_index_set(file: str, index_set: IndexSet) -> None:
    """Raise ConfigError where points do not add up, a code stands twice or a verifier is unknown."""
    whole = _total(main.points for main in index_set.main_index)
    if whole != index_set.scale:
        raise ConfigError(
            file,
            "scale",
            f"the main indices add up to {whole}, not to {index_set.scale}",
            "correct the points",
        )
    seen: set[str] = set()
    for main in index_set.main_index:
        parts = _total(c.points for c in main.component)
        if parts != main.points:
            raise ConfigError(
                file,
                f"main_index {main.code}.points",
                f"its components add up to {parts}, not to {main.points}",
                "correct the points",
            )
        for component in main.component:
            if component.code in seen:
                raise ConfigError(file, f"component {component.code}", "this code stands twice", "rename one")
            seen.add(component.code)
            _check_component(file, component)


def _check_component(file: str, component: Component) -> None:
    where = f"component {component.code}"
    items = component.formula.items
    if items and _total(i.points for i in items) != component.points:
        raise ConfigError(
            file, f"{where}.formula.items", f"do not add up to {component.points}", "correct the points"
        )
    if component.kind.startswith("objective") and not component.verifier:
        raise ConfigError(file, f"{where}.verifier", "an objective component needs one", "name a verifier")
    if component.verifier:
        plugins.verifier(component.verifier, file, f"{where}.verifier")


def check_round(file: str, round_: Round, registry: AgenciesFile) -> None:
    """Raise ConfigError where the round and its registry do not fit."""
    blocs = {bloc.code for bloc in round_.blocs}
    for n, agency in enumerate(registry.agency, start=1):
        if agency.bloc not in blocs:
            raise ConfigError(
                f"agencies/{round_.registry}.toml",
                f"agency[{n}].bloc",
                f"{agency.bloc!r} is no bloc of {file}",
                f"use one of: {', '.join(sorted(blocs))}",
            )
    mins = [band.min for band in round_.bands]
    if mins != sorted(mins, reverse=True) or len(set(mins)) != len(mins) or not mins or mins[-1] != 0:
        raise ConfigError(file, "bands", "must fall from best to worst and end at 0", "reorder the bands")
    if round_.freeze < round_.period.last:
        raise ConfigError(file, "freeze", "lies before the period's end", "set a later day")
