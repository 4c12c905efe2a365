"""How the job goes on each simulated province: when it is visited, what is handed in, what it ends with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final, Literal

from minhchung.errors import UsageError


@dataclass(frozen=True, slots=True)
class Pass:
    """One visit to the whole province."""

    key: str
    day: date
    scope: Literal["lists", "host"]
    services: bool
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The job on one province."""

    province: str
    """As `--province` and the simulator call it."""

    passes: tuple[Pass, ...]
    round: str
    """The round that is concluded at the end."""

    agency: str
    component: str
    """What is proposed to be looked at next."""

    submitted_on: date | None = None
    """Day on which the workbooks arrive, before the pass `close-1`; None: none is sent."""

    copied: tuple[str, ...] = ("index_sets", "rounds", "calendars", "verifiers", "decisions")
    """Folders of the product's configuration that the province uses."""

    round_keys: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What stands in the product's rounds instead: TOML by key."""


HOA_BAN: Final = Course(
    province="hoa-ban",
    passes=(
        Pass("quarter-1", date(2021, 2, 1), "lists", False, "Lượt 1: quý thứ nhất"),
        Pass("quarter-2", date(2021, 5, 4), "lists", False, "Lượt 2: quý thứ hai"),
        Pass("quarter-3", date(2021, 8, 3), "lists", False, "Lượt 3: quý thứ ba"),
        Pass("close-1", date(2021, 11, 2), "host", True, "Lượt 4: chốt kỳ, ngày thứ nhất"),
        Pass("close-2", date(2021, 11, 4), "host", True, "Lượt 4: chốt kỳ, ngày thứ hai (đo lại)"),
    ),
    round="2021",
    agency="so-xay-dung",
    component="HD.2",
    submitted_on=date(2021, 10, 28),
    round_keys={"registry": '"mo-phong"', "title": '"Đợt đánh giá mô phỏng năm 2021"'},
)
"""Three quarters and the close; the close takes two days, because nothing is zero before it was so twice."""

TWO_TIER: Final = Course(
    province="two-tier",
    passes=(
        Pass("before-1", date(2021, 6, 21), "host", False, "Lượt 1: trước sắp xếp, ngày thứ nhất"),
        Pass("before-2", date(2021, 6, 28), "host", False, "Lượt 1: trước sắp xếp, ngày thứ hai (đo lại)"),
        Pass("end-1", date(2022, 1, 4), "host", False, "Lượt 2: chốt kỳ, ngày thứ nhất"),
        Pass("end-2", date(2022, 1, 6), "host", False, "Lượt 2: chốt kỳ, ngày thứ hai (đo lại)"),
    ),
    round="2021",
    agency="so-tai-chinh",
    component="HD.2",
    copied=("calendars", "verifiers"),
)
"""Reorganised on 1 July: who ends then is looked at twice before."""

COURSES: Final[Mapping[str, Course]] = MappingProxyType({each.province: each for each in (HOA_BAN, TWO_TIER)})


def course_of(province: str) -> Course:
    """Return the course of a province; raises UsageError for one that nobody simulates."""
    if province not in COURSES:
        msg = f"--province: {province!r} is none of {', '.join(COURSES)}"
        raise UsageError(msg)
    return COURSES[province]
