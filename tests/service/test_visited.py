"""Whose portals a run visits: not before an agency begins, and after its end while its round may need it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode
from minhchung.periods import Period
from service.settings import load
from service.visited import is_visited, to_visit
from tests.scoring.making import round_of
from tests.service.portals import write_config

YEAR = replace(round_of(), period=Period(date(2025, 1, 1), date(2025, 12, 31)), freeze=date(2026, 1, 15))
FORMER = Agency(code=AgencyCode("xa-cu"), name="Xã cũ", bloc="xa", valid_to=date(2025, 6, 30))
LATER = Agency(code=AgencyCode("xa-moi"), name="Xã mới", bloc="xa", valid_from=date(2025, 7, 1))


@pytest.mark.parametrize(
    ("agency", "day", "visited"),
    [
        (FORMER, date(2025, 6, 30), True),
        (FORMER, date(2025, 7, 1), True),
        (FORMER, date(2026, 1, 15), True),
        (FORMER, date(2026, 1, 16), False),
        (replace(FORMER, valid_to=date(2024, 12, 31)), date(2025, 2, 1), False),
        (LATER, date(2025, 6, 30), False),
        (LATER, date(2025, 7, 1), True),
        (LATER, date(2030, 1, 1), True),
    ],
)
def test_an_agency_is_visited_while_what_it_published_can_count(
    agency: Agency, day: date, visited: bool
) -> None:
    """Reorganised on 1 July 2025: the portals of the former ones are evidence until the round freezes."""
    assert is_visited(agency, day, [YEAR]) is visited


def test_without_a_round_nobody_needs_an_ended_agency() -> None:
    """Nothing assesses its days."""
    assert not is_visited(FORMER, date(2025, 7, 1), [])
    assert is_visited(FORMER, date(2025, 6, 30), [])


def test_a_registry_is_visited_as_of_the_day(tmp_path: Path) -> None:
    """Also of those whom a line of the timetable names."""
    config = write_config(tmp_path / "config", 8)
    registry = config / "agencies" / "thu.toml"
    ended = '\n[[agency]]\ncode = "so-cu"\nname = "Sở Cũ"\nbloc = "b"\nvalid_to = 2025-06-30\n'
    head, network, rest = registry.read_text("utf-8").partition("\n[network]")
    registry.write_text(f"{head}{ended}{network}{rest}", "utf-8")
    settings = load(tmp_path / "home", config)

    assert [a.code for a in to_visit(settings, date(2025, 6, 30))] == ["so-thu", "so-cu"]
    assert [a.code for a in to_visit(settings, date(2025, 7, 1))] == ["so-thu"]
    assert to_visit(settings, date(2025, 7, 1), ("so-cu",)) == ()
