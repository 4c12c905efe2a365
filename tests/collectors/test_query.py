"""One visit to a service system: all is sealed but credentials; a topic is as sick as its worst answer."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

import pytest

from collectors.credentials import REMOVED
from collectors.fetcher import Fetcher, FetchRequest
from collectors.interface import Answer, Ask, Capabilities
from collectors.onestop.igate2 import DRIVER as IGATE
from collectors.query import MAX_QUESTIONS, TRIES, query
from collectors.services.dvcqg import DRIVER as GATEWAY
from minhchung.agencies import Agency
from minhchung.evidence import (
    EvidenceRecord,
    Exchange,
    FailedAttempt,
    Failure,
    Locator,
)
from minhchung.holdings import VisitReport
from minhchung.observations import (
    DossierTally,
    Procedure,
    ServiceHealth,
    Workflow,
)
from minhchung.periods import Period
from minhchung.sources import Network, Source
from simulator.gateway import Gateway
from simulator.http import Request, Response
from simulator.igate import IGate
from simulator.services import books
from tests.collectors.service_tape import Asked, Tape, Ticking, answering
from tests.collectors.service_world import CLOSE, ONESTOP, PERIOD, RUN, SERVICES, agency

SEED = 3234
TOKEN = "s3cret-token"


async def visit(
    fetcher: Asked | Fetcher,
    tape: Tape,
    source: Source = ONESTOP,
    who: Agency | None = None,
    environ: Mapping[str, str] | None = None,
) -> VisitReport:
    return await query(
        source,
        IGATE if source.kind == "onestop" else GATEWAY,
        who or agency(),
        PERIOD,
        RUN,
        fetcher=fetcher,
        recorder=tape,
        clock=Ticking(),
        environ=environ or {},
    )


async def test_everything_asked_is_sealed_read_and_accounted_for() -> None:
    tape, fetcher = Tape(), Asked(answering(IGate(SEED)))

    report = await visit(fetcher, tape)

    assert len(tape.exchanges) == len(fetcher.requests) == report.attempts == report.fetched == 3
    assert (report.scope, report.source, report.state) == ("services", "mot-cua", "ok")
    assert report.items == len([o for o in tape.observations if not isinstance(o, ServiceHealth)]) > 60
    assert {type(o) for o in tape.observations} == {DossierTally, Workflow, ServiceHealth}
    assert {topic: h.state for topic, h in tape.healths().items()} == {"dossiers": "ok", "workflows": "ok"}
    assert (len(tape.visits), tape.commits) == (1, 1)
    assert report.record is not None
    assert report.began_at < report.ended_at


async def test_further_pages_are_asked_for() -> None:
    tape, fetcher = Tape(), Asked(answering(Gateway(SEED)))

    await visit(fetcher, tape, replace(SERVICES, settings={"page_size": 7}))

    assert len(fetcher.requests) > 5
    assert len([o for o in tape.observations if isinstance(o, Procedure)]) == len(
        books(SEED)["so-tu-phap"].procedures
    )
    assert {h.complete for h in tape.healths().values()} == {True}


# --- who may ask --------------------------------------------------------------------------------------


async def test_a_token_is_sent_and_never_sealed() -> None:
    tape, fetcher = Tape(), Asked(answering(IGate(SEED)))
    source = replace(ONESTOP, credentials="MOT_CUA_TOKEN")

    await visit(fetcher, tape, source, environ={"MOT_CUA_TOKEN": TOKEN})

    assert {r.secret_headers for r in fetcher.requests} == {(("Authorization", f"Bearer {TOKEN}"),)}
    assert TOKEN not in repr(tape)
    for exchange in tape.exchanges:
        assert exchange.request_headers[-1] == ("Authorization", REMOVED)


async def test_a_fetcher_that_returns_the_token_does_not_get_it_sealed() -> None:
    """Defence in depth: the fetcher leaves secret headers out; should it not, the query does."""
    tape, asked = Tape(), Asked(answering(IGate(SEED)))

    @dataclass
    class Leaking:
        async def fetch(self, request: FetchRequest) -> Exchange | FailedAttempt:
            answer = await asked.fetch(request)
            assert isinstance(answer, Exchange)
            return replace(answer, request_headers=answer.request_headers + request.secret_headers)

    source = replace(ONESTOP, credentials="MOT_CUA_TOKEN")

    await query(
        source,
        IGATE,
        agency(),
        PERIOD,
        RUN,
        fetcher=Leaking(),
        recorder=tape,
        clock=Ticking(),
        environ={"MOT_CUA_TOKEN": f"Basic {TOKEN}"},
    )

    assert TOKEN not in repr(tape)


async def test_without_credentials_configured_no_header_is_invented() -> None:
    tape, fetcher = Tape(), Asked(answering(IGate(SEED)))

    await visit(fetcher, tape, environ={"MOT_CUA_TOKEN": TOKEN})

    assert {r.secret_headers for r in fetcher.requests} == {()}
    assert not [name for e in tape.exchanges for name, _ in e.request_headers if name == "Authorization"]


@pytest.mark.parametrize("token", ["", "  ", "line\nbreak", "tiếng"])
async def test_without_a_usable_token_nobody_is_asked(token: str) -> None:
    tape, fetcher = Tape(), Asked(answering(IGate(SEED)))
    source = replace(ONESTOP, credentials="MOT_CUA_TOKEN")

    report = await visit(fetcher, tape, source, environ={"MOT_CUA_TOKEN": token})

    assert fetcher.requests == []
    assert report.attempts == 0
    assert {h.state for h in tape.healths().values()} == {"unauthorised"}
    assert "MOT_CUA_TOKEN" in tape.healths()["dossiers"].detail


async def test_an_unmapped_agency_is_not_asked_about_and_every_topic_says_why() -> None:
    tape, fetcher = Tape(), Asked(answering(IGate(SEED)))

    report = await visit(fetcher, tape, who=agency("huyen-cao-sim", ""))

    assert (fetcher.requests, report.attempts) == ([], 0)
    assert {t: h.state for t, h in tape.healths().items()} == {
        "dossiers": "mapping-missing",
        "workflows": "mapping-missing",
    }
    assert {h.seen.record for h in tape.healths().values()} == {report.record} - {None} or report.record


# --- what goes wrong ----------------------------------------------------------------------------------


async def test_a_topic_is_as_sick_as_the_worst_of_its_answers() -> None:
    igate = answering(IGate(SEED))

    def answer(request: FetchRequest) -> Response:
        if "--statistic-procedure" in request.url:
            return Response(status=200, body=b"<html>challenge</html>")
        return igate(request)

    tape = Tape()
    await visit(Asked(answer), tape)

    assert {t: h.state for t, h in tape.healths().items()} == {"dossiers": "blocked", "workflows": "ok"}


@pytest.mark.parametrize(
    ("failure", "attempts", "refused", "state", "health"),
    [
        (Failure.TIMEOUT_READ, 3 * TRIES, 0, "unreachable", "unreachable"),
        (Failure.TLS_EXPIRED, 3, 0, "unreachable", "unreachable"),
        (Failure.ADDRESS_FORBIDDEN, 3, 3, "unreachable", "unreachable"),
        (Failure.BLOCKED, 3, 0, "blocked", "blocked"),
    ],
)
async def test_failed_attempts_are_sealed_counted_and_only_transport_is_retried(
    failure: Failure, attempts: int, refused: int, state: str, health: str
) -> None:
    tape = Tape()

    report = await visit(Asked(lambda _: failure), tape)

    assert len(tape.failures) == report.attempts == attempts
    assert (report.refused, report.failed) == (refused, attempts - refused)
    assert report.state == state
    assert {h.state for h in tape.healths().values()} == {health}
    assert "it failed" in tape.healths()["dossiers"].detail


async def test_a_second_attempt_that_succeeds_heals_the_question() -> None:
    igate, seen = answering(IGate(SEED)), set[str]()

    def answer(request: FetchRequest) -> Response | Failure:
        if request.url not in seen:
            seen.add(request.url)
            return Failure.RESET
        return igate(request)

    tape = Tape()
    report = await visit(Asked(answer), tape)

    assert (report.fetched, report.failed, report.state) == (3, 3, "ok")
    assert {h.state for h in tape.healths().values()} == {"ok"}


class Endless:
    """A driver whose every answer leads to another page."""

    def capabilities(self, source: Source) -> Capabilities:
        return Capabilities(topics=frozenset({"workflows"}), shape="")

    def surveys(self, source: Source, period: Period) -> Iterator[Ask]:
        return iter(())

    def asks(self, source: Source, agency: Agency, period: Period) -> Iterator[Ask]:
        yield Ask(url=f"{source.url}?page=1", topic="workflows")

    def read(
        self, source: Source, agency: Agency, record: EvidenceRecord, body: bytes, ask: Ask
    ) -> Iterator[Answer]:
        yield Ask(url=f"{source.url}?page={ask.page + 1}", topic="workflows", page=ask.page + 1)
        yield Ask(url=ask.url, topic="workflows")
        yield ServiceHealth(
            agency=agency.code,
            run=record.run,
            seen=Locator(record=record.id),
            source=source.key,
            topic="workflows",
            state="ok",
            taken_at=record.captured_at,
        )


async def test_endless_paging_is_cut_and_said_to_be_incomplete() -> None:
    tape, fetcher = Tape(), Asked(lambda asked: Response(status=200, body=asked.url.encode()))

    await query(
        ONESTOP, Endless(), agency(), PERIOD, RUN, fetcher=fetcher, recorder=tape, clock=Ticking(), environ={}
    )

    assert len(fetcher.requests) == MAX_QUESTIONS
    assert len({r.url for r in fetcher.requests}) == MAX_QUESTIONS
    assert (tape.healths()["workflows"].state, tape.healths()["workflows"].complete) == ("ok", False)


async def test_a_page_that_shows_an_earlier_one_ends_the_list_and_is_told() -> None:
    """A gateway that ignores the page it is asked for shows its first page for ever."""
    tape, fetcher = Tape(), Asked(lambda _: Response(status=200, body=b"[]"))

    await query(
        ONESTOP, Endless(), agency(), PERIOD, RUN, fetcher=fetcher, recorder=tape, clock=Ticking(), environ={}
    )
    told = tape.healths()["workflows"]

    assert [r.url for r in fetcher.requests] == [f"{ONESTOP.url}?page={n}" for n in (1, 2)]
    assert (told.state, told.complete) == ("ok", False)
    assert told.detail == "trang 2 lặp lại trang 1: chưa đọc được phần còn lại"


async def test_questions_that_time_does_not_suffice_for_leave_their_topic_incomplete() -> None:
    """A system that answers each question slowly must not hold the run for ever."""

    def slowly(asked: FetchRequest) -> Response:
        time.sleep(0.01)
        return Response(status=200, body=asked.url.encode())

    tape, fetcher = Tape(), Asked(slowly)

    report = await query(
        ONESTOP,
        Endless(),
        agency(),
        PERIOD,
        RUN,
        fetcher=fetcher,
        recorder=tape,
        clock=Ticking(),
        environ={},
        seconds=0.02,
    )

    assert 0 < len(fetcher.requests) < MAX_QUESTIONS
    assert report.attempts == report.fetched == len(fetcher.requests)
    assert not tape.healths()["workflows"].complete


# --- over the wire ------------------------------------------------------------------------------------


@pytest.fixture
def served() -> Iterator[tuple[str, list[Mapping[str, str]]]]:
    """The simulated one-stop-shop on a free port of the loopback address."""
    igate, heard = IGate(SEED), list[Mapping[str, str]]()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            heard.append({name.lower(): value for name, value in self.headers.items()})
            response = igate.handle(
                Request(
                    method="GET",
                    path=unquote(parts.path),
                    query=parts.query,
                    headers=heard[-1],
                    body=b"",
                    day=CLOSE,
                )
            )
            self.send_response(response.status)
            self.send_header("Content-Type", response.content_type)
            self.send_header("Content-Length", str(len(response.body)))
            self.end_headers()
            self.wfile.write(response.body)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"127.0.0.1:{server.server_port}", heard
    server.shutdown()
    thread.join()
    server.server_close()


async def test_the_real_fetcher_brings_the_same_figures_over_http(
    served: tuple[str, list[Mapping[str, str]]],
) -> None:
    host, heard = served
    tape, source = Tape(), replace(ONESTOP, url=f"http://{host}/")
    network = Network(allow=(host,), delay=0.0)

    async with asyncio.timeout(20), Fetcher(network, Ticking()) as fetcher:
        report = await visit(fetcher, tape, source)

    tally = next(o for o in tape.observations if isinstance(o, DossierTally) and o.is_total)
    assert tally.figure("received") == books(SEED)["so-tu-phap"].received()
    assert (report.fetched, len(heard)) == (3, 3)
    assert "minhchung" in heard[0]["user-agent"]
