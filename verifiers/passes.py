"""Which visits count, and how many of them it takes to say that something is absent (G9, G10, G12).

A visit whose own side was sick proves nothing. What is there needs one visit; what is not there needs
two, on two local days and some hours apart, so that a bad afternoon is never an agency's fault.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Final, TypeVar

from minhchung.agencies import Agency
from minhchung.evidence import PORTAL, Failure, Locator, RunId
from minhchung.holdings import Holdings, VisitReport
from minhchung.measurements import Reason, Unmeasured
from minhchung.observations import Seen
from minhchung.periods import Period, local_day
from verifiers.interface import CommonSettings, Context

Kind = TypeVar("Kind", bound=Seen)

_PORTAL_SCOPES: Final = ("lists", "host")
_WORDS: Final[Mapping[Reason, str]] = {
    Reason.UNREACHABLE: "không kết nối được với cổng/trang thông tin điện tử",
    Reason.BLOCKED: "cổng/trang thông tin điện tử chặn việc thu thập",
    Reason.ROBOTS_REFUSED: "robots.txt của cổng/trang thông tin điện tử không cho phép thu thập",
    Reason.NEEDS_BROWSER: "trang chỉ hiện nội dung khi chạy bằng trình duyệt",
    Reason.IDENTITY_UNVERIFIED: "chưa xác nhận được đây là cổng/trang thông tin điện tử của cơ quan",
    Reason.NO_PORTAL_CONFIRMED: "chưa có địa chỉ cổng/trang thông tin điện tử được xác nhận",
    Reason.LAYOUT_CHANGED: "giao diện trang đã thay đổi, chưa đọc được",
    Reason.NEEDS_PERSON: "lượt thu thập gần nhất có vẻ chỉ thấy một phần cổng, cần người xem lại",
    Reason.INCIDENT: "sự cố ở phía hệ thống thu thập",
    Reason.PLATFORM_INCIDENT: "sự cố của nền tảng dùng chung",
    Reason.NOT_COLLECTED: "chưa có lượt thu thập nào",
    Reason.SINGLE_MEASUREMENT: "mới thấy trong một lượt thu thập, cần hai lượt ở hai ngày khác nhau",
    Reason.COVERAGE_BELOW: "phần đã xem chưa đủ để kết luận",
    Reason.NOT_READ: "tệp hoặc trang chưa đọc được",
    Reason.MAPPING_MISSING: "cấu hình chưa khai báo điều cần để kiểm tra",
}


def words(reason: Reason) -> str:
    """Return the reason in words, Vietnamese; a reason without words of its own as its code."""
    return _WORDS.get(reason, reason.value)


def assessed_period(agency: Agency, period: Period) -> Period | None:
    """Return the days of the period on which the agency existed, or None when there are none."""
    first = max(agency.valid_from or period.first, period.first)
    last = min(agency.valid_to or period.last, period.last)
    return Period(first, last) if first <= last else None


def last_day(agency: Agency, context: Context) -> date:
    """Return the last day of the period on which the agency existed, else of the period."""
    period = assessed_period(agency, context.period)
    return period.last if period is not None else context.period.last


def snapshot_window(agency: Agency, context: Context) -> Period:
    """Return the days whose visits show the state at the period's end, up to the freeze.

    Who ended before is seen as it was up to its last day: what stands at its address later is not its own.
    """
    last = last_day(agency, context)
    first = last - timedelta(days=context.common.snapshot_days)
    until = context.freeze if last == context.period.last else min(context.freeze, last)
    return Period(first, max(until, first))


def portal_visits(holdings: Holdings, context: Context) -> tuple[VisitReport, ...]:
    """Return the visits to the portal up to the freeze, oldest first, whatever they brought.

    After an agency's last day a visit may still show what it published; that it shows nothing says nothing.
    """
    found = [
        v
        for v in holdings.visits
        if v.source == PORTAL
        and v.scope in _PORTAL_SCOPES
        and local_day(v.began_at) <= context.freeze
        and (v.state == "ok" or not _outlived(holdings.agency, v))
    ]
    return tuple(sorted(found, key=lambda v: (v.began_at, v.run)))


def _outlived(agency: Agency, visit: VisitReport) -> bool:
    return agency.valid_to is not None and local_day(visit.began_at) > agency.valid_to


def healthy(visit: VisitReport) -> bool:
    """Say whether the visit proves anything: none does with sick canaries or in an incident."""
    return visit.canaries and visit.state not in ("incident", "platform-incident")


def read_visits(visits: Iterable[VisitReport]) -> tuple[VisitReport, ...]:
    """Return the healthy visits whose home page was read: from these alone something may be concluded."""
    return tuple(v for v in visits if healthy(v) and v.state == "ok")


def within(visits: Iterable[VisitReport], window: Period) -> tuple[VisitReport, ...]:
    """Return the visits that began on a local day of the window."""
    return tuple(v for v in visits if local_day(v.began_at) in window)


def snapshot_visits(holdings: Holdings, context: Context) -> tuple[VisitReport, ...]:
    """Return the portal visits of the snapshot window, whatever they brought."""
    return within(portal_visits(holdings, context), snapshot_window(holdings.agency, context))


def refusal(holdings: Holdings, visits: Iterable[VisitReport]) -> Unmeasured | None:
    """Say why nothing may be concluded from these visits, or None when at least one was read.

    While the newest of them waits for a person, older ones do not speak for the portal either.
    """
    asked = tuple(visits)
    if not holdings.agency.portal:
        return Unmeasured(reason=Reason.NO_PORTAL_CONFIRMED, detail=words(Reason.NO_PORTAL_CONFIRMED))
    if not asked:
        return Unmeasured(reason=Reason.NOT_COLLECTED, detail=words(Reason.NOT_COLLECTED))
    newest = max(filter(healthy, asked), key=lambda visit: visit.began_at, default=None)
    doubted = newest is not None and newest.reason is Reason.NEEDS_PERSON
    if read_visits(asked) and not doubted:
        return None
    telling = [v for v in asked if healthy(v)]
    if not telling:
        reason = _why_spoilt(asked)
        detail = "; ".join(dict.fromkeys(v.detail for v in asked if v.detail))
    else:
        last = newest if doubted and newest is not None else telling[-1]
        reason, detail = last.reason or Reason.UNREACHABLE, last.detail
    said = f"{words(reason)} ({len(asked)} lượt)" + (f": {detail}" if detail else "")
    return Unmeasured(reason=reason, detail=said, basis=visit_places(asked))


def _why_spoilt(visits: Iterable[VisitReport]) -> Reason:
    """Say why visits that prove nothing do not: one that somebody else could have brought about decides.

    Whoever runs a platform, or writes a page that our collector breaks over, must not choose what that is
    worth; what canaries or our own limits tell is ours alone.
    """
    why = Reason.INCIDENT
    for visit in visits:
        if visit.state == "platform-incident":
            return Reason.PLATFORM_INCIDENT
        if visit.canaries and visit.failure is Failure.BAD_CONTENT:
            why = Reason.NOT_READ
    return why


def visit_places(visits: Iterable[VisitReport]) -> tuple[Locator, ...]:
    """Return the sealed reports of the visits."""
    return tuple(Locator(record=v.record) for v in visits if v.record is not None)


def apart(instants: Iterable[datetime], common: CommonSettings) -> bool:
    """Say whether two of the instants lie on different local days and far enough apart (G10)."""
    known = sorted(instants)
    if not known:
        return False
    gap = timedelta(hours=common.hours_between_measurements)
    return known[-1] - known[0] >= gap and local_day(known[-1]) != local_day(known[0])


def day_of(visit: VisitReport) -> date:
    """Return the local day on which a visit began."""
    return local_day(visit.began_at)


def by_run(holdings: Holdings, kind: type[Kind]) -> Mapping[RunId, tuple[Kind, ...]]:
    """Return the observations of one type, by the run that saw them, in the order seen."""
    found: dict[RunId, list[Kind]] = defaultdict(list)
    for each in holdings.observations:
        if isinstance(each, kind):
            found[each.run].append(each)
    return {run: tuple(seen) for run, seen in found.items()}
