"""Visits to portals on a host that several agencies share (G3)."""

from __future__ import annotations

from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode
from minhchung.observations import ListCapture
from minhchung.sources import AgenciesFile
from tests.collectors.memory import Memory
from tests.collectors.tiny import listing, page, row, visit
from tests.collectors.worlds import Reply, World


def agency(code: str, portal: str, *hosts: str) -> Agency:
    """Return an agency of the test registry."""
    return Agency(code=AgencyCode(code), name=code, bloc="b", portal=portal, hosts=hosts)


async def test_two_portals_on_one_host_are_credited_with_their_own_items_alone() -> None:
    """Each of two agencies has a list under its folder; a third list lies outside of both."""
    lists = (("list", f"{at}/tin", "Tin tức") for at in ("/so-a", "/so-b", "/chung"))
    home = Reply(page("Sở Mô phỏng", *lists))
    pages: dict[str, Reply] = {"/so-a/": home, "/so-b/": home}
    for at in ("/so-a", "/so-b", "/chung"):
        rows = [row(f"{at[-1]}{n}", url=f"{at}/tin/{n}") for n in range(1, 4)]
        pages |= {f"{at}/tin": Reply(listing(rows))} | {
            f"{at}/tin/{n}": Reply(page("Bài")) for n in (1, 2, 3)
        }
    memory = Memory()
    async with World(dict(pages)) as world:
        both = tuple(agency(code, world.url(f"/{code}/")) for code in ("so-a", "so-b"))
        registry = AgenciesFile(agency=both)
        report = await visit(world, memory, scope="host", registry=registry, portal="/so-a/", code="so-a")

    assert report.items == 3
    assert [c.list_url for c in memory.of(ListCapture)] == [world.url("/so-a/tin")]
    assert not [request for request in world.requests if request.path.startswith("/so-b")]
