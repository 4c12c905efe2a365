"""`sites test`: stored pages read with the present profile, item by item beside what is stored."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from minhchung.agencies import Agency
from minhchung.errors import UsageError
from minhchung.evidence import EvidenceRecord
from minhchung.observations import Observation
from service.items import row_of
from service.personal_data import PersonalRule
from service.rereading import Rereader
from service.settings import Settings
from service.workplace import RandomIds, clock_of
from storage.home import Home
from storage.rebuild import rebuild_aside
from storage.store import Store
from verifiers.items import wholes

Say = Callable[[str, str], str]
Change = Literal["lost", "new", "changed"]
_TOLD: Final = (
    "title", "published", "number", "issued", "effective", "issuer", "doc_type", "summary", "signer",
    "attachments",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDifference:
    """One item that is read otherwise now."""

    agency: str
    kind: str
    url: str
    title: str
    change: Change
    fields: tuple[tuple[str, Any, Any], ...] = ()
    """(field, as stored, as read now)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTest:
    """How the stored pages of a site read now."""

    site: str
    agencies: tuple[str, ...]
    stored: int
    read: int
    differences: tuple[ItemDifference, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as one JSON document."""
        return {
            "site": self.site,
            "agencies": list(self.agencies),
            "stored": self.stored,
            "read": self.read,
            "differences": [
                {
                    "agency": each.agency,
                    "kind": each.kind,
                    "url": each.url,
                    "title": each.title,
                    "change": each.change,
                    "fields": {name: {"stored": old, "now": new} for name, old, new in each.fields},
                }
                for each in self.differences
            ],
        }


def compare(settings: Settings, store: Store, site: str) -> SiteTest:
    """Read every stored page of the agencies that use a site once more; the home is not changed.

    `site` is a profile's key or an agency's code. Raises UsageError where no agency uses it.
    """
    agencies = [a for a in settings.registry.agency if site in {a.site, a.code}]
    if not agencies:
        message = f"no agency has site = {site!r} or that code; name it in the registry first"
        raise UsageError(message)
    codes = {agency.code for agency in agencies}
    rounds = settings.round_ids()
    reread = Rereader(settings, settings.round(rounds[0]).period if len(rounds) == 1 else None)

    def read(record: EvidenceRecord, body: bytes) -> Iterable[Observation]:
        return reread(record, body) if record.agency in codes else ()

    with tempfile.TemporaryDirectory(prefix="minhchung-sites-") as scratch:
        aside = Home(settings.home)
        aside.catalogue = Path(scratch, "catalogue.sqlite3")
        rebuild_aside(aside, read)
        fresh = Store(aside, clock_of(settings), RandomIds(), writer=False)
        rule = settings.personal
        try:
            pairs = [
                (agency, _items(store, agency, rule), _items(fresh, agency, rule)) for agency in agencies
            ]
        finally:
            fresh.close()
    return SiteTest(
        site=site,
        agencies=tuple(sorted(codes)),
        stored=sum(len(old) for _, old, _ in pairs),
        read=sum(len(new) for *_, new in pairs),
        differences=tuple(d for agency, old, new in pairs for d in _differences(agency, old, new)),
    )


def _items(store: Store, agency: Agency, rule: PersonalRule) -> dict[tuple[str, str], dict[str, Any]]:
    found = wholes(store.holdings(agency, None).observations)
    return {(item.kind, item.identity): row_of(agency, item, rule) for item in found}


Items = Mapping[tuple[str, str], Mapping[str, Any]]


def _differences(agency: Agency, old: Items, new: Items) -> Iterator[ItemDifference]:
    for key in (*old, *(key for key in new if key not in old)):
        was, now = old.get(key), new.get(key)
        known = now or was or {}
        changed = tuple(
            (name, was[name], now[name])
            for name in _TOLD
            if was is not None and now is not None and was[name] != now[name]
        )
        change: Change = "new" if was is None else "lost" if now is None else "changed"
        if change != "changed" or changed:
            yield ItemDifference(
                agency=agency.code, kind=key[0], url=known["url"], title=known["title"], change=change,
                fields=changed,
            )  # fmt: skip


def in_words(found: SiteTest, say: Say) -> Iterator[str]:
    """Yield the differences as lines for people, a sum at the end."""
    signs = {"lost": "-", "new": "+", "changed": "~"}
    for each in found.differences:
        yield f"{signs[each.change]} {each.agency} [{each.kind}] {each.title} <{each.url}>"
        for name, old, new in each.fields:
            yield f"    {name}: {_shown(old)} -> {_shown(new)}"
    counts = {change: sum(d.change == change for d in found.differences) for change in signs}
    yield say(
        f"{found.site}: {found.stored} mục đã lưu, {found.read} mục đọc lại; "
        f"mất {counts['lost']}, mới {counts['new']}, đổi {counts['changed']}",
        f"{found.site}: {found.stored} items stored, {found.read} read again; "
        f"{counts['lost']} lost, {counts['new']} new, {counts['changed']} changed",
    )


def _shown(value: Any) -> str:
    return "—" if value in (None, "", []) else " ".join(value) if isinstance(value, list) else str(value)
