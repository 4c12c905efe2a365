"""Monitors: after a visit, does it look like a portal seen whole, or like one seen in half?

A portal that changed under us often still answers: lists show fewer rows, days are no longer read, every
third page fails. Scoring that would be our failure, counted as the agency's. A breach makes the visit prove
nothing until a person has looked; what was fetched stays sealed. Pure: accounts and lists in, sentences out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from minhchung.holdings import VisitReport
from minhchung.observations import Directive, Item, LegalDocument, ListCapture
from minhchung.periods import local_day
from minhchung.sources import Monitors

_WORDS: Final = {"day": "ngày", "title": "tên", "number": "số, ký hiệu", "issuer": "cơ quan ban hành"}

SLIPS: Final = 2
"""Newest days that are not believed: a slip of the year would make a portal look fresh for a year."""


def told(report: VisitReport, listed: Iterable[Item]) -> VisitReport:
    """Return the account with what monitors compare: the fields that listed items bear, the newest day."""
    items = list(listed)
    days = [day for item in items if (day := item.published or getattr(item, "issued", None)) is not None]
    newest = sorted(days, reverse=True)[SLIPS : SLIPS + 1]
    return replace(
        report,
        dated=len(days),
        undated=len(items) - len(days),
        newest=newest[0] if newest else None,
        fields=tuple(_borne(items)),
    )


def _borne(items: Sequence[Item]) -> Iterator[tuple[str, int, int]]:
    """Yield how many items bear a field, of those that could."""
    papers = [item for item in items if isinstance(item, LegalDocument | Directive)]
    for name, those in (("title", items), ("number", papers), ("issuer", papers)):
        if those:
            yield name, sum(bool(getattr(item, name)) for item in those), len(those)


def baseline(report: VisitReport, earlier: Sequence[VisitReport], monitors: Monitors) -> VisitReport | None:
    """Return the last visit of the same scope that was seen whole, and that no person has put aside."""
    settled = max((each.day for each in monitors.settled if each.agency == report.agency), default=None)
    sound = [
        visit
        for visit in earlier
        if visit.scope == report.scope
        and visit.state == "ok"
        and visit.canaries
        and not visit.cut
        and (settled is None or local_day(visit.began_at) > settled)
    ]
    return sound[-1] if sound else None


def judged(
    report: VisitReport,
    before: VisitReport | None,
    lists: Iterable[ListCapture],
    lists_before: Iterable[ListCapture],
    monitors: Monitors,
) -> VisitReport:
    """Return the account, marked for a person where a monitor is breached; says why in `detail`."""
    if report.state != "ok":
        return report
    breaches = [*_failures(report, monitors)]
    if before is not None:
        breaches += _drop(lists, lists_before, monitors)
        breaches += _fields(report, before, monitors)
        breaches += _freshness(report, before, monitors)
    if not breaches:
        return report
    detail = "; ".join(filter(None, (report.detail, *breaches)))
    return replace(report, state="needs-person", detail=detail)


def _failures(report: VisitReport, monitors: Monitors) -> list[str]:
    """Too much of what was asked for failed. Addresses that are simply gone are the portal's own matter."""
    failed = report.failed - report.gone
    if (
        report.attempts < monitors.min_attempts
        or failed * 100 <= monitors.max_failed_percent * report.attempts
    ):
        return []
    return [f"{failed} trong {report.attempts} yêu cầu không thành (quá {monitors.max_failed_percent} %)"]


def _drop(lists: Iterable[ListCapture], before: Iterable[ListCapture], monitors: Monitors) -> list[str]:
    """The lists show far fewer rows. A list is compared by its beginning: a later visit reads no further."""
    now, then = _shown(lists, monitors.list_rows), _shown(before, monitors.list_rows)
    if then < monitors.min_items or (then - now) * 100 <= monitors.max_drop_percent * then:
        return []
    return [f"các danh sách hiện {now} dòng đầu, lần trước {then} (giảm quá {monitors.max_drop_percent} %)"]


def _shown(lists: Iterable[ListCapture], most: int) -> int:
    return sum(min(len(each.identities), most) for each in lists)


def _fields(report: VisitReport, before: VisitReport, monitors: Monitors) -> list[str]:
    """What was read of items before is not read any more: days, titles, numbers, issuers."""
    pairs = {name: (have, of) for name, have, of in before.fields}
    pairs["day"] = (before.dated, before.dated + before.undated)
    found: list[str] = []
    for name, have, of in (("day", report.dated, report.dated + report.undated), *report.fields):
        then_have, then_of = pairs.get(name, (0, 0))
        if min(of, then_of) < monitors.min_items:
            continue
        now, then = have * 100 // of, then_have * 100 // then_of
        if then - now > monitors.max_field_fall:
            word = _WORDS[name]
            found.append(
                f"{now} % số mục có {word}, lần trước {then} % (giảm quá {monitors.max_field_fall} điểm)"
            )
    return found


def _freshness(report: VisitReport, before: VisitReport, monitors: Monitors) -> list[str]:
    """The newest day shown went back: the top of the lists is not what we are shown."""
    if before.newest is None or before.dated < monitors.min_items:
        return []
    day_of_visit = local_day(report.began_at)
    then = min(before.newest, local_day(before.began_at))  # a slip of the year is no news of the future
    now = min(report.newest, day_of_visit) if report.newest is not None else None
    if now is not None and (then - now).days <= monitors.max_newest_fall_days:
        return []
    shown = now.isoformat() if now is not None else "không ngày nào"
    return [f"ngày mới nhất hiện ra là {shown}, lần trước {then.isoformat()}"]
