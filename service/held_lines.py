"""One agency's holdings as lines of JSON, and back: what the offline verifier measures again.

An observation that only repeats an earlier one under another run (an answer 304) is written as a reference
to it, so that a year of unchanged pages does not stand in the file five times.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from minhchung.blinding import MARK
from minhchung.holdings import Holdings
from minhchung.observations import Observation
from service.personal_data import IDENTITY, PHONE, PersonalRule
from storage.codec import dump, load

_NAMELESS: Final = re.compile(r"\S*")
"""A word without a space is an address, an identifier or a day: masking it would break what refers to it."""

Change = Callable[[Any], Any]
Telling = Callable[[dict[str, Any], dict[str, Any]], Any]
"""Says of an observation, as it was kept and as it is shown, what a reader without our secrets needs."""


def lines(
    holdings: Holdings,
    said: Iterable[dict[str, Any]],
    change: Change | None = None,
    telling: Telling | None = None,
) -> Iterator[dict[str, Any]]:
    """Yield records, visits and observations.

    `said` are the observations as they were kept: a version that knows more fields would write them otherwise
    than they were sealed. `change` may alter what an observation says, `telling` adds what it was sealed
    with.
    """
    for record in sorted(holdings.records.values(), key=lambda r: (r.leaf or 0, r.id)):
        yield {"is": "record", "said": json.loads(dump(record))}
    for visit in holdings.visits:
        yield {"is": "visit", "said": json.loads(dump(visit))}
    written: dict[str, tuple[int, dict[str, Any]]] = {}
    for number, whole in enumerate(said):
        seen = whole["seen"]
        words = json.dumps({**whole, "run": "", "seen": {**seen, "record": ""}})
        if words in written:
            former, shown = written[words]
            shown = {**shown, "run": whole["run"], "seen": {**shown["seen"], "record": seen["record"]}}
            line = {
                "is": "again",
                "said": {"of": former, "run": whole["run"], "record": seen["record"]},
            }
        else:
            shown = change(whole) if change is not None else whole
            written[words] = number, shown
            line = {"is": "observation", "said": shown}
        told = telling(whole, shown) if telling is not None else None
        yield line if told is None else {**line, "blind": told}


def without_persons(said: Any, rule: PersonalRule) -> Any:
    """Return what an observation says with citizens' names, numbers and addresses masked."""

    def change(text: str) -> str:
        alone = PHONE.fullmatch(text) or IDENTITY.fullmatch(text) or "@" in text
        return rule.masked(text, citizens=True) if alone or not _NAMELESS.fullmatch(text) else text

    return _changed(said, change)


def without_names(said: Any, names: Collection[str]) -> Any:
    """Return what an observation says with these names masked: a table has the label in another cell."""
    if not names:
        return said
    known = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))
    return _changed(said, lambda text: known.sub(lambda name: re.sub(r"\w", MARK, name[0]), text))


def without_words(said: Any) -> Any:
    """Return what an observation says with every text of two words or more made unreadable."""
    return _changed(said, lambda text: text if _NAMELESS.fullmatch(text) else re.sub(r"\w", MARK, text))


def _changed(said: Any, change: Callable[[str], str]) -> Any:
    match said:
        case str():
            return change(said)
        case list():
            return [_changed(part, change) for part in said]
        case dict():
            return {key: part if key in _KEPT else _changed(part, change) for key, part in said.items()}
        case _:
            return said


_KEPT: Final = frozenset(
    {
        "agency",
        "identity",
        "kind",
        "list_url",
        "number",
        "path",
        "pages",
        "identities",
        "record",
        "run",
        "seen",
        "url",
    }
)
"""Fields that name things and never hold free text."""


def observations_of(written: Iterable[Mapping[str, Any]]) -> tuple[Observation, ...]:
    """Return the observations of such lines."""
    found: list[Observation] = []
    for line in written:
        said = line["said"]
        if line["is"] == "observation":
            found.append(load(said["kind"], json.dumps(said).encode()))
        elif line["is"] == "again":
            former = found[said["of"]]
            seen = replace(former.seen, record=said["record"])
            found.append(replace(former, run=said["run"], seen=seen))
    return tuple(found)
