"""Taking in a workbook: sealed first, read from the sealed bytes, kept when it reads well."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Final

from collectors.submissions import read_workbook
from minhchung.clock import Clock
from minhchung.errors import SubmissionError
from minhchung.evidence import AgencyCode, Locator, RecordId, SourceKey
from minhchung.submissions import Submission
from service.settings import Settings
from storage.store import Store

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_BYTES: Final = 20_000_000
SUBMISSIONS: Final = SourceKey("submissions")
UNSEALED: Final = RecordId("urn:minhchung:unsealed")
"""Stands for the record while a workbook is only being checked."""


def import_workbook(
    settings: Settings, store: Store, clock: Clock, path: Path, round_name: str = ""
) -> tuple[Submission, bool]:
    """Import one workbook; returns it and whether it is new (the same bytes again are a no-op).

    Raises SubmissionError before anything is sealed when the workbook cannot be read.
    """
    data = _bytes(path)
    digest = hashlib.sha256(data).hexdigest()
    for known in store.submissions():
        if known.sha256 == digest:
            return known, False
    round_ = settings.checked_round(round_name)
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
    store.keep_submission(submission)
    store.commit()
    return submission, True


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
