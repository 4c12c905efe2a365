"""Which authorities stamp the log's heads with the time: schema of `timestamps.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class TimestampAuthority:
    """One RFC 3161 authority."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    name: str
    """Names its tokens: lower-case letters, digits and hyphens."""

    url: str
    """Where requests are posted to."""

    roots: tuple[str, ...]
    """PEM files beside the config with the certificates that its chain must end in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timestamps:
    """The file `timestamps.toml`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    authority: tuple[TimestampAuthority, ...] = ()
