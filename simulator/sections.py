"""The dated sections of one portal: their headings, their articles and the leaders' schedule."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from simulator import inquiries, papers, words
from simulator.agencies import Agency
from simulator.model import Section, Story, Week

NEWS: Final = ("tin-tuc", "tin-nganh")
STALE_ORDERS: Final = "y-kien"
SCHEDULE: Final = "lich"

_NEWS_HEADINGS: Final = {
    "provincial": (
        ("Tin tức - Sự kiện", "Hoạt động ngành"),
        ("Tin hoạt động", "Tin chuyên ngành"),
        ("Tin tức", "Tin trong tỉnh"),
    ),
    "district": (
        ("Tin tức - Sự kiện", "Hoạt động của huyện"),
        ("Tin nổi bật", "Tin cơ sở"),
        ("Tin tức", "Tin địa phương"),
    ),
}  # fmt: skip
_LEGAL_HEADINGS: Final = ("Văn bản pháp luật", "Hệ thống văn bản", "Văn bản", "Văn bản quy phạm pháp luật")
_DIRECTION_HEADINGS: Final = ("Văn bản chỉ đạo điều hành", "Thông tin chỉ đạo điều hành")
_OTHER_DIRECTION_HEADING: Final = "Văn bản điều hành"

_ARTICLES: Final[dict[str, tuple[str, str, tuple[str, ...]]]] = {
    # item: (key, group, headings)
    "xu_ly_kien_nghi": ("kien-nghi", "Điều hành", ("Giải quyết kiến nghị cử tri", "Trả lời kiến nghị")),
    "khen_thuong_xu_phat": (
        "khen-thuong", "Điều hành", ("Thi đua - Khen thưởng", "Khen thưởng, xử phạt", "Xử lý vi phạm"),
    ),
    "tuyen_truyen_phap_luat": (
        "pho-bien",
        "Công khai",
        ("Tuyên truyền, phổ biến pháp luật", "Phổ biến giáo dục pháp luật", "PBGDPL"),
    ),
    "thong_ke_bao_cao": ("thong-ke", "Công khai", ("Báo cáo thống kê", "Số liệu thống kê", "Thống kê")),
    "chien_luoc_quy_hoach": (
        "quy-hoach",
        "Công khai",
        ("Chiến lược, quy hoạch", "Qui hoạch, kế hoạch", "Định hướng phát triển"),
    ),
    "du_an_dau_thau_mua_sam": ("du-an", "Công khai", ("Dự án đầu tư", "Đấu thầu", "Danh mục dự án")),
    "lay_y_kien_gop_y": ("gop-y", "Tương tác", ("Góp ý dự thảo", "Lấy ý kiến góp ý", "Dự thảo văn bản")),
}  # fmt: skip
_SCHEDULE_HEADINGS: Final = ("Lịch công tác tuần", "Lịch làm việc của lãnh đạo", "Lịch công tác")
_QUESTION_HEADINGS: Final = ("Hỏi đáp", "Hỏi - đáp", "Hỏi đáp trực tuyến")
_FILLED: Final = frozenset({"list", "stale", "hidden", "unanswered"})
_NOTICES: Final = "thong-bao"


def lay_out_sections(agency: Agency, index: int, plan: Mapping[str, str]) -> tuple[Section, ...]:
    """Return the portal's lists in menu order."""
    news = _NEWS_HEADINGS[agency.bloc][index % 3]
    sections = [
        Section(key=key, heading=heading, kind="news", group="Thông tin")
        for key, heading in zip(NEWS, news, strict=True)
    ]
    sections.append(Section(key=_NOTICES, heading="Thông báo", kind="article", group="Thông tin"))
    legal = _LEGAL_HEADINGS[index % len(_LEGAL_HEADINGS)]
    sections.append(Section(key=papers.LEGAL, heading=legal, kind="document", group="Điều hành"))
    sections += _direction(index, plan["y_kien_chi_dao"])
    for item, (key, group, headings) in _ARTICLES.items():
        if (way := plan[item]) not in ("absent", "poll"):
            heading, hidden = headings[index % len(headings)], way == "hidden"
            sections.append(Section(key=key, heading=heading, kind="article", group=group, hidden=hidden))
    if plan["lich_lam_viec_lanh_dao"] != "absent":
        heading = _SCHEDULE_HEADINGS[index % len(_SCHEDULE_HEADINGS)]
        sections.append(Section(key=SCHEDULE, heading=heading, kind="schedule", group="Điều hành"))
    if plan["hoi_dap"] in ("list", "none-in-period"):
        heading = _QUESTION_HEADINGS[index % len(_QUESTION_HEADINGS)]
        sections.append(Section(key=inquiries.SECTION, heading=heading, kind="question", group="Tương tác"))
    return tuple(sections)


