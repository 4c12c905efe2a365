"""Reads a one-stop-shop that speaks the JSON of VNPT iGate 2; not proven on a live system.

The shape comes from public descriptions of such systems; see docs/reference/service-drivers.md. Days go out
as local days written with Z and come back so: they are read as local days, never shifted. An agency is its
mapped code alone: names are never joined, nor rows of a parent or of a body whose name holds the name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from collectors.interface import Answer, Ask, ServiceDriver, Topic
from collectors.service_answers import (
    Answered,
    count,
    day,
    demand,
    national_code,
    part,
    payload,
    rows_of,
    text_of,
)
from minhchung.agencies import Agency
from minhchung.errors import UnrecognisedError
from minhchung.evidence import EvidenceRecord
from minhchung.observations import DossierTally, Workflow
from minhchung.periods import Period, local_day
from minhchung.sources import Source
from minhchung.text_keys import k2

_AGENCY_STATISTICS: Final = "/pa/dossier-statistic/--statistic-agency-kgg"
_PROCEDURE_STATISTICS: Final = "/pa/dossier-statistic/--statistic-procedure"
_WORKFLOWS: Final = "/bpm/process-definition"

_PAGE_SIZE: Final = 200
_RECEIVED: Final = {
    "received": "received",
    "received_online": "receivedOnline",
    "received_direct": "receivedDirect",
    "received_postal": "receivedPostal",
    "returned_postal": "returnedPostal",
    "postal_either": "postalEither",
    "fee_bearing": "feeBearing",
    "paid_online": "onlinePaid",
    "carried_over": "carriedOver",
}
_RESOLVED: Final = {
    "resolved": "resolved",
    "resolved_early": "resolvedEarly",
    "resolved_on_time": "resolvedOnTime",
    "resolved_overdue": "resolvedOverdue",
}
_OPEN: Final = {"open": "unresolved", "open_overdue": "unresolvedOverdue"}
_STATISTIC_KEYS: Final = frozenset({"agency", "received", "receivedOnline", "resolved", "resolvedOverdue"})
_PROCEDURE_KEYS: Final = frozenset({"agency", "procedure", "received", "receivedOnline"})
_WORKFLOW_KEYS: Final = frozenset({"agency", "procedure", "status"})
_PRINTED: Final = ("onTimeRate", "overdueRate", "onlineRate")
_ACTIVE: Final = frozenset({"dang ap dung", "dang hoat dong", "hoat dong", "active", "1"})


class IGate2:
    """Asks for dossier statistics of the agency and of its procedures, and for electronic workflows."""

    def asks(self, source: Source, agency: Agency, period: Period) -> Iterator[Ask]:
        """Yield the first questions; an agency without a mapped code is not asked about."""
        code = agency.identifier(source.key)
        if code is None:
            return
        span = {
            "from-date": f"{period.first.isoformat()}T00:00:00.000Z",
            "to-date": f"{period.last.isoformat()}T23:59:59.999Z",
        }
        paged = {"page": "0", "size": str(source.settings.get("page_size", _PAGE_SIZE)), "spec": "slice"}
        for topic, path, parameters in (
            ("dossiers", _AGENCY_STATISTICS, {"agency-id": code, **span}),
            ("dossiers", _PROCEDURE_STATISTICS, {"agency-id": code, **span, **paged}),
            ("workflows", _WORKFLOWS, {"agency-code": code, **paged}),
        ):
            yield _ask(source, "dossiers" if topic == "dossiers" else "workflows", path, parameters, period)

    def read(
        self, source: Source, agency: Agency, record: EvidenceRecord, body: bytes, ask: Ask
    ) -> Iterator[Answer]:
        """Yield figures and workflows, the next page, and the health of the topic."""
        answered = Answered(source=source, agency=agency, record=record, topic=ask.topic)
        value, trouble = payload(record, body)
        code = agency.identifier(source.key)
        if trouble is not None or code is None:
            yield answered.health(*(trouble or ("mapping-missing", "")))
            return
        try:
            path = urlsplit(ask.url).path
            if path.endswith(_AGENCY_STATISTICS):
                found: list[Answer] = list(_agency_tallies(answered, code, rows_of(value), ask))
            elif path.endswith(_PROCEDURE_STATISTICS):
                found = [*_procedure_tallies(answered, code, _content(value), ask), *_next_page(value, ask)]
            else:
                found = [*_workflows(answered, code, _content(value)), *_next_page(value, ask)]
        except UnrecognisedError as error:
            yield answered.health("schema-changed", str(error))
            return
        yield from found
        yield answered.health("ok" if found or ask.page > 1 else "empty")


def _ask(source: Source, topic: Topic, path: str, parameters: Mapping[str, str], period: Period) -> Ask:
    return Ask(
        url=f"{source.url.rstrip('/')}{path}?{urlencode(parameters)}",
        topic=topic,
        headers=(("Accept", "application/json"),),
        first=period.first if topic == "dossiers" else None,
        last=period.last if topic == "dossiers" else None,
    )


def _content(value: Any) -> list[Mapping[str, Any]]:
    if not isinstance(value, dict) or not isinstance(value.get("last"), bool):
        raise UnrecognisedError("câu trả lời không cho biết đã là trang cuối hay chưa")
    return rows_of(value.get("content"), "nội dung trang")


def _next_page(value: Mapping[str, Any], ask: Ask) -> Iterator[Ask]:
    if value["last"]:
        return
    if not value["content"]:
        raise UnrecognisedError("trang trống mà nói chưa phải trang cuối")
    parts = urlsplit(ask.url)
    parameters = {key: values[-1] for key, values in parse_qs(parts.query).items()} | {"page": str(ask.page)}
    yield Ask(
        url=parts._replace(query=urlencode(parameters)).geturl(),
        topic=ask.topic,
        headers=ask.headers,
        page=ask.page + 1,
        first=ask.first,
        last=ask.last,
    )


def _agency_tallies(
    answered: Answered, code: str, rows: list[Mapping[str, Any]], ask: Ask
) -> Iterator[DossierTally]:
    """Yield the agency's own row, marked as a total where rows of its units stand beside it."""
    for row in rows:
        demand(row, _STATISTIC_KEYS)
    units = [n for n, row in enumerate(rows) if _parent(row) == code]
    own = [n for n, row in enumerate(rows) if _code(row) == code]
    if len(own) > 1:
        raise UnrecognisedError(f"{len(own)} dòng cho cùng một mã {code}")
    for number in own + units if own else []:
        yield from _tallies(answered, rows[number], f"/{number}", ask, is_total=number in own and bool(units))


