"""Carries what other rooms have to send or to read: one request at a time, by the fetcher's rules.

What comes back is no evidence and is not sealed here; whoever asked judges it by its signatures.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

from collectors.fetcher import Fetcher, FetchRequest
from minhchung.clock import Clock
from minhchung.errors import RefusedError, UnreachableError
from minhchung.evidence import Exchange, FailedAttempt, Failure
from minhchung.sources import Network

BIGGEST: Final = 2_000_000_000
"""Bytes that one answer may have: a published log is one file."""


class Courier:
    """Keeps `minhchung.ports.Post` and `minhchung.ports.Get`."""

    def __init__(self, network: Network, clock: Clock, extra_roots: Iterable[Path] = ()) -> None:
        """Connect as `network` allows; nothing is opened before the first request."""
        self._network = replace(network, delay=0.0, max_decoded_bytes=BIGGEST)
        self._clock, self._roots = clock, tuple(extra_roots)

    def post(self, url: str, body: bytes, *, content_type: str) -> bytes:
        """Return the body of a 200; raises CollectionError for anything else."""
        headers = (("Content-Type", content_type),)
        exchange, content = self._ask(FetchRequest(url=url, method="POST", headers=headers, body=body))
        if exchange.status != 200:
            raise UnreachableError(f"{url}: answered {exchange.status}; ask the authority")
        return content

    def get(self, url: str) -> bytes | None:
        """Return the body of a 200, None for a 404; raises CollectionError for anything else."""
        exchange, content = self._ask(FetchRequest(url=url, max_bytes=BIGGEST))
        if exchange.status == 404:
            return None
        if exchange.status != 200 or exchange.truncated:
            raise UnreachableError(f"{url}: answered {exchange.status}; try again later")
        return content

    def _ask(self, request: FetchRequest) -> tuple[Exchange, bytes]:
        answer = asyncio.run(self._fetch(request))
        if not isinstance(answer, FailedAttempt):
            return answer
        said = f"{request.url}: {answer.detail or answer.failure.value}"
        if answer.failure is Failure.ADDRESS_FORBIDDEN:
            raise RefusedError(f"{said}; allow the address under [network] if it is meant")
        raise UnreachableError(f"{said}; try again later")

    async def _fetch(self, request: FetchRequest) -> tuple[Exchange, bytes] | FailedAttempt:
        async with Fetcher(self._network, self._clock, self._roots) as fetcher:
            return await fetcher.fetch_body(request)
