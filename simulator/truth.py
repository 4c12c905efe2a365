"""The truth file: per agency and objective component the true inputs, the claim and the expected outcome."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from simulator.claims import Claim, claim_of, outcome
from simulator.findings import Finding, Value, findings_of
from simulator.model import Portal
from simulator.province import Province
from simulator.roles import GAMERS, LOOK_ALIKES, role_of
from simulator.service_truth import service_contradictions, service_truth

ROUND: Final = "2021"


def truth_of(province: Province) -> dict[str, Any]:
    """Return the whole truth as plain data."""
    services = service_truth(province.seed)
    return {
        "simulated": True,
        "seed": province.seed,
        "province": province.name,
        "round": ROUND,
        "contradictions": [
            {"agency": agency, "kind": kind, "about": about}
            for agency, kind, about in sorted(service_contradictions(province.seed))
        ],
        "agencies": {
            portal.agency.code: _agency(portal, place, services[portal.agency.code])
            for place, portal in enumerate(province.portals)
        },
    }


def truth_text(province: Province) -> str:
    """Return the truth file's text."""
    return json.dumps(truth_of(province), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def crawl_claims(province: Province) -> dict[str, dict[str, dict[str, Any]]]:
    """Return, by agency and component, what each agency claims about its portal."""
    claims: dict[str, dict[str, dict[str, Any]]] = {}
    for place, portal in enumerate(province.portals):
        said = {
            component: claim_of(portal.agency, place + turn, component, finding)
            for turn, (component, finding) in enumerate(findings_of(portal).items())
        }
        claims[portal.agency.code] = {c: _plain(claim) for c, claim in said.items() if claim is not None}
    return claims


def _agency(portal: Portal, place: int, services: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    agency = portal.agency
    components = {
        component: _component(portal, place + turn, component, finding)
        for turn, (component, finding) in enumerate(findings_of(portal).items())
    }
    return {
        "name": agency.name,
        "bloc": agency.bloc,
        "look": agency.look,
        "has_procedures": agency.has_procedures,
        "temper": sorted(agency.temper),
        "role": role_of(agency),
        "plays": [{**GAMERS, **LOOK_ALIKES}[temper] for temper in sorted(agency.temper)],
        "components": components | dict(services),
    }


def _component(portal: Portal, turn: int, component: str, finding: Finding) -> dict[str, Any]:
    claim: Claim | None = claim_of(portal.agency, turn, component, finding)
    return {
        "inputs": _plain(finding.inputs) if finding.inputs else None,
        "claim": None if claim is None else _plain(claim),
        "expected": outcome(component, finding, claim),
        "unmeasured": finding.unmeasured or None,
        "not_applicable": finding.not_applicable or None,
        "why": finding.why,
    }


def _plain(inputs: Mapping[str, Value]) -> dict[str, str | list[str]]:
    return {name: _text(value) for name, value in inputs.items()}


def _text(value: Value) -> str | list[str]:
    if isinstance(value, Fraction):
        return str(value)
    return sorted(value)
