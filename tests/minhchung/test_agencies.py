"""Agencies over time: a department that is made anew keeps its name, and two rows must not read as one."""

from __future__ import annotations

from datetime import date

from minhchung.agencies import Agency, told_apart
from minhchung.evidence import AgencyCode


def agency(code: str, name: str, first: date | None = None, last: date | None = None) -> Agency:
    """Return an agency of these days."""
    return Agency(code=AgencyCode(code), name=name, bloc="so", valid_from=first, valid_to=last)


def test_of_several_with_one_name_each_is_named_with_its_days() -> None:
    """Sở Tài chính before and after the reorganisation of 1 July 2025; the others are named as they are."""
    listed = (
        agency("cu", "Sở Tài chính", last=date(2025, 6, 30)),
        agency("giua", "Sở Tài chính", date(2025, 7, 1), date(2025, 12, 31)),
        agency("moi", "Sở Tài chính", date(2026, 1, 1)),
        agency("khac", "Sở Tư pháp", date(2025, 7, 1)),
    )

    assert [each.name for each in told_apart(listed)] == [
        "Sở Tài chính (đến 30/06/2025)",
        "Sở Tài chính (từ 01/07/2025 đến 31/12/2025)",
        "Sở Tài chính (từ 01/01/2026)",
        "Sở Tư pháp",
    ]
    assert [each.code for each in told_apart(listed)] == [each.code for each in listed]