def _tallies(
    answered: Answered, row: Mapping[str, Any], path: str, ask: Ask, *, is_total: bool
) -> Iterator[DossierTally]:
    first, last = _span(ask)
    as_of = day(row.get("statisticDate"), "statisticDate") or local_day(answered.record.captured_at)
    printed = tuple((key, text_of(row[key])) for key in _PRINTED if row.get(key) is not None)
    carried = answered.carried(path)
    figures = _figures(row, _RECEIVED)
    yield DossierTally(
        **carried, **figures, basis="received", first=first, last=last, is_total=is_total, printed=printed
    )
    figures = _figures(row, _RESOLVED)
    yield DossierTally(
        **carried, **figures, basis="resolved", first=first, last=last, is_total=is_total, printed=printed
    )
    if any(key in row for key in _OPEN.values()):
        figures = _figures(row, _OPEN)
        yield DossierTally(**carried, **figures, basis="snapshot", first=as_of, last=as_of, is_total=is_total)


def _procedure_tallies(
    answered: Answered, code: str, rows: list[Mapping[str, Any]], ask: Ask
) -> Iterator[DossierTally]:
    """Yield one row a procedure; the total row repeats the agency's, test rows and other units' are left."""
    first, last = _span(ask)
    for number, row in enumerate(rows):
        demand(row, _PROCEDURE_KEYS)
        procedure = part(row, "procedure")
        if _code(row) != code or row.get("isTest") is True or procedure.get("code") is None:
            continue
        yield DossierTally(
            **answered.carried(f"/content/{number}"),
            **_figures(row, _RECEIVED),
            basis="received",
            first=first,
            last=last,
            procedure=national_code(text_of(procedure["code"])),
        )


def _workflows(answered: Answered, code: str, rows: list[Mapping[str, Any]]) -> Iterator[Workflow]:
    for number, row in enumerate(rows):
        demand(row, _WORKFLOW_KEYS)
        if _code(row) != code:
            continue
        status = part(row, "status")
        state = k2(text_of(status.get("name"))) or text_of(status.get("id"))
        yield Workflow(
            **answered.carried(f"/content/{number}"),
            procedure=national_code(text_of(part(row, "procedure").get("code"))),
            active=state in _ACTIVE,
            steps=count(row.get("stepCount"), "stepCount"),
            created_on=day(row.get("createdDate"), "createdDate"),
        )


def _figures(row: Mapping[str, Any], keys: Mapping[str, str]) -> dict[str, Any]:
    given = {meaning: key for meaning, key in keys.items() if key in row}
    return {
        "figures": tuple((meaning, count(row[key], key)) for meaning, key in given.items()),
        "labels": tuple(given.items()),
    }


def _span(ask: Ask) -> tuple[Any, Any]:
    if ask.first is None or ask.last is None:
        raise UnrecognisedError("thống kê được hỏi mà không có khoảng ngày")
    return ask.first, ask.last


def _code(row: Mapping[str, Any]) -> str:
    return text_of(part(row, "agency").get("code"))


def _parent(row: Mapping[str, Any]) -> str:
    parent = part(row, "agency").get("parent")
    return text_of(parent.get("code")) if isinstance(parent, dict) else ""


DRIVER: Final[ServiceDriver] = IGate2()
