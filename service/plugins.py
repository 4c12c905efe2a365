"""Plug-ins are files: looked up by the name that config gives, no registry."""

from __future__ import annotations

import importlib
import pkgutil
import re
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from minhchung.errors import ConfigError

if TYPE_CHECKING:
    from collectors.interface import ServiceDriver
    from collectors.platforms.interface import Platform
    from verifiers.interface import Verifier

_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")


@cache
def names(package: str, constant: str) -> tuple[str, ...]:
    """Return the names of a folder's files that end in the given constant."""
    folder = importlib.import_module(package)
    found = (module.name for module in pkgutil.iter_modules(folder.__path__))
    return tuple(sorted(n for n in found if hasattr(importlib.import_module(f"{package}.{n}"), constant)))


def _load(package: str, constant: str, name: str, file: str, key: str) -> Any:
    module: ModuleType | None = None
    if _NAME.fullmatch(name):
        try:
            module = importlib.import_module(f"{package}.{name}")
        except ModuleNotFoundError as error:
            if error.name != f"{package}.{name}":
                raise
    plugin = getattr(module, constant, None)
    if plugin is None:
        known = ", ".join(names(package, constant))
        raise ConfigError(file, key, f"there is no {constant.lower()} named {name!r}", f"use one of: {known}")
    return plugin


def platform(name: str, file: str = "sites/", key: str = "platform") -> Platform:
    """Return the reader of a portal system; an unknown name raises ConfigError."""
    plugin: Platform = _load("collectors.platforms", "PLATFORM", name, file, key)
    return plugin


def driver(kind: str, name: str, file: str = "sources/", key: str = "driver") -> ServiceDriver:
    """Return a driver of a one-stop-shop (`onestop`) or public-service (`services`) system."""
    plugin: ServiceDriver = _load(f"collectors.{kind}", "DRIVER", name, file, key)
    return plugin


def verifier(name: str, file: str = "index_sets/", key: str = "verifier") -> Verifier[Any]:
    """Return a verifier; an unknown name raises ConfigError."""
    plugin: Verifier[Any] = _load("verifiers", "VERIFIER", name, file, key)
    return plugin
