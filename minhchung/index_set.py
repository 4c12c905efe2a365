"""The index set: what is scored, for how many points, by which rule, from which inputs.

These types are also the schema of `config/index_sets/*.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Final, Literal

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
    "weighted_ratio",
    "deduction",
    "best_peer",
    "sum",
    "best_of",
]

OnUnmeasured = Literal["", "hold", "observe", "claim-provisional", "accept-with-proof", "exclude-rescale"]

WHOLES: Final = frozenset({"sum", "best_of"})
"""Formula types that are made of parts with formulas of their own."""


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
    weighted_ratio: min(sum of weight x part / den, cap) x max. deduction: max - sum of weight x part, never
    below `floor`. best_peer: value (or num/den) / the best one among the peers x max. sum: the points of
    all `parts`; best_of: those of the best one.
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

    floor: Decimal = Decimal(0)
    """deduction: the least it is worth; below 0 where what is missing costs more than it brings."""

    peers: Literal["bloc", "all"] = "bloc"
    """best_peer: among whom the best is looked for."""

    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a sum, or one case of a best-of: a formula over some of the component's inputs."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    id: str
    points: Decimal
    formula: Formula
    inputs: tuple[str, ...]
    """Names of the component's inputs that it uses."""

    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InputSpec:
    """One input of a component."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    role: Literal["num", "den", "value", "share", "count", "items", "date", "due", "part"]
    """Its part in the formula; several inputs may be a `part`."""

    name: str
    """Its name in workbooks, measurements and figures, e.g. `van_ban_dang_tai`."""

    origins: tuple[Origin, ...]
    """Who may supply it; the agency's own word stands last, and counts where nobody else supplies it."""

    title: str = ""
    tolerance: Decimal | None = None
    """Of this input alone; None: the component's."""

    weight: Decimal = Decimal(1)
    """Of a `part`: how much one of it counts; in a deduction the points that one costs."""


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
    on_unmeasured: OnUnmeasured = ""
    """Empty: the round's `unmeasured` policy."""

    on_unmeasured_second: OnUnmeasured = ""
    """From the second scoring on; empty: as at the first."""

    on_missing_proof: Literal["accept", "hold", "zero"] = "accept"
    """What a reported figure is worth that names no proof."""

    within_tolerance: Literal["measured", "claimed"] = "measured"
    """Which figure scores where a claim differs by no more than the tolerance; the claim never where it
    crosses a step, a cut-off, a target or a band."""

    tolerance: Decimal = Decimal(0)
    """Difference in the agency's favour that is still no false claim, in the unit of the formula's own
    quantity: ratio for ratios, value for steps, count for counts; checklists are compared item by item."""

    attributable_to: Literal["agency", "platform", "province"] = "agency"
    evidence: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    """Documents by number, date and title only."""

    note: str = ""
    number: str = ""
    """Its number in the printed annex (STT), where that is not the code."""

    method: str = ""
    """How the annex says that it is determined and scored, word for word."""

    data_source: str = ""
    verified_by: str = ""
    """The unit that helps to verify it, as printed."""

    confirmed: bool = True
    """False: its rule was proposed from the annex's words and nobody has confirmed it."""

    def formula_of(self, name: str) -> Formula:
        """Return the formula that an input feeds: that of the part which names it, else the component's."""
        formula = self.formula
        while inner := next((part.formula for part in formula.parts if name in part.inputs), None):
            formula = inner
        return formula

    def part(self, part: Part) -> Component:
        """Return a part as a component of its own, with its points, its formula and its inputs."""
        mine = tuple(spec for spec in self.inputs if spec.name in part.inputs)
        return replace(
            self, title=part.name or part.id, points=part.points, formula=part.formula, inputs=mine
        )

    def listed(self) -> tuple[ChecklistItem, ...]:
        """Return the items of its checklists and the options of its choices, parts included."""
        own = (*self.formula.items, *self.formula.options)
        return (*own, *(item for part in self.formula.parts for item in self.part(part).listed()))


@dataclass(frozen=True, slots=True, kw_only=True)
class MainIndex:
    """One of the main indices (chỉ số chính): the sum of its components."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    code: str
    title: str
    title_en: str = ""
    points: Decimal
    section: Literal["scored", "bonus", "penalty"] = "scored"
    """Bonus and penalty stand beside the scale: they are added after rescaling, unscaled."""

    component: tuple[Component, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccuracyFloor:
    """How right a verifier must be on labelled findings, to score and not only to advise."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    precision: Decimal
    """Least share of accusations that are right, 0 to 1."""

    recall: Decimal = Decimal(0)
    """Least share of false claims that are accused."""

    end: Literal["value", "low", "high"] = "low"
    """What must reach it: the share, or an end of its 95 % interval."""

    least: int = 10
    """Labelled findings below which nothing is known, and the verifier scores."""


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

    level: str = ""
    """The level of government it is made for, in the set's own word; empty: all."""

    beyond_scale: Literal["cut", "allow"] = "cut"
    """Whether bonus may lift a total above the scale, and penalties press one below 0."""

    not_applicable: Literal["rescale", "full", "zero", "exclude_from_ranking"] = "rescale"
    accuracy_floor: AccuracyFloor | None = None
    """None: a verifier scores whatever labels say of it."""

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
