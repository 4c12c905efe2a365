"""Reads a one-stop-shop that speaks the JSON of VNPT iGate 2; not proven on a live system.

The shape comes from public descriptions of such systems; see docs/reference/service-drivers.md. Days go out
as local days written with Z and come back so: they are read as local days, never shifted. An agency is its
mapped code alone: names are never joined, nor rows of a parent or of a body whose name holds the name.

Settings of a source: `page_size` (200), `agencies` (true), `digitisation` (false), `online_report` (false: it
has names and no codes, so a row is an agency's only if its name is the one confirmed in `report_names`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from collectors.interface import Answer, Ask, Capabilities, ServiceDriver
from collectors.service_answers import (
    Answered,
    Basis,
    as_printed,
    count,
    day,
    demand,
    national_code,
    part,
    payload,
    rows_of,
    tallies,
    text_of,
)
from minhchung.agencies import Agency
from minhchung.dossiers import Topic
from minhchung.errors import UnrecognisedError
from minhchung.evidence import EvidenceRecord
from minhchung.observations import DossierTally, SourceAgency, Workflow
from minhchung.periods import Period
from minhchung.sources import Source
from minhchung.text_keys import k1, k2

_STATISTICS: Final = "/pa/dossier-statistic/--statistic-agency-kgg"
_BY_PROCEDURE: Final = "/pa/dossier-statistic/--statistic-procedure"
_ONLINE_REPORT: Final = "/pa/kgg-dossier-statistic/--kgg-dossier-report-online"
_DIGITISATION: Final = "/pa/kgg-digitize/digitization-by-agency"
_WORKFLOWS: Final = "/bpm/process-definition"
_AGENCIES: Final = "/ba/agency/name+code"

_PAGE_SIZE: Final = 200
_FIGURES: Final[Mapping[Basis, Mapping[str, str]]] = {
    "received": {
        "received": "received",
        "received_online": "receivedOnline",
        "received_direct": "receivedDirect",
        "received_postal": "receivedPostal",
        "returned_postal": "returnedPostal",
        "postal_either": "postalEither",
        "fee_bearing": "feeBearing",
        "paid_online": "onlinePaid",
        "carried_over": "carriedOver",
    },
    "resolved": {
        "resolved": "resolved",
        "resolved_early": "resolvedEarly",
        "resolved_on_time": "resolvedOnTime",
        "resolved_overdue": "resolvedOverdue",
    },
    "snapshot": {"open": "unresolved", "open_overdue": "unresolvedOverdue"},
}
_ONLINE: Final[Mapping[Basis, Mapping[str, str]]] = {
    "received": {
        "received": "total",
        "online_partial": "phatsinh_1phan_quantity",
        "online_full": "phatsinh_toanphan_quantity",
        "returned": "tuchoi_quantity",
        "paid_online": "onlinepaid_quantity",
    }
}
_DIGITISED: Final[Mapping[Basis, Mapping[str, str]]] = {
    "received": {"received": "totalReceiver", "received_digitised": "totalReceiverHavingFile"},
    "resolved": {"resolved": "totalComplete", "resolved_digitised": "totalCompleteHavingFile"},
}
_STATISTIC_KEYS: Final = frozenset({"agency", "received", "receivedOnline", "resolved", "resolvedOverdue"})
_PROCEDURE_KEYS: Final = frozenset({"agency", "procedure", "received", "receivedOnline"})
_WORKFLOW_KEYS: Final = frozenset({"agency", "procedure", "status"})
_ONLINE_KEYS: Final = frozenset({"agency_name", "total"})
_DIGITISED_KEYS: Final = frozenset({"agency", "totalReceiver", "totalReceiverHavingFile"})
_PRINTED: Final = ("onTimeRate", "overdueRate", "onlineRate")
_RATES: Final = (
    ("onTimeRate", "resolved_early+resolved_on_time", "resolved"),
    ("overdueRate", "resolved_overdue", "resolved"),
    ("onlineRate", "received_online", "received"),
)
_DIGITISED_RATES: Final = (
    ("percentTotalReceiverHavingFile", "received_digitised", "received"),
    ("percentTotalCompleteHavingFile", "resolved_digitised", "resolved"),
)
_ACTIVE: Final = frozenset({"dang ap dung", "dang hoat dong", "hoat dong", "active", "1"})


class IGate2:
    """Asks for dossier statistics of the agency and of its procedures, for workflows, reports and bodies."""

    def capabilities(self, source: Source) -> Capabilities:
        """Return what the system is asked for."""
        topics: set[Topic] = {"dossiers", "workflows"}
        topics |= {"agencies"} if source.settings.get("agencies", True) else set()
        topics |= {"digitisation"} if source.settings.get("digitisation") else set()
        topics |= {"reports"} if source.settings.get("online_report") else set()
        return Capabilities(
            topics=frozenset(topics),
            shape="mô tả công khai của cổng iGate 2 tại vài tỉnh; có phần tự bổ sung",
        )

    def asks(self, source: Source, agency: Agency, period: Period) -> Iterator[Ask]:
        """Yield the first questions; an agency without a mapped code is not asked about."""
        code = agency.identifier(source.key)
        if code is None:
            return
        span = _span(period)
        paged = {"page": "0", "size": str(source.settings.get("page_size", _PAGE_SIZE)), "spec": "slice"}
        yield _ask(source, "dossiers", _STATISTICS, {"agency-id": code, **span}, period)
        yield _ask(source, "dossiers", _BY_PROCEDURE, {"agency-id": code, **span, **paged}, period)
        yield _ask(source, "workflows", _WORKFLOWS, {"agency-code": code, **paged})
        if source.settings.get("digitisation"):
            yield _ask(source, "digitisation", _DIGITISATION, {"agency-id": code, **span}, period)
        if source.settings.get("online_report") and _report_name(source, agency):
            yield _ask(source, "reports", _ONLINE_REPORT, {"agency-id": code, **span}, period)

    def surveys(self, source: Source, period: Period) -> Iterator[Ask]:
        """Yield the question which bodies the system knows."""
        if source.settings.get("agencies", True):
            yield _ask(source, "agencies", _AGENCIES, {})

    def read(
        self, source: Source, agency: Agency, record: EvidenceRecord, body: bytes, ask: Ask
    ) -> Iterator[Answer]:
        """Yield figures, workflows or bodies, the next page, and the health of the topic."""
        answered = Answered(source=source, agency=agency, record=record, topic=ask.topic)
        value, trouble = payload(record, body)
        code = agency.identifier(source.key) or ""
        if trouble is not None or not (code or ask.topic == "agencies"):
            yield answered.health(*(trouble or ("mapping-missing", "")))
            return
        try:
            found = list(_found(answered, code, value, ask))
        except UnrecognisedError as error:
            yield answered.health("schema-changed", str(error))
            return
        yield from found
        yield answered.health("ok" if found or ask.page > 1 else "empty")


def _found(answered: Answered, code: str, value: Any, ask: Ask) -> Iterator[Answer]:
    path = urlsplit(ask.url).path
    if path.endswith(_STATISTICS):
        yield from _agency_tallies(answered, code, rows_of(value), ask)
    elif path.endswith(_BY_PROCEDURE):
        yield from _procedure_tallies(answered, code, _content(value, ask), ask)
        yield from _next_page(value, ask)
    elif path.endswith(_DIGITISATION):
        yield from _digitised(answered, code, rows_of(value), ask)
    elif path.endswith(_ONLINE_REPORT):
        yield from _online(answered, rows_of(value), ask)
    elif path.endswith(_AGENCIES):
        yield from _bodies(answered, rows_of(value))
    else:
        yield from _workflows(answered, code, _content(value, ask))
        yield from _next_page(value, ask)


def _span(period: Period) -> dict[str, str]:
    return {
        "from-date": f"{period.first.isoformat()}T00:00:00.000Z",
        "to-date": f"{period.last.isoformat()}T23:59:59.999Z",
    }


def _ask(
    source: Source, topic: Topic, path: str, parameters: Mapping[str, str], period: Period | None = None
) -> Ask:
    asked = f"?{urlencode(parameters)}" if parameters else ""
    return Ask(
        url=f"{source.url.rstrip('/')}{path}{asked}",
        topic=topic,
        headers=(("Accept", "application/json"),),
        first=period.first if period else None,
        last=period.last if period else None,
    )


def _content(value: Any, ask: Ask) -> list[Mapping[str, Any]]:
    if not isinstance(value, dict) or not isinstance(value.get("last"), bool):
        raise UnrecognisedError("câu trả lời không cho biết đã là trang cuối hay chưa")
    number = count(value.get("number"), "number")
    if number not in (None, ask.page - 1):
        raise UnrecognisedError(f"hỏi trang {ask.page - 1}, câu trả lời nói là trang {number}")
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
    """Yield the agency's own row (a total where its units stand beside it), its units' and its parent's."""
    for row in rows:
        demand(row, _STATISTIC_KEYS)
    own = [n for n, row in enumerate(rows) if _code(row) == code]
    if not own:
        return
    if len(own) > 1:
        raise UnrecognisedError(f"{len(own)} dòng cho cùng một mã {code}")
    units = [n for n, row in enumerate(rows) if _parent(row) == code]
    above = [n for n, row in enumerate(rows) if _code(row) == _parent(rows[own[0]]) != ""]
    for whose, numbers in (("agency", own), ("unit", units), ("province", above)):
        for number in numbers:
            row = rows[number]
            yield from tallies(
                answered,
                row,
                _FIGURES,
                path=f"/{number}",
                span=(ask.first, ask.last),
                as_of=day(row.get("statisticDate"), "statisticDate"),
                printed=as_printed(row, _PRINTED),
                rates=_RATES,
                whose=whose,
                body="" if whose == "agency" else _code(row),
                is_total=whose == "province" or (whose == "agency" and bool(units)),
            )


