"""What a verifier is: a pure function from holdings and settings to one result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar, Generic, TypeVar

from minhchung.agencies import Agency
from minhchung.holdings import Holdings
from minhchung.index_set import Component
from minhchung.measurements import Input, Result
from minhchung.periods import Period, WorkCalendar

S = TypeVar("S")


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentSettings:
    """Table `[incidents]` of `common.toml`: when agencies that fail are an incident of what they share."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    together_min: int = 3
    """Agencies that must fail together."""

    together_percent: int = 20
    """Of those asked on one address or platform, so many must fall together who answered the time before."""

    most_percent: int = 50
    """Where so many of those asked fail, it is what they share, whatever was before."""

    together_minutes: int = 30
    """Failures no further apart than this are together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonSettings:
    """`config/verifiers/common.toml`: thresholds that several verifiers share."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    max_links: int = 3
    min_chars: int = 300
    max_heading_words: int = 12
    typo_min_letters: int = 12
    typo_distance: int = 1
    min_item_chars: int = 200
    dup_jaccard_percent: int = 90
    known_run: int = 20
    migration_share_percent: int = 50
    migration_min: int = 20
    snapshot_days: int = 30
    min_coverage_percent: int = 90
    min_witnessed_percent: int = 50
    few_cases: int = 10
    hours_between_measurements: int = 20
    boilerplate_min: int = 3
    boilerplate_percent: int = 20
    boilerplate_min_pages: int = 5
    max_unanswered_percent: int = 5
    site_map_terms: tuple[str, ...] = (
        "sơ đồ trang",
        "sơ đồ site",
        "sơ đồ website",
        "sơ đồ cổng",
        "sitemap",
    )
    """Headings of a site map page: what only it links to is not reached from the home page."""

    incidents: IncidentSettings = IncidentSettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a verifier is told besides the evidence."""

    component: Component
    period: Period
    freeze: date
    """Last local day whose evidence counts."""

    round: str
    calendar: WorkCalendar | None
    """None: no calendar for the years asked."""

    common: CommonSettings
    registry: tuple[Agency, ...]
    service_portal_hosts: tuple[str, ...] = ()
    shared_hosts: tuple[str, ...] = ()
    onestop_sources: tuple[str, ...] = ()
    """Keys of one-stop-shop systems, preferred for dossier figures."""

    worth: Callable[[Mapping[str, Input]], Fraction] | None = None
    """Points of given inputs under the component's rule, so that bounds may settle what they settle
    (G11); None: bounds settle only equal inputs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verifier(Generic[S]):
    """One verifier: a file `verifiers/<name>.py` ends in `VERIFIER: Final = Verifier(...)`."""

    name: str
    version: int
    """Raised when the same evidence may give another result; see Changed scores in CHANGELOG."""

    settings: type[S]
    """Dataclass of `config/verifiers/<name>.toml`, with `__pydantic_config__`; every field has a default
    except term lists, which are data and stand in the file."""

    roles: tuple[str, ...]
    """Roles of the inputs that it produces; a component that names it must ask for these."""

    measure: Callable[[Holdings, Context, S], Result]

    @property
    def label(self) -> str:
        """Return `name/version`, as stored with every result."""
        return f"{self.name}/{self.version}"
