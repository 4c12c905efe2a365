"""What the two service systems print and cannot both, or cannot at all, be true: planted, with the truth.

Every plant says where it is put and which contradictions a perfect observer must then see, and no others. No
plant touches a figure by which a component is measured: who is accused depends on the books alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

ONE_STOP: Final = "mot-cua"
PORTAL: Final = "dich-vu-cong"
WHOLE: Final = "tinh"
SECOND_CLOSE: Final = date(2021, 11, 4)

Contradiction = tuple[str, str, str]
"""(agency, kind, what about)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """One thing that a system prints otherwise than its books say."""

    name: str
    agency: str
    seen_as: tuple[tuple[str, str], ...]
    """(kind, what about) of each contradiction that it makes."""


_PLANTS: Final = (
    Plant(
        name="direct-more",
        agency="so-thong-tin-truyen-thong",
        seen_as=(
            ("parts-total", f"{ONE_STOP}/received"),
            ("procedures-total", f"{ONE_STOP}/received_direct"),
            ("systems-differ", f"{PORTAL}+{ONE_STOP}/received_direct"),
        ),
    ),
    Plant(name="carried-more", agency="so-van-hoa", seen_as=(("balance", f"{ONE_STOP}/balance"),)),
    Plant(name="rate-wrong", agency="so-noi-vu", seen_as=(("percentage", f"{ONE_STOP}/onTimeRate"),)),
    Plant(
        name="unit-more",
        agency="so-cong-thuong",
        seen_as=(
            ("units-total", f"{ONE_STOP}/received"),
            ("units-total", f"{ONE_STOP}/received_online"),
        ),
    ),
    Plant(
        name="procedure-more",
        agency="so-ke-hoach-dau-tu",
        seen_as=(
            ("procedures-total", f"{ONE_STOP}/received"),
            ("procedures-total", f"{ONE_STOP}/received_direct"),
        ),
    ),
    Plant(
        name="digitised-more",
        agency="so-giao-thong-van-tai",
        seen_as=(("part-exceeds", f"{ONE_STOP}/digitization-by-agency/received_digitised"),),
    ),
    Plant(
        name="report-more",
        agency="so-tai-nguyen-moi-truong",
        seen_as=(("reports-differ", f"{ONE_STOP}/kgg-dossier-report-online/paid_online"),),
    ),
    Plant(
        name="province-less",
        agency=WHOLE,
        seen_as=(("agencies-province", f"{ONE_STOP}/paid_online"),),
    ),
    Plant(
        name="year-more",
        agency="so-khoa-hoc-cong-nghe",
        seen_as=(("months-year", f"{PORTAL}/2021/synchronised"),),
    ),
    Plant(
        name="month-less",
        agency="huyen-phieng-may",
        seen_as=(
            ("systems-differ", f"{PORTAL}+{ONE_STOP}/received"),
            ("systems-differ", f"{PORTAL}+{ONE_STOP}/received_direct"),
        ),
    ),
    Plant(
        name="later-more",
        agency="huyen-suoi-tram",
        seen_as=(
            (
                "harvests-differ",
                f"{PORTAL}/report_by_month_sum_service/2021-05-01..2021-05-31/synchronised",
            ),
        ),
    ),
    Plant(name="abolished-open", agency="huyen-khau-bac", seen_as=(("abolished-offered", "{abolished}"),)),
    Plant(name="listed-twice", agency="so-xay-dung", seen_as=(("code-twice", "{first}"),)),
    Plant(
        name="offer-of-nothing",
        agency="van-phong-ubnd",
        seen_as=(("offer-outside-catalogue", f"{PORTAL}/1.999001"),),
    ),
    Plant(
        name="words-too-early",
        agency="so-nong-nghiep",
        seen_as=(("level-out-of-time", f"{PORTAL}/toan-trinh"),),
    ),
    Plant(name="score-more", agency="so-giao-duc", seen_as=(("index-total", f"{PORTAL}/766/{{code}}"),)),
    Plant(
        name="score-above", agency="so-tai-chinh", seen_as=(("index-maximum", f"{PORTAL}/766/{{code}}/CLGQ"),)
    ),
    Plant(name="other-name", agency="so-lao-dong", seen_as=(("name-differs", f"{PORTAL}/{{code}}"),)),
    Plant(name="not-listed", agency="huyen-ban-dao", seen_as=(("identifier-gone", f"{PORTAL}/{{code}}"),)),
    Plant(name="test-body", agency=WHOLE, seen_as=(("body-unmapped", f"{ONE_STOP}/H99.99.99"),)),
)
PLANTED: Final[Mapping[str, Plant]] = {plant.name: plant for plant in _PLANTS}

UNPROVINCED: Final = "so-tu-phap"
"""Its name in the portal's list lacks the province: the same body all the same, and no contradiction."""


def planted(name: str, agency: str) -> bool:
    """Tell whether this agency is where something is planted."""
    return PLANTED[name].agency == agency


def more(row: dict[str, Any], key: str, by: int) -> None:
    """Print a figure larger than it is, whether the system writes numbers or texts."""
    row[key] = str(int(row[key]) + by) if isinstance(row[key], str) else row[key] + by


def seen_contradictions(
    codes: Mapping[str, Mapping[str, str]], unmapped: Mapping[str, str]
) -> Iterator[Contradiction]:
    """Yield what a perfect observer sees; `codes` fills by agency the places left open in the plants.

    `unmapped` gives the identifiers of agencies that both systems know and the registry does not map.
    """
    for plant in _PLANTS:
        for kind, about in plant.seen_as:
            yield plant.agency, kind, about.format_map(codes.get(plant.agency, {}))
    for identifier in unmapped.values():
        for source in (ONE_STOP, PORTAL):
            yield WHOLE, "body-unmapped", f"{source}/{identifier}"
