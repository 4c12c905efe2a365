"""Who games the rules and who only looks as if: labels for what each temper of an agency is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from simulator.agencies import Agency, Temper

Role = Literal["gamer", "look-alike", "plain"]

GAMERS: Final[Mapping[Temper, str]] = {
    "boasts": "khai vượt số thật",
    "back-dates": "in ngày đăng sớm hơn ngày thật",
    "pads": "đăng lại tin của nơi khác và trang trống cho đủ số, rồi khai cả những tin ấy",
    "bursts": "dồn tin vào hai tuần cuối kỳ",
    "hides-dates": "xóa ngày đăng để không ai biết đã trễ",
    "robots-refuse": "giấu cổng sau robots.txt",
    "block-page": "chặn người thu thập",
}
"""By temper: what is done to look better than is true."""

LOOK_ALIKES: Final[Mapping[Temper, str]] = {
    "errs": "nhầm số nhỏ hoặc khai thấp",
    "publishes-late": "đăng muộn, ngày in đúng",
    "busy-close": "có việc thật dồn vào hai tuần cuối kỳ",
    "withdraws": "gỡ tin đã đăng",
    "duplicates": "chuyển nền tảng, tin cũ còn ở địa chỉ cũ",
    "platform-robots": "nền tảng dùng chung đặt robots.txt cấm cho mọi đơn vị",
    "slow": "cổng chậm, buổi sáng phải chờ lâu mới trả lời",
    "dark-second-quarter": "cổng hỏng một quý",
    "dark": "cổng hỏng cả năm",
}
"""By temper: what happens in good faith and looks like one of the others."""


def role_of(agency: Agency) -> Role:
    """Return which of the two an agency is, or neither."""
    if agency.temper & GAMERS.keys():
        return "gamer"
    return "look-alike" if agency.temper & LOOK_ALIKES.keys() else "plain"
