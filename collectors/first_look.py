"""How a portal as a whole answered, by its home page."""

from __future__ import annotations

from typing import Final, Literal

from collectors.trip import PageRead, Trip
from minhchung.evidence import Failure, TlsVerdict

State = Literal[
    "ok",
    "unreachable",
    "blocked",
    "robots-refused",
    "needs-browser",
    "identity-unverified",
    "layout-changed",
    "incident",
]

_STATES: Final[dict[Failure, State]] = {
    Failure.ROBOTS: "robots-refused",
    Failure.BLOCKED: "blocked",
    Failure.RATE_LIMITED: "blocked",
    Failure.NO_BROWSER: "needs-browser",
    Failure.BUDGET: "incident",  # our own limits and our own way out: nothing about the portal
    Failure.PROXY: "incident",
}


def judge_home(trip: Trip, home: PageRead) -> tuple[State, str]:
    """Return how the portal as a whole answered, and what is to be said of it."""
    answer, page = home.answer, home.page
    if answer.failure is not None:
        technical = ": ".join(filter(None, (answer.failure, answer.detail)))
        if answer.failure is Failure.ADDRESS_FORBIDDEN:
            remedy = "nếu đúng là cổng của cơ quan, thêm vào [network] allow"
            return "unreachable", f"địa chỉ nội bộ chưa được phép hỏi ({technical}); {remedy}"
        return _STATES.get(answer.failure, "unreachable"), f"không đọc được trang chủ ({technical})"
    if page is None:
        return "layout-changed", home.unread or "không nhận ra trang chủ"
    if page.shell:
        return "needs-browser", "trang chủ không hiện gì khi chưa chạy mã kịch bản"
    named = trip.names_agency(page)
    if answer.tls is not None and answer.tls.verdict is TlsVerdict.WRONG_NAME and not named:
        return (
            "identity-unverified",
            "chứng thư là của máy chủ khác và trang không nêu tên cơ quan",
        )
    return "ok", ""
