"""The province on the wire: one process, a port per portal, a control port that moves the calendar."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

from simulator.agencies import Agency
from simulator.almanac import SECOND_QUARTER
from simulator.gateway import Gateway
from simulator.http import JSON, Request, Response, Site
from simulator.igate import IGate
from simulator.looks.spa import ScriptPortal
from simulator.model import Portal
from simulator.ports import HOST, Ports
from simulator.province import Province
from simulator.site import PortalSite
from simulator.tls import KINDS, make_certificates
from simulator.wire import Conversation, Door

_BACKLOG: Final = 512


class TakenPortError(Exception):
    """A port that the province needs belongs to somebody else."""


@dataclass(slots=True, kw_only=True)
class Stall:
    """One port of the province and whether somebody answers there."""

    port: int
    door: Door
    context: ssl.SSLContext | None = None
    dark_on: frozenset[date] | None = frozenset()
    """Days on which nobody answers; None: never does."""

    listener: socket.socket | None = None
    server: asyncio.Server | None = None

    def is_dark(self, day: date) -> bool:
        """Tell whether the port is shut on that day."""
        return self.dark_on is None or day in self.dark_on


@dataclass(slots=True, kw_only=True)
class Fair:
    """The running province: its stalls and its calendar."""

    province: Province
    ports: Ports
    day: date
    stalls: list[Stall] = field(default_factory=list)
    _opening: set[asyncio.Task[None]] = field(default_factory=set)

    def today(self) -> date:
        """Return the simulated day."""
        return self.day

    def move_to(self, day: date) -> None:
        """Turn the calendar: pages, answers and dark portals are those of the new day."""
        self.day = day
        for stall in self.stalls:
            if stall.is_dark(day):
                _shut(stall)
            elif stall.listener is None:
                stall.listener = _listen(stall.port)
                task = asyncio.get_running_loop().create_task(_attend(stall))
                self._opening.add(task)
                task.add_done_callback(self._opening.discard)

    def close(self) -> None:
        """Stop listening everywhere."""
        for stall in self.stalls:
            _shut(stall)

    def handle(self, request: Request) -> Response:
        """Answer the control port: health, the calendar, counts of requests."""
        if request.path == "/health":
            return _json({"simulated": True, "seed": self.province.seed, "day": self.day.isoformat()})
        if request.path == "/log":
            return _json({str(stall.port): stall.door.requests for stall in self.stalls})
        if request.path == "/day" and request.method == "POST":
            return self._set_day(request.body)
        return Response(status=404)

    def _set_day(self, body: bytes) -> Response:
        try:
            day = date.fromisoformat(json.loads(body)["day"])
        except (ValueError, KeyError, TypeError):
            return _json({"error": 'Expected {"day": "YYYY-MM-DD"}.'}, status=400)
        self.move_to(day)
        return _json({"day": day.isoformat()})


class _Redirect:
    """Plain http that sends everybody to https."""

    def __init__(self, origin: str) -> None:
        self._origin = origin

    def handle(self, request: Request) -> Response:
        """Send the visitor to the same path of the secure portal."""
        query = f"?{request.query}" if request.query else ""
        return Response(status=301, headers=(("Location", f"{self._origin}{request.path}{query}"),))


class _MetaRefresh:
    """Plain http whose home page merely asks the browser to go on: no redirect."""

    def __init__(self, origin: str, site: Site) -> None:
        self._origin = origin
        self._site = site

    def handle(self, request: Request) -> Response:
        """Answer the home page with a refresh and everything else as the portal would."""
        if request.path != "/":
            return self._site.handle(request)
        refresh = f'<meta http-equiv="refresh" content="0; url={self._origin}/">'
        return Response(status=200, body=f"<html><head>{refresh}</head><body></body></html>".encode())


def set_up(province: Province, ports: Ports, day: date, state: Path) -> Fair:
    """Put every portal and service behind its door; nothing listens yet. Certificates go to `state`."""
    fair = Fair(province=province, ports=ports, day=day)
    contexts = _contexts(province.seed, state)
    fair.stalls.append(Stall(port=ports.control, door=Door(fair, fair.today, keeps=False)))
    for index, portal in enumerate(province.portals):
        fair.stalls += _portal_stalls(portal, index, ports, contexts, fair.today)
    one_stop = Door(IGate(province.seed), fair.today, keeps=False)
    counter = Door(Gateway(province.seed), fair.today, keeps=False)
    fair.stalls.append(Stall(port=ports.one_stop_shop, door=one_stop))
    fair.stalls.append(Stall(port=ports.service_portal, door=counter))
    script = Door(ScriptPortal(province.seed), fair.today)
    fair.stalls.append(Stall(port=ports.script_portal, door=script))
    return fair


def _portal_stalls(
    portal: Portal, index: int, ports: Ports, contexts: dict[str, ssl.SSLContext], today: Callable[[], date]
) -> list[Stall]:
    agency = portal.agency
    origin = ports.origin(agency, index)
    site: Site = PortalSite(portal, origin, f"http://{HOST}:{ports.service_portal}")
    dark = _dark_days(agency)
    stalls = []
    plain = site
    if agency.tls != "none":
        stalls.append(
            Stall(
                port=ports.https(index),
                door=Door(site, today, slow="slow" in agency.temper),
                context=contexts[agency.tls],
                dark_on=dark,
            )
        )
        if agency.plain_http == "301":
            plain = _Redirect(origin)
        elif agency.plain_http == "meta-refresh":
            plain = _MetaRefresh(origin, site)
    shut = None if agency.plain_http == "closed" else dark
    stalls.append(Stall(port=ports.http(index), door=Door(plain, today), dark_on=shut))
    return stalls


def _dark_days(agency: Agency) -> frozenset[date] | None:
    if "dark" in agency.temper:
        return None
    return frozenset({SECOND_QUARTER}) if "dark-second-quarter" in agency.temper else frozenset()


def _contexts(seed: int, state: Path) -> dict[str, ssl.SSLContext]:
    """Return a server context per kind of certificate; the ssl module wants them as files."""
    folder = state / "tls"
    folder.mkdir(parents=True, exist_ok=True)
    certificates = make_certificates(seed)
    contexts = {}
    for kind in KINDS:
        chain, key = folder / f"{kind}.pem", folder / f"{kind}.key.pem"
        chain.write_bytes(certificates.leaves[kind])
        key.write_bytes(certificates.keys[kind])
        key.chmod(0o600)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(chain, key)
        contexts[kind] = context
    return contexts


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        msg = f"Port {port} on {HOST} is taken: stop whatever holds it or choose another --base-port."
        raise TakenPortError(msg) from error
    listener.setblocking(False)
    return listener


async def _attend(stall: Stall) -> None:
    loop = asyncio.get_running_loop()
    if stall.listener is not None:
        stall.server = await loop.create_server(
            partial(Conversation, stall.door), sock=stall.listener, ssl=stall.context, backlog=_BACKLOG
        )


def _shut(stall: Stall) -> None:
    if stall.server is not None:
        stall.server.close()
    elif stall.listener is not None:
        stall.listener.close()
    stall.server = stall.listener = None
    for transport in list(stall.door.connections):
        transport.abort()


def _json(value: dict[str, object] | dict[str, int] | dict[str, str], status: int = 200) -> Response:
    return Response(status=status, body=json.dumps(value).encode(), content_type=JSON)
