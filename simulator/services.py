"""The books behind both service systems: procedures, online services and a year of dossiers of every agency.

`books(seed)` draws them; `igate.IGate` and `gateway.Gateway` answer from them over HTTP.
The truth (`service_truth`) is computed from the books alone, never from what the systems print.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, Literal

from simulator.agencies import Agency, agencies
from simulator.almanac import DAYS, FIRST, LAST
from simulator.service_roles import STRENGTH, Situation, situations
from simulator.service_words import procedure_names

Fee = Literal["always", "never", "varies"]
WorkflowState = Literal["none", "active", "retired", "one-step"]

PROVINCE_CODE: Final = "H99"
SOURCE_KEYS: Final = ("mot-cua", "dich-vu-cong")
"""Keys of the one-stop-shop and of the public-service portal."""

_DISTRICT_POOL: Final = 64
"""Districts handle the same procedures, so their national codes are shared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One online service of a procedure; a sub-case is an offer of its own."""

    level: int
    is_open: bool = True
    opened: date | None = None
    """None: the system does not tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """One procedure of one agency, with the dossiers of the period."""

    code: str
    """National code, without the province's suffix."""

    name: str
    in_force: bool
    fee: Fee
    workflow: WorkflowState
    offers: tuple[Offer, ...]
    is_eligible: bool
    """The approved plan lists it for level 4."""

    direct: int = 0
    online: int = 0
    postal: int = 0
    """Received in the period over the counter, online, by post."""

    @property
    def received(self) -> int:
        """Dossiers received in the period by any channel."""
        return self.direct + self.online + self.postal

    def level(self) -> int:
        """Return the highest level open for submission, 0 where there is none."""
        return max((offer.level for offer in self.offers if offer.is_open), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Everything that both systems and the owners of registers hold about one agency."""

    agency: Agency
    identifier: str
    """Its code in both systems."""

    situations: frozenset[Situation]
    procedures: tuple[Procedure, ...]
    early: int = 0
    on_time: int = 0
    late: int = 0
    """Resolved in the period: before the day, on the day, after it."""

    open: int = 0
    open_overdue: int = 0
    """On the period's last day."""

    carried_over: int = 0
    returned_postal: int = 0
    postal_either: int = 0
    """Returned by post; received or returned by post, each dossier once."""

    fee_bearing: int = 0
    paid_online: int = 0
    register: int = 0
    """All dossiers that arose, by the register outside the system."""

    def received(self) -> int:
        """Return the dossiers received in the period."""
        return sum(p.received for p in self.procedures)

    def knows(self, situation: Situation) -> bool:
        """Tell whether something peculiar holds of this agency."""
        return situation in self.situations


def elapsed(day: date) -> int:
    """Return how many days of the period have passed by the end of a day."""
    return max(0, min(DAYS, (day - FIRST).days + 1))


def within(total: int, first: date, last: date) -> int:
    """Return the part of a year's total that falls between two days, both in: spread evenly, additive."""
    return total * elapsed(last) // DAYS - total * elapsed(first - timedelta(days=1)) // DAYS


def identifier(agency: Agency, index: int) -> str:
    """Return an agency's code in the service systems; `index` is its place in the cast."""
    bloc = "02" if agency.bloc == "district" else "01"
    return f"{PROVINCE_CODE}.{bloc}.{index + 1:02}"


def mapped_identifiers(seed: int) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return (source key, identifier) by agency code as the registry knows them: one agency is unmapped."""
    return {
        code: () if book.knows("unmapped") else tuple((key, book.identifier) for key in SOURCE_KEYS)
        for code, book in books(seed).items()
    }


@lru_cache(maxsize=4)
def books(seed: int) -> Mapping[str, Book]:
    """Return the book of every agency by code, in the order of the cast."""
    names = procedure_names(seed)
    district = [_national_code(random.Random(f"codes/{seed}/huyen"), n) for n in range(_DISTRICT_POOL)]
    drawn = {}
    for index, agency in enumerate(agencies(seed)):
        draw = random.Random(f"services/{seed}/{agency.code}")
        if agency.bloc == "district":
            codes = sorted(draw.sample(district, draw.randint(40, 56)))
        else:
            codes = [_national_code(draw, (index + 2) * 100 + n) for n in range(draw.randint(26, 44))]
        drawn[agency.code] = _book(draw, agency, identifier(agency, index), codes, names)
    return drawn


def _national_code(draw: random.Random, number: int) -> str:
    return f"{draw.randint(1, 3)}.{number * 7 + draw.randint(0, 6):06}"


def _book(draw: random.Random, agency: Agency, code: str, codes: list[str], names: tuple[str, ...]) -> Book:
    strange = situations(agency.code)
    if not agency.has_procedures:
        return Book(agency=agency, identifier=code, situations=strange, procedures=())
    abolished = set(codes[-draw.randint(2, 3) :])
    procedures = tuple(
        _procedure(draw, agency, each, names[int(each[2:]) % len(names)], each not in abolished)
        for each in codes
    )
    procedures = _with_young_services(draw, procedures, strange)
    return _dossiers(draw, Book(agency=agency, identifier=code, situations=strange, procedures=procedures))


def _procedure(draw: random.Random, agency: Agency, code: str, name: str, in_force: bool) -> Procedure:
    strange, strength = situations(agency.code), STRENGTH[agency.code]
    offers = _offers(draw, strength, in_force, "level-2-only" in strange)
    level = max((offer.level for offer in offers if offer.is_open), default=0)
    running = 0.8 if "boasts" in agency.temper else 0.83 + 0.17 * strength
    workflow: WorkflowState = "active" if draw.random() < running else "none"
    if workflow == "none" and draw.random() < 0.6:
        workflow = draw.choice(("retired", "one-step"))
    fee: Fee = "never" if "no-fees" in strange else draw.choice(("always", "never", "varies", "never"))
    received = 0 if not in_force or "no-dossiers" in strange else draw.choice((0, 3, 11, 40, 90, 160, 240))
    online = 0
    if level >= 3:
        online = int(received * min(0.97, draw.uniform(0.25, 1.0) * (0.12 + 0.78 * strength)))
    postal = (
        0 if "no-post" in strange else int((received - online) * draw.uniform(0, 0.12) * (0.4 + strength))
    )
    return Procedure(
        code=code,
        name=name,
        in_force=in_force,
        fee=fee,
        workflow=workflow,
        offers=offers,
        is_eligible=level == 4 or draw.random() < 0.35,
        direct=received - online - postal,
        online=online,
        postal=postal,
    )


def _offers(draw: random.Random, strength: float, in_force: bool, low_only: bool) -> tuple[Offer, ...]:
    opened = draw.choice((None, FIRST - timedelta(days=draw.randint(60, 900))))
    if not in_force:
        return (Offer(level=4, is_open=False, opened=opened),)
    if low_only:
        return (Offer(level=2, opened=opened),)
    if draw.random() > 0.18 + 0.5 * strength:
        return (Offer(level=2, opened=opened),) if draw.random() < 0.7 else ()
    level = 4 if draw.random() < 0.3 + 0.5 * strength else 3
    several = draw.random()
    if several < 0.1:  # two sub-cases of one code
        return (Offer(level=3, opened=opened), Offer(level=level, opened=opened))
    if several < 0.18:  # the higher one is shut
        return (Offer(level=4, is_open=False, opened=opened), Offer(level=3, opened=opened))
    return (Offer(level=level, opened=opened),)


def _with_young_services(
    draw: random.Random, procedures: tuple[Procedure, ...], strange: frozenset[Situation]
) -> tuple[Procedure, ...]:
    """Turn up to two procedures without an online service into ones opened in the period's last month."""
    if "level-2-only" in strange:
        return procedures
    changed = list(procedures)
    candidates = [n for n, p in enumerate(changed) if p.in_force and p.level() < 3]
    for place in candidates[: draw.randint(0, 2)]:
        opened = LAST - timedelta(days=draw.randint(4, 27))
        changed[place] = replace(
            changed[place], offers=(Offer(level=3, opened=opened),), direct=0, online=0, postal=0
        )
    return tuple(changed)


def _dossiers(draw: random.Random, book: Book) -> Book:
    received, strength = book.received(), STRENGTH[book.agency.code]
    if received == 0:
        return book
    carried = int(received * draw.uniform(0.03, 0.06)) + 3
    open_ = int(received * draw.uniform(0.06, 0.09)) + 6
    resolved = received + carried - open_
    missed = 1 - min(0.995, 0.74 + 0.26 * strength + draw.uniform(-0.01, 0.01))
    overdue = min(open_ - 2, max(1, int(resolved * missed * 0.3)))
    late = max(1, int(resolved * missed * 0.7))
    early = int((resolved - late) * draw.uniform(0.4, 0.7))
    came = sum(p.postal for p in book.procedures)
    went = 0 if book.knows("no-post") else came + int(received * draw.uniform(0.01, 0.05)) + 1
    bearing = sum(_bearing(p) for p in book.procedures)
    paid = int(bearing * min(0.9, draw.uniform(0.6, 1.2) * (0.04 + 0.5 * strength)))
    paper = max(1, int(received * (1.02 - strength) * draw.uniform(0.2, 0.35)))
    return replace(
        book,
        early=early,
        on_time=resolved - late - early,
        late=late,
        open=open_,
        open_overdue=overdue,
        carried_over=carried,
        returned_postal=went,
        postal_either=went + int(came * 0.55),
        fee_bearing=bearing,
        paid_online=paid,
        register=received - 20 if book.knows("register-short") else received + paper,
    )


def _bearing(procedure: Procedure) -> int:
    shares = {"always": procedure.received, "varies": procedure.received // 3, "never": 0}
    return shares[procedure.fee]
