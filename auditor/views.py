"""What the pages show, prepared: no arithmetic of scoring happens here, only choosing and naming."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from auditor import wording
from auditor.desk import Board
from minhchung.evidence import Locator
from minhchung.index_set import Component
from minhchung.measurements import Input, Measurement, NotApplicable, Note, Unmeasured, Value
from minhchung.scores import BlocStanding, Finding, Ground, Place, Score
from scoring.inputs import item_names
from scoring.numerals import percent
from scoring.wording import GRADES, ORIGINS, why_not_applicable, why_unmeasured

ATTENTION = (Finding.FALSE_CLAIM, Finding.HONEST_ERROR, Finding.UNVERIFIABLE)
"""Findings that are counted on the front page, gravest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One part of a coverage bar, in whole hundredths of its length."""

    tone: str
    start: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InputRow:
    """One input of a component: as settled and as claimed."""

    title: str
    name: str
    settled: str
    origin: str
    claimed: str
    open_items: str
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BandRow:
    """One level and the number of agencies of each bloc in it; provisional ones counted apart."""

    name: str
    bound: str
    counts: tuple[int, ...]


def warnings(board: Board, place: Place | None = None) -> Iterator[tuple[str, str]]:
    """Yield (tone, text) of everything a reader must know before any figure; `place`: of one agency."""
    standing = board.standing
    if standing.simulated:
        yield "simulated", wording.SIMULATED
    if standing.trial:
        yield "trial", wording.TRIAL
    if standing.unapproved:
        yield "trial", f"Cấu hình chưa được phê duyệt: {', '.join(standing.unapproved)}."
    if standing.reconstruction:
        yield "reconstruction", board.index_set.warning or wording.RECONSTRUCTION
    places = [each for bloc in standing.blocs for each in bloc.places] if place is None else [place]
    if any(each.provisional for each in places):
        yield "provisional", wording.PROVISIONAL if place is None else wording.PROVISIONAL_ONE


def coverage_bar(place: Place) -> tuple[Share, ...]:
    """Return the parts of an agency's coverage bar; they fill it exactly."""
    coverage = place.total.coverage
    first = _hundredths(coverage.measured)
    second = _hundredths(coverage.measured + coverage.claimed)
    return (
        Share(tone="measured", start=0, length=first),
        Share(tone="claimed", start=first, length=second - first),
        Share(tone="open", start=second, length=100 - second),
    )


def _hundredths(share: Fraction) -> int:
    return (200 * share.numerator + share.denominator) // (2 * share.denominator)


def findings_of(place: Place) -> list[tuple[Finding, int]]:
    """Return how many components of an agency came to each finding that needs attention.

    Components that nothing measures are left out: they rest on the report by design.
    """
    judged = [score.figure for score in place.total.scores if score.figure.ground is not Ground.CLAIMED]
    counted = [(finding, sum(each.finding is finding for each in judged)) for finding in ATTENTION]
    return [(finding, count) for finding, count in counted if count]


def band_rows(board: Board) -> list[BandRow]:
    """Return every level with the number of agencies settled in it, by bloc; last what is not settled."""
    rows = [
        BandRow(
            name=band.name,
            bound=f"từ {wording.numeral(band.min)} điểm"
            if band.inclusive
            else f"trên {wording.numeral(band.min)} điểm",
            counts=tuple(_in_band(bloc, band.code) for bloc in board.standing.blocs),
        )
        for band in board.round.bands
    ]
    unsettled = tuple(
        sum(place.band_low != place.band_high for place in bloc.places) for bloc in board.standing.blocs
    )
    if any(unsettled):
        rows.append(BandRow(name="Chưa xác định", bound="điểm còn mở", counts=unsettled))
    return rows


def _in_band(bloc: BlocStanding, code: str) -> int:
    return sum(place.band_low == place.band_high == code for place in bloc.places)


def input_rows(component: Component, score: Score) -> list[InputRow]:
    """Return every input of a component, as settled (or as far as known) beside the claim."""
    figure = score.figure
    settled: Mapping[str, Input] = figure.inputs or figure.low or {}
    claimed: Mapping[str, Value] = figure.claim.inputs if figure.claim else {}
    rows = []
    for spec in component.inputs:
        given, said = settled.get(spec.name), claimed.get(spec.name)
        rows.append(
            InputRow(
                title=spec.title or spec.name,
                name=spec.name,
                settled=wording.value_text(component, spec.name, given.value) if given else wording.DASH,
                origin=ORIGINS[given.origin] if given else "",
                claimed=wording.DASH if said is None else wording.value_text(component, spec.name, said),
                open_items="; ".join(item_names(component, given.open_items)) if given else "",
                differs=given is not None and said is not None and given.value != said,
            )
        )
    return rows


def verdict_text(score: Score) -> str:
    """Return in one sentence what the verifier said of the component."""
    match score.figure.result:
        case Measurement(coverage=coverage):
            grade = GRADES[score.figure.grade]
            return f"Đo được, {grade}; thời gian quan sát phủ {percent(coverage)} kỳ đánh giá."
        case Unmeasured() as result:
            return why_unmeasured(result)
        case NotApplicable() as result:
            return why_not_applicable(result)
        case None:
            return "Chỉ số này không có bộ kiểm chứng: điểm theo báo cáo và tài liệu kèm theo."


def notes_of(score: Score) -> tuple[tuple[Note, ...], tuple[Note, ...]]:
    """Return (notes, questions) of the verifier."""
    match score.figure.result:
        case Measurement(notes=notes, questions=questions):
            return notes, questions
        case Unmeasured(notes=notes):
            return notes, ()
        case NotApplicable() | None:
            return (), ()


def basis_of(score: Score) -> tuple[Locator, ...]:
    """Return where a component's evidence lies: records, each once, in the verifier's order."""
    result = score.figure.result
    found = () if result is None else result.basis
    return tuple({locator.record: locator for locator in found}.values())
