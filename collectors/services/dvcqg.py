"""Reads a public-service portal through a gateway of the `rest.jsp` kind; not proven on a live system.

The shape comes from public descriptions; see docs/reference/service-drivers.md. Every answer is a bare JSON
array, numbers are strings, `[]` is no data and never 0, and a list ends with a short page. An agency is its
mapped code alone.

Settings of a source: `page_size` (50), `province` ("0"), `agency_type` ("1"), `agencies` and `scores` (true),
`statistics` (false: dossier reports are not asked for; true: they are the figures of record; "compare": they
are held against the one-stop-shop's and score nothing), `score_labels` (code -> label).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import parse_qs, urlencode

from collectors.interface import Answer, Ask, Capabilities, ServiceDriver
from collectors.service_answers import (
    Answered,
    Basis,
    as_printed,
    count,
    day,
    demand,
    level_of,
    national_code,
    payload,
    rows_of,
    tallies,
    text_of,
)
from collectors.spans import whole_months
from minhchung.agencies import Agency
from minhchung.dossiers import Topic
from minhchung.errors import UnrecognisedError
from minhchung.evidence import EvidenceRecord
from minhchung.observations import IndexScore, Procedure, ServiceOffer, SourceAgency
from minhchung.periods import Period
from minhchung.sources import Source

_GATEWAY: Final = "/jsp/rest.jsp"
_PROCEDURES: Final = "procedure_advanced_search_service_v2"
_OFFERS: Final = "procedure_online_service_by_agency_service_v2"
_AGENCIES: Final = "procedure_get_list_agency_by_type_service_v2"
_SCORES: Final = "report_tinh_766_service"
_MONTH: Final = "report_by_month_sum_service"
_YEAR: Final = "report_by_year_sum_service"

_KEYS: Final[Mapping[str, frozenset[str]]] = {
    _PROCEDURES: frozenset({"PROCEDURE_CODE", "PROCEDURE_NAME", "MA_COQUAN"}),
    _OFFERS: frozenset({"PROCEDURE_CODE", "MUC_DO", "MA_COQUAN", "TRANG_THAI"}),
    _AGENCIES: frozenset({"ID", "NAME"}),
    _SCORES: frozenset({"MA_COQUAN", "CKMB", "TDGQ", "CLGQ", "TTTT", "MDHL", "MDSH", "TONG_SCORE"}),
}
_REPORT_KEYS: Final = frozenset({"MA_COQUAN", "HS_TOTAL", "HTN_TRUCTUYEN", "HTDH", "HTQH"})
_FIGURES: Final[Mapping[Basis, Mapping[str, str]]] = {
    "received": {
        "received": "HS_TOTAL",
        "received_direct": "HTN_TRUCTIEP",
        "received_postal": "HTN_BUUCHINH",
        "received_online": "HTN_TRUCTUYEN",
        "paid_online": "GDTTQG_TOTAL",
        "synchronised": "DB_TOTAL",
        "carried_over": "TNTK_TOTAL",
    },
    "resolved": {"resolved_in_time": "HTDH", "resolved_overdue": "HTQH"},
}
_PRINTED: Final = ("TILE", "TILE_DB")
_RATES: Final = (("TILE", "resolved_in_time", "resolved_in_time+resolved_overdue"),)
_GROUPS: Final[Mapping[str, tuple[str, str]]] = {
    "CKMB": ("18", "Công khai, minh bạch"),
    "TDGQ": ("20", "Tiến độ giải quyết"),
    "CLGQ": ("12", "Dịch vụ công trực tuyến"),
    "TTTT": ("10", "Thanh toán trực tuyến"),
    "MDHL": ("18", "Mức độ hài lòng"),
    "MDSH": ("22", "Số hóa hồ sơ"),
}
"""Group of the index of Decision 766/QĐ-TTg -> (maximum, label); the labels are one team's reading."""


class DvcQg:
    """Asks for catalogue and online services of an agency, for bodies, scores and, where wanted, reports."""

    def capabilities(self, source: Source) -> Capabilities:
        """Return what the gateway is asked for."""
        topics: set[Topic] = {"procedures", "services"}
        topics |= {"agencies"} if source.settings.get("agencies", True) else set()
        topics |= {"scores"} if source.settings.get("scores", True) else set()
        if (statistics := _statistics(source)) is not None:
            topics.add(statistics)
        return Capabilities(
            topics=frozenset(topics), shape="mô tả công khai và mã nguồn công khai gọi rest.jsp"
        )

    def asks(self, source: Source, agency: Agency, period: Period) -> Iterator[Ask]:
        """Yield the first questions; an agency without a mapped code is not asked about."""
        code = agency.identifier(source.key)
        if code is None:
            return
        page = {"recordPerPage": str(source.settings.get("page_size", 50)), "pageIndex": "1"}
        common = {"provider": "dvcquocgia", "type": "ref", "is_connected": "0", "impl_agency_id": code}
        yield _ask(source, "procedures", {"service": _PROCEDURES, **common, **page})
        yield _ask(source, "services", {"service": _OFFERS, **common, **page})
        topic = _statistics(source)
        if topic is None:
            return
        asked = {"type": "ref", "p_tinh_id": _province(source), "p_coquan_id": code}
        for first, last in whole_months(period, with_year=True):
            spoken = {"service": _MONTH, **asked, "p_nam": str(first.year), "p_thang": str(first.month)}
            yield _ask(source, topic, spoken, (first, last))
        year = period.last.year
        spoken = {"service": _YEAR, **asked, "p_nam": str(year)}
        yield _ask(source, topic, spoken, (date(year, 1, 1), date(year, 12, 31)))

    def surveys(self, source: Source, period: Period) -> Iterator[Ask]:
        """Yield the questions about all bodies: which there are, and how they score by Decision 766."""
        if source.settings.get("agencies", True):
            kind = str(source.settings.get("agency_type", "1"))
            yield _ask(source, "agencies", {"service": _AGENCIES, "type": "ref", "loaicoquan": kind})
        if source.settings.get("scores", True):
            year = period.last.year
            size = str(source.settings.get("page_size", 50))
            spoken = {"service": _SCORES, "type": "ref", "p_nam": str(year), "p_6thang": "0", "p_quy": "0"}
            spoken |= {"p_thang": "0", "p_tinh_id": _province(source), "p_loaidonvi": "1"}
            spoken |= {"loaichitieu": "0", "pageIndex": "1", "pageSize": size}
            yield _ask(source, "scores", spoken, (date(year, 1, 1), date(year, 12, 31)))

    def read(
        self, source: Source, agency: Agency, record: EvidenceRecord, body: bytes, ask: Ask
    ) -> Iterator[Answer]:
        """Yield what the rows say, the next page, and the health of the topic."""
        answered = Answered(source=source, agency=agency, record=record, topic=ask.topic)
        value, trouble = payload(record, body)
        code = agency.identifier(source.key)
        if trouble is not None or (code is None and ask.topic not in ("agencies", "scores")):
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
            spoken = {**asked, "pageIndex": str(ask.page + 1)}
            yield _ask(source, ask.topic, spoken, (ask.first, ask.last), page=ask.page + 1)
        detail = "" if complete else f"trang {ask.page} lặp lại trang trước"
        yield answered.health("ok" if found or ask.page > 1 else "empty", detail, complete=complete)


