"""Words and forms that the law gave from one day to another: schema of `law.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """From when to when something holds, both ends in; an open end is None."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    valid_from: date | None = None
    valid_to: date | None = None
    document: str = ""
    """Number and day of the document that says so."""

    def holds(self, day: date) -> bool:
        """Say whether it holds on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelName(InForce):
    """One wording of an online service's level."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    words: tuple[str, ...]
    """Each alone names the level; compared on k2."""

    level: int
    """1 to 4, the scale that the index set speaks in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierCode(InForce):
    """One form of dossier codes."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    pattern: str
    """Regular expression that the whole code must match."""

    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLaw:
    """`law.toml`: what the words of service systems mean, by date."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    level: tuple[LevelName, ...] = ()
    dossier_code: tuple[DossierCode, ...] = ()

    def out_of_time(self, level_text_key: str, day: date) -> LevelName | None:
        """Return the wording used on a day on which none of its kind was in force; `level_text_key` is k2."""
        used = [name for name in self.level if any(f" {w} " in f" {level_text_key} " for w in name.words)]
        if not used or any(name.holds(day) for name in used):
            return None
        return used[0]
