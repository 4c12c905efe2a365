"""Taking in a workbook: sealed first, read from the sealed bytes, kept when it reads well."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

from collectors.proof_files import ProofFile, read_proofs
from collectors.submissions import read_workbook
from minhchung.clock import Clock
from minhchung.errors import SubmissionError, UsageError
from minhchung.evidence import AgencyCode, Locator, RecordId, RunId, SourceKey
from minhchung.round_acts import Stage
from minhchung.rounds import Round
from minhchung.submissions import Submission, SubmittedFigure
from scoring.owners import speaks_of
from service.act_records import CONTENT_TYPES
from service.measuring import until
from service.proof_facts import facts_of
from service.round_book import Book
from service.settings import Settings
from service.signatures import SignatureLook, look_at
from storage.store import Store

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_BYTES: Final = 20_000_000
SUBMISSIONS: Final = SourceKey("submissions")
UNSEALED: Final = RecordId("urn:minhchung:unsealed")
"""Stands for the record while a workbook is only being checked."""


def import_workbook(
    settings: Settings,
    store: Store,
    clock: Clock,
    path: Path,
    round_name: str = "",
    proofs: Path | None = None,
) -> tuple[Submission, bool]:
    """Import one workbook; returns it and whether it is new (the same bytes again are a no-op).

    `proofs` is a folder or zip of files, each bound to a component by its path. Raises SubmissionError
    before anything is sealed when workbook or proofs cannot be read.
    """
    data = _bytes(path)
    digest = hashlib.sha256(data).hexdigest()
    for known in store.submissions():
        if known.sha256 == digest:
            if proofs is not None:
                _refuse_other_proofs(store, known, read_proofs(proofs, _claimed(known, path)), path)
            return known, False
    round_ = settings.checked_round(round_name)
    stage = Book.of(store, round_).stage
    if stage not in (Stage.UNOPENED, Stage.OPEN):
        msg = f"round {round_.id} is {stage}: self-reports came in while it was open; enter a comment instead"
        raise UsageError(msg)
    checked = read_workbook(
        data,
        file_name=path.name,
        index_set=settings.index_set(round_),
        own_sets=settings.own_sets(round_),
        agencies=settings.registries[round_.registry].agency,
        round_id=round_.id,
        record=UNSEALED,
        imported_at=clock.now(),
    )
    _refuse_older(store, checked, path)
    _refuse_other_days(checked, round_, path)
    files = () if proofs is None else read_proofs(proofs, _claimed(checked, path))
    run = store.begin_run("submissions")
    record = store.resource(
        data,
        url=f"urn:sha256:{digest}",
        content_type=XLSX,
        agency=AgencyCode(checked.agency),
        source=SUBMISSIONS,
        run=run,
        kind="submission",
        captured_at=clock.now(),
    )
    submission = _sealed(checked, record.id)
    if files:
        looks = look_at([file.body for file in files], clock.now(), settings)
        named = _seal_proofs(store, clock, submission, tuple(zip(files, looks, strict=True)), run)
        submission = replace(submission, figures=tuple(_proven(f, named) for f in submission.figures))
    store.keep_submission(submission)
    store.commit()
    return submission, True


def counts(settings: Settings, submission: Submission, round_name: str = "") -> bool:
    """Say whether a workbook was taken in before the round's evidence ended; later ones are kept, no more."""
    return submission.imported_at <= until(settings.checked_round(round_name))


def _refuse_other_proofs(store: Store, known: Submission, files: Sequence[ProofFile], path: Path) -> None:
    """Refuse proof that comes after its workbook: it would be dropped without a word."""
    told = {(file.component, file.name, hashlib.sha256(file.body).hexdigest()) for file in files}
    sealed = {
        (one["component"], one["name"], one["sha256"])
        for record in store.records(kind="proofs")
        if (said := json.loads(store.body(record.id)))["workbook"] == known.sha256
        for one in said["proofs"]
    }
    if told != sealed:
        raise SubmissionError(
            path.name,
            "--proofs",
            "bản này đã nhập với minh chứng khác hoặc không có minh chứng",
            "ghi lại ngày gửi trong tệp rồi nhập cùng toàn bộ minh chứng",
        )


