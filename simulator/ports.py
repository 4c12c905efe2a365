"""Which port of the loopback address belongs to whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from simulator.agencies import Agency

HOST: Final = "127.0.0.1"
COUNT: Final = 133
"""Ports from the base that the province may use."""

_HTTP: Final = 1
_ONE_STOP: Final = 90
_SERVICES: Final = 91
_BROWSER: Final = 92
_HTTPS: Final = 101


@dataclass(frozen=True, slots=True)
class Ports:
    """The province's ports, counted from a base."""

    base: int

    @property
    def control(self) -> int:
        """Port of the calendar and of the counts."""
        return self.base

    @property
    def one_stop_shop(self) -> int:
        """Port of the one-stop-shop."""
        return self.base + _ONE_STOP

    @property
    def service_portal(self) -> int:
        """Port of the public-service portal."""
        return self.base + _SERVICES

    @property
    def script_portal(self) -> int:
        """Port of the portal that needs a browser; it belongs to no agency."""
        return self.base + _BROWSER

    def http(self, index: int) -> int:
        """Return the plain port of the agency at this place of the cast."""
        return self.base + _HTTP + index

    def https(self, index: int) -> int:
        """Return the TLS port of the agency at this place of the cast."""
        return self.base + _HTTPS + index

    def origin(self, agency: Agency, index: int) -> str:
        """Return scheme, host and port of the agency's portal."""
        if agency.tls == "none":
            return f"http://{HOST}:{self.http(index)}"
        return f"https://{HOST}:{self.https(index)}"

    def listening(self, cast: tuple[Agency, ...]) -> tuple[int, ...]:
        """Return every port that the province may answer on, lowest first."""
        secure = [self.https(n) for n, agency in enumerate(cast) if agency.tls != "none"]
        plain = [self.http(n) for n in range(len(cast))]
        shared = [self.control, self.one_stop_shop, self.service_portal, self.script_portal]
        return tuple(sorted([*secure, *plain, *shared]))
