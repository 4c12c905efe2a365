"""What a verifier concludes: a measurement, or a reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from minhchung.evidence import Locator
from minhchung.periods import Period

Value = Fraction | frozenset[str] | bool | str
"""A number, a set of met checklist items, a yes/no, a choice, or a day in ISO form (`2021-10-30`)."""


class Reason(StrEnum):
    """Why something could not be measured: a closed list."""

    UNREACHABLE = "unreachable"
    BLOCKED = "blocked"
    ROBOTS_REFUSED = "robots-refused"
    LAYOUT_CHANGED = "layout-changed"
    NEEDS_BROWSER = "needs-browser"
    NEEDS_LOGIN = "needs-login"
    IDENTITY_UNVERIFIED = "identity-unverified"
    NO_PORTAL_CONFIRMED = "no-portal-confirmed"
    COVERAGE_BELOW = "coverage-below"
    SINGLE_MEASUREMENT = "single-measurement"
    NEEDS_PERSON = "needs-person"
    """The last visit looks like a portal seen in half: a monitor of the crawl was breached."""

    INCIDENT = "incident"
    """Our own side was sick whenever we looked."""

    PLATFORM_INCIDENT = "platform-incident"
    """What several agencies share was down whenever we looked; whoever runs it could bring that about."""

    MIGRATION = "migration"
    BASIS_DOES_NOT_FIT = "basis-does-not-fit"
    DENOMINATOR_ABSENT = "denominator-absent"
    FIGURES_CONTRADICT = "figures-contradict"
    MAPPING_MISSING = "mapping-missing"
    CALENDAR_MISSING = "calendar-missing"
    SCHEMA_CHANGED = "schema-changed"
    UNAUTHORISED = "unauthorised"
    NOT_READ = "not-read"
    NOT_COLLECTED = "not-collected"
    """Nothing was ever asked: no run has looked at this agency yet."""

    ADVISORY = "advisory"
    """Measured by a verifier that labels place below the set's floor: what it says is advice."""


class NotApplicableReason(StrEnum):
    """Why a component does not apply to an agency: a closed list."""

    NO_PROCEDURES = "no-procedures"
    NO_QUESTIONS = "no-questions"
    NO_FEES = "no-fees"
    NO_DOSSIERS = "no-dossiers"


class Origin(StrEnum):
    """Who an input comes from."""

    CRAWL = "crawl"
    SERVICE = "service"
    OWNER = "owner"
    SUBMITTED = "submitted"
    RULING = "ruling"
    """Decided by an appraiser; no set may name it as a source."""

    SIGHTING = "sighting"
    """Seen by a person and countersigned; no set may name it as a source: `on_unmeasured` calls for it."""


class Grade(StrEnum):
    """How far the inputs rest on something else than the rated agency's word."""

    VERIFIED = "verified"
    PARTLY_VERIFIED = "partly-verified"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One input of a component, with where it comes from."""

    value: Value
    origin: Origin
    open_items: frozenset[str] = frozenset()
    """For a checklist: items that could not be settled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One thing a verifier counted, left out or found odd, with its places."""

    key: str
    """Stable, kebab-case, e.g. `duplicates`, `reposts`, `question-burst`."""

    text: str
    """For people, Vietnamese."""

    count: int | None = None
    basis: tuple[Locator, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What the evidence shows of one component's inputs."""

    inputs: Mapping[str, Input]
    """By the input's name in the index set."""

    grade: Grade
    window: Period
    coverage: Fraction = Fraction(1)
    """Covered days / days, 0 to 1."""

    basis: tuple[Locator, ...] = ()
    """Every counted item, matched heading or answered query."""

    notes: tuple[Note, ...] = ()
    """How the figures came about: what was counted and what was left out."""

    questions: tuple[Note, ...] = ()
    """What only looks odd: shown to a person, never deducted."""

    bounded: bool = False
    """True when unseen parts could not change the points."""

    high: Mapping[str, Input] | None = None
    """Where bounded: inputs at the best the unseen could be; None: not known apart from the points."""

    verifier: str = ""
    """Name and version, e.g. `news_cadence/1`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmeasured:
    """No measurement, and why; never a zero, never the claim."""

    reason: Reason
    detail: str
    basis: tuple[Locator, ...] = ()
    """The failed attempts, or what was seen."""

    low: Mapping[str, Input] | None = None
    """Inputs at the worst the unseen could be; None: nothing is known."""

    high: Mapping[str, Input] | None = None
    """Inputs at the best the unseen could be."""

    notes: tuple[Note, ...] = ()
    verifier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotApplicable:
    """The component does not apply to this agency."""

    reason: NotApplicableReason
    detail: str
    basis: tuple[Locator, ...] = ()
    verifier: str = ""


Result = Measurement | Unmeasured | NotApplicable
