"""`serve`: the timetable and the web app in one process, until somebody ends it."""

from __future__ import annotations

import asyncio
import ipaddress
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import uvicorn

from auditor.app import create
from auditor.border import LOOPBACK_NAMES
from minhchung.errors import MinhChungError, UsageError
from service.desk import HomeDesk
from service.due_runs import Ran, Say, Stop, lapse, lateness, name_of, run_due
from service.schedule import Ticker
from service.settings import Settings


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket on a loopback address; port 0 takes a free one. Raises UsageError."""
    if not is_loopback(host):
        raise UsageError(
            f"--host {host}: only this machine is served (127.0.0.1 or ::1); "
            "to reach it from elsewhere put a proxy with its own access control in front"
        )
    name = "127.0.0.1" if host == "localhost" else host
    family = socket.AF_INET6 if ":" in name else socket.AF_INET
    try:
        return socket.create_server((name, port), family=family)
    except (OSError, OverflowError) as error:
        msg = f"--port {port}: cannot be opened ({error}); choose another, or 0 for any free one"
        raise UsageError(msg) from error


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine alone."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def address_of(listener: socket.socket) -> str:
    """Return the address of the first page."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


class Timekeeper:
    """Runs what is due at every tick and tells what happened; the same news is told once."""

    def __init__(self, load: Callable[[], Settings], say: Say, stop: Stop) -> None:
        self._load = load
        self._say = say
        self._stop = stop
        self._told: set[str] = set()

    def tick(self) -> None:
        """Run everything that is due and not yet claimed; what cannot be is told and tried again later."""
        try:
            plan, ran = run_due(self._load(), self._say, self._stop)
        except MinhChungError as error:
            self._tell_once(str(error), str(error))
            return
        for lapsed in plan.lapsed:
            vi, en = lapse(lapsed)
            self._tell_once(f"{name_of(lapsed)}: {vi}", f"{lapsed.entry.key}: {en}")
        for one in ran:
            vi, en = outcome(one)
            self._tell_once(vi, en) if one.outcome == "busy" else self._say(vi, en)

    def _tell_once(self, vi: str, en: str) -> None:
        if en not in self._told:
            self._told.add(en)
            self._say(vi, en)


def outcome(ran: Ran) -> tuple[str, str]:
    """Return what became of a due run, Vietnamese and English."""
    name, key = name_of(ran.due), ran.due.entry.key
    match ran.outcome:
        case "ran":
            sound = sum(report.state == "ok" for report in ran.reports)
            attempts = sum(report.attempts for report in ran.reports)
            late = lateness(ran.due)
            return (
                f"{name}: xong{late[0]}, {sound}/{len(ran.reports)} lượt thăm đọc được, {attempts} yêu cầu",
                f"{key}: done{late[1]}, {sound} of {len(ran.reports)} visits read, {attempts} attempts",
            )
        case "taken":
            return f"{name}: tiến trình khác đã nhận", f"{key}: taken by another process"
        case "busy":
            return f"{name}: chờ, {ran.detail}", f"{key}: waits, {ran.detail}"
        case "stopped":
            return (
                f"{name}: dừng giữa chừng; những gì đã niêm phong vẫn giữ nguyên",
                f"{key}: stopped half-way; what was sealed stays sealed",
            )


def serve(
    load: Callable[[], Settings],
    listener: socket.socket,
    say: Say,
    *,
    round_name: str = "",
    timetable: bool = True,
) -> None:
    """Serve until SIGINT or SIGTERM; leaves no thread and no process."""
    host = listener.getsockname()[0]
    names = LOOPBACK_NAMES | {f"[{host}]" if ":" in host else host}
    stop = Stop()
    desk = HomeDesk(load, round_name)
    config = uvicorn.Config(
        create(desk, names),
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    # The first reader should not have to wait for what can be concluded meanwhile.
    threading.Thread(target=_warm, args=(desk,), daemon=True).start()
    ticker = Ticker(Timekeeper(load, say, stop).tick, lambda text: say(text, text)) if timetable else None
    with _ended_by_signals(server), listener:
        if ticker is not None:
            ticker.start()
        try:
            asyncio.run(server.serve(sockets=[listener]))
        finally:
            stop.ask()
            if ticker is not None:
                ticker.stop()


def _warm(desk: HomeDesk) -> None:
    with suppress(MinhChungError):  # the page will say it
        desk.board()


@contextmanager
def _ended_by_signals(server: uvicorn.Server) -> Iterator[None]:
    """Let a signal end the server, not the process: uvicorn raises it anew once it has shut down."""

    def end(*_: object) -> None:
        server.should_exit = True

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former = {each: signal.signal(each, end) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in former.items():
            signal.signal(each, handler)