def _procedure_tallies(
    answered: Answered, code: str, rows: list[Mapping[str, Any]], ask: Ask
) -> Iterator[DossierTally]:
    """Yield one row a procedure; the total row repeats the agency's, test rows and other units' are left."""
    for number, row in enumerate(rows):
        demand(row, _PROCEDURE_KEYS)
        procedure = part(row, "procedure")
        if _code(row) != code or row.get("isTest") is True or procedure.get("code") is None:
            continue
        yield from tallies(
            answered,
            row,
            {"received": _FIGURES["received"]},
            path=f"/content/{number}",
            span=(ask.first, ask.last),
            procedure=national_code(text_of(procedure["code"])),
        )


def _digitised(
    answered: Answered, code: str, rows: list[Mapping[str, Any]], ask: Ask
) -> Iterator[DossierTally]:
    for number, row in enumerate(rows):
        demand(row, _DIGITISED_KEYS)
        if _code(row) == code:
            yield from tallies(
                answered,
                row,
                _DIGITISED,
                path=f"/{number}",
                span=(ask.first, ask.last),
                report="digitization-by-agency",
                printed=as_printed(row, [label for label, _, _ in _DIGITISED_RATES]),
                rates=_DIGITISED_RATES,
            )


def _report_name(source: Source, agency: Agency) -> str:
    """Return the name under which a person has found this agency in the report, empty where nobody has."""
    return str(source.settings.get("report_names", {}).get(agency.code, ""))


