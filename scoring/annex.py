"""The annex of a decision as plain data: tables by bloc and band, what they rest on, what differs.

Both tables have the shape of those of Decision 3234/QĐ-UBND; how they look is the renderers' business.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from string import ascii_uppercase
from types import MappingProxyType

from minhchung.agencies import Agency, Bloc, told_apart
from minhchung.evidence import EvidenceRecord, RecordId
from minhchung.incidents import Incident
from minhchung.index_set import IndexSet
from minhchung.rounds import Round
from minhchung.scores import BlocStanding, Place, Standing
from scoring.annex_findings import (
    Difference,
    OpenPoint,
    PlatformLoss,
    differences,
    observed_ones,
    open_points,
    platform_losses,
)
from scoring.bands import band_of, published
from scoring.conflicts import rated_owners
from scoring.decision_tables import largest_remainder
from scoring.numerals import comma, half_up, percent
from scoring.unproven import NO_MARKS, Marks, marked
from scoring.version_changes import Former, VersionChanges, version_changes
from scoring.wording import incident_said


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnexRow:
    """One agency's line."""

    number: int
    """The line's own number in its table (STT)."""

    agency: str
    name: str
    best: int
    worst: int
    low: Decimal
    high: Decimal
    cell: str
    """Place and score as printed: `06 (86,2)`, or `03–05 (71,2–78,4) tạm xếp`."""

    band: str
    """The band's name; both names where the score may lie in either."""

    provisional: bool
    measured: str
    """Shares of the points that count, as percentages: measured, on the agency's word, open."""

    claimed: str
    open: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnexGroup:
    """The agencies of one band, or those whose band is not settled."""

    heading: str
    rows: tuple[AnnexRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnexTable:
    """One bloc's table."""

    bloc: str
    title: str
    caption: str
    groups: tuple[AnnexGroup, ...]
    mean: str
    """As printed: `78,2`, or a range where it is provisional."""

    unit: str
    """What the mean is in: `/100 điểm`, or `%` of the bloc's own maximum."""

    provisional: bool
    shares: tuple[tuple[str, int, str], ...]
    """(band, agencies, share in %), adding up to 100."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Annex:
    """The whole annex."""

    title: str
    round: str
    warnings: tuple[str, ...]
    """Printed at the top of every form: simulated, reconstructed, provisional."""

    tables: tuple[AnnexTable, ...]
    overall: str
    overall_band: str
    unit: str
    """As of a table, of the overall mean."""

    differences: tuple[Difference, ...]
    open_points: tuple[OpenPoint, ...]
    platform_losses: tuple[PlatformLoss, ...]
    conflicts: tuple[str, ...]
    """Rated owners of systems; rulings and sightings with who made them, one sentence each."""

    unproven: tuple[str, ...]
    """Drivers that are not proven on the live system, and what rests on them, one sentence each."""

    incidents: tuple[str, ...]
    """What was left out because it failed together, one sentence each."""

    changes: VersionChanges | None
    """What this version changes in the one published before it; None for a first version."""

    inputs_digest: str


def annex(
    standing: Standing,
    index_set: IndexSet,
    round_: Round,
    registry: Sequence[Agency],
    own_sets: Mapping[str, IndexSet] = MappingProxyType({}),
    records: Mapping[RecordId, EvidenceRecord] = MappingProxyType({}),
    marks: Marks = NO_MARKS,
    former: Former | None = None,
    incidents: Sequence[Incident] = (),
) -> Annex:
    """Compose the annex of a standing; `own_sets`, by bloc, go before the round's index set.

    `marks` says of sources that nobody has proven their drivers; `records` tells what rests on them.
    `former` is the version published before this one. Of `incidents` those of one portal are its open points.
    """

    def sets(bloc: str) -> IndexSet:
        return own_sets.get(bloc, index_set)

    names: dict[str, str] = {agency.code: agency.name for agency in told_apart(registry)}
    units = {bloc.code: bloc for bloc in round_.blocs}
    places = [place for bloc in standing.blocs for place in bloc.places]
    bands = {band.code: band.name for band in round_.bands}
    changes = None if former is None else version_changes(former, places, sets, names, bands)
    return Annex(
        title=round_.title,
        round=round_.id,
        warnings=(*_warnings(standing, index_set, places), *_replaced(changes)),
        tables=tuple(
            _table(number, bloc, units[bloc.code], names, round_, sets(bloc.code))
            for number, bloc in enumerate(standing.blocs, start=1)
        ),
        **_overall(standing, round_),
        unit=_unit(index_set, round_),
        differences=tuple(differences(places, sets, names)),
        open_points=tuple(open_points(places, sets, names)),
        platform_losses=tuple(platform_losses(places, sets, names)),
        conflicts=tuple(_conflicts(places, names)),
        unproven=tuple(
            marked(places, records, marks, {bloc.code: sets(bloc.code) for bloc in standing.blocs})
        ),
        incidents=tuple(incident_said(each) for each in incidents if each.kind != "portal"),
        changes=changes,
        inputs_digest=standing.inputs_digest,
    )


def _overall(standing: Standing, round_: Round) -> dict[str, str]:
    low, high = standing.overall_low, standing.overall_high
    if low is None or high is None:
        return {"overall": "", "overall_band": ""}
    return {"overall": _range(low, high), "overall_band": _bands(low, high, round_)}


def _warnings(standing: Standing, index_set: IndexSet, places: Sequence[Place]) -> Iterator[str]:
    if standing.simulated:
        yield "MÔ PHỎNG: cơ quan, cổng, số liệu và kết quả trong phụ lục này đều là giả lập."
    if standing.trial:
        yield "THỬ NGHIỆM: đợt đánh giá chưa được mở chính thức; kết quả không có giá trị công bố."
    if standing.reconstruction:
        yield index_set.warning or "Bộ chỉ số tái dựng: không phải nguyên văn quyết định ban hành."
    if standing.unapproved:
        yield f"CẤU HÌNH CHƯA ĐƯỢC PHÊ DUYỆT: {', '.join(standing.unapproved)}."
    unsettled = sum(place.total.provisional for place in places)
    moving = sum(place.best != place.worst for place in places)
    if unsettled:
        yield (
            f"TẠM XẾP: {unsettled} cơ quan còn điểm chưa xác định, {moving} cơ quan chưa chắc thứ hạng; "
            "tổng điểm và thứ hạng ghi thành khoảng thấp nhất–cao nhất, chưa thể chốt đợt đánh giá."
        )


def _replaced(changes: VersionChanges | None) -> Iterator[str]:
    if changes is not None:
        yield (
            f"PHIÊN BẢN {changes.version}: thay phiên bản {changes.former} công bố theo văn bản "
            f"{changes.number} ngày {changes.day:%d/%m/%Y}; những gì thay đổi liệt kê ở cuối phụ lục."
        )


def _conflicts(places: Sequence[Place], names: Mapping[str, str]) -> Iterator[str]:
    supplied: dict[str, dict[str, None]] = {}
    for owner, _, component in rated_owners(places):
        supplied.setdefault(owner, {})[component] = None
    for code, components in supplied.items():
        called = names.get(code, code)
        yield f"{called} vừa được đánh giá, vừa cung cấp số liệu chủ quản cho: {', '.join(components)}"
    for place in places:
        for score in place.total.scores:
            ruling = score.figure.ruling
            if ruling is not None:
                second = f", {ruling.countersigned_by} đồng ký" if ruling.countersigned_by else ""
                name = names.get(place.agency, place.agency)
                yield f"{name}, {score.component}: theo kết luận của {ruling.by}{second}: {ruling.why}"
    yield from observed_ones(places, names)


def _unit(index_set: IndexSet, round_: Round) -> str:
    return "%" if round_.band_unit == "percent" else f"/{comma(index_set.scale)} điểm"


def _table(
    number: int,
    standing: BlocStanding,
    bloc: Bloc,
    names: Mapping[str, str],
    round_: Round,
    index_set: IndexSet,
) -> AnnexTable:
    return AnnexTable(
        bloc=standing.code,
        title=f"{number}. {standing.name}",
        caption=f"Bảng {number}. Xếp hạng tổng thể: {standing.name}",
        groups=tuple(_groups(standing, bloc, names, round_)),
        mean=_range(standing.mean_low, standing.mean_high),
        unit=_unit(index_set, round_),
        provisional=standing.mean_low != standing.mean_high,
        shares=tuple(_shares(standing, round_)),
    )


def _groups(
    standing: BlocStanding, bloc: Bloc, names: Mapping[str, str], round_: Round
) -> Iterator[AnnexGroup]:
    headings = [(band.code, band.name) for band in round_.bands]
    headings += [("", "Tạm xếp, chưa xác định mức"), ("unranked", "Có điểm, không xếp hạng")]
    letters, number = iter(ascii_uppercase), 0
    for code, name in headings:
        mine = [place for place in standing.places if _group_of(place) == code]
        if not mine:
            continue
        rows = tuple(_row(number + line, place, names, round_) for line, place in enumerate(mine, start=1))
        number += len(rows)
        yield AnnexGroup(heading=f"{next(letters)}. {name} ({len(rows):02} {bloc.unit})", rows=rows)


def _group_of(place: Place) -> str:
    if not place.total.ranked:
        return "unranked"
    return place.band_low if place.band_low == place.band_high else ""


def _row(number: int, place: Place, names: Mapping[str, str], round_: Round) -> AnnexRow:
    total, shares = place.total, place.total.coverage
    return AnnexRow(
        number=number,
        agency=place.agency,
        name=names.get(place.agency, place.agency),
        best=place.best,
        worst=place.worst,
        low=total.published_low,
        high=total.published_high,
        cell=cell(place, round_),
        band=_band_names((place.band_low, place.band_high), round_),
        provisional=place.provisional,
        measured=percent(shares.measured),
        claimed=percent(shares.claimed),
        open=percent(shares.open),
    )


def cell(place: Place, round_: Round) -> str:
    """Return place and score as printed: `06 (86,2)`, or `03–05 (71,2–78,4) tạm xếp`.

    Where bands are taken in percent of the maximum, it stands beside the points.
    """
    score = _range(place.total.published_low, place.total.published_high)
    if round_.band_unit == "percent":
        score = f"{score}; {_range(*published(place.total, round_))}%"
    if not place.total.ranked:
        return f"– ({score})"
    where = f"{place.best:02}" if place.best == place.worst else f"{place.best:02}–{place.worst:02}"
    return f"{where} ({score}){' tạm xếp' if place.provisional else ''}"


def _range(low: Decimal, high: Decimal) -> str:
    return comma(low) if low == high else f"{comma(low)}–{comma(high)}"


def _bands(low: Decimal, high: Decimal, round_: Round) -> str:
    return _band_names((band_of(low, round_.bands).code, band_of(high, round_.bands).code), round_)


def _band_names(codes: tuple[str, str], round_: Round) -> str:
    names = {band.code: band.name for band in round_.bands}
    worst, best = codes
    return names[worst] if worst == best else f"{names[worst]} – {names[best]}"


def _shares(standing: BlocStanding, round_: Round) -> Iterator[tuple[str, int, str]]:
    """Yield each band's agencies and share, rounded as the round declares."""
    ranked = [place for place in standing.places if place.total.ranked]
    groups = [(band.code, band.name) for band in round_.bands]
    if any(_group_of(place) == "" for place in ranked):
        groups.append(("", "Chưa xác định mức"))
    counts = [sum(_group_of(place) == code for place in ranked) for code, _ in groups]
    exact = [Fraction(100 * count, len(ranked)) if ranked else Fraction(0) for count in counts]
    decimals = round_.share_decimals
    if round_.shares == "largest_remainder":
        shares = largest_remainder(exact, decimals, round_.share_ties)
    else:
        shares = [half_up(share, decimals) for share in exact]
    for (_, name), count, share in zip(groups, counts, shares, strict=True):
        yield name, count, f"{comma(share)}%"
