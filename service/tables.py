"""Results as tables on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from rich.table import Table

from minhchung.index_set import Component, IndexSet
from minhchung.measurements import Measurement, NotApplicable, Unmeasured, Value
from minhchung.scores import BlocStanding, Finding, Place, Score
from scoring.inputs import told
from scoring.numerals import comma, half_up
from scoring.wording import NOT_APPLICABLE, REASONS, why_not_applicable, why_unmeasured
from service.session import Language, show, write
from service.standings import Concluded

_GROUNDS: Final = {
    "agreed": ("khớp báo cáo", "agreed"),
    "corrected": ("theo số đo", "corrected"),
    "measured": ("chỉ có số đo", "measured"),
    "claimed": ("theo báo cáo", "claimed"),
    "claim-provisional": ("tạm theo báo cáo", "claim, provisional"),
    "owner": ("theo chủ quản", "owner's"),
    "accepted": ("chấp nhận theo minh chứng", "accepted on proof"),
    "open": ("để ngỏ", "open"),
    "excluded": ("loại ra", "excluded"),
    "observed": ("theo quan sát", "observed"),
    "ruled": ("theo kết luận", "ruled"),
    "not-applicable": ("không áp dụng", "not applicable"),
    "absent": ("không báo cáo", "absent"),
}
_FINDINGS: Final = {
    "false_claim": ("báo cáo cao hơn thực tế", "claims more than is true"),
    "honest_error": ("sai số hoặc báo thấp", "honest error"),
    "unverifiable": ("chưa kiểm chứng được", "unverifiable"),
}


def _pick(pair: tuple[str, str], lang: Language) -> str:
    return pair[0] if lang == "vi" else pair[1]


def span(low: Decimal, high: Decimal) -> str:
    """Return a number, or both ends of a range, with a decimal comma."""
    return comma(low) if low == high else f"{comma(low)}–{comma(high)}"


def _warn(concluded: Concluded, lang: Language) -> None:
    if concluded.standing.simulated:
        write(_pick(("MÔ PHỎNG: không phải số liệu thật.", "SIMULATED: no real figures."), lang))
    if concluded.standing.trial:
        words = ("ĐỢT THỬ NGHIỆM: chưa được mở chính thức.", "TRIAL round: not officially opened.")
        write(_pick(words, lang))
    if concluded.standing.reconstruction:
        words = (
            "Bộ chỉ số TÁI DỰNG: trọng số và ngưỡng không phải của quyết định.",
            "RECONSTRUCTED index set: weights are ours.",
        )
        write(_pick(words, lang))


def show_standing(concluded: Concluded, lang: Language) -> None:
    """Print the places of every bloc, provisional ones as ranges, and the means."""
    _warn(concluded, lang)
    for bloc in concluded.standing.blocs:
        show(_bloc(concluded, bloc, lang))
        mean = span(bloc.mean_low, bloc.mean_high)
        write(_pick((f"Điểm trung bình khối: {mean}", f"Mean of the bloc: {mean}"), lang))
        write("")
    low, high = concluded.standing.overall_low, concluded.standing.overall_high
    overall = "–" if low is None or high is None else span(low, high)
    words = ("Điểm trung bình chung (trung bình hai khối)", "Overall mean (mean of the blocs' means)")
    write(f"{_pick(words, lang)}: {overall}")


def _bloc(concluded: Concluded, bloc: BlocStanding, lang: Language) -> Table:
    names = concluded.names()
    table = Table(title=bloc.name, title_justify="left", show_edge=False)
    headings = _pick(
        ("Hạng|Cơ quan|Điểm|Mức|Độ phủ|Kiểm chứng|", "Place|Agency|Score|Band|Coverage|Measured|"), lang
    )
    for n, heading in enumerate(headings.split("|")):
        table.add_column(heading, justify="left" if n in {1, 3, 6} else "right")
    for place in bloc.places:
        table.add_row(*_place_row(concluded, place, names[place.agency], lang))
    return table


def _place_row(concluded: Concluded, place: Place, name: str, lang: Language) -> list[str]:
    total = place.total
    rank = f"{place.best:02d}" if place.best == place.worst else f"{place.best:02d}–{place.worst:02d}"
    settled = total.coverage.measured + total.coverage.claimed
    return [
        rank,
        name,
        span(total.published_low, total.published_high),
        _bands(concluded, place),
        percent(settled),
        percent(total.coverage.measured),
        _pick(("tạm xếp", "provisional"), lang) if place.provisional else "",
    ]


def percent(value: Any) -> str:
    """Return a share of 1 as whole percent."""
    return f"{half_up(value * 100, 0)} %"


def _bands(concluded: Concluded, place: Place) -> str:
    names = {band.code: band.name for band in concluded.round.bands}
    if place.band_low == place.band_high:
        return names[place.band_low]
    return f"{names[place.band_low]}–{names[place.band_high]}"


def show_differences(concluded: Concluded, lang: Language) -> None:
    """Print false claims and honest errors one by one, what could not be verified by agency and reason."""
    measured = [
        score
        for bloc in concluded.standing.blocs
        for place in bloc.places
        for score in place.total.scores
        if concluded.set_of(bloc.code).component(score.component).verifier
    ]
    told = (Finding.FALSE_CLAIM, Finding.HONEST_ERROR)
    table = _differences([s for finding in told for s in measured if s.figure.finding is finding], lang)
    if table.row_count:
        show(table)
    for line in _unverified([s for s in measured if s.figure.finding is Finding.UNVERIFIABLE], lang):
        write(line)
    counts = Counter(score.figure.finding for score in measured)
    false, errors = counts[Finding.FALSE_CLAIM], counts[Finding.HONEST_ERROR]
    open_, agreed = counts[Finding.UNVERIFIABLE], counts[Finding.AGREED]
    vi = f"Báo cáo cao hơn thực tế: {false}; sai số hoặc báo thấp: {errors}; chưa kiểm chứng được: {open_}; "
    en = f"False claims: {false}; honest errors: {errors}; unverifiable: {open_}; agreed: {agreed}."
    write(_pick((f"{vi}khớp: {agreed}.", en), lang))


def _differences(scores: Sequence[Score], lang: Language) -> Table:
    table = Table(show_edge=False, title_justify="left")
    title = ("Chênh lệch giữa báo cáo và số đo", "Differences between claims and measurements")
    table.title = _pick(title, lang)
    headings = ("Cơ quan|Thành phần|Kết luận|Chênh lệch", "Agency|Component|Finding|Difference")
    for heading in _pick(headings, lang).split("|"):
        table.add_column(heading)
    for score in scores:
        figure = score.figure
        words = _pick(_FINDINGS[figure.finding.value], lang)
        table.add_row(figure.agency, score.component, words, figure.difference)
    return table


def _unverified(scores: Sequence[Score], lang: Language) -> Iterator[str]:
    """Yield one line for each agency and reason, with the components it leaves open."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for score in scores:
        why = _cause(score, lang)
        grouped.setdefault((score.figure.agency, why), []).append(score.component)
    if grouped:
        write("")
        yield _pick(("Chưa kiểm chứng được, điểm để ngỏ:", "Could not be verified, points open:"), lang)
    for (agency, why), components in grouped.items():
        yield f"  {agency} ({why or '-'}): {', '.join(components)}"


