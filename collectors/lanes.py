"""One origin as the fetcher knows it: where it is, the client that asks it, what its certificate came to."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from collectors.guard import Origin
from collectors.pace import Turns
from collectors.transport import Caller
from minhchung.evidence import Exchange, FailedAttempt, TlsFacts

if TYPE_CHECKING:
    import httpx

_MOST_COOKIES: Final = 180
_MOST_COOKIE_BYTES: Final = 16_384


@dataclass(slots=True)
class Lane:
    """One origin: its judged addresses, its client, the turns at its server."""

    origin: Origin
    place: str
    addresses: tuple[str, ...]
    client: Caller
    turns: Turns
    opened_at: float
    broken: TlsFacts | None = None
    """What was wrong with its chain, once it has been refused."""

    unverified: bool = False
    """Its content is read all the same; never so for a request with credentials."""

    completed: bool = False
    """Its chain holds with an intermediate that was fetched."""

    issuers: list[Exchange | FailedAttempt] = field(default_factory=list)
    """How the intermediates that its chain lacks were asked for; whoever seals takes them."""

    users: int = 0
    mending: asyncio.Lock = field(default_factory=asyncio.Lock)

    def take_issuers(self) -> list[Exchange | FailedAttempt]:
        """Return how intermediates were asked for, and forget it."""
        taken, self.issuers = self.issuers, []
        return taken


def trim(cookies: httpx.Cookies) -> None:
    """Forget the cookies of a host that sets more than any browser would send back."""
    sizes = [len(cookie.name) + len(cookie.value or "") for cookie in cookies.jar]
    if len(sizes) > _MOST_COOKIES or sum(sizes) > _MOST_COOKIE_BYTES:
        cookies.jar.clear()
