"""Numbers that stand for a rule of law: each listed, as it stands in force, with who has read the article."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from minhchung.errors import ConfigError
from minhchung.rounds import Round
from minhchung.rulings import LegalFile, LegalParameter
from service.config_files import parse, read_bytes, tables
from service.places import product_config
from service.settings import Settings


def law_obstacles(settings: Settings, round_: Round) -> Iterator[str]:
    """Yield what of the law is not confirmed: not listed, listed with another value, or read by nobody."""
    legal = settings.legal
    if legal is None:
        yield "there is no legal.toml: no parameter of law has been confirmed by anybody"
        return
    listed = {one.key for one in legal.parameter}
    for key in _bound(settings, round_):
        if key not in listed:
            yield f"legal.toml does not list {key}, which stands for a rule of law"
    for one in legal.parameter:
        yield from _unconfirmed(settings, one)


def _bound(settings: Settings, round_: Round) -> Iterator[str]:
    """Yield the keys that have to be confirmed: those of the verifiers in use, and the round's own period."""
    sets = (settings.index_set(round_), *settings.own_sets(round_).values())
    used = {f"verifiers/{c.verifier}.toml" for one in sets for c in one.components() if c.verifier}
    path = product_config() / "legal.toml"
    for one in parse(str(path), read_bytes(path), LegalFile).parameter:
        if one.key.partition(":")[0] in used:
            yield one.key
    yield f"rounds/{round_.id}.toml: period"


def _unconfirmed(settings: Settings, one: LegalParameter) -> Iterator[str]:
    said = f"{one.key} = {one.value}"
    stands = in_force(settings, one.key)
    if stands is None:
        yield f"{said}: names nothing in the configuration"
    elif stands != one.value.strip():
        yield f"{said}: {stands} is in force, which is not what was read in {one.article} of {one.document}"
    if not one.document.strip() or not one.article.strip():
        yield f"{said}: names no document or no article"
    elif not one.confirmed_by.strip():
        yield f"{said}: {one.article} of {one.document} has not been confirmed by anybody"


def in_force(settings: Settings, key: str) -> str | None:
    """Return what stands at `FILE: KEY` in the configuration, as legal.toml writes it; None for nothing."""
    file, _, name = key.partition(":")
    try:
        table: Any = tables(file, read_bytes(settings.file(file.strip())))
    except ConfigError:
        return None
    for part in name.strip().split("."):
        table = table.get(part) if isinstance(table, Mapping) else None
    return _written(table)


def _written(value: Any) -> str | None:
    match value:
        case None:
            return None
        case {"first": date() as first, "last": date() as last}:
            return f"{first:%d/%m/%Y} – {last:%d/%m/%Y}"
        case date():
            return f"{value:%d/%m/%Y}"
        case _:
            return str(value)
