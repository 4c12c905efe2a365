"""Dossiers of a sample, looked up one by one; only the facts that are compared are ever sealed.

A look-up answers with names and addresses of citizens. Each answer is cut down to `minhchung.samples.FIELDS`
of the dossier that was asked for **before** it is sealed, and the sealed answer says so.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote

from collectors import decode
from collectors.credentials import secret_headers, without
from collectors.fetcher import FetchRequest
from collectors.query import Fetches
from collectors.service_answers import day, rows_of, text_of
from minhchung.agencies import Agency
from minhchung.errors import UnrecognisedError, UsageError
from minhchung.evidence import Exchange, RunId, SourceKey
from minhchung.ports import Recorder
from minhchung.samples import DATES, FIELDS, DossierFacts, Sampling
from minhchung.sources import Source

MARK: Final = "X-Minhchung-Reduced"
"""Header of a sealed answer that was cut down; it names what was kept."""

_MOST: Final = 4_000_000
_OK: Final = 200


def draw(codes: Iterable[str], count: int, seed: str) -> list[str]:
    """Return `count` codes that the seed alone chooses: the lowest of SHA-256(seed, line feed, code)."""
    known = sorted(set(codes))
    return sorted(known, key=lambda code: hashlib.sha256(f"{seed}\n{code}".encode()).digest())[:count]


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedUp:
    """What came of one look-up."""

    code: str
    facts: DossierFacts | None = None
    """None: no such dossier, or no answer."""

    trouble: str = ""
    """Why there was no answer, Vietnamese; empty: there was one."""

    record: str = ""


async def look_up(
    source: Source,
    sampling: Sampling,
    agency: Agency,
    run: RunId,
    codes: Sequence[str],
    *,
    fetcher: Fetches,
    recorder: Recorder,
    environ: Mapping[str, str] = os.environ,
) -> list[LookedUp]:
    """Look dossiers up, one after the other; raises UsageError where our credentials are missing."""
    secret, fault = secret_headers(source, environ)
    if fault:
        raise UsageError(fault)
    found = []
    for code in codes:
        path = sampling.path.replace("{code}", quote(code, safe=""))
        request = FetchRequest(url=f"{source.url.rstrip('/')}{path}", secret_headers=secret)
        answer = await fetcher.fetch(request)
        key = SourceKey(source.key)
        if not isinstance(answer, Exchange):
            record = recorder.failure(answer, agency=agency.code, source=key, run=run)
            found.append(LookedUp(code=code, trouble=answer.detail, record=record.id))
            continue
        facts, trouble = _facts(answer, sampling, code)
        cut = _reduced(without(answer, secret), facts)
        record = recorder.exchange(cut, agency=agency.code, source=key, run=run)
        found.append(LookedUp(code=code, facts=facts, trouble=trouble, record=record.id))
    return found


def _facts(exchange: Exchange, sampling: Sampling, code: str) -> tuple[DossierFacts | None, str]:
    """Return the dossier's facts, None where the system knows none; and why nothing could be read."""
    if exchange.status != _OK:
        return None, f"HTTP {exchange.status}"
    try:
        value: Any = json.loads(decode.payload(exchange, _MOST))
        listed = _at(value, sampling.rows)
        rows = [listed] if isinstance(listed, dict) else rows_of(listed)
        own = [row for row in rows if text_of(_at(row, sampling.fields["code"])) == code]
        return (_dossier(own[0], sampling) if own else None), ""
    except (UnrecognisedError, ValueError, RecursionError):
        return None, "câu trả lời không có hình dạng đã khai trong [sampling]"


def _dossier(row: Mapping[str, Any], sampling: Sampling) -> DossierFacts:
    facts: dict[str, Any] = {}
    for name, path in sampling.fields.items():
        value = _at(row, path)
        facts[name] = day(value, path) if name in DATES else text_of(value)
    return DossierFacts(**facts)


def _at(value: Any, path: str) -> Any:
    for part in filter(None, path.split(".")):
        if not isinstance(value, dict) or part not in value:
            raise UnrecognisedError(f"không có {path!r}")
        value = value[part]
    return value


def _reduced(exchange: Exchange, facts: DossierFacts | None) -> Exchange:
    """Return the exchange with nothing in its answer but the facts; headers may name people, so few stay."""
    kept = {} if facts is None else {name: _plain(getattr(facts, name)) for name in FIELDS}
    wire = json.dumps(kept, ensure_ascii=False, sort_keys=True).encode()
    headers = tuple((n, v) for n, v in exchange.headers if n.casefold() == "date")
    headers += (
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(wire))),
        (MARK, f"kept: {', '.join(kept) or 'nothing'}"),
    )
    return replace(exchange, headers=headers, wire=wire)


def _plain(value: object) -> str | None:
    return None if value is None else str(value)
