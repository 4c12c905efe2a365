"""A small portal for every agency of the two-tier province: a few pages, a few news, a few documents."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from simulator import words
from simulator.agencies import Agency
from simulator.almanac import after_working_days, is_working_day
from simulator.model import FileKind, Page, Paper, Portal, Section, Shown, Story
from simulator.pages import introduce
from simulator.two_tier.almanac import LAST_OF_OLD, YEAR, Span
from simulator.two_tier.cast import PROVINCE, Member, members

NEWS: Final = "tin-tuc"
LEGAL: Final = "van-ban"
PROVINCE_CODE: Final = "H98"
_NUMBERS: Final = 10_000
"""Ids that one agency's content may take: at an address handed over the successor's go on after them."""

_PLAN: Final = {
    "tim_kiem": "absent",
    "lay_y_kien_gop_y": "absent",
    "lien_ket_cong_dvc_va_muc_do": "absent",
    "so_do_trang_rss": "",
    "tieng_anh": "absent",
    "tiep_can_nguoi_khuyet_tat": "bare",
}
_TURNS: Final[dict[str, tuple[str, ...]]] = {
    "so_do_co_cau": ("units", "units", "empty", "units", "absent"),
    "chuc_nang_nhiem_vu": ("text", "absent", "text", "text", "empty", "text", "text"),
    "lanh_dao_nhiem_vu": ("page", "page", "absent"),
    "don_vi_truc_thuoc": ("absent", "page"),
    "lien_he_dau_moi": ("page", "page", "page", "absent"),
    "danh_muc_tthc": ("codes", "codes", "empty", "codes", "absent"),
}
_YEARLY_NEWS: Final = (6, 14)
_YEARLY_PAPERS: Final = (3, 6)
_FORMS: Final = (("Quyết định", "QĐ"), ("Kế hoạch", "KH"), ("Báo cáo", "BC"))
_DEFECTS: Final[tuple[FileKind, ...]] = ("pdf", "pdf", "none", "pdf", "missing")
_SIGNER: Final = "Quàng Văn Mô Phỏng"
_LAST_ISSUED: Final = 25
"""Days before an agency's end, or the year's, in which it issues nothing: what is late is still posted."""


@lru_cache(maxsize=2)
def portals(seed: int) -> Mapping[str, Portal]:
    """Return every agency's portal by its code; the same seed builds the same ones."""
    built: dict[str, Portal] = {}
    for member in members(seed):
        portal = _build(member, seed)
        for former in members(seed):
            if former.fate == "handed" and former.code in member.predecessors:
                portal = _taken_over(built[former.code], portal)
        built[member.code] = portal
    return built


def _build(member: Member, seed: int) -> Portal:
    agency = member.agency
    draw = random.Random(f"{seed}/{agency.code}/two-tier")
    plan = _PLAN | {
        item: turns[(member.place + 3 * n) % len(turns)] for n, (item, turns) in enumerate(_TURNS.items())
    }
    pages = introduce(agency, member.place, draw, plan)
    stories, papers = _tell(member, draw), _issue(member, draw)
    numbers = _numbered(stories, papers, _NUMBERS if member.predecessors else 0)
    return Portal(
        agency=agency,
        sections=(
            Section(key=NEWS, heading="Tin tức - Sự kiện", kind="news", group="Thông tin"),
            Section(key=LEGAL, heading="Văn bản điều hành", kind="document", group="Điều hành"),
        ),
        pages=(*pages, *_procedures(agency, draw, plan["danh_muc_tthc"])),
        stories=tuple(replace(story, number=numbers[id(story)]) for story in stories),
        papers=tuple(replace(paper, number=numbers[id(paper)]) for paper in papers),
        inquiries=(),
        weeks=(),
        plan=plan,
        province=PROVINCE,
    )


def _taken_over(former: Portal, portal: Portal) -> Portal:
    """Return a portal at an address that was handed over: what stood there stands there still."""
    return replace(
        portal, stories=(*former.stories, *portal.stories), papers=(*former.papers, *portal.papers)
    )


