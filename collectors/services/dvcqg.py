"""Reads a public-service portal through a gateway of the `rest.jsp` kind; not proven on a live system.

The shape comes from public descriptions; see docs/reference/service-drivers.md. Every answer is a bare JSON
array, numbers are strings, `[]` is no data and never 0, and a list ends with a short page. An agency is its
mapped code alone.

Settings of a source: `page_size` (50), `province` ("0"), `statistics` (false: monthly dossier reports are
asked for only when true, for they repeat what the one-stop-shop says).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import parse_qs, urlencode

from collectors.interface import Answer, Ask, ServiceDriver, Topic
from collectors.service_answers import Answered, count, day, demand, national_code, payload, rows_of, text_of
from minhchung.agencies import Agency
from minhchung.errors import UnrecognisedError
from minhchung.evidence import EvidenceRecord
from minhchung.observations import DossierTally, Procedure, ServiceOffer
from minhchung.periods import Period
from minhchung.sources import Source
from minhchung.text_keys import k2

_GATEWAY: Final = "/jsp/rest.jsp"
_PROCEDURES: Final = "procedure_advanced_search_service_v2"
_OFFERS: Final = "procedure_online_service_by_agency_service_v2"
_MONTH: Final = "report_by_month_sum_service"

_PROCEDURE_KEYS: Final = frozenset({"PROCEDURE_CODE", "PROCEDURE_NAME", "MA_COQUAN"})
_OFFER_KEYS: Final = frozenset({"PROCEDURE_CODE", "MUC_DO", "MA_COQUAN", "TRANG_THAI"})
_REPORT_KEYS: Final = frozenset({"MA_COQUAN", "HS_TOTAL", "HTN_TRUCTUYEN", "HTDH", "HTQH"})
_RECEIVED: Final = {
    "received": "HS_TOTAL",
    "received_direct": "HTN_TRUCTIEP",
    "received_postal": "HTN_BUUCHINH",
    "received_online": "HTN_TRUCTUYEN",
    "paid_online": "GDTTQG_TOTAL",
}
_RESOLVED: Final = {"resolved_on_time": "HTDH", "resolved_overdue": "HTQH"}

_LEVEL: Final = re.compile(r"(?:muc do|muc|level)? ?([1-4])")
_LEVELS: Final = {"toan trinh": 4, "mot phan": 3, "cung cap thong tin": 2}
_DECEMBER: Final = 12


class DvcQg:
    """Asks for the catalogue of procedures and for the online services of an agency."""

    def asks(self, source: Source, agency: Agency, period: Period) -> Iterator[Ask]:
        """Yield the first questions; an agency without a mapped code is not asked about."""
        code = agency.identifier(source.key)
        if code is None:
            return
        page = {"recordPerPage": str(source.settings.get("page_size", 50)), "pageIndex": "1"}
        common = {"provider": "dvcquocgia", "type": "ref", "is_connected": "0", "impl_agency_id": code}
        yield _ask(source, "procedures", {"service": _PROCEDURES, **common, **page})
        yield _ask(source, "services", {"service": _OFFERS, **common, **page})
        if source.settings.get("statistics") is not True:
            return
        province = str(source.settings.get("province", "0"))
        for first, last in _whole_months(period):
            yield _ask(
                source,
                "dossiers",
                {
                    "service": _MONTH,
                    "type": "ref",
                    "p_nam": str(first.year),
                    "p_thang": str(first.month),
                    "p_tinh_id": province,
                    "p_coquan_id": code,
                },
                first,
                last,
            )

    def read(
        self, source: Source, agency: Agency, record: EvidenceRecord, body: bytes, ask: Ask
    ) -> Iterator[Answer]:
        """Yield procedures, services or figures, the next page, and the health of the topic."""
        answered = Answered(source=source, agency=agency, record=record, topic=ask.topic)
        value, trouble = payload(record, body)
        code = agency.identifier(source.key)
        if trouble is not None or code is None:
            yield answered.health(*(trouble or ("mapping-missing", "")))
            return
        try:
            rows = rows_of(value)
            asked = _parameters(ask)
            found = list(_found(answered, code, rows, ask, asked.get("service", "")))
            follows, complete = _goes_on(rows, asked, ask)
        except UnrecognisedError as error:
            yield answered.health("schema-changed", str(error))
            return
        yield from found
        if follows:
            yield _ask(
                source,
                ask.topic,
                {**asked, "pageIndex": str(ask.page + 1)},
                page=ask.page + 1,
            )
        detail = "" if complete else f"trang {ask.page} lặp lại trang trước"
        yield answered.health("ok" if found or ask.page > 1 else "empty", detail, complete=complete)


def _ask(
    source: Source,
    topic: Topic,
    parameters: Mapping[str, str],
    first: date | None = None,
    last: date | None = None,
    page: int = 1,
) -> Ask:
    base = source.url.rstrip("/")
    return Ask(
        url=base + _GATEWAY,
        topic=topic,
        method="POST",
        headers=(
            ("Accept", "application/json"),
            ("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"),
            ("X-Requested-With", "XMLHttpRequest"),
            ("Referer", f"{base}/"),
        ),
        body=urlencode({"params": json.dumps(dict(parameters), ensure_ascii=False)}).encode(),
        page=page,
        first=first,
        last=last,
    )


def _parameters(ask: Ask) -> dict[str, str]:
    """Return what a question of ours asked for."""
    fields: dict[str, str] = json.loads(parse_qs(ask.body.decode())["params"][0])
    return fields


def _whole_months(period: Period) -> Iterator[tuple[date, date]]:
    first = period.first.replace(day=1)
    while first <= period.last:
        following = date(first.year + first.month // _DECEMBER, first.month % _DECEMBER + 1, 1)
        last = following - timedelta(days=1)
        if first >= period.first and last <= period.last:
            yield first, last
        first = following


def _goes_on(rows: list[Mapping[str, Any]], asked: Mapping[str, str], ask: Ask) -> tuple[bool, bool]:
    """Return whether another page follows, and whether this one is not an earlier one once more."""
    if "recordPerPage" not in asked or not rows:
        return False, True
    size = int(asked["recordPerPage"])
    position = count(rows[0].get("ROW_STT"), "ROW_STT")
    if position is not None and position != (ask.page - 1) * size + 1:
        return False, False
    return len(rows) >= size, True


def _found(
    answered: Answered, code: str, rows: list[Mapping[str, Any]], ask: Ask, service: str
) -> Iterator[Procedure | ServiceOffer | DossierTally]:
    """Yield what the agency's own rows say; rows of other bodies are passed over."""
    keys = {_PROCEDURES: _PROCEDURE_KEYS, _OFFERS: _OFFER_KEYS}.get(service, _REPORT_KEYS)
    for number, row in enumerate(rows):
        demand(row, keys)
        if text_of(row["MA_COQUAN"]) != code:
            continue
        if service == _PROCEDURES:
            yield _procedure(answered, row, f"/{number}")
        elif service == _OFFERS:
            yield _offer(answered, row, f"/{number}")
        else:
            yield from _report(answered, row, f"/{number}", ask)


