"""What a second published result changes in the first: scores, places, and what moved each of them.

The first is read as it was sealed on its day, not concluded again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from minhchung.measurements import Measurement
from minhchung.scores import Ground, Place, Score
from scoring.annex_findings import Sets, points_of
from scoring.digest import canonical
from scoring.numerals import comma

BY_OTHERS: Final = "Điểm không đổi; thứ hạng đổi theo điểm của cơ quan khác"
BY_RULES: Final = "Quy tắc hoặc tham số tính điểm thay đổi"


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """A published version as it was sealed."""

    version: int
    number: str
    """Number of the document that published it."""

    day: date
    inputs_digest: str
    places: Mapping[str, Mapping[str, Any]]
    """By agency, as `printed_place` writes them."""

    totals: Mapping[str, Mapping[str, Any]]
    """By agency, as `printed_total` writes them."""

    rules: tuple[str, ...] = ()
    """Documents by which configuration was changed since, as `number (day)`."""

    @classmethod
    def of(
        cls, sealed: Mapping[str, Any], *, version: int, number: str, day: date, rules: tuple[str, ...] = ()
    ) -> Former:
        """Read a sealed result."""
        places = [place for bloc in sealed["standing"]["blocs"] for place in bloc["places"]]
        return cls(
            version=version,
            number=number,
            day=day,
            inputs_digest=sealed["standing"]["inputs_digest"],
            places={place["agency"]: place for place in places},
            totals={total["agency"]: total for total in sealed["totals"]},
            rules=rules,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One component whose points moved, or why a place did without any."""

    component: str
    """Empty where no component of the agency moved."""

    title: str
    before: str
    after: str
    """Points and maximum as printed."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One agency of which something published differs."""

    agency: str
    name: str
    before: str
    after: str
    """Place, score and band: `06 (86,2), Tốt`."""

    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionChanges:
    """Everything that the version in force changes in the one before it."""

    version: int
    former: int
    number: str
    day: date
    former_digest: str
    changed: tuple[Changed, ...]
    unchanged: int
    """Agencies of which nothing published differs."""


def comparison_title(changes: VersionChanges) -> str:
    """Return the heading of the table."""
    return f"So sánh phiên bản {changes.version} với phiên bản {changes.former}"


def comparison_said(changes: VersionChanges) -> str:
    """Return the sentence above the table: which document, how many agencies, and the sealed digest."""
    return (
        f"Phiên bản {changes.former} công bố theo văn bản {changes.number} ngày {changes.day:%d/%m/%Y}, "
        f"mã băm số liệu đầu vào {changes.former_digest}. Thay đổi: {len(changes.changed)} cơ quan; "
        f"giữ nguyên: {changes.unchanged} cơ quan."
    )


def version_changes(
    former: Former,
    places: Sequence[Place],
    sets: Sets,
    names: Mapping[str, str],
    bands: Mapping[str, str],
) -> VersionChanges:
    """Return what differs; `bands` are the bands' names by code."""
    changed = tuple(_changed(former, places, sets, names, bands))
    agencies = {*former.places, *(place.agency for place in places)}
    return VersionChanges(
        version=former.version + 1,
        former=former.version,
        number=former.number,
        day=former.day,
        former_digest=former.inputs_digest,
        changed=changed,
        unchanged=len(agencies) - len(changed),
    )


def _changed(
    former: Former,
    places: Sequence[Place],
    sets: Sets,
    names: Mapping[str, str],
    bands: Mapping[str, str],
) -> Iterator[Changed]:
    now: dict[str, Place] = {place.agency: place for place in places}
    for agency in dict.fromkeys([*now, *former.places]):
        was, place = former.places.get(agency), now.get(agency)
        before, after = _said(was, bands), _said(_printed(place), bands)
        causes = () if was is None or place is None else tuple(_causes(former, place, sets))
        if before == after and not causes:
            continue
        if not causes and was is not None and place is not None:
            causes = (Cause(component="", title="", before="", after="", why=BY_OTHERS),)
        yield Changed(
            agency=agency, name=names.get(agency, agency), before=before, after=after, causes=causes
        )


