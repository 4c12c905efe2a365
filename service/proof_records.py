"""Proof files as they were sealed with a self-report: what was found in each, by workbook."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from minhchung.evidence import EvidenceRecord, RecordId
from minhchung.files import FileSignature
from minhchung.submissions import Proof
from service.signatures import SignatureLook
from storage.store import Store

_SIGNATURE = TypeAdapter(FileSignature)


def proofs_of(store: Store, workbooks: Iterable[EvidenceRecord]) -> Mapping[RecordId, tuple[Proof, ...]]:
    """Return the proof files of each workbook, by its record."""
    by_digest = {digest_of(workbook): workbook.id for workbook in workbooks}
    handed = proofs_by_digest(store) if by_digest else {}
    return {record: handed[digest] for digest, record in by_digest.items() if digest in handed}


def digest_of(workbook: EvidenceRecord) -> str:
    """Return the digest by which proofs name their workbook."""
    return workbook.url.rpartition(":")[2]


def proofs_by_digest(store: Store) -> Mapping[str, tuple[Proof, ...]]:
    """Return every proof handed in, by the digest of the workbook that it came with."""
    read = (json.loads(store.body(record.id)) for record in store.records(kind="proofs"))
    return {said["workbook"]: tuple(map(_proof, said["proofs"])) for said in read}


def _proof(said: Mapping[str, Any]) -> Proof:
    return Proof(
        component=said["component"],
        name=said["name"],
        record=RecordId(said["record"]),
        words="; ".join(_words(said)),
    )


def _words(said: Mapping[str, Any]) -> Iterator[str]:
    if said["number"]:
        yield f"số {said['number']}"
    if said["day"]:
        yield f"ngày {date.fromisoformat(said['day']):%d/%m/%Y}"
    if said["scanned"]:
        yield "bản quét, chưa đọc được chữ"
    if said.get("unreadable"):
        yield "không mở được"
    yield look_of(said).words()


def look_of(said: Mapping[str, Any]) -> SignatureLook:
    """Return what was found of the signatures; files sealed by earlier versions were not looked at."""
    if "looked" not in said:
        return SignatureLook(not_looked="nhận trước khi có kiểm tra chữ ký")
    found = ({key: value for key, value in each.items() if value is not None} for each in said["signatures"])
    signatures = tuple(_SIGNATURE.validate_python({"trusted": None, **each}) for each in found)
    return SignatureLook(not_looked=said["why_not"] or "", signatures=signatures)
