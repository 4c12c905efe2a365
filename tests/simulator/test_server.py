"""The province on the wire, as its own process: calendar, darkness, redirects, conditions, a clean end."""

import http.client
import json
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

from simulator.agencies import agencies
from simulator.ports import COUNT, Ports
from simulator.tls import make_certificates

CHECKOUT = Path(__file__).resolve().parents[2]
SEED = 3234
PLACES = {agency.code: place for place, agency in enumerate(agencies(SEED))}
GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Running:
    """A province that listens."""

    ports: Ports
    process: "subprocess.Popen[str]"

    def ask(
        self, port: int, path: str, method: str = "GET", body: str | None = None, **headers: str
    ) -> Answer:
        """Ask one port over plain http."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def move_to(self, day: str) -> None:
        """Turn the calendar."""
        answer = self.ask(self.ports.control, "/day", "POST", json.dumps({"day": day}))
        assert json.loads(answer.body) == {"day": day}

    def http(self, code: str) -> int:
        """Return an agency's plain port."""
        return self.ports.http(PLACES[code])


def free_base() -> int:
    """Return a base from which every port of a province is free."""
    for base in range(21_000 + os.getpid() % 50 * 200, 31_000, 200):
        taken = False
        for port in range(base, base + COUNT):
            with socket.socket() as trial:
                taken = taken or trial.connect_ex(("127.0.0.1", port)) == 0
        if not taken:
            return base
    raise AssertionError("no free ports")


def start(base: int, state: Path) -> "subprocess.Popen[str]":
    """Start the simulator as a user would."""
    command = [sys.executable, "-m", "simulator", "serve", "--seed", str(SEED), "--base-port", str(base)]
    command += ["--state", str(state), "--day", "2021-02-01", "--until-stdin-closes"]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=CHECKOUT, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def stop(process: "subprocess.Popen[str]") -> None:
    """Close what was opened, so that nothing is left behind."""
    process.terminate()
    process.wait(10)
    for stream in (process.stdin, process.stdout, process.stderr):
        _close(stream)


def _close(stream: IO[str] | None) -> None:
    if stream is not None and not stream.closed:
        stream.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Serve the default province for the tests of this file."""
    base = free_base()
    process = start(base, tmp_path_factory.mktemp("state"))
    assert process.stdout is not None
    ready = json.loads(process.stdout.readline())
    assert ready == {"ready": True, "control": base, "day": "2021-02-01"}
    yield Running(Ports(base), process)
    stop(process)


def test_the_control_port_tells_health_and_counts(running: Running) -> None:
    """A canary asks /health; the tests ask /log."""
    health = json.loads(running.ask(running.ports.control, "/health").body)
    assert health["simulated"] is True
    port = running.http("huyen-ban-dao")
    before = json.loads(running.ask(running.ports.control, "/log").body)[str(port)]
    assert running.ask(port, "/").status == 200
    assert json.loads(running.ask(running.ports.control, "/log").body)[str(port)] == before + 1


def test_pages_change_with_the_day_and_only_with_it(running: Running) -> None:
    """A portal's content is a function of the simulated day."""
    port = running.http("huyen-ban-dao")
    running.move_to("2021-02-01")
    early = running.ask(port, "/").body
    assert running.ask(port, "/").body == early
    running.move_to("2021-11-02")
    assert running.ask(port, "/").body != early
    running.move_to("2021-02-01")
    assert running.ask(port, "/").body == early