def _direction(index: int, way: str) -> list[Section]:
    named = way in ("list", "no-papers")
    heading = _DIRECTION_HEADINGS[index % 2] if named else _OTHER_DIRECTION_HEADING
    sections = [Section(key=papers.DIRECTION, heading=heading, kind="document", group="Điều hành")]
    if way in ("stale", "empty"):
        heading = "Ý kiến chỉ đạo"
        sections.append(Section(key=STALE_ORDERS, heading=heading, kind="document", group="Điều hành"))
    return sections


def write_articles(agency: Agency, seed: int, plan: Mapping[str, str]) -> list[Story]:
    """Return the items of every dated section that is neither news nor documents."""
    draw = random.Random(f"{seed}/{agency.code}/articles")
    taken: set[str] = set()
    told = [_article(draw, taken, _NOTICES, _in_period(draw)) for _ in range(3)]
    for item, (key, _, _) in _ARTICLES.items():
        way = plan[item]
        if way not in _FILLED:
            continue
        for _ in range(draw.randint(2, 4)):
            day = _long_ago(draw) if way == "stale" else _in_period(draw)
            article = _article(draw, taken, key, day)
            told.append(_with_answer(article, draw, way) if key == "kien-nghi" else article)
    return told


def _with_answer(article: Story, draw: random.Random, way: str) -> Story:
    topic, place = draw.choice(words.TOPICS), words.village(draw)
    petition = f"Cử tri bản {place} đề nghị quan tâm việc {topic}. " + words.paragraph(draw, 3)
    answer = "" if way == "unanswered" else words.paragraph(draw, 3)
    title = f"Cử tri bản {place} nêu việc {topic}"
    return replace(article, title=title, summary="", paragraphs=(petition,), answer=answer)


def _article(draw: random.Random, taken: set[str], key: str, day: date) -> Story:
    return Story(
        number=0,
        lists=(key,),
        title=words.headline(draw, taken),
        posted=day,
        printed=day,
        summary=words.sentence(draw),
        paragraphs=words.body(draw),
    )


def _in_period(draw: random.Random) -> date:
    return date(2020, 12, 1) + timedelta(days=draw.randrange(300))


def _long_ago(draw: random.Random) -> date:
    return date(2014, 2, 3) + timedelta(days=draw.randrange(700))


def plan_weeks(agency: Agency, seed: int, way: str) -> list[Week]:
    """Return the weeks that the leaders' schedule shows."""
    if way not in ("list", "stale"):
        return []
    draw = random.Random(f"{seed}/{agency.code}/schedule")
    first = date(2019, 1, 7) if way == "stale" else date(2020, 11, 9)
    mondays = [first + timedelta(days=28 * n) for n in range(12)]
    return [_week(draw, monday) for monday in mondays]


def _week(draw: random.Random, monday: date) -> Week:
    days = ("Thứ Hai", "Thứ Tư", "Thứ Sáu")
    entries = tuple(f"{day} 08:00: Họp bàn việc {draw.choice(words.TOPICS)}" for day in days)
    sunday = monday + timedelta(days=6)
    return Week(
        number=0,
        lists=(SCHEDULE,),
        title=f"Từ ngày {monday:%d/%m/%Y} đến ngày {sunday:%d/%m/%Y}",
        posted=monday - timedelta(days=2),
        printed=monday,
        first=monday,
        last=sunday,
        entries=entries,
    )
