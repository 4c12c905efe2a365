"""What every service driver must do with a system's habits: a driver is proven by running it against these.

A shape is a small server that answers as the real system was seen to answer, with the truth of what it says.
The habits change its answers as real systems do. `docs/howto/add-a-service-driver.md` says how to add one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from collectors.interface import Answer, Ask, ServiceDriver
from minhchung.agencies import Agency
from minhchung.dossiers import CoverageTally, DossierTally, ServiceHealth
from minhchung.evidence import EvidenceRecord, RecordId, RunId, SourceKey
from minhchung.periods import Period
from minhchung.sources import Source
from simulator.http import HTML, JSON, Request, Response
from tests.collectors.service_world import put

DAY = date(2021, 11, 2)
PERIOD = Period(date(2020, 11, 1), date(2021, 10, 31))
BLOCK_PAGE = "<html><title>Request Rejected</title><p>Yêu cầu bị từ chối. Mã hỗ trợ: 1234</p></html>".encode()
Answering = Callable[[Request], Response]


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One driver, a server of its shape, and the truth."""

    driver: ServiceDriver
    source: Source
    agency: Agency
    answer: Answering
    figures: Mapping[str, int]
    """Figures of record about the agency over the period, by meaning; months are added up."""

    percentages: tuple[str, ...] = ()
    """Percentages as printed, all of them."""

    counts: frozenset[str] = frozenset()
    """Keys of JSON that hold counts: a system may print them as texts with a thousands dot."""

    required: tuple[str, ...] = ()
    """Keys or headings: without one of them the answer is not what it was."""

    optional: tuple[str, str] | None = None
    """(key, meaning) of a figure that may be null."""

    empty: Answering
    """The same server when there is nothing to tell."""

    cut: tuple[Answering, ...] = ()
    """The same server when a list is not whole: more rows told than given, a page repeated, another page."""

    period: Period = PERIOD
    others: tuple[str, ...] = field(default=())
    """Codes of bodies whose rows come along and must be passed over."""


class _Site:
    def __init__(self, answer: Answering) -> None:
        self._answer = answer

    def handle(self, request: Request) -> Response:
        """Answer one request."""
        return self._answer(request)


def questions(shape: Shape, agency: Agency | None = None) -> list[Ask]:
    """Return the driver's first questions; a driver that asks nobody is handed what was sent."""
    who = agency or shape.agency
    if not shape.driver.capabilities(shape.source).queries:
        return [Ask(url="urn:minhchung:sent", topic="dossiers")] if agency is None else []
    return list(shape.driver.asks(shape.source, who, shape.period))


def visit(shape: Shape, answer: Answering) -> list[tuple[Ask, list[Answer]]]:
    """Return every question with what the driver read in its answer, further pages included."""
    site, waiting, found = _Site(answer), questions(shape), list[tuple[Ask, list[Answer]]]()
    while waiting and len(found) < 400:
        ask = waiting.pop(0)
        response = put(site, ask, DAY)
        record = EvidenceRecord(
            id=RecordId(f"urn:uuid:{len(found):032}"),
            agency=shape.agency.code,
            source=SourceKey(shape.source.key),
            run=RunId("20211102T010000Z-1"),
            url=ask.url,
            captured_at=datetime(2021, 11, 2, 1, tzinfo=UTC),
            kind="response",
            status=response.status,
            content_type=response.content_type,
        )
        read = list(shape.driver.read(shape.source, shape.agency, record, response.body, ask))
        again = list(shape.driver.read(shape.source, shape.agency, record, response.body, ask))
        assert read == again, "the same bytes were read in two ways"
        for each in read:
            if not isinstance(each, Ask):
                assert each.seen.record == record.id, "an observation points to another record"
        waiting += [each for each in read if isinstance(each, Ask)]
        found.append((ask, read))
    return found


def healths(visited: list[tuple[Ask, list[Answer]]]) -> list[ServiceHealth]:
    """Return the healths of a visit."""
    return [each for _, read in visited for each in read if isinstance(each, ServiceHealth)]


def tallies(visited: list[tuple[Ask, list[Answer]]]) -> list[DossierTally]:
    """Return the dossier tallies of a visit."""
    return [each for _, read in visited for each in read if isinstance(each, DossierTally)]


def of_record(visited: list[tuple[Ask, list[Answer]]]) -> dict[str, int]:
    """Return the agency's own figures of record, months added up; rows of others and parts left out."""
    total: dict[str, int] = {}
    for tally in tallies(visited):
        whole = tally.whose == "agency" and not (tally.group or tally.procedure or tally.report)
        for meaning, value in tally.figures if whole else ():
            if value is not None:
                total[meaning] = total.get(meaning, 0) + value
    return total


# --- the habits ---------------------------------------------------------------------------------------


def reads_what_is_there(shape: Shape) -> None:
    """Figures with label, basis and span; percentages as printed; nothing of another body."""
    visited = visit(shape, shape.answer)

    found = of_record(visited)
    assert {meaning: found.get(meaning) for meaning in shape.figures} == dict(shape.figures)
    rows = tallies(visited)
    assert all(dict(row.labels).keys() == dict(row.figures).keys() for row in rows)
    assert all(shape.period.first <= row.first <= row.last for row in rows if row.basis != "snapshot")
    assert not {row.body for row in rows} & set(shape.others)
    printed = [text for row in rows for _, text in row.printed]
    printed += [
        text
        for _, read in visited
        for each in read
        if isinstance(each, CoverageTally)
        for _, text in each.printed
    ]
    assert set(shape.percentages) <= set(printed)
    assert {health.state for health in healths(visited)} <= {"ok", "empty"}
    assert "ok" in {health.state for health in healths(visited)}


