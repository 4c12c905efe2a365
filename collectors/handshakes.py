"""The step of a visit that tests how securely the portal is served: TLS, and where plain http leads."""

from __future__ import annotations

from typing import Final, Literal
from urllib.parse import urlsplit

from collectors.answers import Answer, Ask
from collectors.endings import REFUSED
from collectors.platforms.interface import Link
from collectors.soft404 import main_text
from collectors.trip import PageRead, Trip
from minhchung.addresses import normalise
from minhchung.evidence import Failure, Locator
from minhchung.observations import RedirectChain, TlsCheck

MOST_HOPS: Final = 5
_TIMEOUTS: Final = frozenset({Failure.TIMEOUT_CONNECT, Failure.TIMEOUT_READ, Failure.TIMEOUT_TOTAL})
_TLS: Final = frozenset({Failure.TLS_EXPIRED, Failure.TLS_CHAIN, Failure.TLS_NAME, Failure.TLS_OTHER})
CheckState = Literal["answered", "no-https", "failed", "timeout", "dns"]


async def check_transport(trip: Trip, home: PageRead) -> None:
    """Keep a TlsCheck and a RedirectChain of the portal's address, unless robots.txt forbids that."""
    if home.answer.failure is Failure.ROBOTS:
        return
    await _check_tls(trip, home)
    await _check_redirects(trip, home)


async def _check_tls(trip: Trip, home: PageRead) -> None:
    url = _https_address(trip.agency.portal)
    asked = home
    if not (home.link.url.startswith("https:") and (not home.answer.hops or home.answer.tls)):
        link = Link(url=url, role="site")
        # One page that robots.txt let us read on the portal's own address; one try, for it may well hang.
        answer = await trip.asker.ask(Ask(url=url, retries=0, within=trip.near, robots=False))
        asked = trip.read(answer, link, observe=False)
    answer = asked.answer
    if answer.record is None:
        return
    tls = answer.tls
    trip.recorder.observe(
        [
            TlsCheck(
                agency=trip.agency.code,
                run=trip.run,
                seen=Locator(record=answer.record.id),
                url=url,
                checked_at=answer.record.captured_at,
                state=_state_of(answer),
                verdict=tls.verdict if tls is not None else None,
                detail=(tls.detail if tls is not None else "") or answer.detail,
                is_portal=_is_portal(trip, asked, home),
            )
        ]
    )


def _https_address(portal: str) -> str:
    """Return the https address to test: the registry's own port where it names one, else 443."""
    parts = urlsplit(portal)
    port = f":{parts.port}" if parts.port not in (None, 80) else ""
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"https://{host}{port}{parts.path or '/'}"


def _state_of(answer: Answer) -> CheckState:
    failure = answer.failure
    if answer.tls is not None and failure not in _TLS:
        return "answered"  # a handshake was made, whatever was answered over it
    if failure is None:
        return "no-https"
    if failure is Failure.DNS:
        return "dns"
    if failure in _TIMEOUTS:
        return "timeout"
    if failure is Failure.CONNECT and answer.detail.startswith(REFUSED):
        return "no-https"
    return "no-https" if failure is Failure.TLS_OTHER else "failed"


def _is_portal(trip: Trip, asked: PageRead, home: PageRead) -> bool:
    page = asked.page
    if page is None:
        return False
    if trip.names_agency(page):
        return True
    return asked is not home and home.page is not None and main_text(page) == main_text(home.page) != ""


async def _check_redirects(trip: Trip, home: PageRead) -> None:
    url = _http_address(trip)
    if url is None:
        if home.answer.record is not None:
            _keep_chain(trip, home.answer, trip.agency.portal, "no-port", ends_on_https=False)
        return
    if home.link.url == url and home.answer.record is not None:
        answer = home.answer
    else:
        answer = await trip.asker.ask(
            Ask(
                url=url,
                page=False,
                conditional=False,
                max_redirects=MOST_HOPS,
                robots=False,
                stop_at=normalise(home.answer.final) if home.answer.usable else "",
            )
        )
    state: Literal["answered", "refused", "failed", "no-port"] = "answered"
    if answer.status is None and not answer.hops:
        refused = answer.failure is Failure.CONNECT and answer.detail.startswith(REFUSED)
        state = "refused" if refused else "failed"
    last = answer.hops[-1][1] if answer.hops else ""
    ends = last.startswith("https:") and trip.own.hold(last) and len(answer.hops) <= MOST_HOPS
    _keep_chain(trip, answer, url, state, ends_on_https=ends)


def _http_address(trip: Trip) -> str | None:
    parts = urlsplit(trip.agency.portal)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = trip.agency.http_port
    if port is None:
        if parts.scheme == "http":
            return trip.agency.portal
        if parts.port not in (None, 443):
            return None  # which port serves plain http is not for us to guess
    written = "" if port in (None, 80) else f":{port}"
    return f"http://{host}{written}{parts.path or '/'}"


def _keep_chain(
    trip: Trip,
    answer: Answer,
    url: str,
    state: Literal["answered", "refused", "failed", "no-port"],
    *,
    ends_on_https: bool,
) -> None:
    if answer.record is None:
        return
    trip.recorder.observe(
        [
            RedirectChain(
                agency=trip.agency.code,
                run=trip.run,
                seen=Locator(record=answer.record.id),
                url=url,
                checked_at=answer.record.captured_at,
                hops=answer.hops if state == "answered" else (),
                state=state,
                ends_on_https=ends_on_https,
            )
        ]
    )
