"""The truth about the eleven components that a crawl can see, computed from the model and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final

from simulator import inquiries, sections
from simulator.almanac import DAYS, VISITS, after_working_days, counted_weeks, in_period, monday_of
from simulator.model import Inquiry, Paper, Portal, Story
from simulator.plan import is_met
from simulator.witness import captures_of, distinct

Value = Fraction | frozenset[str]

CHECKLISTS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "HD.1": (
        "muc_gioi_thieu",
        ("so_do_co_cau", "chuc_nang_nhiem_vu", "lanh_dao_nhiem_vu", "don_vi_truc_thuoc", "lien_he_dau_moi"),
    ),
    "HD.3": (
        "muc_chi_dao_dieu_hanh",
        ("y_kien_chi_dao", "xu_ly_kien_nghi", "khen_thuong_xu_phat", "lich_lam_viec_lanh_dao"),
    ),
    "HD.6": ("muc_tthc_dvc", ("danh_muc_tthc", "lien_ket_cong_dvc_va_muc_do")),
    "HD.7": (
        "chuyen_muc",
        (
            "tuyen_truyen_phap_luat",
            "chien_luoc_quy_hoach",
            "du_an_dau_thau_mua_sam",
            "lay_y_kien_gop_y",
            "thong_ke_bao_cao",
        ),
    ),
    "HD.8": ("chuc_nang", ("tim_kiem", "so_do_trang_rss", "tieng_anh", "tiep_can_nguoi_khuyet_tat")),
    "AT.4": ("kiem_tra_https", ("https", "chung_thu_hop_le", "chuyen_huong_http")),
}
CADENCE: Final = ("so_tin_tu_bien_tap_moi_tuan", "ty_le_tuan_co_tin")
COMPLETE: Final = ("van_ban_du_thuoc_tinh", "van_ban_dang_tai")
ON_TIME: Final = ("van_ban_dang_trong_han", "van_ban_co_ngay_dang")
ANSWERED: Final = ("cau_hoi_tra_loi_dung_han", "cau_hoi_cong_khai")
PUBLICITY: Final = "so_tin_bai_chuyen_doi_so"

_STEPS: Final = ((5, Fraction(9, 10), 3), (3, Fraction(8, 10), 2), (1, Fraction(6, 10), 1))
_DEADLINE_WORKING_DAYS: Final = 2
_MOST_UNDATED: Final = Fraction(1, 5)
_LEAST_ABSTRACT: Final = 15
_MOST_PUBLICITY: Final = 10
"""Items on digital transformation beyond which no more points are given."""
_WORDS: Final = {
    "dark": "unreachable",
    "robots-refuse": "robots-refused",
    "platform-robots": "robots-refused",
    "block-page": "blocked",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a perfect observer concludes of one component: inputs, or why there are none."""

    inputs: Mapping[str, Value] = field(default_factory=dict)
    unmeasured: str = ""
    not_applicable: str = ""
    why: str = ""


def findings_of(portal: Portal) -> dict[str, Finding]:
    """Return the finding of each of the eleven components."""
    temper = portal.agency.temper & _WORDS.keys()
    if temper:
        reason = _WORDS[min(temper)]
        told = Finding(unmeasured=reason, why=f"the portal is {reason} at every visit")
        return dict.fromkeys(_MEASURES, told)
    return {component: measure(portal) for component, measure in _MEASURES.items()}


# --- news ------------------------------------------------------------------------------------------------


def _news(portal: Portal) -> list[tuple[Story, date | None]]:
    told = distinct(portal.stories, captures_of(portal.agency))
    return [(s, day) for s, day in told if not s.is_stub and set(s.lists) & set(sections.NEWS)]


def cadence_step(items: int, active: int) -> int:
    """Return the points of a number of items and of active weeks: both must reach a step."""
    weekly, share = Fraction(7 * items, DAYS), Fraction(active, len(counted_weeks()))
    return next((points for least, weeks, points in _STEPS if weekly >= least and share >= weeks), 0)


def _cadence(portal: Portal) -> Finding:
    own = [(s, day) for s, day in _news(portal) if not s.is_repost]
    days = [day for _, day in own if day and in_period(day)]
    undated = sum(day is None for _, day in own)
    weeks = set(counted_weeks())
    active = len({monday_of(day) for day in days} & weeks)
    best = cadence_step(len(days) + undated, min(active + undated, len(weeks)))
    if best != cadence_step(len(days), active):
        return Finding(unmeasured="coverage-below", why=f"{undated} undated items decide the step")
    return Finding(
        inputs={
            CADENCE[0]: Fraction(7 * len(days), DAYS),
            CADENCE[1]: Fraction(active, len(weeks)),
        },
        why=f"{len(days)} own items, {undated} undated, {active} of {len(weeks)} weeks active",
    )


def _publicity(portal: Portal) -> Finding:
    told = [(s, day) for s, day in _news(portal) if s.publicises]
    count = sum(day is not None and in_period(day) for _, day in told)
    undated = sum(day is None for _, day in told)
    if min(count, _MOST_PUBLICITY) != min(count + undated, _MOST_PUBLICITY):
        return Finding(unmeasured="coverage-below", why=f"{undated} undated items decide the count")
    return Finding(inputs={PUBLICITY: Fraction(count)}, why=f"{count} items on digital transformation")


