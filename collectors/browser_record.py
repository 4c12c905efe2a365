"""The record that says with which browser pages of a visit were seen."""

from __future__ import annotations

import json
from datetime import datetime

from minhchung.evidence import EvidenceRecord, RunId, SourceKey
from minhchung.ports import Recorder

KIND = "browser"


def seal_browser(
    recorder: Recorder,
    software: tuple[str, str],
    page: EvidenceRecord,
    *,
    source: SourceKey,
    run: RunId,
    now: datetime,
) -> EvidenceRecord:
    """Seal name and version of a browser and of what drives it, beside the first page that it showed.

    It is known only once the browser runs, which is after the file's `warcinfo` was written: no browser is
    started to be named.
    """
    browser, driver = software
    said = {"v": 1, "browser": browser, "driver": driver}
    return recorder.resource(
        json.dumps(said, sort_keys=True).encode(),
        url=f"urn:minhchung:browser:{browser.replace(' ', '/')}",
        content_type="application/json",
        agency=page.agency,
        source=source,
        run=run,
        kind=KIND,
        captured_at=now,
        concurrent_to=page.id,
    )
