"""What a concluded demonstration says of failures, held against what the simulated province did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from minhchung.measurements import Measurement, Unmeasured
from service.standings import Concluded


def misjudged(truth: Mapping[str, Any], concluded: Concluded) -> Iterator[str]:
    """Yield what is not told as it was: a platform's robots.txt, a slow portal, dark ones, whoever hides."""
    if any(each.excused for each in concluded.incidents):
        yield "a visit was left out, though nothing failed together"
    tenants = _with(truth, "platform-robots")
    told = [(each.what, set(each.agencies)) for each in concluded.incidents if each.cause == "refusal"]
    if told != [("nen-tang-dung-chung", tenants)]:
        yield f"the platform's refusal is told as {told}"
    for code in (*tenants, *_with(truth, "robots-refuse")):
        score = concluded.score(code, "HD.2")
        result = score.figure.result
        if not isinstance(result, Unmeasured) or result.reason.value != "robots-refused":
            yield f"{code}: {result}"
        elif not score.low == 0 < score.high == score.maximum:
            yield f"{code}: its points are not held"
    alone = {each.what: each.charged for each in concluded.incidents if each.kind == "portal"}
    dark = dict.fromkeys(_with(truth, "dark"), True)
    dark |= dict.fromkeys(_with(truth, "dark-second-quarter"), False)
    if alone != dark:
        yield f"outages are told as {alone}"
    for code in _with(truth, "slow"):
        for component, true in truth[code]["components"].items():
            found = concluded.score(code, component).figure
            measured = isinstance(found.result, Measurement)
            if found.finding.value != true["expected"] or measured != (true["inputs"] is not None):
                yield f"{code}, {component}: slow, and told otherwise than it is"


def _with(truth: Mapping[str, Any], temper: str) -> set[str]:
    found = {code for code, agency in truth.items() if temper in agency["temper"]}
    assert found, temper
    return found
