"""Whose page an address is, on hosts that several agencies share (G3)."""

from __future__ import annotations

import pytest

from collectors.addresses import near_places, own_places
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


A = agency("a", "http://cong.example/so-a/")
B = agency("b", "http://cong.example/so-b/trang-chu.aspx")
ROOT = agency("tinh", "http://cong.example/")
ALONE = agency("c", "http://rieng.example/so-c/")


@pytest.mark.parametrize(
    ("whose", "registry", "path", "own"),
    [
        (A, (A, B), "/so-a/tin/1", True),
        (A, (A, B), "/so-a", True),
        (A, (A, B), "/so-ab/tin/1", False),
        (A, (A, B), "/so-b/tin/1", False),
        (A, (A, B), "/chung/tin/1", False),
        (B, (A, B), "/so-b/tin/1", True),
        (ROOT, (A, B, ROOT), "/chung/tin/1", True),
        (ROOT, (A, B, ROOT), "/so-a/tin/1", False),
        (A, (A, ALONE), "/chung/tin/1", True),
        (A, (A, agency("d", "", "cong.example/so-d")), "/so-d/1", False),
        (A, (A, agency("d", "", "cong.example")), "/so-d/1", False),
        (agency("a", A.portal, "cong.example/chung"), (A, B), "/chung/tin/1", True),
        (agency("a", A.portal), (A, agency("e", A.portal)), "/so-a/tin/1", True),
    ],
)
def test_on_a_shared_host_the_longest_configured_prefix_says_whose_page_it_is(
    whose: Agency, registry: tuple[Agency, ...], path: str, own: bool
) -> None:
    """G3: nobody is credited with pages under another agency's prefix; a host of one's own is own whole."""
    assert own_places(whose, registry).hold(f"http://cong.example{path}") is own


def test_a_visit_may_be_sent_about_its_host_and_not_into_another_agencys_folder() -> None:
    """Redirects pass through common addresses of the host; another agency's pages are not asked for."""
    near = near_places(A, (A, B), ("chung.example",))
    assert near.hold("http://cong.example/dang-nhap")
    assert near.hold("http://chung.example/x")
    assert not near.hold("http://cong.example/so-b/tin/1")


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
