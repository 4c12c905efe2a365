"""A year of documents for one agency: its own, others', complete and incomplete, posted in time and late."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Final, Literal

from simulator import words
from simulator.agencies import Agency
from simulator.almanac import FIRST, VISITS, after_working_days, is_working_day
from simulator.model import FileKind, Paper

LEGAL: Final = "van-ban"
DIRECTION: Final = "dieu-hanh"

_COUNTS: Final = (24, 31, 18, 27, 6, 22, 35, 16, 29, 20, 0, 26)
"""Own documents issued in the period, in turn over the agencies; one in twelve posts none."""

_ODD_COUNTS: Final = {"thanh-tra-tinh": 20, "so-khoa-hoc-cong-nghe": 26, "huyen-khau-bac": 22}
_LATE_SHARES: Final = (0.0, 0.05, 0.25, 0.08, 0.4, 0.0, 0.15)
_LATE_SHARE_OF_THE_LATE: Final = 0.75
_DEFECT_SHARES: Final = (0.0, 0.1, 0.25, 0.45, 0.05)
_LAST_ISSUED: Final = date(2021, 10, 22)
_LAST_LATE: Final = date(2021, 9, 20)
_EARLY: Final = date(2020, 12, 20)
_MANY: Final = 18
_EARLY_SPAN: Final = 130
NO_POSTING_DAYS: Final = frozenset({"thanh-tra-tinh"})
"""Portals whose document pages print no posting day at all."""

_TYPES: Final = (
    ("Quyết định", "QĐ"),
    ("Kế hoạch", "KH"),
    ("Công văn", ""),
    ("Báo cáo", "BC"),
    ("Hướng dẫn", "HD"),
)
_ORDERS: Final = (
    ("Chỉ thị", "CT", "Chỉ thị về việc"),
    ("Thông báo", "TB", "Thông báo kết luận của lãnh đạo tại cuộc họp về việc"),
    ("Công điện", "CĐ", "Công điện về việc"),
    ("Công văn", "", "Thực hiện ý kiến chỉ đạo của lãnh đạo về việc"),
)
_SIGNERS: Final = ("Quàng Văn Mô Phỏng", "Tòng Thị Ví Dụ", "Lường Văn Giả Định")
_DEFECTS: Final[tuple[FileKind | Literal["no-day", "no-number"], ...]] = (
    "none",
    "missing",
    "html",
    "template",
    "no-day",
    "no-number",
    "missing",
)


def issue_papers(agency: Agency, index: int, seed: int) -> list[Paper]:
    """Return every document that the portal ever shows, numbered from 0."""
    draw = random.Random(f"{seed}/{agency.code}/papers")
    count = _ODD_COUNTS.get(agency.code, _COUNTS[index % len(_COUNTS)])
    if not agency.is_readable:
        count = 8
    if count == 0:
        return []
    papers = _own(agency, index, draw, count)
    papers += _others(agency, draw, 3)
    papers += [_of_another_year(agency, draw, n) for n in range(2)]
    papers = _spoil(papers, agency, index, draw)
    papers = _undate(papers, agency, draw)
    if "back-dates" in agency.temper:
        papers = _back_date(papers, draw)
    papers = [replace(paper, number=n) for n, paper in enumerate(papers)]
    return papers + _copies(papers, draw, index % 3)


def _own(agency: Agency, index: int, draw: random.Random, count: int) -> list[Paper]:
    span = (_LAST_ISSUED - FIRST).days
    if agency.code in NO_POSTING_DAYS:
        # most of them early: what was there before the first visit stays without a day for ever
        span = _EARLY_SPAN
    days = sorted(_working_day(FIRST + timedelta(days=1 + draw.randrange(span))) for _ in range(count))
    late_share = (
        _LATE_SHARE_OF_THE_LATE
        if "publishes-late" in agency.temper
        else _LATE_SHARES[index % len(_LATE_SHARES)]
    )
    papers = []
    serial = draw.randint(3, 40)
    for turn, day in enumerate(days):
        serial += draw.randint(1, 30)
        paper = _order(agency, draw, day, serial) if turn % 3 == 1 else _ordinary(agency, draw, day, serial)
        papers.append(_post(paper, draw, draw.random() < late_share))
    return papers


def _working_day(day: date) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def _ordinary(agency: Agency, draw: random.Random, day: date, serial: int) -> Paper:
    form, short = draw.choice(_TYPES)
    normative = agency.bloc == "district" and form == "Quyết định" and draw.random() < 0.5
    title = f"Về việc {draw.choice(words.TOPICS)} tại bản {words.village(draw)}, đợt {serial}"
    code = _code(agency, day, serial, short, normative)
    return _paper(agency, draw, day, (LEGAL,), form, code, title, normative=normative)


def _order(agency: Agency, draw: random.Random, day: date, serial: int) -> Paper:
    form, short, opening = draw.choice(_ORDERS)
    title = f"{opening} {draw.choice(words.TOPICS)} tại bản {words.village(draw)}, đợt {serial}"
    return _paper(agency, draw, day, (DIRECTION,), form, _code(agency, day, serial, short, False), title)


def _code(agency: Agency, day: date, serial: int, short: str, normative: bool) -> str:
    padded = f"{serial:02d}"
    if normative:
        return f"{padded}/{day.year}/{short}-{agency.doc_symbol}"
    return f"{padded}/{short}-{agency.doc_symbol}" if short else f"{padded}/{agency.doc_symbol}-VP"


def _paper(
    agency: Agency,
    draw: random.Random,
    day: date,
    lists: tuple[str, ...],
    form: str,
    code: str,
    abstract: str,
    *,
    normative: bool = False,
    issuer: str = "",
) -> Paper:
    effective = f"{day + timedelta(days=10):%d/%m/%Y}" if draw.random() < 0.7 else "Có hiệu lực từ ngày ký"
    return Paper(
        number=0,
        lists=lists,
        title=abstract,
        posted=day,
        printed=day,
        code=code,
        true_code=code,
        form=form,
        issuer=issuer or agency.name,
        issued=day,
        true_issued=day,
        effective=effective if normative else "",
        abstract=abstract,
        signer=draw.choice(_SIGNERS),
        file="pdf",
        is_normative=normative,
        is_own=not issuer,
    )


def _post(paper: Paper, draw: random.Random, late: bool) -> Paper:
    """Let the document appear, in time or clearly late."""
    if late and paper.true_issued <= _LAST_LATE:
        day = after_working_days(paper.true_issued, draw.randint(5, 22))
    else:
        day = after_working_days(paper.true_issued, draw.choice((0, 0, 1, 1, 2)))
    return replace(paper, posted=day, printed=day)


def _others(agency: Agency, draw: random.Random, count: int) -> list[Paper]:
    """Repost what other bodies issued, a month after they did: not the agency's own."""
    papers = []
    for turn in range(count):
        day = _working_day(FIRST + timedelta(days=draw.randint(20, 300)))
        title = f"Quy định chi tiết về {draw.choice(words.TOPICS)}, phần {draw.randint(100, 999)}"
        province = turn == 1 and agency.bloc == "provincial" and agency.code != "van-phong-ubnd"
        if province:
            symbol, issuer, form = "QĐ-UBND", "UBND tỉnh Hoa Ban", "Quyết định"
        else:
            symbol, issuer, form = "TT-BXYZ", "Bộ Phát triển bản làng (mô phỏng)", "Thông tư"
        code = f"{draw.randint(1, 40):02d}/{day.year}/{symbol}"
        paper = _paper(agency, draw, day, (LEGAL,), form, code, title, normative=True, issuer=issuer)
        posted = day + timedelta(days=30)
        papers.append(replace(paper, posted=posted, printed=posted))
    return papers


