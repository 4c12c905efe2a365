"""Procedures, services and lists of codes, each code counted once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from minhchung.observations import Procedure, ServiceOffer
from verifiers.harvests import Harvest

NATIONAL_CODE: Final = re.compile(r"\d\.\d{6}")


def is_code(text: str) -> bool:
    """Say whether a text is a national procedure code without the province's suffix."""
    return bool(NATIONAL_CODE.fullmatch(text))


def national(code: str) -> str:
    """Return a code without the province's suffix: `1.000948.H38` is `1.000948`."""
    short = ".".join(code.strip().split(".")[:2])
    return short if is_code(short) else code.strip()


def catalogue(harvest: Harvest) -> dict[str, Procedure]:
    """Return P: the procedures in force by national code, each once."""
    return {p.code: p for p in harvest.procedures if p.valid and is_code(p.code)}


def best_offers(offers: Iterable[ServiceOffer], at_least: int) -> dict[str, ServiceOffer]:
    """Return the open services of at least this level by code: of several, the highest level."""
    best: dict[str, ServiceOffer] = {}
    for offer in offers:
        if not (offer.open and is_code(offer.procedure) and offer.level is not None):
            continue
        held = best.get(offer.procedure)
        if offer.level >= at_least and (held is None or (held.level or 0) < offer.level):
            best[offer.procedure] = offer
    return best
