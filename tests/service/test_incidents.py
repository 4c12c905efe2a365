"""Ours, theirs or everybody's, on real servers that die: what is left out, charged, and seen by outsiders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from minhchung.evidence import CANARY, Failure
from minhchung.measurements import Measurement, Reason, Unmeasured
from offline.note import read_key
from offline.verifying import verify
from service.annexes import render
from service.bundle import export
from service.standings import Concluded, conclude
from service.workplace import RandomIds, SimulatedClock
from storage.home import Home
from storage.store import Store
from tests.service.calling import caller
from tests.service.failing_world import ALONE, PLATFORM, SHARED, FailingWorld, failing_world

pytestmark = pytest.mark.fault

BEFORE = datetime(2021, 8, 3, 2, tzinfo=UTC)
FIRST = datetime(2021, 11, 2, 2, tzinfo=UTC)
SECOND = datetime(2021, 11, 4, 2, tzinfo=UTC)
SECTIONS = "HD.1"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[FailingWorld]:
    """Six agencies: four on one platform, two alone."""
    with failing_world(tmp_path) as served:
        yield served


def concluded(world: FailingWorld) -> Concluded:
    """Conclude the round on what was sealed."""
    with Store(Home(world.home), SimulatedClock(SECOND), RandomIds(), writer=False) as store:
        return conclude(world.settings(), store)


def reproduced(world: FailingWorld, agency: str = "") -> str:
    """Export a bundle, of one agency or of all; return what an outsider says of it."""
    out = world.folder / "bundle.wacz"
    with (
        Store(Home(world.home), SimulatedClock(SECOND), RandomIds(), writer=False) as store,
        out.open("wb") as to,
    ):
        export(world.settings(), store, to, kind="party" if agency else "full", agency=agency)
    report = verify(out, read_key((world.home / "log" / "key").read_text("utf-8")))
    return report.verdict


def result(found: Concluded, code: str) -> object:
    """Return what was concluded of the sections of an agency's portal."""
    return found.score(code, SECTIONS).figure.result


def test_our_dns_dies_in_mid_run(world: FailingWorld) -> None:
    """Connections that are open hide it; canaries are resolved anew, so every failure is ours."""
    reports = world.visit(FIRST, dns_after="so-mot")
    world.dns_is_dead = False
    world.visit(SECOND)

    found = concluded(world)
    (incident,) = found.incidents

    assert [report.canaries for report in reports] == [True, *[False] * 5]
    assert (incident.kind, incident.what, incident.excused) == ("ours", "canaries", True)
    assert set(incident.agencies) == {*SHARED, *ALONE} - {"so-mot"}
    with Store(Home(world.home), SimulatedClock(SECOND), RandomIds(), writer=False) as store:
        sealed = [store.record(record) for record in incident.evidence]
    failures = [record.failure for record in sealed if record.source == CANARY and record.failure]
    assert failures
    assert set(failures) == {Failure.DNS}
    assert not any(each.kind == "portal" for each in found.incidents)
    assert reproduced(world) == "reproduced"


def test_a_clock_that_jumps_ahead_makes_no_second_day(world: FailingWorld) -> None:
    """Two failures of one afternoon are one day, whatever our clock says: the canaries tell the hour."""
    world.visit(BEFORE)
    world.own["so-nam"].die()
    world.visit(FIRST)
    reports = world.visit(FIRST + timedelta(minutes=20), clock_off=timedelta(days=2))

    found = concluded(world).incidents

    assert not any(report.canaries for report in reports)
    assert [(each.kind, each.charged) for each in found] == [("portal", False), ("ours", False)]


def test_the_shared_platform_dies_for_all_who_stand_on_it(
    world: FailingWorld, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is left out and named; those alone on their servers are measured as ever."""
    world.visit(BEFORE)
    world.platform.die()
    world.visit(FIRST)
    world.visit(SECOND)

    found = concluded(world)
    days = [each for each in found.incidents if each.excused]

    assert [(each.kind, each.what, set(each.agencies)) for each in days] == [
        ("platform", PLATFORM, set(SHARED))
    ] * 2
    assert len(found.incidents) == 2
    for code in SHARED:
        said = result(found, code)
        assert isinstance(said, Unmeasured)
        assert said.reason is Reason.PLATFORM_INCIDENT
        assert days[0].id in said.detail
        assert "Nền tảng thử" in said.detail
    assert all(isinstance(result(found, code), Measurement) for code in ALONE)
    assert reproduced(world) == reproduced(world, "so-mot") == reproduced(world, "so-nam") == "reproduced"

    printed = [render(found, form).decode("utf-8-sig") for form in ("csv", "html")]
    assert all(days[0].id in text for text in printed)

    call = caller(capsys)
    where = ("--home", world.home, "--config", world.config)
    listed = call(*where, "incidents", "--json")
    assert listed.code == 1
    assert [each["id"] for each in listed.json["incidents"]] == [each.id for each in found.incidents]
    assert days[0].id in call(*where, "explain", "so-mot", SECTIONS).out
    assert days[0].id in call(*where, "verify", "so-mot").out


def test_what_remains_after_the_platform_came_back_speaks(world: FailingWorld) -> None:
    """The affected components use the remaining pass, and say that one was left out."""
    world.platform.die()
    world.visit(FIRST)
    world.platform.rise()
    world.visit(SECOND)

    found = concluded(world)
    (incident,) = found.incidents
    said = result(found, "so-mot")

    assert set(incident.agencies) == set(SHARED)
    assert isinstance(said, Unmeasured)
    assert said.reason is Reason.SINGLE_MEASUREMENT
    assert any(incident.id in note.text for note in said.notes)


def test_one_portal_dies_and_it_alone_is_charged_after_two_days(world: FailingWorld) -> None:
    """One day proves nothing; nobody else is touched."""
    world.visit(BEFORE)
    world.own["so-nam"].die()
    world.visit(FIRST)
    (once,) = concluded(world).incidents
    world.visit(SECOND)

    found = concluded(world)
    (incident,) = found.incidents
    said = result(found, "so-nam")

    assert (once.kind, once.charged, once.excused) == ("portal", False, False)
    assert (incident.kind, incident.what, incident.charged) == ("portal", "so-nam", True)
    assert incident.agencies == ("so-nam",)
    assert isinstance(said, Unmeasured)
    assert said.reason is Reason.UNREACHABLE
    assert all(isinstance(result(found, code), Measurement) for code in (*SHARED, "so-sau"))
    assert reproduced(world) == "reproduced"
