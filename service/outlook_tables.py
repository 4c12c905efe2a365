"""What else the same evidence could come to, as tables on a terminal."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from rich.table import Table

from scoring.numerals import comma, percent
from service.session import Language, show, write
from service.standings import Concluded
from service.tables import span


def show_compared(told: dict[str, Any], concluded: Concluded, lang: Language) -> None:
    """Print the agencies that move, before and after, and how many stay."""
    _warn(told, lang)
    names, bands = concluded.names(), _bands(concluded)
    headings = ("Cơ quan|Hạng|→|Điểm|→|Mức|→", "Agency|Place|→|Score|→|Band|→")
    table = _table(headings[lang == "en"])
    for row in told["agencies"]:
        if row["place_moved"] or row["total_moved"] or row["band_moved"]:
            before, after = _cells(row["before"], bands), _cells(row["after"], bands)
            pairs = [cell for pair in zip(before, after, strict=True) for cell in pair]
            table.add_row(names.get(row["agency"], row["agency"]), *pairs)
    if table.row_count:
        show(table)
    for key, words in _SET_WORDS.items():
        if told[key]:
            write(f"{words[lang == 'en']}: {', '.join(told[key])}")
    stay = len(told["agencies"]) - told["moved"]
    write(
        (
            f"{told['moved']} cơ quan thay đổi, {stay} giữ nguyên.",
            f"{told['moved']} agencies move, {stay} stay.",
        )[lang == "en"]
    )


_SET_WORDS = {
    "components_gone": ("Thành phần không còn", "Components gone"),
    "components_new": ("Thành phần mới", "New components"),
}


def _bands(concluded: Concluded) -> dict[str, str]:
    return {band.code: band.name for band in concluded.round.bands}


def _warn(told: dict[str, Any], lang: Language) -> None:
    if told["simulated"]:
        write(("MÔ PHỎNG: không phải số liệu thật.", "SIMULATED: no real figures.")[lang == "en"])


def _table(headings: str, title: str = "") -> Table:
    table = Table(show_edge=False, title=title or None, title_justify="left")
    for n, heading in enumerate(headings.split("|")):
        table.add_column(heading, overflow="fold", justify="left" if n == 0 else "right")
    return table


def _cells(place: dict[str, Any] | None, bands: dict[str, str]) -> list[str]:
    if place is None:
        return ["–", "–", "–"]
    return [
        _range(f"{place['rank']:02d}", f"{place['rank_worst']:02d}"),
        span(place["score"], place["score_high"]),
        _range(bands.get(place["band"], place["band"]), bands.get(place["band_high"], place["band_high"])),
    ]


def _range(low: str, high: str) -> str:
    return low if low == high else f"{low}–{high}"


def show_sensitivity(told: dict[str, Any], concluded: Concluded, lang: Language) -> None:
    """Print how stable the places are, which components decide them, and who is near an edge."""
    _warn(told, lang)
    names, bands = concluded.names(), _bands(concluded)
    english = lang == "en"
    vi = f"Ổn định khi trọng số thay đổi ±{told['spread']} ({told['draws']} lần, hạt giống {told['seed']})"
    en = f"Stability with weights within ±{told['spread']} ({told['draws']} draws, seed {told['seed']})"
    table = _table(
        ("Cơ quan|Hạng|Cao nhất|Thấp nhất|Giữ hạng", "Agency|Place|Best|Worst|Kept")[english],
        (vi, en)[english],
    )
    for row in told["stability"]:
        kept = percent(Fraction(row["kept"]))
        ends = (f"{row[key]:02d}" for key in ("rank", "best", "worst"))
        table.add_row(names.get(row["agency"], row["agency"]), *ends, kept)
    show(table)
    out = _table(
        ("Thành phần|Số cơ quan đổi hạng", "Component|Agencies that move")[english],
        ("Khi bỏ một thành phần", "Leaving one component out")[english],
    )
    for row in told["left_out"]:
        out.add_row(row["component"], str(len(row["moved"])))
    show(out)
    near = _table(
        ("Cơ quan|Điểm|Mức|Nếu|Điểm|Mức", "Agency|Score|Band|If|Score|Band")[english],
        ("Sát ngưỡng: một mục hoặc dưới năm hồ sơ", "Near a bound: one item or fewer than five cases")[
            english
        ],
    )
    for row in told["edges"]:
        near.add_row(
            names.get(row["agency"], row["agency"]),
            comma(row["score"]),
            bands[row["band"]],
            f"{row['component']}: {row['text']}",
            comma(row["other_score"]),
            bands[row["other_band"]],
        )
    if near.row_count:
        show(near)


def show_advice(told: list[dict[str, Any]], names: dict[str, str], lang: Language) -> None:
    """Print each agency's actions, dearest first."""
    table = _table(("Cơ quan|Mã|Việc cần làm|Điểm", "Agency|Code|Action|Points")[lang == "en"])
    for agency in told:
        for n, action in enumerate(agency["actions"]):
            name = names.get(agency["agency"], agency["agency"]) if n == 0 else ""
            table.add_row(name, action["component"], action["text"], f"+{comma(action['points'])}")
    show(table)
