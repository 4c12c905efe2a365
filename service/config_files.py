"""Reading one TOML file into one checked type; every fault names file, key and remedy."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from minhchung.decimals import decimal_of
from minhchung.errors import ConfigError

T = TypeVar("T")

MAX_BYTES: Final = 4_000_000
"""A larger configuration file is a mistake or an attack."""

_REMEDIES: Final = {
    "missing": "add the key",
    "extra_forbidden": "remove the key or correct its name",
    "unexpected_keyword_argument": "remove the key or correct its name",
    "missing_keyword_only_argument": "add the key",
    "missing_argument": "add the key",
    "literal_error": "use one of the values that docs/reference/config.md lists",
    "enum": "use one of the values that docs/reference/config.md lists",
}


_ADAPTERS: Final[dict[Any, TypeAdapter[Any]]] = {}


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def _key(location: Sequence[int | str]) -> str:
    text = ""
    for part in location:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _fault(file: str, error: ValidationError) -> ConfigError:
    first = error.errors(include_url=False)[0]
    kind = first["type"]
    if kind in {"missing", "missing_argument", "missing_keyword_only_argument"}:
        fault = "this key is missing"
    elif kind in {"extra_forbidden", "unexpected_keyword_argument"}:
        fault = "no such key is known"
    else:
        given = repr(first.get("input"))
        shown = given if len(given) <= 60 else given[:57] + "…"
        fault = f"{first['msg'].removeprefix('Value error, ')} (given: {shown})"
    return ConfigError(file, _key(first["loc"]), fault, _REMEDIES.get(kind, "correct the value"))


def parse(name: str, data: bytes, kind: type[T]) -> T:
    """Return the checked value of one file's bytes; raises ConfigError."""
    return checked(name, tables(name, data), kind)


def tables(name: str, data: bytes) -> dict[str, Any]:
    """Return a file's TOML tables, numbers with a point as decimals; raises ConfigError."""
    try:
        return tomllib.loads(data.decode("utf-8"), parse_float=decimal_of)
    except UnicodeDecodeError as error:
        raise ConfigError(name, "", f"byte {error.start} is not UTF-8", "save the file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(name, "", f"this is not TOML: {error}", "correct the line") from error
    except RecursionError as error:
        raise ConfigError(
            name, "", "its lists or tables stand too deep in each other", "flatten it"
        ) from error
    except ValueError as error:
        raise ConfigError(name, "", f"holds an unusable number: {error}", "correct the number") from error


def checked(name: str, table: Mapping[str, Any], kind: type[T]) -> T:
    """Return the value that tables describe; raises ConfigError with `name` as the file."""
    try:
        value: T = _adapter(kind).validate_python(table)
    except ValidationError as error:
        raise _fault(name, error) from error
    return value


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a configuration file; raises ConfigError."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ConfigError(str(path), "", f"is larger than {MAX_BYTES} bytes", "split or shorten it")
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(
            str(path), "", f"cannot be read ({error.strerror})", "check path and rights"
        ) from error
