"""What differs between two results of the same agencies: places, totals, bands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from minhchung.evidence import AgencyCode
from minhchung.scores import Place, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One agency before and after; None where it is in one of the two results only."""

    agency: AgencyCode
    before: Place | None
    after: Place | None

    @property
    def place_moved(self) -> bool:
        """Say whether its place, or its range of places, is another."""
        return _ends(self.before) != _ends(self.after)

    @property
    def total_moved(self) -> bool:
        """Say whether its published total is another."""
        return _totals(self.before) != _totals(self.after)

    @property
    def band_moved(self) -> bool:
        """Say whether its band is another."""
        return _bands(self.before) != _bands(self.after)

    @property
    def moved(self) -> bool:
        """Say whether anything published of it is another."""
        return self.place_moved or self.total_moved or self.band_moved


def moves(before: Standing, after: Standing) -> tuple[Move, ...]:
    """Return every agency of either result, in the order of the second, then of the first."""
    then, now = _places(before), _places(after)
    codes = dict.fromkeys([*now, *then])
    return tuple(Move(agency=code, before=then.get(code), after=now.get(code)) for code in codes)


def _places(standing: Standing) -> dict[AgencyCode, Place]:
    return {place.agency: place for place in _each(standing)}


def _each(standing: Standing) -> Iterator[Place]:
    for bloc in standing.blocs:
        yield from bloc.places


def _ends(place: Place | None) -> tuple[int, int] | None:
    return None if place is None else (place.best, place.worst)


def _totals(place: Place | None) -> tuple[object, object] | None:
    return None if place is None else (place.total.published_low, place.total.published_high)


def _bands(place: Place | None) -> tuple[str, str] | None:
    return None if place is None else (place.band_low, place.band_high)
