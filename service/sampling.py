"""A sample of an agency's dossiers: drawn and sealed first, then looked up, then compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from collectors.exports import read_rows
from collectors.fetcher import Fetcher
from collectors.sampling import LookedUp, draw, look_up
from collectors.service_answers import day
from minhchung.agencies import Agency
from minhchung.clock import Clock
from minhchung.errors import SubmissionError, UnrecognisedError, UsageError
from minhchung.evidence import RunId, SourceKey
from minhchung.periods import local_day
from minhchung.samples import FIELDS, DossierFacts, SampleDifference, Sampling
from minhchung.sources import Source
from minhchung.text_keys import k2
from service.export_mappings import read_file
from service.sample_outcomes import OUTCOME
from service.settings import Settings
from storage.store import Store
from verifiers.contradictions.dossier_samples import differences

HEADINGS: Final = {
    "code": "Mã hồ sơ",
    "status": "Trạng thái",
    "received": "Ngày tiếp nhận",
    "due": "Ngày hẹn trả",
    "completed": "Ngày trả",
}
"""Of the agency's list; every other column is left unread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """What a sample came to."""

    seed: str
    drawn: tuple[str, ...]
    of: int
    looked_up: tuple[LookedUp, ...]
    differences: tuple[SampleDifference, ...]
    record: str
    """The sealed draw."""


def authorised(source: Source, clock: Clock) -> Sampling:
    """Return the source's terms of sampling; raises UsageError where nobody has allowed it, or no longer."""
    terms = source.sampling
    if terms is None or not terms.authorised_by.strip():
        msg = f"sources/{source.key}.toml không có [sampling]: chưa ai cho phép tra cứu từng hồ sơ"
        raise UsageError(msg)
    today = local_day(clock.now())
    if today > terms.authorised_until:
        msg = f"sources/{source.key}.toml: sampling.authorised_until {terms.authorised_until} đã qua"
        raise UsageError(msg)
    if not {"code"} <= terms.fields.keys() <= set(FIELDS) or "{code}" not in terms.path:
        known = ", ".join(FIELDS)
        msg = f"sources/{source.key}.toml: sampling.fields cần code và chỉ gồm {known}; path cần {{code}}"
        raise UsageError(msg)
    return terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Which sample is to be drawn."""

    source: Source
    agency: Agency
    path: Path
    """The agency's own list."""

    count: int
    seed: str


async def sample(settings: Settings, store: Store, clock: Clock, order: Order) -> Sampled:
    """Draw dossiers of a list, seal the draw, look each up, seal what was compared.

    The draw is in the signed log before anything is looked up, so that it cannot be chosen by its outcome.
    """
    source, agency = order.source, order.agency
    terms = authorised(source, clock)
    data = read_file(order.path)
    listed = {each.code: each for each in _listed(data, order.path.name)}
    digest = hashlib.sha256(data).hexdigest()
    whole = f"{order.seed}/{source.key}/{agency.code}/{digest}"
    drawn = draw(listed, min(order.count, terms.most), whole)
    run = store.begin_run("dossier-sample")
    act = {
        "v": 1,
        "authorised_by": terms.authorised_by,
        "seed": whole,
        "list_sha256": digest,
        "of": len(listed),
        "drawn": [_plain(listed[code]) for code in drawn],
    }
    record = _seal(store, clock, source, run, agency, "dossier-sample", act)
    store.commit()
    fetcher = Fetcher(settings.network, clock, extra_roots=settings.trust_roots())
    try:
        found = await look_up(source, terms, agency, run, drawn, fetcher=fetcher, recorder=store)
    finally:
        await fetcher.close()
        store.commit()
    told = _differences(found, listed, settings)
    outcome = {
        "v": 1,
        "draw": record,
        "looked_up": {each.code: each.record for each in found},
        "differences": [asdict(each) for each in told],
    }
    _seal(store, clock, source, run, agency, OUTCOME, outcome)
    store.commit()
    return Sampled(
        seed=whole,
        drawn=tuple(drawn),
        of=len(listed),
        looked_up=tuple(found),
        differences=told,
        record=record,
    )


def _differences(
    found: Sequence[LookedUp], listed: dict[str, DossierFacts], settings: Settings
) -> tuple[SampleDifference, ...]:
    """Return what differs among those that were answered: our failure is never theirs."""
    return tuple(
        difference
        for each in found
        if not each.trouble
        for difference in differences(listed[each.code], each.facts, settings.law)
    )


def _plain(facts: DossierFacts) -> dict[str, Any]:
    return {name: None if value is None else str(value) for name, value in asdict(facts).items()}


def _seal(
    store: Store, clock: Clock, source: Source, run: RunId, agency: Agency, kind: str, act: dict[str, Any]
) -> str:
    body = json.dumps(act, ensure_ascii=False, sort_keys=True).encode()
    return store.resource(
        body,
        url=f"urn:minhchung:{kind}:{source.key}:{run}",
        content_type="application/json",
        agency=agency.code,
        source=SourceKey(source.key),
        run=run,
        kind=kind,
        captured_at=clock.now(),
    ).id


def _listed(data: bytes, file: str) -> list[DossierFacts]:
    """Return the dossiers of an agency's list; raises SubmissionError."""
    for sheet, rows in read_rows(data, file).items():
        for place, row in enumerate(rows[:20]):
            keys = [k2(cell) if isinstance(cell, str) else "" for cell in row.cells]
            columns = {name: keys.index(k2(head)) for name, head in HEADINGS.items() if k2(head) in keys}
            if "code" not in columns:
                continue
            found = []
            for each in rows[place + 1 :]:
                cells = {name: str(each.cell(n) or "").strip() for name, n in columns.items()}
                if cells["code"]:
                    found.append(_dossier(cells, f"{sheet}, dòng {each.number}", file))
            if found:
                return found
    raise SubmissionError(
        file, "tệp", f"không có cột {HEADINGS['code']!r} với ít nhất một mã", "đặt tên cột như tài liệu"
    )


def _dossier(cells: dict[str, str], where: str, file: str) -> DossierFacts:
    try:
        days = {n: day(cells[n], HEADINGS[n]) for n in ("received", "due", "completed") if n in cells}
    except UnrecognisedError as error:
        raise SubmissionError(file, where, str(error), "ghi ngày dạng dd/mm/yyyy") from error
    return DossierFacts(code=cells["code"], status=cells.get("status", ""), **days)