def _procedure(answered: Answered, row: Mapping[str, Any], path: str) -> Procedure:
    return Procedure(
        **answered.carried(path),
        code=national_code(text_of(row["PROCEDURE_CODE"])),
        name=text_of(row["PROCEDURE_NAME"]),
        valid=text_of(row.get("HIEU_LUC", "1")) != "0",
        fee_always={"1": True, "0": False}.get(text_of(row.get("PHI_LEPHI"))),
    )


def _offer(answered: Answered, row: Mapping[str, Any], path: str) -> ServiceOffer:
    words = text_of(row["MUC_DO"])
    return ServiceOffer(
        **answered.carried(path),
        procedure=national_code(text_of(row["PROCEDURE_CODE"])),
        level=_level(words),
        level_text=words,
        open=text_of(row["TRANG_THAI"]) == "1",
        opened_on=day(row.get("NGAY_MO"), "NGAY_MO"),
    )


def _level(words: str) -> int | None:
    """Return the level that the words name; None where they name none, or two of them."""
    key = k2(words)
    named = {level for phrase, level in _LEVELS.items() if phrase in key}
    named |= {int(digit) for digit in _LEVEL.findall(key)}
    return named.pop() if len(named) == 1 else None


def _report(answered: Answered, row: Mapping[str, Any], path: str, ask: Ask) -> Iterator[DossierTally]:
    if ask.first is None or ask.last is None:
        raise UnrecognisedError("báo cáo được hỏi mà không có khoảng ngày")
    printed = (("TILE", text_of(row["TILE"])),) if row.get("TILE") is not None else ()
    for basis, keys in (("received", _RECEIVED), ("resolved", _RESOLVED)):
        given = {meaning: key for meaning, key in keys.items() if key in row}
        yield DossierTally(
            **answered.carried(path),
            first=ask.first,
            last=ask.last,
            basis="received" if basis == "received" else "resolved",
            figures=tuple((meaning, count(row[key], key)) for meaning, key in given.items()),
            labels=tuple(given.items()),
            printed=printed,
        )


DRIVER: Final[ServiceDriver] = DvcQg()
