"""A home with a configuration and one sealed act, ready for commands about log and keys."""

from __future__ import annotations

from pathlib import Path

from service.settings import load
from service.workplace import open_store
from tests.service.calling import Call, Said
from tests.service.small_home import write_small_config


def seal_something(home: Path, config: Path, content: bytes = b"x = 1\n") -> None:
    """Keep a configuration file in the home, sealed."""
    store = open_store(load(home, config), writer=True)
    try:
        store.keep_config("x.toml", content)
        store.commit()
    finally:
        store.close()


def at(call: Call, home: Path, config: Path) -> Call:
    """Return the command line at a home."""

    def here(*words: object) -> Said:
        return call("--home", home, "--config", config, *words)

    return here


def make_home(folder: Path) -> tuple[Path, Path]:
    """Write configuration and home into a folder; return both."""
    config = write_small_config(folder / "config")
    home = folder / "home"
    seal_something(home, config)
    return home, config
