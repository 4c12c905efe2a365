"""What people decide and say in a round: rulings, comments and their answers, and who those people are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Literal

from minhchung.evidence import AgencyCode
from minhchung.measurements import Value

CommentKind = Literal["missed", "changed", "rule-wrong", "denominator-wrong", "system-fault"]
"""You missed it; it changed; the rule is wrong; the denominator is wrong; a system failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """An appraiser's decision on the inputs of one component (kết luận thẩm định); the last one stands."""

    round: str
    agency: AgencyCode
    component: str
    inputs: Mapping[str, Value]
    by: str
    countersigned_by: str = ""
    """The second person, needed where a band or a place moves."""

    day: date
    why: str
    number: str = ""
    records: tuple[str, ...] = ()
    """Records that it rests on."""

    comment: str = ""
    """Record of the comment that it answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What an agency says to one finding."""

    round: str
    agency: AgencyCode
    component: str
    kind: CommentKind
    text: str
    number: str
    """Number of the letter that brings it."""

    day: date
    finding: str
    """Inputs digest of the scoring that it speaks of."""

    evidence: tuple[str, ...] = ()
    """Records of the counter-evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is answered to a comment."""

    comment: str
    """Its record."""

    outcome: Literal["accepted", "partly", "rejected"]
    text: str
    by: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may rule or countersign."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    id: str
    name: str
    unit: str = ""
    """Where they work, as a record of a sighting prints it."""

    agency: str = ""
    """Code of the agency that they belong to; empty: none of the rated ones."""

    runs: tuple[str, ...] = ()
    """Keys of service systems, and names or codes of owners, that they run or answer for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleFile:
    """`people.toml`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    person: tuple[Person, ...]

    def get(self, person: str) -> Person | None:
        """Return the person of this id, or None."""
        return next((each for each in self.person if each.id == person), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalParameter:
    """A number that stands for a rule of law, and whether somebody has read that rule."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    key: str
    """File and key, e.g. `verifiers/documents_on_time.toml: deadline_working_days`."""

    value: str
    document: str
    article: str
    confirmed_by: str = ""
    """Who has read the article; empty: nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalFile:
    """`legal.toml`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    parameter: tuple[LegalParameter, ...]