# --- documents -------------------------------------------------------------------------------------------


def _shelf(portal: Portal) -> list[tuple[Paper, date | None]]:
    shelf = distinct(portal.papers, captures_of(portal.agency))
    return [(p, day) for p, day in shelf if (since := p.issued or day) and in_period(since)]


def is_complete(paper: Paper, *, symbol_tells_issuer: bool) -> bool:
    """Tell whether a document shows every required attribute and a file that opens."""
    return (
        bool(paper.code)
        and paper.issued is not None
        and bool(paper.issuer or symbol_tells_issuer)
        and len(paper.abstract) >= _LEAST_ABSTRACT
        and paper.file == "pdf"
        and (bool(paper.effective) or not paper.is_normative)
    )


def _complete(portal: Portal) -> Finding:
    shelf = _shelf(portal)
    unique_symbol = portal.agency.bloc == "provincial"
    whole = sum(is_complete(paper, symbol_tells_issuer=unique_symbol) for paper, _ in shelf)
    return Finding(
        inputs={COMPLETE[0]: Fraction(whole), COMPLETE[1]: Fraction(len(shelf))},
        why=f"{whole} of {len(shelf)} documents are complete",
    )


def _on_time(portal: Portal) -> Finding:
    own = [(p.issued, day) for p, day in _shelf(portal) if p.is_own and p.issued]
    dated = [(issued, day) for issued, day in own if day is not None]
    if own and Fraction(len(own) - len(dated), len(own)) > _MOST_UNDATED:
        return Finding(
            unmeasured="coverage-below", why=f"{len(own) - len(dated)} of {len(own)} documents are undated"
        )
    due = [(after_working_days(issued, _DEADLINE_WORKING_DAYS), day) for issued, day in dated]
    due = [(deadline, day) for deadline, day in due if deadline <= VISITS[-1]]
    timely = sum(day <= deadline for deadline, day in due)
    return Finding(
        inputs={ON_TIME[0]: Fraction(timely), ON_TIME[1]: Fraction(len(due))},
        why=f"{timely} of {len(due)} own documents were posted in time",
    )


# --- sections, functions, questions, transport ----------------------------------------------------------


def _checklist(component: str) -> Callable[[Portal], Finding]:
    name, items = CHECKLISTS[component]

    def measure(portal: Portal) -> Finding:
        met = frozenset(item for item in items if is_met(item, portal.plan[item]))
        ways = ", ".join(f"{item}: {portal.plan[item]}" for item in items if item not in met)
        return Finding(inputs={name: met}, why=f"not met: {ways}" if ways else "all items are met")

    return measure


def _procedures(portal: Portal) -> Finding:
    if not portal.agency.has_procedures:
        return Finding(not_applicable="no-procedures", why="the agency has no administrative procedures")
    return _checklist("HD.6")(portal)


def _support(portal: Portal) -> Finding:
    if portal.plan["tim_kiem"] == "robots":
        return Finding(unmeasured="robots-refused", why="robots.txt forbids the search path")
    return _checklist("HD.8")(portal)


def _questions(portal: Portal) -> Finding:
    way = portal.plan["hoi_dap"]
    if way == "none-in-period":
        return Finding(not_applicable="no-questions", why="the section holds no question of the period")
    last = captures_of(portal.agency)[-1]
    due = [
        (q, inquiries.due_day(q.asked))
        for q in portal.inquiries
        if q.asked and in_period(q.asked) and q.visible_on(last)
    ]
    due = [(q, deadline) for q, deadline in due if deadline < last]
    timely = sum(_answers_by(question, deadline) for question, deadline in due)
    return Finding(
        inputs={ANSWERED[0]: Fraction(timely), ANSWERED[1]: Fraction(len(due))},
        why=f"{timely} of {len(due)} questions were answered in time" if due else f"question section: {way}",
    )


def _answers_by(question: Inquiry, deadline: date) -> bool:
    answered = question.answered is not None and question.answered <= deadline
    return answered and inquiries.is_answer(question.answer)


def _transport(portal: Portal) -> Finding:
    agency = portal.agency
    met = set()
    if agency.tls != "none":
        met.add("https")
        if agency.tls == "valid":
            met.add("chung_thu_hop_le")
        if agency.plain_http in ("301", "closed"):
            met.add("chuyen_huong_http")
    return Finding(
        inputs={CHECKLISTS["AT.4"][0]: frozenset(met)},
        why=f"certificate: {agency.tls}; plain http: {agency.plain_http}",
    )


_MEASURES: Final[dict[str, Callable[[Portal], Finding]]] = {
    "HD.1": _checklist("HD.1"),
    "HD.2": _cadence,
    "HD.3": _checklist("HD.3"),
    "HD.4": _complete,
    "HD.5": _on_time,
    "HD.6": _procedures,
    "HD.7": _checklist("HD.7"),
    "HD.8": _support,
    "HD.9": _questions,
    "AT.4": _transport,
    "TC.6": _publicity,
}
