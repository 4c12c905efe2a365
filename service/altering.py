"""Other rules for the same evidence: an index set by name or file, and single values changed by hand.

A change is `KEY=VALUE`. KEY is `round.…`, `set.…`, `verifiers.NAME.…`, or a component's code and a key of it
(`HD.2.points`); a table with a `code` or `id` is named by it (`round.bands.tot.min`). VALUE is TOML.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from minhchung.errors import UsageError
from minhchung.index_set import IndexSet
from minhchung.rounds import Round
from service import consistency, plugins
from service.config_files import checked, read_bytes, tables
from service.measuring import Judge
from service.settings import Settings

_ROOTS: Final = ("round", "set", "verifiers")


@dataclass(frozen=True, slots=True)
class Change:
    """One value that is to be another."""

    key: str
    value: Any

    @classmethod
    def of(cls, text: str) -> Change:
        """Read `KEY=VALUE`; a value that is no TOML is a text. Raises UsageError."""
        key, sign, value = text.partition("=")
        if not (sign and key.strip() and value.strip()):
            msg = f"--set {text!r}: is no KEY=VALUE; write for example --set HD.2.points=4"
            raise UsageError(msg)
        try:
            read = tomllib.loads(f"v = {value}", parse_float=Decimal)["v"]
        except tomllib.TOMLDecodeError:
            read = value.strip()
        return cls(key.strip(), read)


def judge_of(
    settings: Settings,
    round_name: str = "",
    *,
    index_set: str = "",
    changes: Sequence[Change] = (),
    without: Sequence[str] = (),
) -> Judge:
    """Return the round's judge under other rules; raises UsageError for an unknown key, ConfigError.

    An `index_set` scores every bloc; without one, changes are of the round's set and a bloc keeps its own.
    """
    round_ = settings.checked_round(round_name)
    name, raw_set = _raw_set(settings, round_, index_set)
    raw_round = tables(*_file(settings, f"rounds/{round_.id}.toml"))
    _leave_out(raw_set, without)
    for change in changes:
        root, _, rest = change.key.partition(".")
        if root == "round":
            _put(raw_round, rest, change)
        elif root == "set":
            _put(raw_set, rest, change)
        elif root != "verifiers":
            _put_in_component(raw_set, change)
    new_set = checked(name, raw_set, IndexSet)
    new_round = checked(f"rounds/{round_.id}.toml", {**raw_round, "index_set": new_set.id}, Round)
    consistency.check_round(f"rounds/{round_.id}.toml", new_round, settings.registries[round_.registry])
    own_sets = {} if index_set else settings.own_sets(new_round)
    terms = {}
    for one in (new_set, *own_sets.values()):
        for component in one.components():
            if component.verifier:
                plugins.verifier(component.verifier, one.id, f"{component.code}.verifier")
                terms[component.verifier] = _terms(settings, component.verifier, changes)
    return Judge.under(settings, new_round, new_set, terms, own_sets)


def _terms(settings: Settings, name: str, changes: Sequence[Change]) -> Any:
    """Return a verifier's settings, with those changed that are named."""
    mine = [change for change in changes if change.key.split(".")[:2] == ["verifiers", name]]
    if not mine:
        return settings.verifier_settings(name)
    file = f"verifiers/{name}.toml"
    raw = tables(*_file(settings, file))
    for change in mine:
        _put(raw, change.key.split(".", 2)[2] if change.key.count(".") > 1 else "", change)
    return checked(file, raw, plugins.verifier(name).settings)


# --- files ------------------------------------------------------------------------------------------------


def _file(settings: Settings, name: str) -> tuple[str, bytes]:
    path = settings.file(name)
    return str(path), read_bytes(path)


def _raw_set(settings: Settings, round_: Round, wanted: str) -> tuple[str, dict[str, Any]]:
    """Return the wanted index set, a file or a name in the configuration; else the round's own."""
    path = (
        Path(wanted)
        if wanted.endswith(".toml")
        else settings.file(f"index_sets/{wanted or round_.index_set}.toml")
    )
    return str(path), tables(str(path), read_bytes(path))


# --- changing ---------------------------------------------------------------------------------------------


def _leave_out(raw_set: dict[str, Any], codes: Sequence[str]) -> None:
    known = {c["code"] for main in raw_set["main_index"] for c in main["component"]}
    for code in codes:
        if code not in known:
            raise _unknown(f"--without {code}", known)
    for main in raw_set["main_index"]:
        main["component"] = [c for c in main["component"] if c["code"] not in codes]


def _put_in_component(raw_set: dict[str, Any], change: Change) -> None:
    parts = [c for main in raw_set["main_index"] for c in main["component"]]
    for component in parts:
        if change.key.startswith(f"{component['code']}."):
            _put(component, change.key[len(component["code"]) + 1 :], change)
            return
    raise _unknown(f"--set {change.key}", {*_ROOTS, *(f"{c['code']}.KEY" for c in parts)})


def _put(table: dict[str, Any], key: str, change: Change) -> None:
    *path, last = key.split(".")
    place: Any = table
    for part in path:
        place = _inside(place, part, change)
    if not isinstance(place, dict) or not last:
        raise _unknown(f"--set {change.key}", _keys(place))
    place[last] = change.value


def _inside(place: Any, part: str, change: Change) -> Any:
    if isinstance(place, dict):
        return place.setdefault(part, {})
    named = (
        [each for each in place if part in {each.get("code"), each.get("id")}]
        if isinstance(place, list)
        else []
    )
    if not named:
        raise _unknown(f"--set {change.key}", _keys(place))
    return named[0]


def _keys(place: Any) -> set[str]:
    if isinstance(place, dict):
        return set(place)
    if isinstance(place, list):
        return {str(each.get("code") or each.get("id")) for each in place if isinstance(each, dict)}
    return set()


def _unknown(what: str, known: set[str]) -> UsageError:
    told = ", ".join(sorted(known)[:12])
    return UsageError(f"{what}: there is no such key; there are: {told or 'none'}")
