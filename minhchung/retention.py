"""How long what is kept: `retention.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    """One kind of record and the age at which it may be taken out."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    kind: str
    """As in the log: `response`, `dom-snapshot`, `screenshot`, `submission`, …"""

    age_days: int
    """Days from the capture; a record of exactly this age may go."""

    def __post_init__(self) -> None:
        if self.age_days < 1:
            raise ValueError("age_days must be at least 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionPolicy:
    """What may be taken out of the archive, and what must stay whatever its age."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    policy: str
    """The document that says so: number and day; it is sealed with every act."""

    rule: tuple[RetentionRule, ...] = ()
    closed_rounds: tuple[str, ...] = ()
    """Rounds whose result stands; what may count in any other round stays."""

    hold: tuple[str, ...] = ()
    """Legal hold: codes of agencies, runs or records that stay."""

    hand_over: tuple[str, ...] = ()
    """The same for what is to be handed over to the state archive."""
