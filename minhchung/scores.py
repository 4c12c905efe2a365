"""What a round concludes: figures, scores with their derivation, totals, places, the annex."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from minhchung.evidence import AgencyCode
from minhchung.measurements import Grade, Input, Result, Value
from minhchung.rulings import Ruling
from minhchung.sightings import Witnessed
from minhchung.submissions import OwnerFigure, SubmittedFigure


class Ground(StrEnum):
    """On what a component's figure rests (căn cứ)."""

    AGREED = "agreed"
    """Measured, and the claim says the same."""

    CORRECTED = "corrected"
    """Measured, and the claim says something else: the measured figure scores."""

    MEASURED = "measured"
    """Measured; nothing was claimed."""

    CLAIMED = "claimed"
    """Only the agency's word with its proof; nothing measures this component."""

    CLAIM_PROVISIONAL = "claim-provisional"
    """Unmeasured, and the policy lets the claim stand for now."""

    OWNER = "owner"
    """The owner of a shared system supplied it; nothing else measures it."""

    ACCEPTED = "accepted"
    """Unmeasured, and the rule accepts a claim that names its proof; nobody has verified it."""

    OPEN = "open"
    """Unmeasured: the points are open."""

    EXCLUDED = "excluded"
    """Unmeasured, and the policy leaves the component out and rescales."""

    OBSERVED = "observed"
    """Unmeasured, and the rule takes what a person saw and a second one countersigned."""

    RULED = "ruled"
    """An appraiser has decided it; goes before everything else."""

    NOT_APPLICABLE = "not-applicable"
    ABSENT = "absent"
    """Not objective, and nothing was submitted."""


class Finding(StrEnum):
    """How a claim compares with what was measured."""

    AGREED = "agreed"
    FALSE_CLAIM = "false_claim"
    """In the agency's favour by more than the tolerance."""

    HONEST_ERROR = "honest_error"
    """Different, but within the tolerance or against the agency's own interest."""

    UNVERIFIABLE = "unverifiable"
    """Claimed, and nothing could be measured."""

    NOT_APPLICABLE = "not_applicable"
    NO_CLAIM = "no_claim"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """The settled inputs of one component: what scores, and why (số liệu)."""

    agency: AgencyCode
    component: str
    inputs: Mapping[str, Input] | None
    """None where the points are open, excluded, absent or not applicable."""

    low: Mapping[str, Input] | None = None
    """Open points: inputs at the worst end, where known."""

    high: Mapping[str, Input] | None = None
    ground: Ground
    finding: Finding
    grade: Grade
    result: Result | None = None
    """What the verifier said, where there is one."""

    claim: SubmittedFigure | None = None
    owner_figures: tuple[OwnerFigure, ...] = ()
    ruling: Ruling | None = None
    sighting: Witnessed | None = None
    """The last one that counts, else the last one; it scores only on the ground `observed`."""

    fallback: Mapping[str, Input] | None = None
    """What was measured, where a claim within the tolerance scores instead; it scores after all where the
    claim would lift the agency into another band."""

    difference: str = ""
    """Claim against measurement in words, Vietnamese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The points of one component, exact, with the steps that led to them."""

    agency: AgencyCode
    component: str
    maximum: Fraction
    low: Fraction
    """Equal to `high` unless the points are open."""

    high: Fraction
    counts: bool = True
    """False where the component is left out (not applicable or excluded) and the rest is rescaled."""

    figure: Figure
    steps: tuple[str, ...] = ()
    """The arithmetic in words and numbers, one line a step."""

    @property
    def open(self) -> bool:
        """Say whether the points are not settled."""
        return self.counts and self.low != self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What a total rests on: shares of the points that count, adding up to 1."""

    measured: Fraction
    claimed: Fraction
    open: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """One agency's total, exact and as published."""

    agency: AgencyCode
    bloc: str
    scores: tuple[Score, ...]
    low: Fraction
    high: Fraction
    published_low: Decimal
    published_high: Decimal
    main_indices: tuple[tuple[str, Fraction, Fraction], ...]
    """(code, low, high) of each main index, before any rescaling."""

    coverage: Coverage
    ranked: bool = True
    maximum: Fraction = Fraction(100)
    """The scale of the bloc's index set."""

    @property
    def provisional(self) -> bool:
        """Say whether some points are open or stand on a provisional claim."""
        return any(s.open or s.figure.ground.value == "claim-provisional" for s in self.scores)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One agency's place in its bloc (thứ hạng)."""

    agency: AgencyCode
    best: int
    """0 where the agency is scored but not ranked."""

    worst: int
    """Equal to `best` unless open points, its own or another's, may move it."""

    total: Total
    band_low: str
    band_high: str
    """Band codes at both ends of the total."""

    @property
    def provisional(self) -> bool:
        """Say whether the place may still move (tạm xếp)."""
        return self.best != self.worst or self.total.provisional


@dataclass(frozen=True, slots=True, kw_only=True)
class BlocStanding:
    """The places of one bloc, in printed order; means in the round's unit, points or percent."""

    code: str
    name: str
    places: tuple[Place, ...]
    mean_low: Decimal
    mean_high: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A whole round's result."""

    round: str
    simulated: bool
    reconstruction: bool
    """The index set says of itself that it is a reconstruction."""

    blocs: tuple[BlocStanding, ...]
    overall_low: Decimal | None
    overall_high: Decimal | None
    """None where the round declares no overall mean."""

    inputs_digest: str
    """SHA-256 over everything that can move a point."""

    trial: bool = False
    """No official opening of the round is on record."""

    unapproved: tuple[str, ...] = ()
    """Configuration files that differ from those approved last; none where none was ever approved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """A score as a tree, down to records: what `explain` shows."""

    text: str
    children: tuple[Derivation, ...] = ()
    record: str = ""
    """At a leaf: the record's identifier."""


ClaimValue = Value
