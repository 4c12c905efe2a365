"""Doubles for tests of the service drivers: a record, an answer, the simulated systems asked directly."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from collectors.interface import Answer, Ask, ServiceDriver
from minhchung.agencies import Agency, whole_province
from minhchung.evidence import AgencyCode, EvidenceRecord, RecordId, RunId, SourceKey
from minhchung.law import ServiceLaw
from minhchung.observations import ServiceHealth
from minhchung.periods import Period
from minhchung.sources import Source
from service.config_files import parse
from simulator.http import Request, Response, Site

ROOT = Path(__file__).resolve().parents[2]

PERIOD = Period(date(2020, 11, 1), date(2021, 10, 31))
CLOSE = date(2021, 11, 2)
CAPTURED = datetime(2021, 11, 1, 20, 30, tzinfo=UTC)
"""03:30 on 2 November in Viet Nam."""

RUN = RunId("20211101T203000Z-1")
LEVELS = parse("law.toml", (ROOT / "config" / "law.toml").read_bytes(), ServiceLaw).level
ONESTOP = Source(key="mot-cua", title="", kind="onestop", driver="igate2", url="http://127.0.0.1:1/")
SERVICES = Source(
    key="dich-vu-cong",
    title="",
    kind="services",
    driver="dvcqg",
    url="http://127.0.0.1:2",
    level=LEVELS,
)


def agency(code: str = "so-tu-phap", identifier: str = "H99.01.03") -> Agency:
    """Return an agency mapped in both systems."""
    pairs = ((ONESTOP.key, identifier), (SERVICES.key, identifier)) if identifier else ()
    return Agency(code=AgencyCode(code), name="Sở Tư pháp", bloc="provincial", identifiers=pairs)


def record(
    source: Source,
    url: str = "http://127.0.0.1:1/",
    *,
    status: int = 200,
    content_type: str = "application/json; charset=utf-8",
) -> EvidenceRecord:
    """Return the record of an answer."""
    return EvidenceRecord(
        id=RecordId("urn:uuid:00000000-0000-0000-0000-000000000001"),
        agency=AgencyCode("so-tu-phap"),
        source=SourceKey(source.key),
        run=RUN,
        url=url,
        captured_at=CAPTURED,
        kind="response",
        status=status,
        content_type=content_type,
    )


def put(site: Site, ask: Ask, day: date = CLOSE) -> Response:
    """Put a driver's question to a simulated system."""
    parts = urlsplit(ask.url)
    headers = {name.lower(): value for name, value in ask.headers}
    return site.handle(
        Request(
            method=ask.method,
            path=unquote(parts.path),
            query=parts.query,
            headers=headers,
            body=ask.body,
            day=day,
        )
    )


def read(
    driver: ServiceDriver, source: Source, who: Agency, ask: Ask, body: bytes | object, **seen: Any
) -> list[Answer]:
    """Return what a driver reads in an answer; anything but bytes is sent as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    return list(driver.read(source, who, record(source, ask.url, **seen), raw, ask))


@dataclass(slots=True)
class Harvest:
    """Everything that a driver read about one agency."""

    answers: list[Answer] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)

    def of(self, kind: type[Any]) -> list[Any]:
        """Return the answers of one type."""
        return [answer for answer in self.answers if isinstance(answer, kind)]


def harvest(driver: ServiceDriver, source: Source, site: Site, who: Agency) -> Harvest:
    """Ask a simulated system everything about an agency, further pages included."""
    return _asked(driver, source, site, who, driver.asks(source, who, PERIOD))


def survey(driver: ServiceDriver, source: Source, site: Site) -> Harvest:
    """Ask a simulated system everything about the province as a whole."""
    return _asked(driver, source, site, whole_province(), driver.surveys(source, PERIOD))


def _asked(driver: ServiceDriver, source: Source, site: Site, who: Agency, first: Iterable[Ask]) -> Harvest:
    found = Harvest()
    waiting = list(first)
    while waiting:
        ask = waiting.pop(0)
        found.asks.append(ask)
        response = put(site, ask)
        answers = read(
            driver,
            source,
            who,
            ask,
            response.body,
            status=response.status,
            content_type=response.content_type,
        )
        waiting += [answer for answer in answers if isinstance(answer, Ask)]
        found.answers += [answer for answer in answers if not isinstance(answer, Ask)]
    return found


def states(answers: Iterable[Answer]) -> list[str]:
    """Return the states of the healths among the answers."""
    return [answer.state for answer in answers if isinstance(answer, ServiceHealth)]
