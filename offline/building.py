"""Values of the vocabulary from plain JSON and TOML, by the types that the vocabulary itself declares.

The product reads the same with a validation library; here the standard library must do. A value that does not
fit its declared type raises MisfitError with the place where it stands.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from fractions import Fraction
from typing import Any, Final, Literal, TypeVar, get_args, get_origin

from minhchung.decimals import decimal_of

MOST_DIGITS: Final = 1000
"""Of a number that a bundle states: our sums are shorter; a longer one is written to stop the reader."""

T = TypeVar("T")
Build = Callable[[Any], Any]


class MisfitError(ValueError):
    """A value that is not of the declared type."""


def build(kind: type[T], said: Any) -> T:
    """Return the value of a type that plain data says; raises MisfitError."""
    builder: Build = _builder(kind)
    built: T = builder(said)
    return built


_KNOWN: Final[dict[Any, Build]] = {}
"""Builders made so far, by type."""


def _builder(kind: Any) -> Build:
    if kind not in _KNOWN:
        _KNOWN[kind] = _made(kind)
    return _KNOWN[kind]


def _made(kind: Any) -> Build:
    if kind in _PLAIN:
        return _PLAIN[kind]
    if (supertype := getattr(kind, "__supertype__", None)) is not None:
        return _builder(supertype)
    origin, args = get_origin(kind), get_args(kind)
    if origin is Literal:
        return _one_of(args)
    if origin in (types.UnionType, typing.Union):
        return _any_of(args)
    if origin is tuple:
        return _tuple_of(args)
    if origin is frozenset:
        return _set_of(_builder(args[0]))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping_of(_builder(args[0]), _builder(args[1]))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _member_of(kind)
    if is_dataclass(kind) and isinstance(kind, type):
        return _Dataclass(kind)
    raise MisfitError(f"no way to build {kind!r}")


# --- plain values ------------------------------------------------------------------------------------


def _same(said: Any) -> Any:
    return said


def _exactly(kind: type, name: str) -> Build:
    def read(said: Any) -> Any:
        if type(said) is not kind:
            raise MisfitError(f"{said!r:.60} is no {name}")
        return said

    return read


def _decimal(said: Any) -> Decimal:
    if isinstance(said, bool) or not isinstance(said, int | str | Decimal):
        raise MisfitError(f"{said!r:.60} is no number")
    try:
        return decimal_of(str(said), MOST_DIGITS)
    except (InvalidOperation, ValueError) as error:
        raise MisfitError(f"{said!r:.60} is no number") from error


def _fraction(said: Any) -> Fraction:
    if isinstance(said, bool) or not isinstance(said, int | str | Decimal | Fraction):
        raise MisfitError(f"{said!r:.60} is no number")
    if isinstance(said, str) and (len(said) > MOST_DIGITS or "e" in said.casefold()):
        raise MisfitError(f"{said[:40]!r} is no fraction in digits")
    try:
        return Fraction(decimal_of(str(said), MOST_DIGITS) if isinstance(said, Decimal) else said)
    except (InvalidOperation, OverflowError, ValueError, ZeroDivisionError) as error:
        raise MisfitError(f"{said!r:.60} is no number") from error


def _float(said: Any) -> float:
    if isinstance(said, bool) or not isinstance(said, int | float | Decimal):
        raise MisfitError(f"{said!r:.60} is no number")
    return float(said)


def _day(said: Any) -> date:
    if isinstance(said, date) and not isinstance(said, datetime):
        return said
    try:
        return date.fromisoformat(said)
    except (TypeError, ValueError) as error:
        raise MisfitError(f"{said!r:.60} is no day") from error


def _instant(said: Any) -> datetime:
    try:
        instant = said if isinstance(said, datetime) else datetime.fromisoformat(said)
    except (TypeError, ValueError) as error:
        raise MisfitError(f"{said!r:.60} is no instant") from error
    if instant.tzinfo is None:
        raise MisfitError(f"{said!r:.60} has no zone")
    return instant


def _nothing(said: Any) -> None:
    if said is not None:
        raise MisfitError(f"{said!r:.60} is not nothing")


_PLAIN: Final[dict[Any, Build]] = {
    Any: _same,
    None: _nothing,
    types.NoneType: _nothing,
    bool: _exactly(bool, "yes or no"),
    int: _exactly(int, "whole number"),
    str: _exactly(str, "text"),
    float: _float,
    Decimal: _decimal,
    Fraction: _fraction,
    date: _day,
    datetime: _instant,
}


# --- composed values ---------------------------------------------------------------------------------


def _one_of(choices: tuple[Any, ...]) -> Build:
    def read(said: Any) -> Any:
        if said not in choices:
            raise MisfitError(f"{said!r:.60} is none of {', '.join(map(repr, choices))}")
        return said

    return read


def _any_of(kinds: tuple[Any, ...]) -> Build:
    def read(said: Any) -> Any:
        wrong: list[str] = []
        for each in kinds:
            try:
                return _builder(each)(said)
            except MisfitError as error:
                wrong.append(str(error))
        raise MisfitError("; ".join(wrong))

    return read


def _member_of(kind: type[Enum]) -> Build:
    def read(said: Any) -> Enum:
        try:
            return kind(said)
        except ValueError as error:
            raise MisfitError(f"{said!r:.60} is no {kind.__name__}") from error

    return read


def _listed(said: Any) -> list[Any]:
    if not isinstance(said, list | tuple):
        raise MisfitError(f"{said!r:.60} is no list")
    return list(said)


def _tuple_of(args: tuple[Any, ...]) -> Build:
    if len(args) == 2 and args[1] is Ellipsis:
        each = _builder(args[0])
        return lambda said: tuple(each(part) for part in _listed(said))
    readers = [_builder(arg) for arg in args]

    def read(said: Any) -> tuple[Any, ...]:
        parts = _listed(said)
        if len(parts) != len(readers):
            raise MisfitError(f"{len(parts)} values where {len(readers)} belong")
        return tuple(reader(part) for reader, part in zip(readers, parts, strict=True))

    return read


def _set_of(each: Build) -> Build:
    return lambda said: frozenset(each(part) for part in _listed(said))


def _mapping_of(key: Build, value: Build) -> Build:
    def read(said: Any) -> dict[Any, Any]:
        if not isinstance(said, Mapping):
            raise MisfitError(f"{said!r:.60} is no table")
        return {key(name): value(part) for name, part in said.items()}

    return read


class _Dataclass:
    """Builds one dataclass; its fields are looked at when the first one is built."""

    def __init__(self, kind: type) -> None:
        self._kind = kind
        self._fields: dict[str, Build] = {}
        self._needed: frozenset[str] = frozenset()

    def __call__(self, said: Any) -> Any:
        if not self._fields:
            self._look()
        if not isinstance(said, Mapping):
            raise MisfitError(f"{said!r:.60} is no {self._kind.__name__}")
        strange = said.keys() - self._fields.keys()
        if strange:
            raise MisfitError(f"{self._kind.__name__} has no {', '.join(sorted(map(str, strange)))}")
        if missing := self._needed - said.keys():
            raise MisfitError(f"{self._kind.__name__} lacks {', '.join(sorted(missing))}")
        try:
            return self._kind(**{name: self._fields[name](part) for name, part in said.items()})
        except MisfitError:
            raise
        except ValueError as error:
            raise MisfitError(f"{self._kind.__name__}: {error}") from error

    def _look(self) -> None:
        hints = typing.get_type_hints(self._kind)
        mine = fields(self._kind)
        self._fields = {each.name: _builder(hints[each.name]) for each in mine}
        self._needed = frozenset(
            each.name for each in mine if each.default is MISSING and each.default_factory is MISSING
        )