def _statistics(source: Source) -> Topic | None:
    wanted = source.settings.get("statistics")
    return "dossiers" if wanted is True else "reports" if wanted == "compare" else None


def _province(source: Source) -> str:
    return str(source.settings.get("province", "0"))


def _ask(
    source: Source,
    topic: Topic,
    parameters: Mapping[str, str],
    span: tuple[date | None, date | None] = (None, None),
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
        first=span[0],
        last=span[1],
    )


def _parameters(ask: Ask) -> dict[str, str]:
    """Return what a question of ours asked for."""
    fields: dict[str, str] = json.loads(parse_qs(ask.body.decode())["params"][0])
    return fields


def _goes_on(rows: list[Mapping[str, Any]], asked: Mapping[str, str], ask: Ask) -> tuple[bool, bool]:
    """Return whether another page follows, and whether this one is not an earlier one once more."""
    wanted = asked.get("recordPerPage") or asked.get("pageSize")
    if wanted is None or not rows:
        return False, True
    size = int(wanted)
    position = count(rows[0].get("ROW_STT"), "ROW_STT")
    if position is not None and position != (ask.page - 1) * size + 1:
        return False, False
    return len(rows) >= size, True


def _found(
    answered: Answered, code: str | None, rows: list[Mapping[str, Any]], ask: Ask, service: str
) -> Iterator[Answer]:
    """Yield what the rows say; about one agency only its own rows, those of other bodies are passed over."""
    for number, row in enumerate(rows):
        demand(row, _KEYS.get(service, _REPORT_KEYS))
        path = f"/{number}"
        if service == _AGENCIES:
            yield _body(answered, row, path)
        elif service == _SCORES:
            yield _score(answered, row, path, ask)
        elif text_of(row["MA_COQUAN"]) != code:
            continue
        elif service == _PROCEDURES:
            yield _procedure(answered, row, path)
        elif service == _OFFERS:
            yield _offer(answered, row, path)
        else:
            yield from _report(answered, row, path, ask, service)


def _body(answered: Answered, row: Mapping[str, Any], path: str) -> SourceAgency:
    return SourceAgency(
        **answered.carried(path),
        identifier=text_of(row.get("MA_COQUAN") or row["ID"]),
        name=text_of(row["NAME"]),
    )


def _score(answered: Answered, row: Mapping[str, Any], path: str, ask: Ask) -> IndexScore:
    if ask.first is None or ask.last is None:
        raise UnrecognisedError("bảng điểm được hỏi mà không có khoảng ngày")
    told = answered.source.settings.get("score_labels", {})
    return IndexScore(
        **answered.carried(path),
        index="766",
        body=text_of(row["MA_COQUAN"]),
        name=text_of(row.get("TEN_COQUAN") or row.get("TEN")),
        first=ask.first,
        last=ask.last,
        scores=tuple((group, text_of(row[group])) for group in _GROUPS),
        maxima=tuple((group, most) for group, (most, _) in _GROUPS.items()),
        total=text_of(row["TONG_SCORE"]),
        labels=tuple((group, str(told.get(group, label))) for group, (_, label) in _GROUPS.items()),
        definition="Quyết định 766/QĐ-TTg",
    )


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
        level=level_of(words, answered.source.level),
        level_text=words,
        open=text_of(row["TRANG_THAI"]) == "1",
        opened_on=day(row.get("NGAY_MO"), "NGAY_MO"),
    )


def _report(
    answered: Answered, row: Mapping[str, Any], path: str, ask: Ask, service: str
) -> Iterator[Answer]:
    yield from tallies(
        answered,
        row,
        _FIGURES,
        path=path,
        span=(ask.first, ask.last),
        printed=as_printed(row, _PRINTED),
        rates=_RATES,
        report=service if ask.topic == "reports" else "",
        definition="HS_TOTAL: hồ sơ tiếp nhận; HTDH, HTQH: đã trả đúng hạn, quá hạn (một cách hiểu mã)",
    )


DRIVER: Final[ServiceDriver] = DvcQg()
