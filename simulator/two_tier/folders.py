"""A host that many agencies share: each under a folder, linked with one another, one robots.txt for all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from typing import Final

from simulator.http import HTML, Request, Response, Site
from simulator.site import PortalSite
from simulator.two_tier.almanac import LAST_OF_OLD
from simulator.two_tier.cast import Member

_ROOTED: Final = re.compile(rb'((?:href|src|action)=")/')
_NEIGHBOURS: Final = 3
_TEXT: Final = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Tenant:
    """One portal on a host, on the days on which it answers."""

    member: Member
    site: PortalSite
    successor: str = ""
    """Folder or origin to which visitors are sent after the end, where they are."""

    def stands_on(self, day: date) -> bool:
        """Tell whether it is this portal that answers under its folder."""
        if self.member.valid_from is not None and day < self.member.valid_from:
            return False
        return day <= LAST_OF_OLD or self.member.fate in ("lasts", "kept")


class SharedHost:
    """Answers for all its tenants; a host with one tenant at its root is the smallest."""

    def __init__(self, tenants: Sequence[Tenant]) -> None:
        # The longest folder first: /na-ten-thuong is not /na-ten.
        self._tenants = sorted(tenants, key=lambda tenant: len(tenant.member.folder), reverse=True)

    def handle(self, request: Request) -> Response:
        """Answer one request by the folder that it names."""
        if request.path == "/robots.txt":
            return Response(status=200, body=self._robots().encode(), content_type=_TEXT)
        mine = [tenant for tenant in self._tenants if _is_under(request.path, tenant.member.folder)]
        standing = next((tenant for tenant in mine if tenant.stands_on(request.day)), None)
        if standing is not None:
            return self._answer(standing, request)
        moved = next((tenant for tenant in mine if tenant.member.fate == "moved"), None)
        if moved is not None and request.day > LAST_OF_OLD:
            return Response(status=301, headers=(("Location", f"{moved.successor}/"),))
        if request.path == "/":
            return Response(status=200, body=self._front_page(request.day).encode())
        return Response(status=404, body=b"<title>404</title><h1>404</h1>")

    def _answer(self, tenant: Tenant, request: Request) -> Response:
        folder = tenant.member.folder
        answer = tenant.site.handle(replace(request, path=request.path.removeprefix(folder) or "/"))
        if not folder or answer.content_type != HTML:
            return answer
        body = _ROOTED.sub(rb"\1" + folder.encode() + b"/", answer.body)
        return replace(
            answer, body=body.replace(b"</body>", self._neighbours(tenant, request.day) + b"</body>")
        )

    def _neighbours(self, tenant: Tenant, day: date) -> bytes:
        """Return a box with links to others' news: they stand on the same host and are not the tenant's."""
        standing = [each for each in self._tenants if each.stands_on(day)]
        at = standing.index(tenant)
        near = [standing[(at + n) % len(standing)] for n in range(1, _NEIGHBOURS + 1)]
        links = "".join(
            f'<li><a href="{each.member.folder}/tin-tuc-su-kien">{escape(each.member.agency.name)}</a></li>'
            for each in near
        )
        return f'<div class="lan-can"><p>Trang các xã khác</p><ul>{links}</ul></div>'.encode()

    def _robots(self) -> str:
        shut = [tenant.member.folder for tenant in self._tenants if tenant.member.is_refused]
        return "User-agent: *\n" + "".join(f"Disallow: {folder}\n" for folder in shut)

    def _front_page(self, day: date) -> str:
        rows = "".join(
            f'<li><a href="{each.member.folder}/">{escape(each.member.agency.name)}</a></li>'
            for each in self._tenants
            if each.stands_on(day)
        )
        return f"<!DOCTYPE html><title>Các xã (mô phỏng)</title><h1>Các xã</h1><ul>{rows}</ul>"


def _is_under(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder}/")


def hosts(
    cast: Sequence[Member], sites: Mapping[str, PortalSite], origins: Mapping[int, str]
) -> dict[int, Site]:
    """Return who answers behind every door; `origins` are the doors' addresses."""
    tenants: dict[int, list[Tenant]] = {}
    for member in cast:
        heir = next((each for each in cast if member.code in each.predecessors), None)
        successor = "" if heir is None else f"{origins[heir.door]}{heir.folder}"
        tenants.setdefault(member.door, []).append(Tenant(member, sites[member.code], successor))
    return {door: SharedHost(mine) for door, mine in tenants.items()}
