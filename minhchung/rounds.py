"""A round (đợt đánh giá): its period, bands, rounding, means, ranking and what is unmeasured worth.

These types are also the schema of `config/rounds/*.toml` and `config/calendars/*.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal

from minhchung.agencies import Bloc
from minhchung.periods import Period

UnmeasuredPolicy = Literal["hold", "observe", "claim-provisional", "accept-with-proof", "exclude-rescale"]
ScoringStage = Literal["first", "second"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One level (mức): Tốt, Khá, …; bands stand best first."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    code: str
    name: str
    min: Decimal
    """Lower bound on the declared value."""

    inclusive: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounding:
    """Where and how exactness ends."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    total_decimals: int = 1
    mean_decimals: int = 1
    percent_decimals: int = 2
    """Of a total in percent of its own maximum."""

    mode: Literal["half_up", "half_even", "down"] = "half_up"
    """What becomes of a tie: away from zero, to the even digit; `down` cuts every remainder off."""

    point: Literal["total", "main_index", "component"] = "total"
    """What is rounded first; components and main indices to the set's `component_decimals`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One assessment round."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    id: str
    title: str
    index_set: str
    registry: str
    """File name under `agencies/`, without suffix."""

    period: Period
    freeze: date
    """Last local day whose evidence counts."""

    blocs: tuple[Bloc, ...]
    bands: tuple[Band, ...]
    rounding: Rounding = Rounding()
    band_on: Literal["published", "raw"] = "published"
    band_unit: Literal["points", "percent"] = "points"
    """What bands, means and totals of blocs with different maxima are compared in: points, or percent of
    the bloc's own maximum."""

    block_mean: Literal["published_totals", "raw_totals"] = "published_totals"
    overall_mean: Literal["unweighted_mean_of_published_bloc_means", "mean_of_published_totals", "none"] = (
        "unweighted_mean_of_published_bloc_means"
    )
    ranking: Literal["competition", "dense"] = "competition"
    """Competition (1224) or dense (1223), per bloc."""

    equal_on: Literal["published", "raw"] = "published"
    """On which total equals are equal."""

    tie_break: tuple[str, ...] = ()
    """Codes of main indices that decide a place among equals, the first first."""

    shares: Literal["largest_remainder", "half_up"] = "largest_remainder"
    """How the percentages of the bands are rounded: so that they add up to 100, or each for itself."""

    share_decimals: int = 0
    share_ties: Literal["first", "last", "largest"] = "first"
    """Equal remainders: the better band, the worse band, or the band with more agencies is raised."""

    tie_order: tuple[Literal["raw_total", "registry"], ...] = ("raw_total", "registry")
    unmeasured: UnmeasuredPolicy = "hold"
    unmeasured_second: UnmeasuredPolicy | Literal[""] = ""
    """From the second scoring on; empty: as at the first."""

    report_due: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """One day off, or one weekend day worked, with the document that says so."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    day: date
    name: str
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YearCalendar:
    """The working days of one year: `calendars/vn-YYYY.toml`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    year: int
    holiday: tuple[Holiday, ...]
    worked: tuple[Holiday, ...] = ()
