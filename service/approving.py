"""Approvals of configuration: each a leaf of the log with a name, and with the lines that it approves."""

from __future__ import annotations

import json
from dataclasses import replace

from minhchung.approvals import ConfigApproval
from minhchung.clock import Clock
from minhchung.errors import UsageError
from minhchung.evidence import RecordId
from minhchung.periods import local_day
from service.act_records import JSON, Desk
from service.config_drift import approved, differing, moving_files
from service.people import known_person
from service.settings import Settings
from storage.store import Store


def approve(
    settings: Settings, store: Store, clock: Clock, said: ConfigApproval
) -> tuple[RecordId, ConfigApproval]:
    """Seal an approval of the configuration as it stands; raises UsageError where it may not be given."""
    known_person(settings.people, said.by)
    if not said.why.strip():
        raise UsageError("an approval needs its reason (--why)")
    if said.day > local_day(clock.now()):
        raise UsageError(f"{said.day} lies ahead; enter the approval on its day or later")
    found = differing(settings, approved(store) or {})
    if not found:
        raise UsageError("no configuration file differs from the approved ones; nothing to approve")
    files = {name: store.keep_config(name, data) for name, data in moving_files(settings).items()}
    desk = Desk.begin(store, clock)
    lines = {each.name: {"how": each.how, "lines": list(each.lines)} for each in found}
    diff = desk.keep(json.dumps(lines, ensure_ascii=False, sort_keys=True).encode(), JSON, "config-diff")
    act = replace(said, config=files, changed=tuple(each.name for each in found), diff=diff.id)
    record = desk.seal(act)
    store.commit()
    return record.id, act
