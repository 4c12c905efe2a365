"""A year of news for one agency: own items over its active weeks, and all that must not count."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from simulator import words
from simulator.agencies import Agency
from simulator.almanac import FIRST, HOLIDAYS, LAST, VISITS, counted_weeks
from simulator.model import Story

_WEEK_SHARES: Final = {
    # an average hides silence: these agencies publish in bursts
    "so-y-te": 43 / 51,
    "huyen-suoi-tram": 36 / 51,
    "so-tu-phap": 27 / 51,
    "so-xay-dung": 38 / 51,
}
_USUAL_SHARE: Final = 50 / 51
_EVEN: Final = "even"

_UNDATED_SHARE: Final = 0.7

_LAST_COPIED: Final = date(2021, 10, 20)

_PUBLICITY: Final = (0, 3, 12, 7, 5, 14, 1, 11, 6, 9, 2, 13)
"""Items on digital transformation, in turn over the agencies."""

_PUBLIC_TITLES: Final = (
    "Tuyên truyền chuyển đổi số tại bản {v}",
    "Tổ công nghệ cộng đồng bản {v} đẩy mạnh chuyển đổi số hiệu quả",
    "Phổ biến kỹ năng số cho bà con bản {v}",
    "Xây dựng chính quyền số từ bản {v}",
    "Bản {v} học cách làm công dân số",
    "Ban hành kế hoạch CĐS giai đoạn mới, chọn bản {v} làm điểm",
    "Kinh tế số mở lối cho nông sản bản {v}",
    "Thanh niên bản {v} hưởng ứng tháng chuyển đối số",
)
_NEAR_TITLES: Final = (
    "Hướng dẫn người dân bản {v} chuyển đổi số điện thoại sang đầu số mới",
    "Nhà mạng thông báo chuyển đổi số thuê bao ở bản {v}",
    "Rà soát việc chuyển đổi số hiệu văn bản lưu trữ tại bản {v}",
    "Hội nghị tổ chức bộ máy của bản {v}",
    "Công bố danh mục thủ tục hành chính ở bản {v}",
)
_PUBLIC_SUMMARY: Final = "Chuyến đi thực tế ghi nhận cách bản {v} đưa chuyển đổi số vào việc hằng ngày."


@dataclass(frozen=True, slots=True)
class _Tally:
    """How many of each kind stand beside the own items."""

    reposts: int
    copies: int
    stubs: int
    future: int
    undated: int


PADDING: Final = (45, 30)
"""Reposts and stubs that fill a count."""

_CLOSING_DAYS: Final = 14
_CLOSING_SHARE: Final = 0.35


def _tally(agency: Agency, index: int) -> _Tally:
    reposts, stubs = PADDING if "pads" in agency.temper else (0, 0)
    return _Tally(
        reposts=2 + agency.own_news // 14 + reposts,
        copies=35 if "duplicates" in agency.temper else index % 4,
        stubs=index % 3 + stubs,
        future=(index + 1) % 3,
        undated=index % 2,
    )


def tell_news(agency: Agency, index: int, seed: int, lists: tuple[str, ...]) -> list[Story]:
    """Return every item that the agency's news lists ever show, numbered from 0 within the list."""
    draw = random.Random(f"{seed}/{agency.code}/news")
    taken: set[str] = set()
    tally = _tally(agency, index)
    days = _spread(agency, draw)
    own = [_story(draw, day, taken, lists) for day in days]
    own = _publicise(own, draw, _PUBLICITY[index % len(_PUBLICITY)], taken)
    others = [
        *(_repost(draw, taken, lists) for _ in range(tally.reposts)),
        *(_stub(draw, taken, lists) for _ in range(tally.stubs)),
        *(_future(draw, taken, lists) for _ in range(tally.future)),
        *(_undated(draw, taken, lists) for _ in range(tally.undated)),
        *(_elsewhen(draw, taken, lists, before) for before in (True, True, True, True, False)),
    ]
    told = [replace(story, number=n) for n, story in enumerate([*own, *others])]
    told = _sign(told, agency, draw)
    if "back-dates" in agency.temper:
        told = _back_date(told, draw)
    if "withdraws" in agency.temper:
        told = _withdraw(told, draw)
    if "hides-dates" in agency.temper:
        told = [
            replace(story, printed=None) if story.printed and draw.random() < _UNDATED_SHARE else story
            for story in told
        ]
    return told + _copies(told, tally.copies, draw, agency)


def _spread(agency: Agency, draw: random.Random) -> list[date]:
    """Draw one day per own item: every active week gets one, the rest fall where they fall."""
    weeks = list(counted_weeks())
    share = 1.0 if agency.volume == _EVEN else _WEEK_SHARES.get(agency.code, _USUAL_SHARE)
    active = sorted(draw.sample(weeks, min(round(share * len(weeks)), agency.own_news)))
    mondays = active + [draw.choice(active) for _ in range(agency.own_news - len(active))]
    days = [_office_day(draw, monday) for monday in mondays]
    if agency.temper & {"bursts", "busy-close"}:
        since = LAST - timedelta(days=_CLOSING_DAYS - 1)
        moved = draw.sample(range(len(days)), round(_CLOSING_SHARE * len(days)))
        for place in moved:
            days[place] = _day_between(draw, since, LAST)
    return sorted(days)


def _office_day(draw: random.Random, monday: date) -> date:
    days = [monday + timedelta(days=n) for n in range(5)]
    return draw.choice([day for day in days if day not in HOLIDAYS] or days)


def _day_between(draw: random.Random, first: date, last: date) -> date:
    return first + timedelta(days=draw.randint(0, (last - first).days))


