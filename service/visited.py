"""Whose portals are visited on a day: agencies begin, end and merge, their portals stay for a while."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from minhchung.agencies import Agency
from minhchung.rounds import Round

if TYPE_CHECKING:
    from service.settings import Settings


def to_visit(settings: Settings, day: date, codes: tuple[str, ...] = ()) -> tuple[Agency, ...]:
    """Return those of the agencies, or of all, whom a run of a local day visits, in registry order."""
    rounds = [settings.round(name) for name in settings.round_ids()]
    return tuple(agency for agency in settings.agencies(codes) if is_visited(agency, day, rounds))


def is_visited(agency: Agency, day: date, rounds: list[Round]) -> bool:
    """Say whether an agency is visited: from its first day to its last, then until its rounds freeze.

    Before the first day nothing at the address is its own. What it published until the last day may still
    stand there, as evidence of a round that assesses those days, while evidence of that round counts.
    """
    if agency.valid_from is not None and day < agency.valid_from:
        return False
    if agency.valid_to is None or day <= agency.valid_to:
        return True
    return any(round_.period.first <= agency.valid_to and day <= round_.freeze for round_ in rounds)
