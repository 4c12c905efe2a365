"""The index set: what is scored, for how many points, by which rule, from which inputs.

These types are also the schema of `config/index_sets/*.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal

from minhchung.measurements import Origin

FormulaType = Literal[
    "ratio",
    "ratio_target",
    "ratio_cutoff",
    "steps",
    "steps_all",
    "capped_count",
    "checklist",
    "boolean",
    "choice",
    "deadline_steps",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistItem:
    """One item of a checklist, or one option of a choice."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    id: str
    points: Decimal
    name: str = ""
    attributable_to: Literal["agency", "platform", "province"] = "agency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """The rule from inputs to points.

    ratio: min(num/den, cap) x max. ratio_target: min(num/den/target, cap) x max. ratio_cutoff: as ratio,
    below `cutoff` the points `below`. steps: the points of the first threshold reached by `value` (or by
    num/den). steps_all: each step needs `value` and `share` to reach both of its bounds. capped_count:
    min(count x per_unit, max). checklist: sum of met items' points. boolean: max or 0. choice: the
    option's points. deadline_steps: the points of the first bound not exceeded by the days late.
    With `min_denominator` n the points of a ratio are multiplied by min(1, den/n).
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    type: FormulaType
    cap: Decimal = Decimal(1)
    target: Decimal | None = None
    cutoff: Decimal | None = None
    below: Decimal = Decimal(0)
    per_unit: Decimal | None = None
    thresholds: tuple[tuple[Decimal, ...], ...] = ()
    """steps: [at least, points]; steps_all: [at least, share at least, points]; deadline_steps: [days
    late at most, points]; best first."""

    otherwise: Decimal = Decimal(0)
    items: tuple[ChecklistItem, ...] = ()
    options: tuple[ChecklistItem, ...] = ()
    min_denominator: int | None = None
    if_den_zero: Literal["unmeasured", "not_applicable", "zero", "full"] = "unmeasured"
    due: date | None = None
    """deadline_steps: the due day where no input gives it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InputSpec:
    """One input of a component."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    role: Literal["num", "den", "value", "share", "count", "items", "date", "due"]
    """Its part in the formula."""

    name: str
    """Its name in workbooks, measurements and figures, e.g. `van_ban_dang_tai`."""

    origins: tuple[Origin, ...]
    """Who may supply it, by precedence."""

    title: str = ""
    tolerance: Decimal | None = None
    """Of this input alone; None: the component's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One scored component (chỉ số thành phần)."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    code: str
    title: str
    title_en: str = ""
    points: Decimal
    kind: Literal["submitted_proof", "submitted_crosschecked", "objective_crawl", "objective_service_system"]
    formula: Formula
    inputs: tuple[InputSpec, ...]
    verifier: str = ""
    """File name under `verifiers/`; empty: nothing measures it."""

    requires_procedures: bool = False
    on_unmeasured: Literal["", "hold", "claim-provisional", "exclude-rescale"] = ""
    """Empty: the round's `unmeasured` policy."""

    tolerance: Decimal = Decimal(0)
    """Difference in the agency's favour that is still no false claim, in the unit of the formula's own
    quantity: ratio for ratios, value for steps, count for counts; checklists are compared item by item."""

    attributable_to: Literal["agency", "platform", "province"] = "agency"
    evidence: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    """Documents by number, date and title only."""

    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MainIndex:
    """One of the main indices (chỉ số chính): the sum of its components."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    code: str
    title: str
    title_en: str = ""
    points: Decimal
    component: tuple[Component, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexSet:
    """A versioned index set (bộ chỉ số)."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    id: str
    title: str
    status: Literal["reconstruction", "official", "simulated"]
    warning: str = ""
    """Shown wherever the set is shown."""

    decision: str = ""
    scale: Decimal
    component_decimals: int = 2
    """Decimals of a component's published points."""

    not_applicable: Literal["rescale", "full", "zero", "exclude_from_ranking"] = "rescale"
    main_index: tuple[MainIndex, ...]
    verifiers: dict[str, dict[str, Any]] = field(default_factory=dict)
    """`[verifiers.<name>]`: terms, thresholds and other settings of each verifier."""

    def components(self) -> tuple[Component, ...]:
        """Return all components in printed order."""
        return tuple(c for main in self.main_index for c in main.component)

    def component(self, code: str) -> Component:
        """Return the component of this code; an unknown one raises KeyError."""
        for each in self.components():
            if each.code == code:
                return each
        raise KeyError(code)
