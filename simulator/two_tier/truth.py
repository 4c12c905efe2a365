"""The truth about the two-tier province, of the year and of its first half, computed from the model alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from simulator.almanac import after_working_days
from simulator.findings import (
    CADENCE,
    CHECKLISTS,
    COMPLETE,
    ON_TIME,
    Finding,
    Value,
    is_complete,
)
from simulator.model import Paper, Portal
from simulator.plan import is_met
from simulator.two_tier.almanac import HALF, LAST_OF_OLD, VISITS, YEAR, Assessed, Span
from simulator.two_tier.cast import PROVINCE, Member, members
from simulator.two_tier.portals import portals
from simulator.witness import distinct

_DEADLINE_WORKING_DAYS: Final = 2
_LISTED: Final = "danh_muc_tthc"


@dataclass(frozen=True, slots=True)
class Case:
    """One agency in one round: what it showed on the days on which somebody looked."""

    member: Member
    portal: Portal
    span: Span
    """Days of the round's period on which it existed."""

    captures: tuple[date, ...]
    """Days on which its portal could be read."""


def truth_text(seed: int) -> str:
    """Return the truth file's text."""
    truth = {
        "simulated": True,
        "seed": seed,
        "province": PROVINCE,
        "round": YEAR.key,
        "contradictions": [],
        "agencies": _agencies(seed, YEAR),
        "earlier": {"round": HALF.key, "agencies": _agencies(seed, HALF)},
    }
    return json.dumps(truth, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _agencies(seed: int, assessed: Assessed) -> dict[str, Any]:
    told = {}
    for member in members(seed):
        span = assessed.period.meet(member.valid_from, member.valid_to)
        if span is not None:
            portal = portals(seed)[member.code]
            case = Case(member, portal, span, captures_of(member, assessed))
            told[member.code] = _agency(case)
    return told


def captures_of(member: Member, assessed: Assessed) -> tuple[date, ...]:
    """Return the days on which an agency's portal could be read for a round."""
    if member.is_refused:
        return ()
    return tuple(
        day
        for day in VISITS
        if day <= assessed.freeze
        and (member.valid_from is None or day >= member.valid_from)
        and (day <= LAST_OF_OLD or member.fate in ("lasts", "kept", "handed"))
    )


def _agency(case: Case) -> dict[str, Any]:
    member = case.member
    return {
        "name": member.agency.name,
        "bloc": member.agency.bloc,
        "has_procedures": member.agency.has_procedures,
        "first": case.span.first.isoformat(),
        "last": case.span.last.isoformat(),
        "predecessors": list(member.predecessors),
        "fate": member.fate,
        "role": "plain",
        "plays": [],
        "temper": sorted(member.agency.temper),
        "components": {component: _entry(finding) for component, finding in findings_of(case).items()},
    }


def _entry(finding: Finding) -> dict[str, Any]:
    return {
        "inputs": {name: _text(value) for name, value in finding.inputs.items()} or None,
        "claim": None,
        "expected": "not_applicable" if finding.not_applicable else "no_claim",
        "unmeasured": finding.unmeasured or None,
        "not_applicable": finding.not_applicable or None,
        "why": finding.why,
    }


def _text(value: Value) -> str | list[str]:
    return str(value) if isinstance(value, Fraction) else sorted(value)


def findings_of(case: Case) -> Mapping[str, Finding]:
    """Return what a perfect observer concludes of each component."""
    refused = Finding(unmeasured="robots-refused", why="robots.txt of its host keeps its folder shut")
    measured = {
        "HD.1": _introduced,
        "HD.2": _cadence,
        "HD.4": _complete,
        "HD.5": _on_time,
        "HD.6": _procedures,
    }
    if case.member.agency.has_procedures:
        return {
            key: refused if case.member.is_refused else measure(case) for key, measure in measured.items()
        }
    none = Finding(not_applicable="no-procedures", why="the agency has no administrative procedures")
    return {key: measure(case) for key, measure in measured.items() if key != "HD.6"} | {"HD.6": none}


def _introduced(case: Case) -> Finding:
    name, items = CHECKLISTS["HD.1"]
    return Finding(inputs={name: frozenset(each for each in items if is_met(each, case.portal.plan[each]))})


def _procedures(case: Case) -> Finding:
    met = frozenset({_LISTED} if is_met(_LISTED, case.portal.plan[_LISTED]) else ())
    return Finding(inputs={CHECKLISTS["HD.6"][0]: met})


def _cadence(case: Case) -> Finding:
    told = distinct(case.portal.stories, case.captures)
    own = [day for story, day in told if day is not None and not story.is_repost and day in case.span]
    window = Span(case.span.first, min(case.captures[-1], case.span.last))
    inside = sum(day in window for day in own)
    weeks = window.weeks()
    active = sum(any(day in week for day in own) for week in weeks)
    return Finding(
        inputs={CADENCE[0]: Fraction(7 * inside, window.days), CADENCE[1]: Fraction(active, len(weeks))},
        why=f"{inside} own items in {window.days} days, {active} of {len(weeks)} weeks active",
    )


def _shelf(case: Case) -> list[tuple[Paper, date | None]]:
    shelf = distinct(case.portal.papers, case.captures)
    return [(paper, day) for paper, day in shelf if paper.issued is not None and paper.issued in case.span]


def _complete(case: Case) -> Finding:
    shelf = _shelf(case)
    once = [paper for paper, _ in shelf if sum(map(paper.visible_on, case.captures)) == 1]
    if any(paper.file == "missing" for paper in once):
        return Finding(unmeasured="not-read", why="a file did not answer, and nobody asked a second time")
    whole = sum(is_complete(paper, symbol_tells_issuer=True) for paper, _ in shelf)
    return Finding(inputs={COMPLETE[0]: Fraction(whole), COMPLETE[1]: Fraction(len(shelf))})


def _on_time(case: Case) -> Finding:
    due = [
        (after_working_days(paper.true_issued, _DEADLINE_WORKING_DAYS), day)
        for paper, day in _shelf(case)
        if day is not None
    ]
    due = [(deadline, day) for deadline, day in due if deadline <= case.captures[-1]]
    timely = sum(day <= deadline for deadline, day in due)
    return Finding(inputs={ON_TIME[0]: Fraction(timely), ON_TIME[1]: Fraction(len(due))})