def _cause(score: Score, lang: Language) -> str:
    match score.figure.result:
        case Unmeasured(reason=reason):
            return REASONS[reason] if lang == "vi" else reason.value
        case NotApplicable(reason=reason):
            return NOT_APPLICABLE[reason] if lang == "vi" else reason.value
        case _:
            return ""


def show_scores(concluded: Concluded, lang: Language) -> None:
    """Print every agency's points by main index and in total."""
    _warn(concluded, lang)
    sets = {bloc.code: concluded.set_of(bloc.code) for bloc in concluded.standing.blocs}
    for chosen in dict.fromkeys(one.id for one in sets.values()):
        blocs = [bloc for bloc in concluded.standing.blocs if sets[bloc.code].id == chosen]
        show(_scores(sets[blocs[0].code], blocs, lang))


def _scores(index_set: IndexSet, blocs: Sequence[BlocStanding], lang: Language) -> Table:
    table = Table(show_edge=False)
    table.add_column(_pick(("Cơ quan", "Agency"), lang))
    for main in index_set.main_index:
        table.add_column(f"{main.code} /{main.points}", justify="right")
    table.add_column(_pick(("Tổng", "Total"), lang), justify="right")
    decimals = index_set.component_decimals
    for place in (place for bloc in blocs for place in bloc.places):
        total = place.total
        cells = [span(half_up(low, decimals), half_up(high, decimals)) for _, low, high in total.main_indices]
        table.add_row(place.agency, *cells, span(total.published_low, total.published_high))
    return table


