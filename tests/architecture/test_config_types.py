"""Config: an unknown key is refused everywhere, also in a table inside a table."""

import dataclasses
import importlib
import pkgutil
import typing
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from tests.architecture.tree import CHECKOUT

HOLD_CONFIG = ("minhchung", "verifiers", "scoring", "service")


@cache
def config_types() -> tuple[type[Any], ...]:
    """Return every dataclass that a config file is read into, of the packages that have any."""
    found = {}
    for package in HOLD_CONFIG:
        home = importlib.import_module(package)
        walked = (module.name for module in pkgutil.walk_packages(home.__path__, f"{package}."))
        names = [package, *(name for name in walked if not name.endswith("__main__"))]
        for module in map(importlib.import_module, names):
            kinds = [thing for thing in vars(module).values() if isinstance(thing, type)]
            for kind in kinds:
                if kind.__module__ == module.__name__ and "__pydantic_config__" in vars(kind):
                    found[f"{module.__name__}.{kind.__qualname__}"] = kind
    return tuple(found[name] for name in sorted(found))


def inside(hint: object) -> Iterator[type[Any]]:
    """Yield the dataclasses in an annotation, in whatever containers."""
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        yield hint
    for part in typing.get_args(hint):
        yield from inside(part)


def test_every_config_type_forbids_unknown_keys() -> None:
    """A plain dataclass lets pydantic ignore an unknown key: a misspelt threshold would do nothing."""
    kinds = config_types()

    assert len(kinds) > 20
    assert [
        kind.__qualname__ for kind in kinds if vars(kind)["__pydantic_config__"] != {"extra": "forbid"}
    ] == []


def test_every_table_inside_a_config_type_forbids_them_too() -> None:
    """The promise of the outer table does not reach the inner one by itself."""
    lax = set()
    for kind in config_types():
        for name, hint in typing.get_type_hints(kind).items():
            for inner in inside(hint):
                if "__pydantic_config__" not in vars(inner):
                    lax.add(f"{kind.__qualname__}.{name}: {inner.__qualname__}")
    assert lax == set()


@pytest.mark.parametrize("kind", config_types(), ids=lambda kind: kind.__qualname__)
def test_a_misspelt_key_is_named(kind: type[Any]) -> None:
    """The proof by pydantic itself, for each type."""
    with pytest.raises(ValidationError) as raised:
        TypeAdapter(kind).validate_python({"khoa_viet_sai": 1})

    refused = [
        error["loc"]
        for error in raised.value.errors()
        if error["type"] in ("unexpected_keyword_argument", "extra_forbidden")
    ]
    assert refused == [("khoa_viet_sai",)]


def test_every_config_key_is_in_the_reference() -> None:
    """docs/reference/config.md: a key that nobody can look up does not exist (after datasette)."""
    page = (CHECKOUT / "docs" / "reference" / "config.md").read_text("utf-8")
    missing = [
        f"{kind.__qualname__}.{field.name}"
        for kind in config_types()
        for field in dataclasses.fields(kind)
        if f"`{field.name}`" not in page
    ]
    assert missing == []
