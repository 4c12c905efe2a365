"""Other rules for the same evidence: an index set by name or file, and single values changed by hand.

A change is `KEY=VALUE`. KEY is `round.…`, `set.…`, `verifiers.NAME.…`, or a component's code and a key of it
(`HD.2.points`); a table with a `code` or `id` is named by it (`round.bands.tot.min`). VALUE is TOML.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from minhchung.decimals import decimal_of
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
            read = tomllib.loads(f"v = {value}", parse_float=decimal_of)["v"]
        except tomllib.TOMLDecodeError:
            read = value.strip()
        except (ValueError, RecursionError) as error:
            raise UsageError(f"--set {text[:60]!r}: holds no usable value ({error})") from error
        return cls(key.strip(), read)


@dataclass(frozen=True, slots=True)
class Swap:
    """An index set that is to score in the place of another one."""

    wanted: str
    """A name in `index_sets/`, or a `.toml` file."""

    bloc: str = ""
    """The bloc that it scores; empty: those that the set of its own id scores now, else the round's set."""

    @classmethod
    def of(cls, text: str, round_: Round) -> Swap:
        """Read `X` or `BLOC=X`; raises UsageError for a bloc that the round does not have."""
        bloc, sign, wanted = text.rpartition("=")
        known = {each.code for each in round_.blocs}
        if sign and bloc not in known:
            raise _unknown(f"--index-set {text}", known)
        return cls(wanted, bloc)


def judge_of(
    settings: Settings,
    round_name: str = "",
    *,
    swaps: Sequence[str] = (),
    changes: Sequence[Change] = (),
    without: Sequence[str] = (),
    bloc: str = "",
) -> Judge:
    """Return the round's judge under other rules; raises UsageError for an unknown key, ConfigError.

    A swapped set scores its own blocs alone, the others keep theirs. A change is made in every set that has
    its component, `set.…` in the round's; with `bloc`, in the set of that bloc alone, and only for it.
    """
    round_ = settings.checked_round(round_name)
    file = f"rounds/{round_.id}.toml"
    raw_round = tables(*_file(settings, file))
    for change in changes:
        root, _, rest = change.key.partition(".")
        if root == "round":
            _put(raw_round, rest, change)
    new_round = checked(file, raw_round, Round)
    sets = _Sets.of(settings, new_round)
    for swap in swaps:
        sets.swap(settings, Swap.of(swap, new_round))
    sets.change([c for c in changes if c.key.partition(".")[0] not in ("round", "verifiers")], without, bloc)
    new_set, own_sets = sets.checked()
    new_round = replace(new_round, index_set=new_set.id)
    consistency.check_round(file, new_round, settings.registries[round_.registry])
    if own_sets:
        consistency.check_scales(file, new_round, new_set, own_sets)
    terms = {}
    for one in (new_set, *own_sets.values()):
        for component in one.components():
            if component.verifier:
                plugins.verifier(component.verifier, one.id, f"{component.code}.verifier")
                terms[component.verifier] = _terms(settings, component.verifier, changes)
    return Judge.under(settings, new_round, new_set, terms, own_sets)


Raw = tuple[str, dict[str, Any]]
"""A file's name and what stands in it."""


@dataclass(slots=True)
class _Sets:
    """The sets of a round as tables that can be changed: the round's, and those of single blocs."""

    round: Round
    main: Raw
    own: dict[str, Raw]

    @classmethod
    def of(cls, settings: Settings, round_: Round) -> _Sets:
        own = {b.code: _raw_set(settings, b.index_set) for b in round_.blocs if b.index_set}
        return cls(round_, _raw_set(settings, round_.index_set), own)

    def swap(self, settings: Settings, swap: Swap) -> None:
        taken = _raw_set(settings, swap.wanted)
        same = [bloc for bloc, (_, raw) in self.own.items() if raw.get("id") == taken[1].get("id")]
        for bloc in [swap.bloc] if swap.bloc else same:
            self.own[bloc] = deepcopy(taken)
        if not swap.bloc and not same:
            self.main = taken

    def change(self, changes: Sequence[Change], without: Sequence[str], bloc: str) -> None:
        if bloc:
            if bloc not in {each.code for each in self.round.blocs}:
                raise _unknown(f"--bloc {bloc}", {each.code for each in self.round.blocs})
            self.own[bloc] = deepcopy(self.own.get(bloc, self.main))
        chosen = [self.own[bloc][1]] if bloc else [self.main[1], *(raw for _, raw in self.own.values())]
        for code in without:
            _leave_out(chosen, code)
        for change in changes:
            root, _, rest = change.key.partition(".")
            if root == "set":
                _put(chosen[0], rest, change)
            else:
                _put_in_component(chosen, change)

    def checked(self) -> tuple[IndexSet, dict[str, IndexSet]]:
        own = {bloc: checked(name, raw, IndexSet) for bloc, (name, raw) in self.own.items()}
        return checked(*self.main, IndexSet), own


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


def _raw_set(settings: Settings, wanted: str) -> Raw:
    """Return an index set, a file or a name in the configuration, as it is written."""
    path = Path(wanted) if wanted.endswith(".toml") else settings.file(f"index_sets/{wanted}.toml")
    return str(path), tables(str(path), read_bytes(path))


# --- changing ---------------------------------------------------------------------------------------------


def _components(raw_set: dict[str, Any]) -> list[dict[str, Any]]:
    return [c for main in raw_set["main_index"] for c in main["component"]]


def _leave_out(raw_sets: Sequence[dict[str, Any]], code: str) -> None:
    known = {c["code"] for raw_set in raw_sets for c in _components(raw_set)}
    if code not in known:
        raise _unknown(f"--without {code}", known)
    for raw_set in raw_sets:
        for main in raw_set["main_index"]:
            main["component"] = [c for c in main["component"] if c["code"] != code]


def _put_in_component(raw_sets: Sequence[dict[str, Any]], change: Change) -> None:
    """Make a change in every set that has the component; raises UsageError where none has it."""
    every = [c for raw_set in raw_sets for c in _components(raw_set)]
    mine = [c for c in every if change.key.startswith(f"{c['code']}.")]
    if not mine:
        raise _unknown(f"--set {change.key}", {*_ROOTS, *(f"{c['code']}.KEY" for c in every)})
    for component in mine:
        _put(component, change.key[len(component["code"]) + 1 :], change)


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