def _online(answered: Answered, rows: list[Mapping[str, Any]], ask: Ask) -> Iterator[DossierTally]:
    """Yield the row whose whole name is the confirmed one: a name that only holds it is another body."""
    wanted = k1(_report_name(answered.source, answered.agency))
    for number, row in enumerate(rows):
        demand(row, _ONLINE_KEYS)
        if wanted and k1(text_of(row["agency_name"])) == wanted:
            yield from tallies(
                answered,
                row,
                _ONLINE,
                path=f"/{number}",
                span=(ask.first, ask.last),
                report="kgg-dossier-report-online",
            )


def _bodies(answered: Answered, rows: list[Mapping[str, Any]]) -> Iterator[SourceAgency]:
    for number, row in enumerate(rows):
        demand(row, frozenset({"code", "name"}))
        yield SourceAgency(
            **answered.carried(f"/{number}"),
            identifier=text_of(row["code"]),
            name=text_of(row["name"]),
            level=text_of(row.get("level")),
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


def _code(row: Mapping[str, Any]) -> str:
    return text_of(part(row, "agency").get("code"))


def _parent(row: Mapping[str, Any]) -> str:
    parent = part(row, "agency").get("parent")
    return text_of(parent.get("code")) if isinstance(parent, dict) else ""


DRIVER: Final[ServiceDriver] = IGate2()
