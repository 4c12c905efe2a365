"""An owner's export: bound to its letter, sealed, and read from the sealed rows."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from collectors.exports import Export, ExportRow
from collectors.interface import Ask
from collectors.onestop.workbook import VERSION
from collectors.service_answers import count
from minhchung.agencies import PROVINCE, Agency, whole_province
from minhchung.clock import Clock
from minhchung.dossiers import ServiceHealth
from minhchung.errors import SubmissionError, UnrecognisedError
from minhchung.evidence import AgencyCode, EvidenceRecord, RunId, SourceKey
from minhchung.holdings import VisitReport
from minhchung.mappings import CoveringLetter, ExportMapping
from minhchung.observations import Observation
from minhchung.periods import Period
from minhchung.sources import Source
from minhchung.text_keys import k2
from service import plugins
from service.config_files import read_bytes
from service.export_mappings import TYPES, known_mapping, mapping_file, open_export
from service.letters import contradiction
from service.settings import Settings
from service.signatures import SignatureLook, look_at
from storage.store import Store

ROWS: Final = "export-rows"
"""Kind under which the rows of one body are sealed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import came to."""

    record: str
    agencies: tuple[str, ...]
    rows: int
    unmapped: tuple[str, ...]
    """Bodies that no agency is confirmed for: sealed with the file, counted nowhere."""

    totals: tuple[tuple[str, int, int], ...]
    """(meaning, printed total, sum of the rows) of every total that does not add up."""

    look: SignatureLook | None
    """What the letter's file shows; None: the import was known, and nothing was looked at again."""

    contradiction: str = ""
    """How the letter's file contradicts what was said of its signature."""

    @property
    def new(self) -> bool:
        """It was not known before."""
        return self.look is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What an owner sent in."""

    source: Source
    path: Path
    letter: CoveringLetter
    letter_file: bytes = b""
    """The letter itself; empty: it was not given."""

    period: Period
    """Days that the figures are of."""

    sheet: str = ""


def import_export(settings: Settings, store: Store, clock: Clock, sent: Delivery) -> Imported:
    """Seal an owner's file with its letter, and the rows of each agency; raises SubmissionError before that.

    The same file with the same letter again is a no-op.
    """
    data, export = open_export(sent.path, sent.sheet)
    mapping = known_mapping(settings, export)
    if mapping is None:
        raise SubmissionError(
            sent.path.name,
            export.sheet,
            "chưa ai xác nhận các cột của tệp có tiêu đề này",
            f"chạy: minhchung sources map {sent.path.name} --source {sent.source.key}, rồi thêm --confirm",
        )
    parts = _parts(mapping, export, sent.path.name)
    owners = _owners(settings, parts, sent)
    act = _act(sent, export, mapping, hashlib.sha256(data).hexdigest())
    url = f"urn:minhchung:export:{sent.source.key}:{hashlib.sha256(_json(act)).hexdigest()}"
    known = next((r for r in store.records(agency=PROVINCE) if r.url == url), None)
    if known is not None:
        return _result(parts, mapping, known.id)
    look = _looked_at(settings, clock, sent)
    act["letter_file"] = look.plain()
    run = store.begin_run("owner-export")
    written = mapping_file(settings, mapping.digest)
    store.keep_config(f"mappings/{written.name}", read_bytes(written))
    seal = partial(_seal, store, clock, sent.source, run)
    seal(data, f"urn:sha256:{act['file_sha256']}", TYPES[sent.path.suffix.casefold()], "owner-export")
    if sent.letter_file:
        kind = "application/pdf" if sent.letter_file.startswith(b"%PDF") else "application/octet-stream"
        seal(sent.letter_file, f"urn:sha256:{sent.letter.file_sha256}", kind, "letter-file")
    for agency in owners:
        _read(store, clock, sent.source, run, agency, act, parts[agency.code])
    # The act comes last: while it is missing, the import is made again.
    record = seal(_json(act), url, "application/json", "covering-letter")
    store.commit()
    said = contradiction(sent.letter.signature, look)
    return replace(_result(parts, mapping, record.id), look=look, contradiction=said)


def _looked_at(settings: Settings, clock: Clock, sent: Delivery) -> SignatureLook:
    """Look at the letter; raises SubmissionError where it is said to be validly signed and is not."""
    (look,) = look_at((sent.letter_file,), clock.now(), settings)
    told = contradiction(sent.letter.signature, look)
    if told and sent.letter.signature == "valid":
        remedy = "xin chủ quản công văn đã ký, hoặc ghi --signature đúng như tệp"
        raise SubmissionError(sent.path.name, "--letter-file", told, remedy)
    return look


def _seal(
    store: Store,
    clock: Clock,
    source: Source,
    run: RunId,
    body: bytes,
    url: str,
    content_type: str,
    kind: str,
    agency: AgencyCode = PROVINCE,
) -> EvidenceRecord:
    return store.resource(
        body,
        url=url,
        content_type=content_type,
        agency=agency,
        source=SourceKey(source.key),
        run=run,
        kind=kind,
        captured_at=clock.now(),
    )


def _owners(settings: Settings, parts: Mapping[str, object], sent: Delivery) -> list[Agency]:
    """Return the province and the agencies that rows were confirmed for, each in force in the period."""
    owners = [whole_province()]
    for code in sorted(code for code in parts if code and code != PROVINCE):
        agency = settings.agency(code)
        last, first = agency.valid_to or sent.period.first, agency.valid_from or sent.period.last
        if last < sent.period.first or first > sent.period.last:
            raise SubmissionError(
                sent.path.name,
                code,
                f"cơ quan không tồn tại trong kỳ {sent.period.first} – {sent.period.last}",
                "xác nhận lại cơ quan bằng sources map --agency, hoặc sửa valid_from, valid_to",
            )
        owners.append(agency)
    return owners


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _act(sent: Delivery, export: Export, mapping: ExportMapping, digest: str) -> dict[str, Any]:
    """Return what binds the figures: whose letter, which file, which days, read how and on whose word."""
    return {
        "v": VERSION,
        "source": sent.source.key,
        "file_sha256": digest,
        "sheet": export.sheet,
        "letter": {**asdict(sent.letter), "day": sent.letter.day.isoformat()},
        "first": sent.period.first.isoformat(),
        "last": sent.period.last.isoformat(),
        "columns": dict(mapping.columns),
        "printed": dict(mapping.printed),
        "agencies": dict(mapping.agencies),
        "definition": mapping.definition,
        "mapping": mapping.digest,
        "confirmed_by": mapping.confirmed_by,
        "confirmed_on": mapping.confirmed_on.isoformat(),
    }


def _parts(mapping: ExportMapping, export: Export, file: str) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each agency, of the province (all of them), and under "" those of nobody known."""
    place = {heading: export.column(heading) for heading in (*mapping.columns.values(), *mapping.printed)}
    body = export.column(mapping.body)
    if body is None or any(n is None for n in place.values()):
        fault = "cột đã xác nhận không còn, hoặc đứng hai lần"
        raise SubmissionError(file, export.sheet, fault, "xác nhận lại bằng sources map")
    procedure = export.column(mapping.procedure) if mapping.procedure else None
    totals = {k2(each) for each in mapping.total}
    parts: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in export.rows:
        name = row.cells[body]
        if not any(row.cells):
            continue
        is_total = k2(name) in totals
        cells = {heading: row.cells[n] for heading, n in place.items() if n is not None}
        _counts(cells, mapping, export.sheet, row, file)
        code = row.cells[procedure] if procedure is not None else ""
        shared = {"row": row.number, "cells": cells, "procedure": code}
        whose = "agency" if is_total else "unit"
        parts[PROVINCE].append({**shared, "body": name, "whose": whose, "is_total": is_total})
        if not is_total:
            mine = {**shared, "body": "", "whose": "agency", "is_total": False}
            parts[mapping.agencies.get(name, "")].append(mine)
    return dict(parts)


