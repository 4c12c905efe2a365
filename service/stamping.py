"""The authorities of `timestamps.toml`, and a way to them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from minhchung.errors import ConfigError
from minhchung.timestamping import TimestampAuthority, Timestamps
from service.config_files import parse, read_bytes
from service.settings import Settings

if TYPE_CHECKING:
    from collectors.courier import Courier
    from minhchung.clock import Clock
    from storage.timestamps import Authority

FILE: Final = "timestamps.toml"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def authorities(settings: Settings) -> tuple[Authority, ...]:
    """Return the configured authorities, none where there is no file; raises ConfigError."""
    path = settings.place.directory / FILE
    if not path.is_file():
        return ()
    told = parse(str(path), read_bytes(path), Timestamps).authority
    names = [authority.name for authority in told]
    found = []
    for number, authority in enumerate(told, start=1):
        where = f"authority[{number}]"
        if not _NAME.fullmatch(authority.name) or names.count(authority.name) > 1:
            fault = f"{authority.name!r} is no name, or stands twice"
            raise ConfigError(
                str(path), f"{where}.name", fault, "use lower-case letters, digits and hyphens, once"
            )
        if urlsplit(authority.url).scheme not in ("http", "https") or not urlsplit(authority.url).hostname:
            fault = f"{authority.url!r} is no absolute address"
            raise ConfigError(str(path), f"{where}.url", fault, "begin it with https:// or http://")
        found.append(_with_roots(settings, authority, f"{where}.roots"))
    return tuple(found)


def _with_roots(settings: Settings, authority: TimestampAuthority, where: str) -> Authority:
    from cryptography import x509

    from storage.timestamps import Authority

    path = str(settings.place.directory / FILE)
    if not authority.roots:
        raise ConfigError(path, where, "is empty", "name the PEM file of the authority's root")
    pem = b"\n".join(read_bytes(settings.place.directory / name) for name in authority.roots)
    try:
        x509.load_pem_x509_certificates(pem)
    except ValueError as exc:
        raise ConfigError(path, where, f"holds no certificate ({exc})", "name PEM files") from exc
    return Authority(name=authority.name, url=authority.url, roots=pem)


def courier(settings: Settings, clock: Clock) -> Courier:
    """Return a way to the network by the settings' own limits."""
    from collectors.courier import Courier

    return Courier(settings.network, clock, settings.trust_roots())
