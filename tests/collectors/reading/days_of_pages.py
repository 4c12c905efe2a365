"""Item pages of our own making, laid out as Vietnamese portals lay theirs out, with the day of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

DAY: Final = date(2021, 10, 5)
URL: Final = "https://muong-thu.example/tin-tuc/le-hoi-mua-gat-17100"
TITLE: Final = "Lễ hội mùa gặt ở bản Nà Tấu"
STORY: Final = (
    "<p>Từ ngày 28/09/2021 đến ngày 02/10/2021, bà con bản Nà Tấu mở hội mừng lúa mới sau vụ gặt.</p>"
    "<p>Hội do xã tổ chức theo Kế hoạch số 77/KH-UBND ngày 10/8/2021, nối tiếp các hội mở từ năm 2015.</p>"
    "<p>Mọi người cùng gặt, giã gạo, nấu cơm; các bà các mẹ hát những bài hát cũ cho con cháu nghe.</p>"
)
CLOCK: Final = "<div class='clock'>Thứ Sáu, ngày 12 tháng 11 năm 2021 | 10:20 GMT+7</div>"
RELATED: Final = (
    "<h3>Tin liên quan</h3><ul>"
    "<li><a href='/tin-tuc/hop-17090'>Họp bàn việc bản</a> <span>(11/11/2021)</span></li>"
    "<li><a href='/tin-tuc/lam-duong-17080'>Làm đường vào bản</a> <span>(09/11/2021)</span></li></ul>"
)
FRAME: Final = (
    "<!doctype html><html lang='vi'><head><meta charset='utf-8'>"
    "<title>{title} | Sở Thử Nghiệm</title>{head}</head>"
    "<body><header><a href='/'>Sở Thử Nghiệm</a>{clock}</header><nav><a href='/tin-tuc'>Tin tức</a></nav>"
    "<div class='content'>{body}</div>"
    "<div class='sidebar'><h3>Tin mới</h3>"
    "<ul><li><a href='/a'>Ra quân vệ sinh bản</a> <i>10/11/2021</i></li></ul></div>"
    "<footer>{footer}</footer></body></html>"
)
LICENCE: Final = "Giấy phép số 15/GP-TTĐT ngày 02/3/2015. Bản quyền 2015 - 2021."


@dataclass(frozen=True, slots=True)
class Laid:
    """One page and its truth."""

    name: str
    body: str
    head: str = ""
    day: date | None = DAY
    url: str = URL
    clock: str = CLOCK
    order: str = "dmy"
    footer: str = "Bản quyền thuộc Sở Thử Nghiệm."

    @property
    def html(self) -> str:
        """The page."""
        parts = {"head": self.head, "body": self.body, "clock": self.clock, "footer": self.footer}
        return FRAME.format(title=TITLE, **parts)


def under(line: str) -> str:
    """The day's line under the title, as most portals print it."""
    return f"<h1>{TITLE}</h1>{line}{STORY}{RELATED}"


def above(line: str) -> str:
    """The day's line above the title."""
    return f"{line}<h1>{TITLE}</h1>{STORY}{RELATED}"


def below(line: str) -> str:
    """The day's line under the story."""
    return f"<h1>{TITLE}</h1>{STORY}{line}{RELATED}"


def far_below(line: str) -> str:
    """The day's line under a long story, beside the author's name."""
    return f"<h1>{TITLE}</h1>{STORY}{STORY}{STORY}<p><b>Sùng A Mẫu</b></p>{line}{RELATED}"


def ld(text: str) -> str:
    """A script of linked data."""
    return f"<script type='application/ld+json'>{text}</script>"


