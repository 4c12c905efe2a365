"""The two-tier province on the wire: a port for every department, one for every host that communes share."""

from __future__ import annotations

from datetime import date
from typing import Final

from simulator.http import Site
from simulator.ports import HOST, Ports
from simulator.province import Province
from simulator.server import Fair, Stall
from simulator.site import PortalSite
from simulator.two_tier.almanac import LAST_OF_OLD, VISITS
from simulator.two_tier.cast import PROVINCE, Member, members
from simulator.two_tier.folders import hosts
from simulator.two_tier.portals import portals
from simulator.wire import Door

_FIRST_DOOR: Final = 1
"""Port of the first door, counted from the province's first."""


def build_two_tier(seed: int) -> Province:
    """Build the province; the same seed builds the same one."""
    return Province(seed=seed, name=PROVINCE, portals=tuple(portals(seed).values()))


def port_of(ports: Ports, door: int) -> int:
    """Return the port behind which a door is."""
    return ports.base + _FIRST_DOOR + door


def origin_of(ports: Ports, door: int) -> str:
    """Return scheme, host and port of a door."""
    return f"http://{HOST}:{port_of(ports, door)}"


def doors(seed: int, ports: Ports) -> dict[int, Site]:
    """Return who answers behind every door."""
    cast = members(seed)
    origins = {member.door: origin_of(ports, member.door) for member in cast}
    service_portal = origin_of(ports, 0)  # no portal of this province links to one
    sites = {code: PortalSite(portal, "", service_portal) for code, portal in portals(seed).items()}
    return hosts(cast, sites, origins)


def set_up_two_tier(seed: int, ports: Ports, day: date) -> Fair:
    """Put every portal behind its door; nothing listens yet."""
    fair = Fair(province=build_two_tier(seed), ports=ports, day=day)
    fair.stalls.append(Stall(port=ports.control, door=Door(fair, fair.today, keeps=False)))
    for door, host in doors(seed, ports).items():
        dark = dark_days([member for member in members(seed) if member.door == door])
        fair.stalls.append(Stall(port=port_of(ports, door), door=Door(host, fair.today), dark_on=dark))
    return fair


def dark_days(tenants: list[Member]) -> frozenset[date]:
    """Return the days on which a host of one ended agency answers nobody."""
    if any(member.fate != "gone" or member.is_shared for member in tenants):
        return frozenset()
    return frozenset(day for day in VISITS if day > LAST_OF_OLD)
