"""What one visit has spent at each host, and when that is enough."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from minhchung.evidence import Exchange, FailedAttempt
from minhchung.sources import Network


def host_of(url: str) -> str:
    """Return scheme, host and port as written."""
    cut = url.find("/", url.find("://") + 3)
    return url if cut < 0 else url[:cut]


@dataclass(slots=True)
class _Spent:
    began_at: float
    requests: int = 0
    bytes: int = 0


class Spending:
    """Requests, bytes and minutes, host by host."""

    def __init__(self, network: Network) -> None:
        """Allow what `network` allows one host in one visit."""
        self._network = network
        self._spent: dict[str, _Spent] = {}

    def note(self, ended: tuple[Exchange, bytes] | FailedAttempt) -> None:
        """Count one exchange or attempt."""
        if isinstance(ended, FailedAttempt):
            url, size = ended.url, 0
        else:
            url, size = ended[0].url, len(ended[0].wire)
        host = host_of(url)
        spent = self._spent.get(host)
        if spent is None:
            spent = self._spent[host] = _Spent(asyncio.get_running_loop().time())
        spent.requests += 1
        spent.bytes += size

    def exhausted(self, host: str) -> str:
        """Say which limit a host has reached; empty when none."""
        spent, network = self._spent.get(host), self._network
        if spent is None:
            return ""
        if spent.requests >= network.host_requests:
            return f"{spent.requests} yêu cầu"
        if spent.bytes >= network.host_bytes:
            return f"{spent.bytes} byte"
        minutes = (asyncio.get_running_loop().time() - spent.began_at) / 60
        return f"{minutes:.0f} phút" if minutes >= network.host_minutes else ""
