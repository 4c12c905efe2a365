"""A few agencies on real servers of their own loopback addresses, whose names, servers and DNS can die."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from collectors.crawl import Crawl
from collectors.fetcher import Fetcher
from minhchung.holdings import VisitReport
from service import plugins
from service.collecting import keep_config
from service.settings import Settings, load
from service.workplace import RandomIds, SimulatedClock
from storage.home import Home
from storage.store import Store
from tests.service import newsroom
from tests.service.small_home import write_small_config

PLATFORM: Final = "nen-tang"
SHARED: Final = ("so-mot", "so-hai", "so-ba", "so-bon")
"""Agencies whose names lead to one server."""

ALONE: Final = ("so-nam", "so-sau")
CANARY: Final = "kiem-tra.thu.example"


class Server:
    """One server on an address of its own, that can die and come back at the same port."""

    def __init__(self, address: str) -> None:
        """Serve the pages of a small newsroom from now on."""
        self.address, self.port = address, 0
        self.now: datetime | None = None
        self.rise()

    def rise(self) -> None:
        """Listen."""
        handler = type("Handler", (_Handler,), {"told": self})
        self._server = ThreadingHTTPServer((self.address, self.port), handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def die(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    told: Server

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the time of the world, which our own clock may miss."""
        now = self.told.now
        return super().date_time_string(timestamp) if now is None else format_datetime(now, usegmt=True)

    def do_GET(self) -> None:
        page = newsroom.pages().get(self.path)
        body = (page or "không có").encode()
        self.send_response(200 if page else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        return


@dataclass
class FailingWorld:
    """Servers, names, and a home that visits them."""

    folder: Path
    platform: Server
    own: dict[str, Server]
    canary: Server
    dns_is_dead: bool = False
    _names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        servers = {**dict.fromkeys(SHARED, self.platform), **self.own}
        self._names = {f"{code}.thu.example": server.address for code, server in servers.items()}
        self._names[CANARY] = self.canary.address
        places = {code: f"{code}.thu.example:{server.port}" for code, server in servers.items()}
        self.config = write_small_config(self.folder / "config")
        registry = self.config / "agencies" / "thu.toml"
        registry.write_text(_registry(places, f"{CANARY}:{self.canary.port}"), "utf-8")
        self.home = self.folder / "home"

    def settings(self) -> Settings:
        """Return the settings of the home."""
        return load(self.home, self.config)

    async def resolve(self, host: str, port: int) -> list[str]:
        """Answer as DNS would."""
        if self.dns_is_dead or host not in self._names:
            raise OSError(f"{host}: name or service not known")
        return [self._names[host]]

    def visit(
        self,
        at: datetime,
        codes: Iterable[str] = (*SHARED, *ALONE),
        *,
        dns_after: str = "",
        clock_off: timedelta = timedelta(),
    ) -> list[VisitReport]:
        """Visit the agencies in one run.

        With `dns_after` DNS dies once that agency has been visited; our clock is `clock_off` the world's.
        """
        self.canary.now = at
        return asyncio.run(self._visit(at + clock_off, tuple(codes), dns_after))

    async def _visit(self, at: datetime, codes: tuple[str, ...], dns_after: str) -> list[VisitReport]:
        settings, clock = self.settings(), SimulatedClock(at)
        reader = plugins.platform("generic")
        with Store(Home(self.home), clock, RandomIds(), writer=True) as store:
            run = store.begin_run("host")
            keep_config(settings, store)
            async with Fetcher(settings.network, clock, resolver=self.resolve) as fetcher:
                crawl = Crawl(
                    fetcher=fetcher,
                    recorder=store,
                    clock=clock,
                    network=settings.network,
                    terms=settings.terms,
                    registry=settings.registry,
                )
                first = [code for code in codes if code == dns_after]
                rest = [code for code in codes if code != dns_after]
                reports = [await crawl.visit(settings.agency(c), reader, None, run, "host") for c in first]
                self.dns_is_dead = self.dns_is_dead or bool(first)
                visits = (crawl.visit(settings.agency(c), reader, None, run, "host") for c in rest)
                reports += await asyncio.gather(*visits)
            store.commit()
        return reports


@contextmanager
def failing_world(folder: Path) -> Iterator[FailingWorld]:
    """Start the servers, and stop those that still live."""
    servers = [Server(f"127.0.0.{number}") for number in range(11, 15)]
    platform, *own, canary = servers
    try:
        yield FailingWorld(folder, platform, dict(zip(ALONE, own, strict=True)), canary)
    finally:
        for server in servers:
            if server._thread.is_alive():
                server.die()


def _registry(places: dict[str, str], canary: str) -> str:
    agencies = "".join(
        f'[[agency]]\ncode = "{code}"\nname = "Sở Thử"\nbloc = "provincial"\n'
        f'portal = "http://{place}/"\nhas_procedures = false\n\n'
        for code, place in places.items()
    )
    shared = ", ".join(f'"{code}.thu.example"' for code in SHARED)
    allowed = ", ".join(f'"{place}"' for place in (*places.values(), canary))
    return (
        f'title = "Danh sách thử"\ncanaries = ["http://{canary}/"]\n\n{agencies}'
        f'[[shared_platform]]\nkey = "{PLATFORM}"\ntitle = "Nền tảng thử"\nhosts = [{shared}]\n\n'
        f"[network]\nallow = [{allowed}]\ndelay = 0.0\ntimeout_connect = 2.0\ntimeout_read = 5.0\n"
    )
