"""Configuration approved by a person: which files, with which bytes, on which day, by which document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigApproval:
    """One approval (phê duyệt cấu hình): from then on these bytes are the approved ones."""

    by: str
    """Id of the person in people.toml."""

    day: date
    why: str
    number: str = ""
    """Number of the document, where there is one."""

    config: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of each configuration file that can move a point, by name."""

    changed: tuple[str, ...] = ()
    """Files that came, went or differ from those approved before."""

    diff: str = ""
    """Record of their lines before and after."""
