"""Whether an item stood on the portal before a cut-off: proven, disproven or neither, from captures alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from minhchung.evidence import RecordId
from minhchung.holdings import Holdings
from minhchung.observations import Item, ListCapture
from minhchung.periods import local_day
from verifiers.captures import is_complete


@dataclass(frozen=True, slots=True, kw_only=True)
class Existence:
    """What the captures say, and which of them."""

    verdict: Literal["proven", "disproven", "unproven"]
    text: str
    """One Vietnamese sentence."""

    records: tuple[RecordId, ...] = ()


def existed(holdings: Holdings, identity: str, cutoff: date, stated: date | None = None) -> Existence:
    """Return whether an item stood on the portal by the end of a local day.

    Proven: a record up to that day shows it. Disproven: a complete capture of its list lacks it, taken after
    the day on which it is said to have been posted and not after the cut-off; on that day itself it may have
    come later, and where the whole list has other identities than when it was seen, the platform moved.
    Else unproven.
    """
    shown = [one for one in holdings.observations if isinstance(one, Item) and one.identity == identity]
    dated = sorted((holdings.records[i.seen.record].captured_at, i.seen.record) for i in shown)
    if dated and local_day(dated[0][0]) <= cutoff:
        day = local_day(dated[0][0])
        text = f"Đã thấy ngày {day:%d/%m/%Y}, không sau hạn {cutoff:%d/%m/%Y}"
        return Existence(verdict="proven", text=text, records=(dated[0][1],))
    lists = {one.list_url for one in shown if one.list_url}
    lacking = [
        capture
        for url in sorted(lists)
        for capture in _whole(holdings, url)
        if stated is not None
        and stated < local_day(capture.captured_at) <= cutoff
        and identity not in capture.identities
        and _beside(holdings, url, identity) & set(capture.identities)
        and _reached(capture, stated)
    ]
    if lacking:
        last = max(lacking, key=lambda one: one.captured_at)
        day = local_day(last.captured_at)
        text = f"Danh sách đọc trọn vẹn ngày {day:%d/%m/%Y} không có; cơ quan nói đăng ngày {stated:%d/%m/%Y}"
        return Existence(verdict="disproven", text=text, records=(last.seen.record,))
    return Existence(verdict="unproven", text="Không bản chụp nào đến hạn cho biết là có hay không")


def _beside(holdings: Holdings, url: str, identity: str) -> set[str]:
    """Return the identities that stood on a list together with one of them."""
    seen = [one for one in holdings.observations if isinstance(one, ListCapture) and one.list_url == url]
    return {each for capture in seen if identity in capture.identities for each in capture.identities}


def _whole(holdings: Holdings, url: str) -> Iterator[ListCapture]:
    before = False
    mine = [one for one in holdings.observations if isinstance(one, ListCapture) and one.list_url == url]
    for capture in sorted(mine, key=lambda one: one.captured_at):
        complete = is_complete(capture, before)
        before = before or complete
        if complete:
            yield capture


def _reached(capture: ListCapture, day: date) -> bool:
    """Say whether a capture was read back to a day: one that stopped at known items was not read further."""
    if capture.ended not in {"known-run", "older"}:
        return True
    return capture.oldest is not None and capture.oldest <= day
