"""What a probe has learnt of a portal: lists and fields, the rule that reads each and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from minhchung.sites import FieldRule, ListKind, Pagination

UNCOMPARED: Final = Fraction(9, 10)
"""Confidence in a value that no second place confirms."""

SURE: Final = Fraction(19, 20)
"""Share of values that a rule must give exactly as they were found by looking, to be proposed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedField:
    """One field over all rows, or all item pages, that were looked at."""

    seen: int
    """Where a value was read."""

    of: int
    rule: FieldRule | None
    """None: no rule gives what looking gives; the field is left to looking."""

    agreed: int = 0
    compared: int = 0
    """How often row and page of an item were both read, and said the same."""

    example: str = ""

    @property
    def confidence(self) -> Fraction:
        """Return how often the field was there, times how often a second place confirmed it."""
        shown = Fraction(self.seen, self.of or 1)
        return shown * (Fraction(self.agreed, self.compared) if self.compared else UNCOMPARED)


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedList:
    """One list of a portal."""

    url: str
    kind: ListKind
    named: bool
    """False: no heading tells its kind; each item's page does."""

    heading: str
    rows: str
    """CSS that gives its rows on every page that was looked at; empty: rows are left to looking."""

    items: int
    pages: int
    further: Pagination | None
    """How its further pages are asked for; None: it showed one page."""

    fields: Mapping[str, LearnedField] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """A portal as far as a probe looked."""

    lists: tuple[LearnedList, ...]
    unnamed: tuple[str, ...]
    """Addresses of lists that no heading names, beside such as one does: no part of the profile."""

    item_fields: Mapping[str, LearnedField]
    item_pages: int
    order: str
    """`dmy`, or `mdy` where days make sense in no other way."""

    platform: str
    sign: str
    """By what the platform was recognised; empty: it was not."""

    required_text: str
