"""Every contradiction planted in the simulated systems is found, and no other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from collectors.interface import Ask, ServiceDriver
from collectors.onestop.igate2 import DRIVER as IGATE
from collectors.services.dvcqg import DRIVER as GATEWAY
from minhchung.agencies import PROVINCE, Agency, whole_province
from minhchung.evidence import AgencyCode, EvidenceRecord, RecordId, RunId, SourceKey
from minhchung.law import ServiceLaw
from minhchung.observations import Observation, ServiceHealth
from minhchung.sources import Source
from simulator.gateway import Gateway
from simulator.http import Site
from simulator.igate import IGate
from simulator.service_truth import service_contradictions
from simulator.services import books, mapped_identifiers
from tests.collectors.service_world import LEVELS, ONESTOP, PERIOD, SERVICES, put
from verifiers.contradictions.finding import Question, contradictions

DAYS = (date(2021, 11, 2), date(2021, 11, 4))


def agencies(seed: int) -> tuple[Agency, ...]:
    """Return the registry that the simulated province writes."""
    mapped = mapped_identifiers(seed)
    return tuple(
        Agency(
            code=AgencyCode(code),
            name=book.agency.name,
            bloc=book.agency.bloc,
            aliases=book.agency.aliases,
            has_procedures=book.agency.has_procedures,
            identifiers=mapped[code],
        )
        for code, book in books(seed).items()
    )


def asked(source: Source, driver: ServiceDriver, site: Site, who: Agency, day: date) -> Iterator[Observation]:
    """Yield what a driver reads in everything it asks on a day, with one health a topic."""
    own = driver.surveys(source, PERIOD) if who.code == PROVINCE else driver.asks(source, who, PERIOD)
    waiting, healths, number = list(own), dict[str, ServiceHealth](), 0
    while waiting:
        ask = waiting.pop(0)
        number += 1
        response = put(site, ask, day)
        record = EvidenceRecord(
            id=RecordId(f"urn:uuid:{source.key}-{who.code}-{day}-{number}"),
            agency=who.code,
            source=SourceKey(source.key),
            run=RunId(f"{day:%Y%m%d}T020000Z-1"),
            url=ask.url,
            captured_at=datetime(day.year, day.month, day.day, 2, tzinfo=UTC),
            kind="response",
            status=response.status,
            content_type=response.content_type,
        )
        for answer in driver.read(source, who, record, response.body, ask):
            match answer:
                case Ask():
                    waiting.append(answer)
                case ServiceHealth():
                    if healths.get(answer.topic, answer).state in {"ok", "empty"} and answer.state != "empty":
                        healths[answer.topic] = answer
                case _:
                    yield answer
    yield from healths.values()


def held(seed: int, registry: Sequence[Agency]) -> Mapping[AgencyCode, list[Observation]]:
    """Return everything that two harvests of both systems bring."""
    names = {code: f"{book.agency.name} - tỉnh Hoa Ban" for code, book in books(seed).items()}
    one = replace(ONESTOP, settings={"digitisation": True, "online_report": True, "report_names": names})
    other = replace(SERVICES, settings={"statistics": "compare"})
    found: dict[AgencyCode, list[Observation]] = defaultdict(list)
    systems: tuple[tuple[Source, ServiceDriver, Site], ...] = (
        (one, IGATE, IGate(seed)),
        (other, GATEWAY, Gateway(seed)),
    )
    for day in DAYS:
        for who in (*registry, whole_province()):
            if who.has_procedures:
                for source, driver, site in systems:
                    found[who.code] += asked(source, driver, site, who, day)
    return found


@pytest.mark.parametrize("seed", [3234, 7])
def test_all_that_is_planted_is_found_and_nothing_is_invented(seed: int) -> None:
    """simulator/disagreements.py: planted under every seed; at least 12 kinds."""
    registry = agencies(seed)
    seen = held(seed, registry)

    question = Question(period=PERIOD, law=ServiceLaw(level=LEVELS), agencies=registry)
    found = contradictions(seen, seen[PROVINCE], question)

    true = service_contradictions(seed)
    assert sorted((c.agency, c.kind, c.about) for c in found) == sorted(true)
    assert len({kind for _, kind, _ in true}) >= 12
    assert all(c.one.value != c.other.value or c.kind == "code-twice" for c in found)
    assert all(c.one.seen and c.other.seen for c in found)