def asks_only_what_it_says_it_can(shape: Shape) -> None:
    """Topics are those of its capabilities; no question carries credentials; its shape has a source."""
    able = shape.driver.capabilities(shape.source)

    asked = [ask for ask, _ in visit(shape, shape.answer)]
    asked += list(shape.driver.surveys(shape.source, shape.period))
    assert {ask.topic for ask in asked} <= able.topics
    assert able.shape
    names = {name.casefold() for ask in asked for name, _ in ask.headers}
    assert not names & {"authorization", "cookie", "proxy-authorization"}


def leaves_an_unmapped_agency_alone(shape: Shape) -> None:
    """No identifier, no question: names are never tried instead."""
    assert questions(shape, replace(shape.agency, identifiers=())) == []


def reads_counts_written_as_texts(shape: Shape) -> None:
    """`6.940` is six thousand nine hundred and forty."""
    if not shape.counts:
        return

    def as_text(request: Request) -> Response:
        response = shape.answer(request)
        return replace(response, body=json.dumps(_texts(json.loads(response.body), shape.counts)).encode())

    assert of_record(visit(shape, as_text)) == of_record(visit(shape, shape.answer))


def _texts(value: Any, counts: frozenset[str]) -> Any:
    if isinstance(value, list):
        return [_texts(each, counts) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: f"{each:,}".replace(",", ".")
        if key in counts and isinstance(each, int)
        else _texts(each, counts)
        for key, each in value.items()
    }


def keeps_nothing_of_a_page_that_is_no_answer(shape: Shape) -> None:
    """HTML where an answer was due, refusals, failures: each has its state, and no figure comes of it."""
    due = {401: "unauthorised", 403: "unauthorised", 429: "blocked", 404: "blocked", 502: "unreachable"}
    if not shape.driver.capabilities(shape.source).queries:
        return
    for status, state in due.items():
        visited = visit(shape, partial(_refusing, status))
        assert {health.state for health in healths(visited)} == {state}
        assert all(len(read) == 1 for _, read in visited)
    visited = visit(shape, lambda _: Response(status=200, body=BLOCK_PAGE, content_type=HTML))
    assert {health.state for health in healths(visited)} <= {"blocked", "schema-changed"}
    assert all(len(read) == 1 for _, read in visited)


def _refusing(status: int, _: Request) -> Response:
    return Response(status=status, body=BLOCK_PAGE, content_type=HTML)


def says_empty_and_not_zero(shape: Shape) -> None:
    """`[]` and its kin are no data: no figure at all, and no broken answer either."""
    visited = visit(shape, shape.empty)

    assert tallies(visited) == []
    assert {health.state for health in healths(visited)} == {"empty"}


def notices_a_changed_set_of_keys(shape: Shape) -> None:
    """A key or heading renamed: `schema-changed`, and nothing of that answer is kept."""
    assert shape.required
    for name in shape.required:

        def renamed(request: Request, name: str = name) -> Response:
            response = shape.answer(request)
            return replace(response, body=response.body.replace(name.encode(), f"{name}Moi".encode()))

        visited = visit(shape, renamed)
        broken = [read for _, read in visited if any(_is_broken(each) for each in read)]
        assert broken, f"{name} was renamed and nobody noticed"
        assert all(len(read) == 1 for read in broken)


def _is_broken(answer: Answer) -> bool:
    return isinstance(answer, ServiceHealth) and answer.state == "schema-changed"


def takes_what_is_missing_for_missing(shape: Shape) -> None:
    """null is None; it is never read as 0."""
    if shape.optional is None:
        return
    key, meaning = shape.optional

    def nulled(request: Request) -> Response:
        response = shape.answer(request)
        return replace(response, body=json.dumps(_without(json.loads(response.body), key)).encode())

    visited = visit(shape, nulled)
    assert meaning not in of_record(visited)
    assert any((meaning, None) in tally.figures for tally in tallies(visited))


def _without(value: Any, key: str) -> Any:
    if isinstance(value, list):
        return [_without(each, key) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: None if name == key else _without(each, key) for name, each in value.items()}


def says_when_a_list_was_cut(shape: Shape) -> None:
    """A cap, a total that the rows do not reach, a page that repeats another: the topic is incomplete."""
    for answer in shape.cut:
        told = healths(visit(shape, answer))
        assert not all(health.complete and health.state in {"ok", "empty"} for health in told)


HABITS: tuple[Callable[[Shape], None], ...] = (
    reads_what_is_there,
    asks_only_what_it_says_it_can,
    leaves_an_unmapped_agency_alone,
    reads_counts_written_as_texts,
    keeps_nothing_of_a_page_that_is_no_answer,
    says_empty_and_not_zero,
    notices_a_changed_set_of_keys,
    takes_what_is_missing_for_missing,
    says_when_a_list_was_cut,
)


def conforms(shape: Shape) -> Iterator[str]:
    """Yield the name of every habit that a driver keeps to; raises AssertionError at a fault."""
    for habit in HABITS:
        habit(shape)
        yield habit.__name__


def as_json(value: Any) -> Response:
    """Return an answer in JSON."""
    return Response(status=200, body=json.dumps(value, ensure_ascii=False).encode(), content_type=JSON)
