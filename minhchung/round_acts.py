"""The acts of a round, from opening to a second version: which may follow which, and what each one says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final


class Stage(StrEnum):
    """Where a round stands."""

    UNOPENED = "unopened"
    OPEN = "open"
    """Self-reports with proof come in."""

    FROZEN = "frozen"
    FIRST_SCORED = "first-scored"
    COMMENTING = "commenting"
    """Agencies see their findings and comment."""

    RE_MEASURED = "re-measured"
    SECOND_SCORED = "second-scored"
    CLOSED = "closed"
    PUBLISHED = "published"
    PETITIONED = "petitioned"
    RE_CHECKED = "re-checked"


class Event(StrEnum):
    """What moves a round on."""

    OPEN = "open"
    FREEZE = "freeze"
    FIRST_SCORING = "first-scoring"
    COMMENT_PERIOD = "comment-period"
    RE_MEASURE = "re-measure"
    SECOND_SCORING = "second-scoring"
    CLOSE = "close"
    ANNEX = "annex"
    PETITION = "petition"
    RE_CHECK = "re-check"
    NO_CHANGE = "no-change"
    NEW_VERSION = "new-version"
    RULES_CHANGE = "rules-change"
    """Configuration changes after the freeze, by a document; the round stays where it is."""


TRANSITIONS: Final[Mapping[tuple[Stage, Event], Stage]] = {
    (Stage.UNOPENED, Event.OPEN): Stage.OPEN,
    (Stage.OPEN, Event.FREEZE): Stage.FROZEN,
    (Stage.FROZEN, Event.FIRST_SCORING): Stage.FIRST_SCORED,
    (Stage.FIRST_SCORED, Event.COMMENT_PERIOD): Stage.COMMENTING,
    (Stage.COMMENTING, Event.RE_MEASURE): Stage.RE_MEASURED,
    (Stage.COMMENTING, Event.SECOND_SCORING): Stage.SECOND_SCORED,
    (Stage.RE_MEASURED, Event.SECOND_SCORING): Stage.SECOND_SCORED,
    (Stage.SECOND_SCORED, Event.CLOSE): Stage.CLOSED,
    (Stage.CLOSED, Event.ANNEX): Stage.PUBLISHED,
    (Stage.PUBLISHED, Event.PETITION): Stage.PETITIONED,
    (Stage.PETITIONED, Event.RE_CHECK): Stage.RE_CHECKED,
    (Stage.RE_CHECKED, Event.NO_CHANGE): Stage.PUBLISHED,
    (Stage.RE_CHECKED, Event.NEW_VERSION): Stage.PUBLISHED,
    **{
        (stage, Event.RULES_CHANGE): stage
        for stage in (
            Stage.FROZEN,
            Stage.FIRST_SCORED,
            Stage.COMMENTING,
            Stage.RE_MEASURED,
            Stage.SECOND_SCORED,
            Stage.RE_CHECKED,
        )
    },
}
"""Everything that may follow; what does not stand here is refused."""

SCORED: Final = frozenset(
    {Event.FIRST_SCORING, Event.SECOND_SCORING, Event.CLOSE, Event.ANNEX, Event.NEW_VERSION}
)
"""Events whose result is sealed with them."""

RULING_STAGES: Final = frozenset(
    {Stage.FROZEN, Stage.FIRST_SCORED, Stage.COMMENTING, Stage.RE_MEASURED, Stage.RE_CHECKED}
)
"""Where a ruling may still be made; a published result is only reopened by a petition."""

SECOND_STAGES: Final = frozenset(
    {Stage.SECOND_SCORED, Stage.CLOSED, Stage.PUBLISHED, Stage.PETITIONED, Stage.RE_CHECKED}
)
"""Where the rules of the second scoring hold."""

COMMENT_STAGES: Final = frozenset({Stage.COMMENTING, Stage.PETITIONED})


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundAct:
    """One act: what happened, on which day, by which document."""

    round: str
    event: Event
    number: str
    """Number of the official document, e.g. `1379/STTTT-CNTT`."""

    day: date
    """Day of the document, local."""

    by: str
    note: str = ""
    document: str = ""
    """Record of the document's file."""

    document_sha256: str = ""
    official: bool = False
    """Of an opening: the result will be published; else a trial round, marked everywhere."""

    result: str = ""
    """Record of the standing that was sealed with it; of a change of rules, of what it moves."""

    annexes: Mapping[str, str] = field(default_factory=dict)
    """Of a publication: records of the annex as it was published, by format."""

    inputs_digest: str = ""
    config: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of each configuration file in force, by name."""

    unapproved: tuple[str, ...] = ()
    """Of a scoring: files that differ from the configuration approved last."""


def stage_after(acts: Iterable[RoundAct]) -> Stage:
    """Return where a round stands after its acts; an act that may not follow raises ValueError."""
    stage = Stage.UNOPENED
    for act in acts:
        following = TRANSITIONS.get((stage, act.event))
        if following is None:
            msg = f"{act.event} may not follow on {stage}"
            raise ValueError(msg)
        stage = following
    return stage


def possible(stage: Stage) -> tuple[Event, ...]:
    """Return the events that may follow on a stage."""
    return tuple(event for before, event in TRANSITIONS if before is stage)


def version(acts: Iterable[RoundAct]) -> int:
    """Return which published version is in force, 0 before the first annex."""
    return sum(act.event in (Event.ANNEX, Event.NEW_VERSION) for act in acts)
