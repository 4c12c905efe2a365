"""Reads the statistics of an OpenCPS 2 one-stop-shop; not proven on a live system.

The shape comes from the project's published source: one record a month, agency and domain, with the header
`groupId`. A record without domain sums the agency's domains, one without agency sums the province: they are
totals and are never added to the rest. Settings: `group_id`, `path` ("/o/rest/statistics").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from collectors.interface import Answer, Ask, Capabilities, ServiceDriver
from collectors.service_answers import (
    Answered,
    Basis,
    as_printed,
    count,
    demand,
    payload,
    rows_of,
    tallies,
    text_of,
)
from collectors.spans import whole_months
from minhchung.agencies import Agency
from minhchung.errors import UnrecognisedError
from minhchung.evidence import EvidenceRecord
from minhchung.periods import Period, local_day
from minhchung.sources import Source

_PATH: Final = "/o/rest/statistics"
_KEYS: Final = frozenset(
    {"govAgencyCode", "domainCode", "month", "year", "receivedCount", "releaseCount", "overtimeCount"}
)
_FIGURES: Final[Mapping[Basis, Mapping[str, str]]] = {
    "received": {
        "carried_over": "remainingCount",
        "received": "receivedCount",
        "received_online": "onlineCount",
        "received_direct": "onegateCount",
        "received_postal": "viaPostalCount",
        "must_process": "processCount",
        "returned": "deniedCount",
        "withdrawn": "cancelledCount",
    },
    "resolved": {
        "resolved": "releaseCount",
        "resolved_early": "betimesCount",
        "resolved_on_time": "ontimeCount",
        "resolved_overdue": "overtimeCount",
    },
    "snapshot": {
        "open": "processingCount",
        "open_in_time": "undueCount",
        "open_overdue": "overdueCount",
        "paused": "pausingCount",
        "supplement": "waitingCount",
    },
}
_RATES: Final = (("ontimePercentage", "resolved_early+resolved_on_time", "resolved"),)


class OpenCps2:
    """Asks for the statistics of each whole month."""

    def capabilities(self, source: Source) -> Capabilities:
        """Return what the system is asked for."""
        return Capabilities(topics=frozenset({"dossiers"}), shape="mã nguồn công khai của OpenCPS 2")

    def asks(self, source: Source, agency: Agency, period: Period) -> Iterator[Ask]:
        """Yield a question a month; an agency without a mapped code is not asked about."""
        code = agency.identifier(source.key)
        if code is None:
            return
        base = f"{source.url.rstrip('/')}{source.settings.get('path', _PATH)}"
        headers: tuple[tuple[str, str], ...] = (("Accept", "application/json"),)
        if group := source.settings.get("group_id"):
            headers += (("groupId", str(group)),)
        for first, last in whole_months(period):
            asked = {"year": str(first.year), "month": str(first.month), "agency": code}
            yield Ask(
                url=f"{base}?{urlencode(asked)}", topic="dossiers", headers=headers, first=first, last=last
            )

    def surveys(self, source: Source, period: Period) -> Iterator[Ask]:
        """Yield nothing: the statistics name bodies only beside their figures."""
        return iter(())

    def read(
        self, source: Source, agency: Agency, record: EvidenceRecord, body: bytes, ask: Ask
    ) -> Iterator[Answer]:
        """Yield the month's figures and the health of the topic."""
        answered = Answered(source=source, agency=agency, record=record, topic=ask.topic)
        value, trouble = payload(record, body)
        code = agency.identifier(source.key)
        if trouble is not None or code is None:
            yield answered.health(*(trouble or ("mapping-missing", "")))
            return
        try:
            rows = _records(value)
            found = [answer for n, row in enumerate(rows) for answer in _row(answered, code, row, n, ask)]
        except UnrecognisedError as error:
            yield answered.health("schema-changed", str(error))
            return
        yield from found
        yield answered.health("ok" if found else "empty")


def _records(value: Any) -> list[Mapping[str, Any]]:
    """Return the records: a bare array, or the list beside its count."""
    if isinstance(value, dict):
        named = next((value[key] for key in ("data", "dossierStatisticData") if key in value), None)
        rows = rows_of(named if named is not None else ())
        if "total" in value and count(value["total"], "total") != len(rows):
            raise UnrecognisedError(f"hệ thống nói có {value['total']} dòng, câu trả lời có {len(rows)}")
        return rows
    return rows_of(value)


def _row(answered: Answered, code: str, row: Mapping[str, Any], number: int, ask: Ask) -> Iterator[Answer]:
    demand(row, _KEYS)
    if ask.first is None or ask.last is None:
        raise UnrecognisedError("thống kê được hỏi mà không có khoảng ngày")
    if (count(row["year"], "year"), count(row["month"], "month")) != (ask.first.year, ask.first.month):
        raise UnrecognisedError(f"hỏi tháng {ask.first:%m/%Y}, câu trả lời là {row['month']}/{row['year']}")
    body, domain = text_of(row["govAgencyCode"]), text_of(row["domainCode"])
    if body not in ("", code):
        return
    yield from tallies(
        answered,
        row,
        _FIGURES,
        path=f"/{number}",
        span=(ask.first, ask.last),
        as_of=min(ask.last, local_day(answered.record.captured_at)),
        printed=as_printed(row, [label for label, _, _ in _RATES]),
        rates=_RATES,
        group=domain,
        whose="agency" if body else "province",
        is_total=not domain or not body,
        definition="releaseCount: hồ sơ đã có kết quả; betimes, ontime, overtime: trước, đúng, quá hạn",
    )


DRIVER: Final[ServiceDriver] = OpenCps2()
