"""Where configuration is looked for: the search order, and which rule found it."""

from __future__ import annotations

import os
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from minhchung.errors import ConfigError

VARIABLE = "MINHCHUNG_CONFIG"


@dataclass(frozen=True, slots=True)
class Place:
    """A configuration directory and the rule that found it."""

    directory: Path
    rule: str
    """`--config`, `MINHCHUNG_CONFIG`, `home`, `checkout` or `wheel`."""


def _checkout() -> Path:
    return Path(__file__).resolve().parent.parent / "config"


def _wheel() -> Path:
    return Path(sysconfig.get_path("data")) / "share" / "minhchung" / "config"


def candidates(option: Path | None, home: Path) -> list[Place]:
    """Return every place that would be looked at, in order, whether it exists or not."""
    places = []
    if option is not None:
        places.append(Place(option, "--config"))
    if variable := os.environ.get(VARIABLE):
        places.append(Place(Path(variable), VARIABLE))
    return [
        *places,
        Place(home / "config", "home"),
        Place(_checkout(), "checkout"),
        Place(_wheel(), "wheel"),
    ]


def is_config(directory: Path) -> bool:
    """Say whether a directory holds at least one registry."""
    return any((directory / "agencies").glob("*.toml"))


def find(option: Path | None, home: Path) -> Place:
    """Return the first place that is a configuration; a named one that is none raises ConfigError."""
    for place in candidates(option, home):
        if is_config(place.directory):
            return place
        if place.rule in {"--config", VARIABLE}:
            raise ConfigError(
                str(place.directory),
                "agencies/",
                f"{place.rule} names a directory without agencies/*.toml",
                "name a directory that holds agencies/x.toml",
            )
    raise ConfigError(
        str(home / "config"),
        "agencies/",
        "no configuration was found anywhere",
        "pass --config DIR or run `minhchung demo`",
    )


def product_config() -> Path:
    """Return the configuration that comes with the product: the checkout's, else the wheel's."""
    return _checkout() if is_config(_checkout()) else _wheel()
