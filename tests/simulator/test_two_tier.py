"""The model of the two-tier province: deterministic, and with every end that a portal can come to."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from simulator.__main__ import main
from simulator.http import Request
from simulator.ports import Ports
from simulator.two_tier.almanac import FIRST_OF_NEW, HALF, LAST_OF_OLD, VISITS, YEAR
from simulator.two_tier.cast import HOSTS, Member, members
from simulator.two_tier.portals import portals
from simulator.two_tier.truth import captures_of
from simulator.two_tier.world import dark_days, doors

SEED = 3234
PORTS = Ports(8100)


def written(folder: Path) -> dict[str, bytes]:
    """Write the province and return every file."""
    words = ["write", "--province", "two-tier", "--seed", str(SEED), "--base-port", "8100"]
    assert main([*words, "--out", str(folder)]) == 0
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    """Truth, configuration and the list of agencies alike; no agency is missing from the truth."""
    files = written(tmp_path / "one")
    truth = json.loads(files["truth.json"])

    assert written(tmp_path / "two") == files
    assert set(truth["agencies"]) == {member.code for member in members(SEED)}
    assert set(truth["earlier"]["agencies"]) == {m.code for m in members(SEED) if m.valid_from is None}


@pytest.mark.parametrize("seed", [SEED, 7])
def test_every_end_occurs_and_every_folder_is_its_own(seed: int) -> None:
    """Under any seed portals stay, vanish, move, are handed over; no two that last are at one place."""
    fates = Counter(member.fate for member in members(seed) if member.valid_to == LAST_OF_OLD)
    places = Counter((m.door, m.folder) for m in members(seed) if m.valid_to is None)

    assert set(fates) == {"kept", "gone", "moved", "handed"}
    assert set(places.values()) == {1}
    assert {member.door for member in members(seed) if member.agency.bloc == "commune"} == set(range(HOSTS))


def answer(member: Member, day: date) -> int:
    """Return the status with which a member's home page answers on a day; 0: nobody is there."""
    if day in dark_days([each for each in members(SEED) if each.door == member.door]):
        return 0
    path = f"{member.folder}/"
    asked = Request(method="GET", path=path, query="", headers={}, body=b"", day=day)
    return doors(SEED, PORTS)[member.door].handle(asked).status


@pytest.mark.parametrize(
    ("fate", "later"), [("kept", {200}), ("handed", {200}), ("moved", {301}), ("gone", {0, 404})]
)
def test_a_portal_ends_as_its_fate_is(fate: str, later: set[int]) -> None:
    """Whole hosts and folders of shared ones; before the reorganisation all of them answer."""
    mine = [member for member in members(SEED) if member.fate == fate]

    assert {answer(member, VISITS[0]) for member in mine} == {200}
    assert {answer(member, VISITS[-1]) for member in mine} == later


def test_an_address_that_was_handed_over_shows_what_stood_there() -> None:
    """The successor's list begins with the former one's news, which are none of its own."""
    heir = next(m for m in members(SEED) if m.code == "so-tai-chinh")
    (former,) = (m for m in members(SEED) if m.code == "so-tai-chinh-cu")
    shown = {story.number: story for story in portals(SEED)[heir.code].stories}

    assert (heir.door, heir.folder) == (former.door, former.folder)
    assert {story.number for story in portals(SEED)[former.code].stories} < set(shown)
    assert len(shown) == len(portals(SEED)[heir.code].stories)
    assert min(s.posted for n, s in shown.items() if n > 10_000) >= FIRST_OF_NEW


def test_what_was_posted_on_the_last_days_only_a_lasting_portal_shows() -> None:
    """The news of 29 June: after the last visit that its agency lived to see."""
    former = [member for member in members(SEED) if member.valid_to is not None]
    for member in former:
        late = [s for s in portals(SEED)[member.code].stories if s.posted > VISITS[1]]
        seen = captures_of(member, YEAR)
        assert late
        assert (seen[-1] > LAST_OF_OLD) == (member.fate in {"kept", "handed"})
        assert captures_of(member, HALF) == VISITS[:2]