def test_a_known_page_answers_304_until_it_changes(running: Running) -> None:
    """Conditional requests: ETag with If-None-Match, Last-Modified with If-Modified-Since."""
    port = running.http("huyen-ban-dao")
    running.move_to("2021-02-01")
    page = running.ask(port, "/")
    again = running.ask(port, "/", If_None_Match=page.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    running.move_to("2021-11-02")
    assert running.ask(port, "/", If_None_Match=page.headers["etag"]).status == 200
    picture = running.ask(port, "/upload/logo.png")
    stamp = picture.headers["last-modified"]
    assert running.ask(port, "/upload/logo.png", If_Modified_Since=stamp).status == 304


def test_head_sends_no_body_and_gzip_only_where_it_is_wanted(running: Running) -> None:
    """The same page, three ways of asking."""
    port = running.http("huyen-ban-dao")
    plain = running.ask(port, "/")
    assert running.ask(port, "/", "HEAD").headers["content-length"] == plain.headers["content-length"]
    assert running.ask(port, "/", "HEAD").body == b""
    squeezed = running.ask(port, "/", Accept_Encoding="gzip")
    assert squeezed.headers["content-encoding"] == "gzip"
    assert squeezed.body.startswith(GZIP_MAGIC)
    assert len(squeezed.body) < len(plain.body)


def test_dark_portals_refuse_connections_on_their_days(running: Running) -> None:
    """One is dark at every visit, one at the second quarter, one answers on https alone."""
    for day, dark in (("2021-02-01", False), ("2021-05-04", True), ("2021-08-03", False)):
        running.move_to(day)
        if dark:
            with pytest.raises(ConnectionRefusedError):
                running.ask(running.http("ban-dan-toc"), "/")
        else:
            assert running.ask(running.http("ban-dan-toc"), "/").status == 200
        for code in ("huyen-cao-sim", "so-tai-chinh"):
            with pytest.raises(ConnectionRefusedError):
                running.ask(running.http(code), "/")


def test_plain_http_redirects_or_only_pretends_to(running: Running) -> None:
    """301 to the same path of the secure portal; a meta refresh is no redirect."""
    answer = running.ask(running.http("so-noi-vu"), "/Pages/x.aspx?Page=2")
    secure = running.ports.https(PLACES["so-noi-vu"])
    assert answer.status == 301
    assert answer.headers["location"] == f"https://127.0.0.1:{secure}/Pages/x.aspx?Page=2"
    pretended = running.ask(running.http("so-ngoai-vu"), "/")
    assert pretended.status == 200
    assert b'http-equiv="refresh"' in pretended.body


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("so-tai-chinh", None),
        ("so-khoa-hoc-cong-nghe", "expired"),
        ("so-tai-nguyen-moi-truong", "IP address mismatch"),
    ],
)
def test_certificates_are_valid_expired_or_somebody_elses(
    running: Running, code: str, fault: str | None
) -> None:
    """Judged against the province's own authority."""
    context = ssl.create_default_context(cadata=make_certificates(SEED).authority.decode())
    port = running.ports.https(PLACES[code])
    with socket.create_connection(("127.0.0.1", port), 10) as raw:
        if fault is None:
            with context.wrap_socket(raw, server_hostname="127.0.0.1") as secure:
                assert secure.getpeercert()
        else:
            with pytest.raises(ssl.SSLCertVerificationError, match=fault):
                context.wrap_socket(raw, server_hostname="127.0.0.1")


def test_robots_and_block_pages_say_no(running: Running) -> None:
    """One portal refuses every robot, one answers 200 with a rejection."""
    context = ssl.create_default_context(cadata=make_certificates(SEED).authority.decode())
    port = running.ports.https(PLACES["huyen-deo-gio"])
    connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=10, context=context)
    connection.request("GET", "/")
    blocked = connection.getresponse()
    assert blocked.status == 200
    assert b"Request Rejected" in blocked.read()
    connection.close()
    assert running.ask(running.http("ban-quan-ly-khu-cong-nghiep"), "/robots.txt").status == 301
    assert b"Disallow: /vi/seek/" in running.ask(running.http("huyen-ban-dao"), "/robots.txt").body


def test_hostile_requests_get_an_answer_and_an_end(running: Running) -> None:
    """A bad request line and an announced flood are refused; the portal goes on."""
    port = running.http("huyen-ban-dao")
    for request in (b"NONSENSE\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", port), 10) as raw:
            raw.sendall(request)
            assert raw.recv(100).startswith((b"HTTP/1.1 400", b"HTTP/1.1 413"))
            assert raw.recv(100) == b""
    assert running.ask(port, "/").status == 200


def test_a_day_that_is_none_is_refused(running: Running) -> None:
    """The calendar takes ISO days and says so."""
    answer = running.ask(running.ports.control, "/day", "POST", '{"day": "31/10/2021"}')
    assert answer.status == 400
    assert b"YYYY-MM-DD" in answer.body


def test_a_taken_port_gives_one_sentence_and_exit_2(running: Running, tmp_path: Path) -> None:
    """Two provinces cannot share a base."""
    second = start(running.ports.base, tmp_path)
    _, said = second.communicate(timeout=20)
    assert second.returncode == 2
    assert f"Port {running.ports.base} on 127.0.0.1 is taken" in said
    assert said.count("\n") == 1


def test_the_province_ends_with_its_parent(tmp_path: Path) -> None:
    """Closing stdin ends it, so that nothing leaks."""
    process = start(free_base(), tmp_path)
    assert process.stdout is not None
    assert process.stdin is not None
    assert json.loads(process.stdout.readline())["ready"] is True
    process.stdin.close()
    assert process.wait(10) == 0
    stop(process)