_LINES: Final = {
    "slashes": "<p class='ngay'>05/10/2021</p>",
    "slashes without zeros": "<p>5/10/2021</p>",
    "with the time": "<p>05/10/2021 08:30</p>",
    "time first": "<div class='info'>08:30, 05/10/2021</div>",
    "time and dash": "<div class='info'>13:39 - 05/10/2021</div>",
    "dash and time": "<span class='meta'>05/10/2021 - 08:30</span>",
    "hyphens": "<p>05-10-2021 14:39:16</p>",
    "dots": "<p>05.10.2021</p>",
    "ISO": "<p>2021-10-05 10:17:56</p>",
    "weekday": "<div>Thứ ba, 05/10/2021 | 08:30</div>",
    "weekday number": "<div>Thứ 3, Ngày 05/10/2021, 22:00</div>",
    "words": "<p>Ngày 05 tháng 10 năm 2021</p>",
    "weekday and words": "<p>Thứ Ba, ngày 5 tháng 10 năm 2021</p>",
    "words with a comma": "<p>5 tháng 10, 2021</p>",
    "month first in words": "<p>tháng 10 5, 2021, 09:06 (+0700)</p>",
    "month as a word": "<p>5 Tháng Mười, 2021</p>",
    "label": "<p>Ngày đăng: 05/10/2021</p>",
    "label and two blanks": "<p>Ngày đăng: 05/10/2021  20:26</p>",
    "posted on": "<p>Đăng ngày: 05/10/2021 10:29:41</p>",
    "views beside": "<p>05/10/2021 | Lượt xem: 1082</p>",
    "many views beside": "<div><span>Lượt xem: 31.122.019</span> <span>05/10/2021</span></div>",
    "views of the number of a year": "<p>Lượt xem: 2020 | 05/10/2021</p>",
    "author before": "<p>Ban biên tập - 05/10/2021</p>",
    "at": "<p>ngày 05-10-2021 lúc 09:59</p>",
    "glued": "<p>ngày05/10/2021</p>",
    "updated label": "<p>Cập nhật: 05/10/2021</p>",
    "in parentheses": "<p>(05/10/2021)</p>",
    "nested": "<div class='tool'><div><span class='icon'></span><span>05/10/2021</span></div></div>",
    "in a table": "<table><tr><td>Ngày đăng</td><td>05/10/2021</td></tr><tr><td>Người đăng</td></tr></table>",
    "English month": "<p>October 5, 2021</p>",
}
_MARKED: Final = {
    "time element": Laid("time element", under("<time datetime='2021-10-05T08:30:00+07:00'>hôm kia</time>")),
    "time element in UTC of the day before": Laid(
        "time element in UTC of the day before", under("<time datetime='2021-10-04T18:30:00Z'>05/10</time>")
    ),
    "article:published_time": Laid(
        "article:published_time",
        under(""),
        "<meta property='article:published_time' content='2021-10-05T01:30:00+00:00'>"
        "<meta property='article:modified_time' content='2021-11-02T01:30:00+00:00'>",
    ),
    "meta in UTC of the day before": Laid(
        "meta in UTC of the day before",
        under(""),
        "<meta property='article:published_time' content='2021-10-04T17:30:00Z'>",
    ),
    "Dublin Core": Laid("Dublin Core", under(""), "<meta name='DC.date.issued' content='2021-10-05'>"),
    "itemprop": Laid("itemprop", under("<meta itemprop='datePublished' content='2021-10-05'>")),
    "itemprop shown": Laid(
        "itemprop shown", under("<span itemprop='datePublished' content='2021-10-05'>hôm qua</span>")
    ),
    "linked data": Laid(
        "linked data",
        under(""),
        ld('{"@type":"NewsArticle","dateModified":"2021-11-02","datePublished":"2021-10-05T08:30:00+07:00"}'),
    ),
    "linked data beside a printed day of change": Laid(
        "linked data beside a printed day of change",
        under(""),
        ld('{"@graph":[{"@type":"WebPage"},{"@type":"Article","datePublished":"2021-10-05"}]}'),
    ),
    "address with the whole day": Laid(
        "address with the whole day", under(""), url="https://muong-thu.example/2021/10/05/le-hoi/"
    ),
    "address with the ISO day": Laid(
        "address with the ISO day",
        under(""),
        url="https://muong-thu.example/portal/pages/2021-10-05/le-hoi-mua-gat-468686.aspx",
    ),
    "abbr": Laid("abbr", under("<abbr class='published' title='2021-10-05T08:30:00+07:00'>mới đây</abbr>")),
    "months first, by profile": Laid(
        "months first, by profile", under("<p>10/5/2021 2:59:23 PM</p>"), order="mdy"
    ),
}
_NONE: Final = {
    "no day but the story's": Laid("no day but the story's", under(""), day=None),
    "no day, a licence in the footer": Laid(
        "no day, a licence in the footer", under(""), day=None, footer=LICENCE
    ),
    "a clock that says today": Laid(
        "a clock that says today",
        f"<p>Hôm nay: 12/11/2021</p><h1>{TITLE}</h1>{STORY}",
        day=None,
        clock="",
    ),
    "no day and no clock": Laid("no day and no clock", under(""), day=None, clock=""),
    "impossible": Laid("impossible", under("<p>Ngày đăng: 31/02/2021</p>"), day=None),
    "two digits of the year": Laid("two digits of the year", under("<p>05/10/21</p>"), day=None),
    "a clock in the page's body": Laid(
        "a clock in the page's body",
        f"<p>Hôm nay: Thứ Sáu, 12/11/2021, 10:20 GMT+7</p><h1>{TITLE}</h1>{STORY}",
        day=None,
        clock="",
    ),
}

PAGES: Final = (
    *(Laid(f"{name}, under the title", under(line)) for name, line in _LINES.items()),
    *(
        Laid(f"{name}, with a licence in the footer", under(_LINES[name]), footer=LICENCE)
        for name in ("slashes", "label", "weekday and words")
    ),
    *(Laid(f"{name}, above the title", above(_LINES[name])) for name in ("slashes", "weekday", "words")),
    *(Laid(f"{name}, under the story", below(_LINES[name])) for name in ("slashes", "label", "posted on")),
    *(Laid(f"{name}, under a long story", far_below(_LINES[name])) for name in ("slashes", "label", "at")),
    *_MARKED.values(),
    *_NONE.values(),
)