def _printed(place: Place | None) -> Mapping[str, Any] | None:
    if place is None:
        return None
    total = place.total
    return {
        "best": place.best,
        "worst": place.worst,
        "published_low": str(total.published_low),
        "published_high": str(total.published_high),
        "band_low": place.band_low,
        "band_high": place.band_high,
    }


def _said(place: Mapping[str, Any] | None, bands: Mapping[str, str]) -> str:
    if place is None:
        return "–"
    ranks = [f"{rank:02}" if rank else "–" for rank in (place["best"], place["worst"])]
    scores = [comma(Decimal(place[end])) for end in ("published_low", "published_high")]
    names = [bands.get(place[end], place[end]) for end in ("band_low", "band_high")]
    rank, score, band = ("–".join(dict.fromkeys(ends)) for ends in (ranks, scores, names))
    return f"{rank} ({score}), {band}"


def _causes(former: Former, place: Place, sets: Sets) -> Iterator[Cause]:
    """Yield every component whose points, or whose being counted, are not what they were."""
    was = former.totals.get(place.agency, {}).get("components", {})
    titles = {each.code: each.title for each in sets(place.total.bloc).components()}
    for score in place.total.scores:
        old = was.get(score.component)
        ends = (str(score.low), str(score.high), str(score.maximum), score.counts)
        if old is not None and (old["low"], old["high"], old["maximum"], old["counts"]) == ends:
            continue
        yield Cause(
            component=score.component,
            title=titles.get(score.component, ""),
            before="–" if old is None else _points(old),
            after=points_of(score.low, score.high, score.maximum),
            why=_why(former, old, score),
        )
    for code in sorted(was.keys() - {score.component for score in place.total.scores}):
        yield Cause(component=code, title="", before=_points(was[code]), after="–", why=_rules(former))


def _points(old: Mapping[str, Any]) -> str:
    return points_of(*(Fraction(old[end]) for end in ("low", "high", "maximum")))


def _why(former: Former, old: Mapping[str, Any] | None, score: Score) -> str:
    figure = score.figure
    if old is None:
        return _rules(former)
    now = canonical(dict(figure.inputs)) if figure.inputs is not None else None
    if old["figure"] == now and old["ground"] == figure.ground.value:
        return _rules(former)
    ruling, seen = figure.ruling, figure.sighting
    if figure.ground is Ground.RULED and ruling is not None:
        number = f" số {ruling.number}" if ruling.number else ""
        second = f", {ruling.countersigned_by} đồng ký" if ruling.countersigned_by else ""
        records = f" [{', '.join(ruling.records)}]" if ruling.records else ""
        return f"Kết luận{number} ngày {ruling.day:%d/%m/%Y} của {ruling.by}{second}: {ruling.why}{records}"
    if figure.ground is Ground.OBSERVED and seen is not None:
        return f"Quan sát trực tiếp ngày {seen.sighting.day:%d/%m/%Y} của {seen.sighting.begun.by.name}"
    result = figure.result
    if isinstance(result, Measurement) and old["measurement"] != canonical(result):
        seen_in = list(dict.fromkeys(str(one.record) for one in result.basis))
        more = f" và {len(seen_in) - 3} bản ghi nữa" if len(seen_in) > 3 else ""
        told = f", theo bản ghi {', '.join(seen_in[:3])}{more}" if seen_in else ""
        return f"Số đo khác trước{told}"
    return (
        f"Số liệu đầu vào khác trước ({'; '.join(former.rules)})"
        if former.rules
        else "Số liệu đầu vào khác trước"
    )


def _rules(former: Former) -> str:
    return f"{BY_RULES}, theo {'; '.join(former.rules)}" if former.rules else BY_RULES