def show_agency(concluded: Concluded, rows: dict[str, Any], lang: Language) -> None:
    """Print one agency's components: measured, claimed, difference, ground, points, evidence."""
    _warn(concluded, lang)
    table = Table(title=concluded.names()[rows["agency"]], title_justify="left", show_edge=False)
    headings = _pick(
        (
            "Mã|Chỉ số|Bộ kiểm chứng|Số đo|Báo cáo|Chênh lệch|Căn cứ|Điểm|Tối đa|Bản ghi",
            "Code|Index|Verifier|Measured|Claimed|Difference|Ground|Points|Maximum|Records",
        ),
        lang,
    )
    for heading in headings.split("|"):
        # The name of a verifier is what people look its page up by: it stays in one piece.
        table.add_column(heading, no_wrap=heading in ("Bộ kiểm chứng", "Verifier"), overflow="fold")
    index_set = concluded.set_of(concluded.place(rows["agency"]).total.bloc)
    for row in rows["components"]:
        component = index_set.component(row["component"])
        score = concluded.score(rows["agency"], row["component"])
        given, claimed = _given_and_claimed(score)
        table.add_row(
            row["component"],
            row["main_index"],
            row["verifier"],
            _values(component, given) or _why(score, row["reason"], lang),
            _values(component, claimed),
            row["difference"],
            _pick(_GROUNDS[row["ground"]], lang),
            span(row["points"], row["points_high"]),
            comma(row["maximum"]),
            str(len(row["evidence"])),
        )
    show(table)
    write(f"{_pick(('Tổng điểm', 'Total'), lang)}: {span(rows['total'], rows['total_high'])}")
    for incident in rows["incidents"]:
        write(f"{incident['id']}: {incident['ground']}")
    _notes(rows, lang)


def _notes(rows: dict[str, Any], lang: Language) -> None:
    """Print what is asked of a person, and what the portal says of claims; neither moves a point."""
    for key, words in (
        (
            "questions",
            ("Câu hỏi cho thẩm định viên (không trừ điểm)", "Questions for the appraiser (no points)"),
        ),
        (
            "checks",
            ("Đối chiếu số liệu báo cáo với cổng (không tự trừ điểm)", "Claims held against the portal"),
        ),
    ):
        told = [(row["component"], note["text"]) for row in rows["components"] for note in row[key]]
        if told:
            write(f"{_pick(words, lang)}:")
        for component, text in told:
            write(f"  {component}: {text}")


def _why(score: Score, code: str, lang: Language) -> str:
    """Return why there is no measurement: in words, in English the reason's code and detail."""
    match score.figure.result:
        case Unmeasured() as result if lang == "vi":
            return why_unmeasured(result)
        case NotApplicable() as result if lang == "vi":
            return why_not_applicable(result)
        case _:
            return code


def _given_and_claimed(score: Score) -> tuple[Mapping[str, Value], Mapping[str, Value]]:
    result, claim = score.figure.result, score.figure.claim
    given = result.inputs if isinstance(result, Measurement) else {}
    return {name: each.value for name, each in given.items()}, claim.inputs if claim is not None else {}


def _values(component: Component, values: Mapping[str, Value]) -> str:
    """Return the inputs in the order of the set: a ratio as `num/den`, else one after the other."""
    given = [spec for spec in component.inputs if spec.name in values]
    ratio = [spec.role for spec in given] == ["num", "den"]
    return ("/" if ratio else "; ").join(told(component, spec.name, values[spec.name]) for spec in given)