def _of_another_year(agency: Agency, draw: random.Random, serial: int) -> Paper:
    day = date(2020, 8, 3) + timedelta(days=draw.randint(0, 40))
    return _post(_ordinary(agency, draw, _working_day(day), 200 + serial), draw, late=False)


def _spoil(papers: list[Paper], agency: Agency, index: int, draw: random.Random) -> list[Paper]:
    """Take an attribute or the file away from some documents of the period."""
    share = _DEFECT_SHARES[index % len(_DEFECT_SHARES)]
    spoiled = list(papers)
    for place, paper in enumerate(papers):
        if paper.true_issued < FIRST:
            continue
        if draw.random() < share:
            spoiled[place] = _with_defect(paper, draw.choice(_DEFECTS))
        elif paper.is_normative and draw.random() < share:
            spoiled[place] = replace(paper, effective="")
        elif not paper.is_normative and draw.random() < 0.1:
            # not a defect: the number tells the kind
            spoiled[place] = replace(paper, form="")
        elif agency.bloc == "provincial" and paper.is_own and draw.random() < 0.06:
            # not a defect: a department's own symbol tells the issuer
            spoiled[place] = replace(paper, issuer="")
    return spoiled


def _with_defect(paper: Paper, defect: FileKind | Literal["no-day", "no-number"]) -> Paper:
    match defect:
        case "no-day":
            return replace(paper, issued=None)
        case "no-number":
            return replace(paper, code="")
        case file:
            return replace(paper, file=file)


def _undate(papers: list[Paper], agency: Agency, draw: random.Random) -> list[Paper]:
    """Leave the posting day out: everywhere on one portal, elsewhere once, before the first visit."""
    if agency.code in NO_POSTING_DAYS:
        # without an issue day either, nothing could tell the year of such a document
        return [replace(paper, printed=None, issued=paper.true_issued) for paper in papers]
    early = [n for n, p in enumerate(papers) if p.is_own and p.issued and FIRST < p.issued <= _EARLY]
    if len(papers) < _MANY or not early or draw.choice((True, False)):
        return papers
    place = draw.choice(early)
    return [replace(paper, printed=None) if n == place else paper for n, paper in enumerate(papers)]


def _back_date(papers: list[Paper], draw: random.Random) -> list[Paper]:
    """Post some documents after a visit and print a day before it, as if they had been in time."""
    changed = list(papers)
    for visit in VISITS[1:3]:
        first, last = visit - timedelta(days=35), visit - timedelta(days=12)
        mine = [n for n, p in enumerate(papers) if p.is_own and p.issued and first <= p.issued <= last]
        for place in mine[:2]:
            posted = visit + timedelta(days=draw.randint(6, 24))
            printed = after_working_days(papers[place].true_issued, 1)
            changed[place] = replace(papers[place], posted=posted, printed=printed)
    return changed


def _copies(papers: list[Paper], draw: random.Random, count: int) -> list[Paper]:
    """Show a document a second time in the other list."""
    whole = [p for p in papers if p.code and p.issued and p.printed == p.posted and p.is_own]
    copies = []
    for turn, paper in enumerate(draw.sample(whole, min(count, len(whole)))):
        other = DIRECTION if paper.lists == (LEGAL,) else LEGAL
        copies.append(replace(paper, number=len(papers) + turn, lists=(other,), copy_of=paper.number))
    return copies