def _claimed(checked: Submission, path: Path) -> frozenset[str]:
    """Return the components that proof may be for: those that the workbook claims."""
    if checked.owner_figures:
        raise SubmissionError(
            path.name, "--proofs", "an owner's workbook has no proof files", "leave them out"
        )
    return frozenset(figure.component for figure in checked.figures)


def _seal_proofs(
    store: Store,
    clock: Clock,
    submission: Submission,
    files: Sequence[tuple[ProofFile, SignatureLook]],
    run: RunId,
) -> dict[str, list[str]]:
    """Seal every proof file and the list of what each says; return the files' names by component."""
    listed, named = [], defaultdict[str, list[str]](list)
    for file, look in files:
        digest = hashlib.sha256(file.body).hexdigest()
        record = store.resource(
            file.body,
            url=f"urn:sha256:{digest}",
            content_type=CONTENT_TYPES.get(file.kind, "application/octet-stream"),
            agency=submission.agency,
            source=SUBMISSIONS,
            run=run,
            kind="proof",
            captured_at=clock.now(),
        )
        facts = facts_of(file.body, file.kind)
        named[file.component].append(file.name)
        listed.append(
            {
                "component": file.component,
                "name": file.name,
                "record": record.id,
                "sha256": digest,
                "bytes": len(file.body),
                "kind": file.kind,
                **asdict(facts),
                "day": facts.day.isoformat() if facts.day else None,
                **look.plain(),
            }
        )
    said = {"agency": submission.agency, "workbook": submission.sha256, "proofs": listed}
    store.resource(
        json.dumps(said, ensure_ascii=False, sort_keys=True).encode(),
        url=f"urn:minhchung:proofs:{submission.sha256}",
        content_type="application/json",
        agency=submission.agency,
        source=SUBMISSIONS,
        run=run,
        kind="proofs",
        captured_at=clock.now(),
    )
    return named


def _proven(figure: SubmittedFigure, named: Mapping[str, list[str]]) -> SubmittedFigure:
    files = named.get(figure.component)
    if not files:
        return figure
    told = f"tệp: {'; '.join(files)}"
    return replace(figure, proof=f"{figure.proof}; {told}" if figure.proof else told)


def _refuse_older(store: Store, checked: Submission, path: Path) -> None:
    """Refuse an agency's workbook that says of itself to be older than the one in force."""
    earlier = [s for s in store.submissions(AgencyCode(checked.agency)) if not s.owner_figures]
    newest = earlier[-1].sent_on if earlier else None
    if checked.owner_figures or newest is None or checked.sent_on is None or checked.sent_on >= newest:
        return
    raise SubmissionError(
        path.name,
        "ThongTin, ngay_gui",
        f"bản này gửi ngày {checked.sent_on}, cũ hơn bản đang dùng ({newest})",
        "gửi bản mới hơn, hoặc ghi lại ngày gửi nếu đây mới là bản cuối",
    )


def _refuse_other_days(checked: Submission, round_: Round, path: Path) -> None:
    """Refuse an owner's figures of days that are not the round's: they would never count."""
    for figure in checked.owner_figures:
        if not speaks_of(figure, round_):
            period = round_.period
            raise SubmissionError(
                path.name,
                "ThongTin, tu_ngay, den_ngay",
                f"{figure.first} – {figure.last} không nằm trong kỳ đánh giá {period.first} – {period.last}"
                f" (hạn chốt {round_.freeze})",
                "xin chủ quản số liệu của kỳ này, hoặc sửa hai ngày theo văn bản",
            )


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SubmissionError(
                path.name, "file", f"is larger than {MAX_BYTES} bytes", "send the template only"
            )
        return path.read_bytes()
    except OSError as error:
        fault = f"cannot be read ({error.strerror})"
        raise SubmissionError(str(path), "file", fault, "check path and rights") from error


def _sealed(checked: Submission, record: RecordId) -> Submission:
    def moved(seen: Locator) -> Locator:
        return replace(seen, record=record)

    return replace(
        checked,
        record=record,
        figures=tuple(replace(f, seen=moved(f.seen)) for f in checked.figures),
        owner_figures=tuple(replace(f, seen=moved(f.seen)) for f in checked.owner_figures),
    )
