"""What a bundle tells of incidents: all that were found, and how visits ended beside which they show."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

from minhchung.evidence import SNAPSHOT, WHOLE
from minhchung.holdings import VisitReport
from scoring.printed import printed_incident
from service.measuring import until
from service.standings import Concluded
from storage.codec import dump
from storage.store import Store
from storage.wacz import WaczWriter, json_line

INCIDENTS = "scores/incidents.json"
OTHERS = "others/visits.jsonl"


def add_incidents(wacz: WaczWriter, store: Store, concluded: Concluded, held: Collection[str]) -> None:
    """Add the incidents, and of agencies whose holdings are not in the bundle how their visits ended."""
    wacz.add_json(INCIDENTS, list(map(printed_incident, concluded.incidents)))
    others = list(_others(store, concluded, held))
    if others:
        wacz.add(OTHERS, map(json_line, others))


def _others(store: Store, concluded: Concluded, held: Collection[str]) -> Iterator[dict[str, Any]]:
    """Yield accounts without what was asked and what changed there: that is the agencies' own matter."""
    accounts = store.accounts(until(concluded.round))
    for agency in concluded.registry:
        for visit in accounts.get(agency.code, ()) if agency.code not in held else ():
            if visit.source not in (WHOLE, SNAPSHOT):
                said: dict[str, Any] = json.loads(dump(_bare(visit)))
                yield said


def _bare(visit: VisitReport) -> VisitReport:
    failures = tuple(("", failure) for _, failure in visit.failures)
    return replace(visit, failures=failures, changes=(), detail="")