def _counts(cells: Mapping[str, str], mapping: ExportMapping, sheet: str, row: ExportRow, file: str) -> None:
    for heading in mapping.columns.values():
        try:
            count(cells[heading], heading)
        except UnrecognisedError as error:
            where = f"{sheet}, dòng {row.number}, cột {heading!r}"
            raise SubmissionError(file, where, str(error), "sửa ô thành số đếm, hoặc để trống") from error


def _result(
    parts: Mapping[str, Sequence[Mapping[str, Any]]], mapping: ExportMapping, record: str
) -> Imported:
    whole = parts.get(PROVINCE, ())
    bodies = dict.fromkeys(row["body"] for row in whole if not row["is_total"])
    return Imported(
        record=record,
        agencies=tuple(sorted(code for code in parts if code and code != PROVINCE)),
        rows=len(whole),
        unmapped=tuple(name for name in bodies if not mapping.agencies.get(name)),
        totals=tuple(_unequal(whole, mapping)),
        look=None,
    )


def _unequal(rows: Sequence[Mapping[str, Any]], mapping: ExportMapping) -> Iterator[tuple[str, int, int]]:
    """Yield the printed totals that the rows do not add up to."""
    whole = {row["body"] for row in rows if not row["procedure"]}
    # Beside a body's own row its procedures' rows are parts, and are not added again.
    added = [r for r in rows if not r["is_total"] and not (r["procedure"] and r["body"] in whole)]
    for total in (row for row in rows if row["is_total"]):
        for meaning, heading in mapping.columns.items():
            printed = count(total["cells"][heading], heading)
            values = [count(row["cells"][heading], heading) for row in added]
            known = [value for value in values if value is not None]
            if printed is not None and len(known) == len(values) and sum(known) != printed:
                yield meaning, printed, sum(known)


def _read(
    store: Store,
    clock: Clock,
    source: Source,
    run: RunId,
    agency: Agency,
    act: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
) -> None:
    """Seal the rows of one body, read them from the sealed bytes, and close the visit."""
    began = clock.now()
    url = f"urn:minhchung:export-rows:{source.key}:{act['file_sha256'][:16]}:{agency.code}"
    rows_of_it = _json({**act, "rows": list(rows)})
    record = _seal(store, clock, source, run, rows_of_it, url, "application/json", ROWS, agency.code)
    driver = plugins.driver(source.kind, source.driver)
    ask = Ask(url=url, topic="dossiers")
    read = driver.read(source, agency, record, store.body(record.id), ask)
    seen: list[Observation] = [answer for answer in read if not isinstance(answer, Ask)]
    store.observe(seen)
    report = VisitReport(
        agency=agency.code,
        run=run,
        source=SourceKey(source.key),
        scope="services",
        began_at=began,
        ended_at=clock.now(),
        attempts=0,
        fetched=0,
        not_modified=0,
        refused=0,
        failed=0,
        items=sum(not isinstance(each, ServiceHealth) for each in seen),
    )
    store.visit(report, (), None)
