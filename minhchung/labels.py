"""What two people say of a sample of real findings, each alone, and what that tells of a verifier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from minhchung.evidence import AgencyCode

Label = Literal["exceeds", "holds", "unclear"]
"""The claim exceeds what can be seen, beyond the tolerance; it does not; the person cannot say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One finding of a sample."""

    agency: AgencyCode
    component: str
    verifier: str
    """Name and version."""

    accused: bool
    """The finding is that the claim is false."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelDraw:
    """A sample of a round's findings, drawn before anybody looked at it."""

    round: str
    seed: str
    day: date
    by: str
    people: tuple[str, str]
    """Who label it, each alone."""

    inputs_digest: str
    """Of the conclusion that it was drawn from."""

    items: tuple[Drawn, ...]
    populations: Mapping[str, tuple[int, int]]
    """By verifier: how many findings there were to draw from, accusing and others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What one person said of a sample, whole."""

    draw: str
    """Record of the draw."""

    by: str
    sheet_sha256: str
    labels: tuple[Label, ...]
    """In the order of the draw's items."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldAccuracy:
    """How a verifier's findings compare with what both people said; only where they agree does it count."""

    verifier: str
    accusing: int
    """Findings of the round that accuse, from which the sample was drawn."""

    accusing_labelled: int
    rightly: int
    """Accusing, and both people say that the claim exceeds."""

    other: int
    """Findings that do not accuse."""

    other_labelled: int
    missed: int
    """Not accusing, and both people say that the claim exceeds."""

    undecided: int
    """The two differ, or one cannot say."""