def _story(draw: random.Random, day: date, taken: set[str], lists: tuple[str, ...]) -> Story:
    home = draw.choice(lists)
    shown_in = lists if draw.random() < 0.04 else (home,)
    paragraphs = words.body(draw)
    return Story(
        number=0,
        lists=shown_in,
        title=words.headline(draw, taken),
        posted=day,
        printed=day,
        summary=words.sentence(draw),
        paragraphs=paragraphs,
        has_photo=draw.random() < 0.1,
    )


def _publicise(own: list[Story], draw: random.Random, count: int, taken: set[str]) -> list[Story]:
    """Let some items speak of digital transformation, and a few only seem to."""
    chosen = draw.sample(range(len(own)), count + len(_NEAR_TITLES) + 1)
    told = list(own)
    for turn, place in enumerate(chosen[:count]):
        name = words.village(draw)
        if turn % 5 == 4:
            told[place] = replace(own[place], summary=_PUBLIC_SUMMARY.format(v=name), publicises=True)
        else:
            title = _PUBLIC_TITLES[turn % len(_PUBLIC_TITLES)].format(v=name)
            told[place] = replace(own[place], title=title, publicises=True)
        taken.add(told[place].title)
    for title, place in zip(_NEAR_TITLES, chosen[count:], strict=False):
        told[place] = replace(own[place], title=title.format(v=words.village(draw)))
    last = chosen[-1]
    aside = "Buổi làm việc cũng nhắc đến chuyển đổi số. " + words.sentence(draw)
    told[last] = replace(own[last], paragraphs=(*own[last].paragraphs, aside))
    return told


def _repost(draw: random.Random, taken: set[str], lists: tuple[str, ...]) -> Story:
    day = _day_between(draw, FIRST, date(2021, 10, 31))
    credit = draw.choice(words.REPOST_LINES)
    return replace(_story(draw, day, taken, lists), credit=credit, is_repost=True)


def _stub(draw: random.Random, taken: set[str], lists: tuple[str, ...]) -> Story:
    day = _day_between(draw, FIRST, date(2021, 10, 31))
    title = f"Ảnh: một buổi sáng ở bản {words.village(draw)}"
    story = replace(_story(draw, day, taken, lists), title=title, summary="", has_photo=False)
    return replace(story, paragraphs=("Ảnh chụp nhanh của đơn vị.",), is_stub=True)


def _future(draw: random.Random, taken: set[str], lists: tuple[str, ...]) -> Story:
    day = _day_between(draw, date(2020, 11, 10), date(2021, 1, 25))
    printed = _day_between(draw, date(2022, 3, 1), date(2022, 9, 1))
    return replace(_story(draw, day, taken, lists), printed=printed)


def _undated(draw: random.Random, taken: set[str], lists: tuple[str, ...]) -> Story:
    day = _day_between(draw, date(2020, 11, 10), date(2021, 1, 25))
    return replace(_story(draw, day, taken, lists), printed=None)


def _elsewhen(draw: random.Random, taken: set[str], lists: tuple[str, ...], before: bool) -> Story:
    """Tell an item of another year's period, so that lists reach beyond both ends."""
    span = (date(2020, 9, 1), date(2020, 10, 28)) if before else (date(2021, 11, 1), date(2021, 11, 1))
    story = _story(draw, _day_between(draw, *span), taken, lists)
    if not before:
        return story
    return replace(story, title=f"Chuyển đổi số là việc của mọi nhà ở bản {words.village(draw)}")


def _sign(told: list[Story], agency: Agency, draw: random.Random) -> list[Story]:
    """Let some own items carry a credit that names the agency itself, its editors or a contributor."""
    own_lines = (f"Nguồn: {agency.name}", "Nguồn: Ban Biên tập", "Nguồn: BBT", "Nguồn: CTV")
    return [
        replace(story, credit=draw.choice(own_lines))
        if not story.credit and not story.is_stub and draw.random() < 0.08
        else story
        for story in told
    ]


def _back_date(told: list[Story], draw: random.Random) -> list[Story]:
    """Print an earlier day on some items, on the other side of a visit, so that it can be proved."""
    changed = list(told)
    for visit in VISITS[1:3]:
        end = visit + timedelta(days=30)
        after = [n for n, s in enumerate(told) if visit < s.posted <= end and s.printed]
        for place in draw.sample(after, min(3, len(after))):
            early = visit - timedelta(days=draw.randint(4, 20))
            changed[place] = replace(told[place], printed=early)
    return changed


def _withdraw(told: list[Story], draw: random.Random) -> list[Story]:
    """Take items away after they were seen at one visit at least."""
    changed = list(told)
    for seen_at in VISITS[:3]:
        start = seen_at - timedelta(days=40)
        span = [n for n, s in enumerate(told) if start <= s.posted <= seen_at]
        seen = [n for n in span if told[n].printed and not told[n].is_repost]
        for place in draw.sample(seen, min(2, len(seen))):
            changed[place] = replace(told[place], withdrawn=seen_at + timedelta(days=draw.randint(5, 30)))
    return changed


def _copies(told: list[Story], count: int, draw: random.Random, agency: Agency) -> list[Story]:
    """Repeat items word by word; after a move of platforms under the old form of address as well."""
    moved = "duplicates" in agency.temper
    proper = [
        story
        for story in told
        if story.printed == story.posted
        and FIRST <= story.posted <= _LAST_COPIED
        and not story.withdrawn
        and not story.is_stub
    ]
    originals = draw.sample(proper, min(count, len(proper)))
    return [
        replace(
            story,
            number=len(told) + n,
            copy_of=story.number,
            old_address=agency.look == "vnpt",
            posted=max(story.posted, date(2021, 5, 20)) if moved else story.posted,
        )
        for n, story in enumerate(originals)
    ]