def _numbered(stories: Sequence[Story], papers: Sequence[Paper], first: int) -> dict[int, int]:
    """Return ids that rise with the day on which things appear, as content systems give them, by `id()`."""
    things: list[Shown] = [*stories, *papers]
    things.sort(key=lambda thing: (thing.posted, thing.title))
    return {id(thing): first + 101 + 3 * n for n, thing in enumerate(things)}


def span_of(member: Member) -> Span:
    """Return the days of the year on which an agency exists."""
    span = YEAR.period.meet(member.valid_from, member.valid_to)
    if span is None:
        msg = f"{member.code} exists on no day of the year"
        raise ValueError(msg)
    return span


# --- news ---------------------------------------------------------------------------------------------


def _tell(member: Member, draw: random.Random) -> list[Story]:
    span = span_of(member)
    taken: set[str] = set()
    count = max(3, draw.randint(*_YEARLY_NEWS) * span.days // YEAR.period.days)
    days = sorted(span.first + timedelta(days=draw.randrange(span.days)) for _ in range(count))
    told = [_story(draw, taken, day) for day in days]
    told.append(replace(_story(draw, taken, days[0]), credit=words.REPOST_LINES[0], is_repost=True))
    if member.valid_from is None:
        told.append(_story(draw, taken, YEAR.period.first - timedelta(days=20)))
    if member.valid_to is not None:
        # After the last visit that it lived to see: only where its portal stays can anybody see this one.
        told.append(_story(draw, taken, LAST_OF_OLD - timedelta(days=1)))
    return told


def _story(draw: random.Random, taken: set[str], day: date) -> Story:
    return Story(
        number=0,
        lists=(NEWS,),
        title=words.headline(draw, taken),
        posted=day,
        printed=day,
        summary=words.sentence(draw),
        paragraphs=words.body(draw),
    )


# --- documents ----------------------------------------------------------------------------------------


def _issue(member: Member, draw: random.Random) -> list[Paper]:
    span = span_of(member)
    count = max(2, draw.randint(*_YEARLY_PAPERS) * span.days // YEAR.period.days)
    last = span.days - _LAST_ISSUED
    days = sorted(_working(span.first + timedelta(days=draw.randrange(last))) for _ in range(count))
    return [_paper(member, draw, day, n) for n, day in enumerate(days)]


def _working(day: date) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def _paper(member: Member, draw: random.Random, day: date, turn: int) -> Paper:
    form, short = _FORMS[turn % len(_FORMS)]
    serial = 11 * (turn + 1) + draw.randrange(9)
    title = f"Về việc {draw.choice(words.TOPICS)} tại bản {words.village(draw)}, đợt {serial}"
    is_late = (member.place + turn) % 4 == 0
    posted = after_working_days(day, 6 if is_late else draw.choice((0, 1, 2)))
    return Paper(
        number=0,
        lists=(LEGAL,),
        title=title,
        posted=posted,
        printed=posted,
        code=f"{serial}/{short}-{member.agency.doc_symbol}",
        true_code=f"{serial}/{short}-{member.agency.doc_symbol}",
        form=form,
        issuer=member.agency.name,
        issued=day,
        true_issued=day,
        effective="",
        abstract=title,
        signer=_SIGNER,
        file=_DEFECTS[(member.place + 2 * turn) % len(_DEFECTS)],
        is_normative=False,
        is_own=True,
    )


def _procedures(agency: Agency, draw: random.Random, way: str) -> list[Page]:
    if way == "absent" or not agency.has_procedures:
        return []
    blocks: tuple[tuple[str, str], ...] = (("p", "Không có dữ liệu"),)
    if way == "codes":
        blocks = tuple(
            (
                "row",
                f"{1 + n % 3}.{draw.randrange(10**5, 10**6)}.{PROVINCE_CODE}|Thủ tục về {words.TOPICS[n]}",
            )
            for n in range(7)
        )
    return [Page(key="tthc", heading="Thủ tục hành chính", group="Công khai", blocks=blocks)]
