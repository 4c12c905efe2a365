"""One bundle from end to end: what it holds was sealed, and what it prints follows from what it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from minhchung.evidence import AgencyCode
from minhchung.holdings import VisitReport
from minhchung.incidents import Incident
from minhchung.labels import FieldAccuracy
from offline.building import MisfitError, build
from offline.codec import Held, held
from offline.findings import BrokenError, Finding
from offline.note import Head, Key, NoteError, read_checkpoint
from offline.observed import check_observed
from offline.package import Package
from offline.recompute import (
    compare_incidents,
    compare_places,
    compare_standing,
    compare_totals,
    conclude,
    incidents_of,
)
from offline.rules import read_rules
from offline.sealed import Evidence, check_held, check_leaves, check_members, check_rules
from offline.sightings import check_sightings
from offline.times import check_times
from scoring.field_accuracy import Accuracies

FORMAT: Final = "minhchung-bundle 1"

INCIDENTS: Final = "scores/incidents.json"
"""Bundles of earlier versions do not have it: nothing was left out of their results."""

OTHERS: Final = "others/visits.jsonl"

Verdict = Literal["reproduced", "different", "fault", "unsettled"]


@dataclass
class Report:
    """What was found, and what it comes to."""

    findings: list[Finding] = field(default_factory=list)
    about: dict[str, Any] = field(default_factory=dict)
    head: Head | None = None
    evidence: Evidence = field(default_factory=Evidence)

    @property
    def verdict(self) -> Verdict:
        """Return the gravest of what was found."""
        weights = {finding.weight for finding in self.findings}
        if "fault" in weights:
            return "fault"
        if "difference" in weights:
            return "different"
        return "unsettled" if "unsettled" in weights else "reproduced"


def verify(path: Path, key: Key, roots: Path | None = None) -> Report:
    """Verify a bundle under a log's public key; what is wrong is in the report, never raised."""
    report = Report()
    try:
        package = Package(path)
        try:
            report.findings += _verify(package, key, roots, report)
        finally:
            package.close()
    except BrokenError as error:
        report.findings.append(error.finding)
    return report


def _verify(package: Package, key: Key, roots: Path | None, report: Report) -> Iterator[Finding]:
    yield from package.faults()
    about = report.about = _about(package)
    try:
        report.head = head = read_checkpoint(package.read("proofs/checkpoint.txt"), key)
    except NoteError as error:
        raise BrokenError(
            "checkpoint", "proofs/checkpoint.txt", f"chữ ký sai ({error})", str(error)
        ) from error
    yield from check_times(package, roots, key, head)
    evidence = report.evidence
    yield from check_leaves(package, head, evidence, kind=about["class"], whole=about["whole"])
    yield from check_members(package, evidence)
    rules = read_rules(package, about["round"])
    yield from check_rules(rules.files, evidence)
    held_by_code: dict[AgencyCode, Held] = {}
    for code in about["agencies"]:
        found, figures = _held(package, rules.agency(code), code)
        held_by_code[found.holdings.agency.code] = found
        yield from check_held(found, figures, evidence, masked=about["masked"])
        yield from check_observed(found, evidence)
        yield from check_sightings(code, figures, evidence)
    incidents: tuple[Incident, ...] = ()
    if INCIDENTS in package.names:
        incidents = incidents_of(rules, held_by_code, _others(package, about))
        yield from _compare_incidents(package, about, incidents)
    standing = conclude(rules, held_by_code, about["stage"], _accuracies(package), incidents)
    yield from _compare(package, about, standing)


def _others(package: Package, about: dict[str, Any]) -> list[VisitReport]:
    """Return how visits to agencies ended that the bundle does not hold."""
    if about["whole"] or OTHERS not in package.names:
        return []
    try:
        return [build(VisitReport, said) for said in package.lines(OTHERS)]
    except (MisfitError, TypeError) as error:
        raise BrokenError("format", OTHERS, "không đọc được", f"cannot be read ({error})") from error


def _compare_incidents(
    package: Package, about: dict[str, Any], incidents: Sequence[Incident]
) -> Iterator[Finding]:
    if not about["whole"]:
        yield Finding(
            "remark",
            "incidents",
            ", ".join(about["agencies"]),
            "sự cố chung dựa cả vào lượt thu thập của cơ quan khác; chỉ gói của mọi cơ quan chứng minh được",
            "incidents rest on visits to other agencies too, which the bundle of all agencies alone proves",
        )
    different = compare_incidents(incidents, package.json(INCIDENTS))
    yield from (difference.finding() for difference in different)


def _held(package: Package, agency: Any, code: str) -> tuple[Held, Any]:
    name = f"observations/{code}.jsonl"
    figures = package.json(f"submissions/{code}.json")
    return held(agency, package.lines(name), figures, name), figures


def _accuracies(package: Package) -> Accuracies:
    """Return what labels told of verifiers when the result was concluded; nothing where nobody labelled."""
    name = "scores/accuracy.json"
    if name not in package.names:
        return {}
    try:
        read = [build(FieldAccuracy, said) for said in package.json(name)]
    except (MisfitError, TypeError) as error:
        raise BrokenError("format", name, "không đọc được", f"cannot be read ({error})") from error
    return {each.verifier: each for each in read}


def _about(package: Package) -> dict[str, Any]:
    said = package.json("proofs/bundle.json")
    match said:
        case {
            "format": "minhchung-bundle 1",
            "class": "full" | "party" | "public",
            "masked": bool(),
            "whole": bool(),
            "round": str(),
            "agencies": [*codes],
            "unrepeatable": [*pairs],
        } if all(isinstance(code, str) for code in codes) and all(
            isinstance(pair, list) and len(pair) == 2 for pair in pairs
        ):
            # Bundles of earlier versions do not say it: they knew the first scoring alone.
            return {**said, "stage": "second" if said.get("stage") == "second" else "first"}
        case _:
            raise BrokenError(
                "format", "proofs/bundle.json", "không phải gói của phiên bản này", f"is not of {FORMAT}"
            )


def _compare(package: Package, about: dict[str, Any], standing: Any) -> Iterator[Finding]:
    names = {f"scores/{code}.json": code for code in about["agencies"]}
    printed = {code: package.json(name) for name, code in names.items() if name in package.names}
    unrepeatable = frozenset((str(agency), str(component)) for agency, component in about["unrepeatable"])
    different = list(compare_totals(standing, printed, unrepeatable))
    for agency, component in sorted(unrepeatable):
        yield Finding(
            "unsettled",
            "masked",
            f"{agency}, {component}",
            "không tính lại được vì một phần căn cứ đã bị che",
            "cannot be recomputed, because a part of what it rests on is masked",
        )
    if not unrepeatable and not different:
        if about["whole"]:
            different += [*compare_standing(standing, package.json("scores/standing.json"))][:1]
        different += [*compare_places(standing, printed, whole=about["whole"])][:1]
    if not about["whole"]:
        yield Finding(
            "remark",
            "place",
            ", ".join(about["agencies"]),
            "thứ hạng cần gói của mọi cơ quan; ở đây chỉ tính lại điểm",
            "a place needs the bundle of all agencies; here the points are recomputed",
        )
    yield from (difference.finding() for difference in different)
