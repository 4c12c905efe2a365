"""What a schema cannot say: sums, duplicates and names that must exist elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_network
from typing import Final
from urllib.parse import urlsplit

from minhchung.addresses import host_of
from minhchung.agencies import Agency
from minhchung.errors import ConfigError
from minhchung.index_set import IndexSet
from minhchung.opening import read_hours
from minhchung.places import near_places
from minhchung.rounds import Round
from minhchung.sources import AgenciesFile, Network
from scoring import soundness
from service import plugins

_CODE: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def check_network(file: str, network: Network) -> None:
    """Raise ConfigError for an address allowed without port, or robots.txt passed over without an order."""
    for place in network.allow:
        host, _, port = place.rpartition(":")
        if not (host and port.isdecimal() and 0 < int(port) < 65_536):
            raise ConfigError(
                file, "network.allow", f"{place!r} names no port", 'write "host:port", one entry a port'
            )
    _check_groups(file, network)
    _check_internal(file, network)
    if network.robots == "record" and not network.mandate.strip():
        raise ConfigError(
            file,
            "network.mandate",
            "reading despite robots.txt needs a mandate",
            'name the document that orders it, or set robots = "obey"',
        )


def _check_internal(file: str, network: Network) -> None:
    for n, each in enumerate(network.internal, start=1):
        for block in each.addresses:
            try:
                ip_network(block)
            except ValueError as exc:
                key = f"network.internal[{n}].addresses"
                raise ConfigError(file, key, f"{block!r} is no block: {exc}", 'write "10.20.0.0/16"') from exc
        if not each.domains or not all(name.strip(".") for name in each.domains):
            raise ConfigError(file, f"network.internal[{n}].domains", "names no domain", "name one")


def _check_groups(file: str, network: Network) -> None:
    seen: set[str] = set()
    for key, text in (
        ("network.open_hours", network.open_hours),
        *((f"network.group {each.key}.open_hours", each.open_hours) for each in network.group),
    ):
        try:
            read_hours(text)
        except ValueError as exc:
            raise ConfigError(file, key, str(exc), 'write "22:00-06:00", local time') from exc
    for group in network.group:
        if group.key in seen:
            raise ConfigError(file, f"network.group {group.key}", "this key stands twice", "rename one")
        seen.add(group.key)
        for host in group.hosts:
            if not host.strip(".") or "/" in host or host != host.casefold():
                fault = f"{host!r} is no host name"
                raise ConfigError(file, f"network.group {group.key}.hosts", fault, "write host.example")


def check_registry(file: str, registry: AgenciesFile) -> None:
    """Raise ConfigError for a bad code, a duplicate agency or a portal that is no absolute address."""
    seen: set[str] = set()
    for n, agency in enumerate(registry.agency, start=1):
        key = f"agency[{n}]"
        if not _CODE.fullmatch(agency.code):
            raise ConfigError(file, f"{key}.code", f"{agency.code!r} is no code", "use unaccented kebab-case")
        if agency.code in seen:
            raise ConfigError(file, f"{key}.code", f"{agency.code!r} stands twice", "remove or rename one")
        seen.add(agency.code)
        _check_portal(file, key, agency)
    _check_canaries(file, registry)
    _check_platforms(file, registry)


def _check_canaries(file: str, registry: AgenciesFile) -> None:
    """Refuse canaries on what is assessed: whoever runs one could make every failure look like ours."""
    for n, address in enumerate(registry.canaries, start=1):
        key, remedy = f"canaries[{n}]", "name an address of a third party, absolute, http or https"
        place = host_of(address) if address.startswith(("http://", "https://")) else ""
        if not place:
            raise ConfigError(file, key, f"{address!r} is no absolute address", remedy)
        near = (*registry.shared_hosts, *registry.service_portal_hosts)
        for agency in registry.agency:
            if near_places(agency, (), near).hold(address):
                raise ConfigError(
                    file, key, f"{address!r} belongs to what is assessed ({agency.code})", remedy
                )
        for platform in registry.shared_platform:
            if platform.holds(place):
                raise ConfigError(file, key, f"{address!r} stands on platform {platform.key}", remedy)


def _check_platforms(file: str, registry: AgenciesFile) -> None:
    seen: set[str] = set()
    for n, platform in enumerate(registry.shared_platform, start=1):
        key = f"shared_platform[{n}]"
        if not _CODE.fullmatch(platform.key):
            raise ConfigError(file, f"{key}.key", f"{platform.key!r} is no key", "use unaccented kebab-case")
        if platform.key in seen:
            raise ConfigError(file, f"{key}.key", f"{platform.key!r} stands twice", "rename one")
        seen.add(platform.key)
        for host in platform.hosts:
            if not host.strip(".") or "/" in host or host != host.casefold():
                raise ConfigError(file, f"{key}.hosts", f"{host!r} is no host name", "write host.example")


def _check_portal(file: str, key: str, agency: Agency) -> None:
    if not agency.portal:
        return
    remedy = 'write an absolute http or https address, or "" while it is not confirmed'
    try:
        parts = urlsplit(agency.portal)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        raise ConfigError(file, f"{key}.portal", f"{agency.portal!r} is no absolute address", remedy)


def check_index_set(file: str, index_set: IndexSet) -> None:
    """Raise ConfigError where the set cannot be computed or a verifier is unknown."""
    for fault in soundness.faults(index_set):
        raise ConfigError(file, fault.where, fault.fault, fault.remedy)
    for component in index_set.components():
        where = f"{component.code}.verifier"
        if component.verifier:
            plugins.verifier(component.verifier, file, where)
        elif component.kind.startswith("objective"):
            raise ConfigError(file, where, "an objective component needs one", "name a verifier")


def check_scales(file: str, round_: Round, index_set: IndexSet, own_sets: Mapping[str, IndexSet]) -> None:
    """Raise ConfigError where blocs of different maxima are averaged in points, or a tie-break is unknown."""
    sets = {bloc.code: own_sets.get(bloc.code, index_set) for bloc in round_.blocs}
    scales = {one.scale for one in sets.values()}
    if len(scales) > 1 and round_.band_unit == "points" and round_.overall_mean != "none":
        raise ConfigError(
            file,
            "overall_mean",
            f"blocs on scales of {', '.join(str(scale) for scale in sorted(scales))} have no mean in points",
            'set band_unit = "percent" or overall_mean = "none"',
        )
    for bloc, one in sets.items():
        known = {main.code for main in one.main_index}
        for code in round_.tie_break:
            if code not in known:
                raise ConfigError(
                    file,
                    "tie_break",
                    f"{code!r} is no main index of {one.id} ({bloc})",
                    f"use one of: {', '.join(sorted(known))}",
                )


def check_round(file: str, round_: Round, registry: AgenciesFile) -> None:
    """Raise ConfigError where the round and its registry do not fit."""
    blocs = {bloc.code for bloc in round_.blocs}
    for n, agency in enumerate(registry.agency, start=1):
        if agency.bloc not in blocs:
            raise ConfigError(
                f"agencies/{round_.registry}.toml",
                f"agency[{n}].bloc",
                f"{agency.bloc!r} is no bloc of {file}",
                f"use one of: {', '.join(sorted(blocs))}",
            )
    mins = [band.min for band in round_.bands]
    if mins != sorted(mins, reverse=True) or len(set(mins)) != len(mins) or not mins or mins[-1] != 0:
        raise ConfigError(file, "bands", "must fall from best to worst and end at 0", "reorder the bands")
    rounding = round_.rounding
    for key, decimals in (
        ("rounding.total_decimals", rounding.total_decimals),
        ("rounding.mean_decimals", rounding.mean_decimals),
        ("rounding.percent_decimals", rounding.percent_decimals),
        ("share_decimals", round_.share_decimals),
    ):
        if not 0 <= decimals <= soundness.MOST_DECIMALS:
            raise ConfigError(file, key, f"is {decimals}", f"give 0 to {soundness.MOST_DECIMALS}")
    if round_.freeze < round_.period.last:
        raise ConfigError(file, "freeze", "lies before the period's end", "set a later day")
