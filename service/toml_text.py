"""Configuration dataclasses as TOML, so that reading the text back gives the same value."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Final

SPREAD: Final = frozenset({"main_index", "component", "bloc", "row", "band", "bands", "blocs", "agency"})
"""Lists of tables that stand as [[tables]]; every other table is written inline."""


def as_toml(value: Any) -> str:
    """Return a dataclass as a TOML document; fields that have their default are left out."""
    return "\n".join(_table(value, "")).strip() + "\n"


def _table(value: Any, path: str) -> Iterator[str]:
    later: list[tuple[str, Any]] = []
    for name, given in _given(value):
        if name in SPREAD and isinstance(given, tuple):
            later.append((name, given))
        else:
            yield f"{name} = {_inline(given)}"
    for name, given in later:
        for one in given:
            inner = f"{path}.{name}" if path else name
            yield ""
            yield f"[[{inner}]]"
            yield from _table(one, inner)


def _given(value: Any) -> Iterator[tuple[str, Any]]:
    for one in fields(value):
        given = getattr(value, one.name)
        if given is not None and (one.default is MISSING or given != one.default) and not _empty(one, given):
            yield one.name, given


def _empty(one: Field[Any], given: Any) -> bool:
    factory = one.default_factory
    return factory is not MISSING and given == factory()


def _inline(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case Enum():
            return _text(value.value)
        case str():
            return _text(value)
        case int():
            return str(value)
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case tuple() | list():
            return f"[{', '.join(_inline(each) for each in value)}]"
        case Mapping():
            inner = ", ".join(f"{_text(key)} = {_inline(each)}" for key, each in value.items())
            return f"{{ {inner} }}"
        case _ if is_dataclass(value):
            inner = ", ".join(f"{name} = {_inline(given)}" for name, given in _given(value))
            return f"{{ {inner} }}"
        case _:
            msg = f"{type(value).__name__} has no TOML form"
            raise TypeError(msg)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
