"""Whose page an address is: hosts and folders that the registry calls an agency's own (G3).

One rule for the crawl, which asks by it, and for the verifiers, who count by it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from minhchung.addresses import host_of, normalise
from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode


class Places:
    """Hosts, with ports or path prefixes, that somebody's pages stand on."""

    def __init__(self, places: Iterable[str], *, besides: Iterable[str] = ()) -> None:
        """Take `host`, `host:port`, `host/path` or whole addresses, which stand for their hosts.

        `besides` are prefixes of others in there: whose prefix is longest, theirs is the page.
        """
        self._whole: set[str] = set()
        self._prefixes: list[tuple[str, str]] = []
        for place in places:
            host, path = _host_and_path(place)
            if not host:
                continue
            if path and "://" not in place:
                self._prefixes.append((host, path))
            else:
                self._whole.add(host)
        # `host` in the registry means the host on its usual ports, whichever the scheme.
        self._whole |= {h.removesuffix(":443").removesuffix(":80") for h in self._whole}
        hosts = self._whole.union(host for host, _ in self._prefixes)
        self._others = [(host, path) for host, path in map(_host_and_path, besides) if path and host in hosts]

    def hold(self, url: str) -> bool:
        """Say whether the address stands on one of the places."""
        host = host_of(url)
        if host in self._whole and not self._others:
            return True
        if host not in self._whole and not self._prefixes:
            return False
        path = urlsplit(normalise(url)).path
        own = max(_lengths(self._prefixes, host, path), default=0 if host in self._whole else -1)
        return own >= max(_lengths(self._others, host, path), default=0)


def own_places(agency: Agency, registry: Iterable[Agency]) -> Places:
    """Return the places that are the agency's own.

    Where another agency uses the portal's host too, the portal's folder is own and not the host; what
    another agency calls its own is never ours.
    """
    portal = agency.portal
    theirs = _of_others(agency, registry, _hosts_of((portal, *agency.hosts)))
    if host_of(portal) in {host for host, _ in theirs}:
        portal = _folder(portal)
    return Places((portal, *agency.hosts), besides=[place for _, place in theirs])


def of_another(urls: Iterable[str], agency: Agency, registry: Iterable[Agency]) -> frozenset[str]:
    """Return the addresses that stand on what another agency calls its own, and this one does not."""
    asked = tuple(urls)
    # A portal has many addresses on few hosts: each host is made normal once.
    theirs = _of_others(agency, registry, _hosts_of({"/".join(url.split("/", 3)[:3]) for url in asked}))
    if not theirs:
        return frozenset()
    own = own_places(agency, registry)
    held = Places(place for _, place in theirs)
    return frozenset(url for url in asked if held.hold(url) and not own.hold(url))


def near_places(agency: Agency, registry: Iterable[Agency], more: Iterable[str]) -> Places:
    """Return the hosts on which a visit may ask beside what is own, and `more`; never others' folders."""
    places = (agency.portal, *agency.hosts, *more)
    theirs = {place for _, place in _of_others(agency, registry, _hosts_of(places))}
    return Places(places, besides=theirs - {_folder(agency.portal), *agency.hosts})


def _hosts_of(places: Iterable[str]) -> set[str]:
    hosts = {_host_and_path(place)[0] for place in places}
    return hosts | {host.removesuffix(":443").removesuffix(":80") for host in hosts}


def _of_others(agency: Agency, registry: Iterable[Agency], hosts: set[str]) -> list[tuple[str, str]]:
    """Return host and place of what other agencies call their own on these hosts."""
    claims = _claims_by_host(_Listed(registry if isinstance(registry, tuple) else tuple(registry)))
    return [
        (host, place) for host in sorted(hosts) for code, place in claims.get(host, ()) if code != agency.code
    ]


class _Listed:
    """A registry that is told by being the same one: every verifier asks for every agency of thousands."""

    __slots__ = ("agencies",)

    def __init__(self, agencies: tuple[Agency, ...]) -> None:
        self.agencies = agencies

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Listed) and self.agencies is other.agencies

    def __hash__(self) -> int:
        return id(self.agencies)


@lru_cache(maxsize=4)
def _claims_by_host(registry: _Listed) -> Mapping[str, tuple[tuple[AgencyCode, str], ...]]:
    found: dict[str, list[tuple[AgencyCode, str]]] = defaultdict(list)
    for agency in registry.agencies:
        for host, place in _claims(agency.portal, agency.hosts):
            found[host].append((agency.code, place))
    return {host: tuple(claims) for host, claims in found.items()}


@lru_cache(maxsize=16_384)
def _claims(portal: str, hosts: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((_host_and_path(place)[0], place) for place in (_folder(portal), *hosts))


@lru_cache(maxsize=16_384)
def _folder(portal: str) -> str:
    """Return `host/path` of the folder that a home page stands in: a last part with a dot is its file."""
    host, path = _host_and_path(portal)
    folder, _, last = path.rpartition("/")
    return host + (folder if "." in last else path)


@lru_cache(maxsize=16_384)
def _host_and_path(place: str) -> tuple[str, str]:
    normal = normalise(place if "://" in place else f"http://{place}")
    return host_of(normal), urlsplit(normal).path.rstrip("/")


def _lengths(prefixes: Iterable[tuple[str, str]], host: str, path: str) -> Iterator[int]:
    """Yield how long each prefix is that the address begins with."""
    return (len(p) for h, p in prefixes if h == host and (path == p or path.startswith(p + "/")))
