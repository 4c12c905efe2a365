"""Published versions of a round's result: each sealed whole on its day, held against the one before it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Final

from minhchung.errors import UsageError
from minhchung.evidence import RecordId
from minhchung.round_acts import Event, RoundAct, Stage, stage_after
from scoring.version_changes import Former
from service.annexes import render
from service.standings import Concluded
from storage.anchors import last_anchor
from storage.home import Home
from storage.log import LogFiles
from storage.store import Store

PUBLISHING: Final = (Event.ANNEX, Event.NEW_VERSION)
CONTENT_TYPES: Final = {
    "csv": "text/csv",
    "html": "text/html",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def published(acts: Iterable[RoundAct]) -> tuple[RoundAct, ...]:
    """Return the acts that published a version, version 1 first."""
    return tuple(act for act in acts if act.event in PUBLISHING)


def former_of(store: Store, acts: Iterable[RoundAct]) -> Former | None:
    """Return the version that the next annex is held against; None where there is none.

    Before a new version is entered that is the one in force, afterwards the one that it replaced.
    """
    told = tuple(acts)
    versions = published(told)
    reopened = stage_after(told) in (Stage.PETITIONED, Stage.RE_CHECKED)
    return former(store, told, len(versions) if reopened else len(versions) - 1)


def former(store: Store, acts: Iterable[RoundAct], number: int) -> Former | None:
    """Return one published version as it was sealed; None where there is no version of this number."""
    told = tuple(acts)
    versions = published(told)
    if not 0 < number <= len(versions):
        return None
    act = versions[number - 1]
    since = told[told.index(act) + 1 :]
    later = versions[number] if number < len(versions) else None
    until = since if later is None else since[: since.index(later)]
    rules = tuple(f"{one.number} ({one.day:%d/%m/%Y})" for one in until if one.event is Event.RULES_CHANGE)
    sealed = json.loads(store.body(RecordId(act.result)))
    return Former.of(sealed, version=number, number=act.number, day=act.day, rules=rules)


def forms(concluded: Concluded, head: str, before: Former | None) -> Mapping[str, bytes]:
    """Return the annex in every form that is sealed, by format; a PDF is printed from the HTML."""
    return {name: render(concluded, name, head, before) for name in CONTENT_TYPES}


def sealed_annex(store: Store, acts: Iterable[RoundAct], number: int, format_: str) -> bytes:
    """Return the annex of a published version, byte for byte as it was sealed; raises UsageError."""
    versions = published(acts)
    if not 0 < number <= len(versions):
        told = f"1 to {len(versions)}" if versions else "none; nothing is published yet"
        raise UsageError(f"--version: there is no version {number}; published are: {told}")
    if format_ not in CONTENT_TYPES:
        raise UsageError(f"--version: {format_} is not sealed; give one of {', '.join(CONTENT_TYPES)}")
    record = versions[number - 1].annexes.get(format_)
    if record is None:
        raise UsageError(
            f"--version: version {number} was published before annexes were sealed; "
            f"its result is record {versions[number - 1].result}"
        )
    return store.body(RecordId(record))


def printed_head(home: Home) -> str:
    """Return the last signed head of the log, as it is printed; empty where there is none."""
    head = last_anchor(LogFiles(home.log))
    return head.line() if head is not None else ""
