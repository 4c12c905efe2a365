"""The crawl loop on the real store: what two visits leave behind, read back and checked byte by byte."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode, RunId
from minhchung.observations import ListCapture, NewsItem, SitePage, Walk
from storage.check import check
from storage.home import Home
from storage.store import Store
from tests.collectors.tiny import conditional, listing, page, row, visit
from tests.collectors.worlds import Reply, Ticking, World


class Ids:
    """Record identifiers."""

    def next(self) -> str:
        """Return a fresh one."""
        return f"urn:uuid:{uuid4()}"


def portal() -> World:
    """Return a portal that answers conditionally, with a file that is missing."""
    home = page("Sở Mô phỏng", ("list", "/tin", "Tin tức"), ("site", "/gioi-thieu", "Giới thiệu"))
    return World(
        {
            "/": conditional(home, '"h1"'),
            "/tin": conditional(listing([row("b1"), row("b2", file="/tep/2.pdf")]), '"t1"'),
            "/gioi-thieu": conditional(page("Giới thiệu"), '"g1"'),
            "/bai/b1": Reply(page("Bài b1")),
            "/bai/b2": Reply(page("Bài b2")),
        }
    )


async def test_two_visits_leave_a_sound_home_that_holds_both(tmp_path: Path) -> None:
    """A 304 repeats what was read before under its own run; every byte is where the log says."""
    home, clock = Home(tmp_path), Ticking()
    runs = []
    async with portal() as world:
        with Store(home, clock, Ids(), writer=True) as store:
            for _ in range(2):
                runs.append(store.begin_run("test"))
                report = await visit(world, store, scope="host", run=runs[-1], at=clock.now())
                assert report.state == "ok"
        url = world.url("/")

    with Store(home, clock, Ids(), writer=False) as store:
        agency = Agency(code=AgencyCode("so-mo-phong"), name="Sở Mô phỏng", bloc="b", portal=url)
        held = store.holdings(agency)
    assert [visit.run for visit in held.visits] == runs
    captures = [seen for seen in held.observations if isinstance(seen, ListCapture)]
    assert [(c.run, c.identities, c.ended) for c in captures] == [
        (run, ("b1", "b2"), "no-next") for run in runs
    ]
    for run in runs:
        walk = walk_of(held.observations, run)
        pages = {
            seen.seen.record for seen in held.observations if isinstance(seen, SitePage) and seen.run == run
        }
        assert {step.record for step in walk.pages} <= pages
    rows = [i for i in held.observations if isinstance(i, NewsItem) and i.part == "row"]
    assert sorted((i.run, i.identity) for i in rows) == sorted((run, i) for run in runs for i in ("b1", "b2"))
    assert list(check(home)) == []


def walk_of(observations: object, run: RunId) -> Walk:
    """Return the walk of a run."""
    assert isinstance(observations, tuple)
    (walk,) = [seen for seen in observations if isinstance(seen, Walk) and seen.run == run]
    return walk
