"""The desk of the web app: everything it shows, taken from one home, read only."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

from auditor.desk import Board, Capture, PastRun, Sheet, TimetableLine, TimetableView
from collectors.charset import text as characters
from minhchung.agencies import told_apart
from minhchung.contradictions import Contradiction
from minhchung.errors import FixityError, StorageError
from minhchung.evidence import EvidenceRecord, RecordId
from minhchung.observations import Attachment, Question
from minhchung.scores import Derivation
from minhchung.snapshots import Form, urn_of
from minhchung.sources import ScheduleEntryConfig
from service import schedule
from service.contradicting import find
from service.courses import COURSES
from service.due_runs import kept_claims, lapse, lateness
from service.explaining import explain_component
from service.file_words import rows
from service.personal_data import legible
from service.settings import Settings
from service.standings import Concluded, conclude
from service.workplace import clock_of, open_store
from storage.access import note_access
from storage.home import Home
from storage.store import Store

MOST_TEXT: Final = 200_000
"""Characters of a captured text that are shown."""

MOST_RUNS: Final = 50

ACTS: Final = frozenset({"acts", "submissions", "observe"})
"""Notes of runs that visit nobody: a claim, an import."""

_TEXTUAL: Final = ("text/", "application/json", "application/xml", "application/xhtml", "application/toml")
_SUBTYPES: Final = ("+xml", "+json", "javascript")

State = tuple[tuple[str, int, int], ...]
"""Names, sizes and times of what a standing is computed from."""


class HomeDesk:
    """Reads one home; the standing is concluded once for each stored state, not for each request."""

    def __init__(self, load: Callable[[], Settings], round_name: str = "") -> None:
        """Show one round; without a name the only one in config."""
        self._load, self._round_name = load, round_name
        self._guard = threading.Lock()
        self._state: State | None = None
        self._concluded: Concluded | None = None
        self._again_at = 0.0
        self._contradictions: tuple[State, Sequence[Contradiction]] | None = None
        self.times_concluded = 0

    def board(self) -> Board:
        """Return the result of the round shown; raises MinhChungError."""
        concluded = self._conclude()
        return Board(
            round=concluded.round,
            index_set=concluded.index_set,
            standing=concluded.standing,
            registry=told_apart(concluded.registry),
            own_sets=concluded.own_sets,
            incidents=concluded.incidents,
        )

    def derivation(self, agency: str, component: str) -> Derivation:
        """Return how a score came about; raises KeyError."""
        return explain_component(self._conclude(), agency, component)

    def _conclude(self) -> Concluded:
        with self._guard:
            settings = self._load()
            state = state_of(settings)
            # While a run is sealing, the state changes all the time: never spend more than half of it here.
            stale = state != self._state and time.monotonic() >= self._again_at
            if self._concluded is None or stale:
                begun = time.monotonic()
                with closing(open_store(settings)) as store:
                    self._concluded = conclude(settings, store, self._round_name)
                self._state = state
                self._again_at = 2 * time.monotonic() - begun
                self.times_concluded += 1
            return self._concluded

    def sheet(self, record: RecordId, *, reader: str = "", whole: bool = False) -> Sheet:
        """Return a record laid open, citizens' data masked unless `whole`; raises KeyError."""
        settings = self._load()
        with closing(open_store(settings)) as store:
            found = store.record(record)
            try:
                line, headers = store.head(record)
                body = store.body(record)
                seen = store.observations_of(record)
            except FixityError as error:
                return Sheet(record=found, fault=str(error))
            captures = tuple(_captures(store, found))
        file = tuple(row for each in seen if isinstance(each, Attachment) for row in rows(each))
        sheet = Sheet(
            record=found,
            status_line=line,
            headers=headers,
            size=len(body),
            file=file,
            captures=captures,
            picture=_is_picture(found, body),
        )
        if not is_text(found, body):
            return sheet
        asked = any(isinstance(each, Question) for each in seen)
        personal = settings.personal.found_in(body, found.content_type, questions=asked)
        masked = bool(personal) and not whole
        try:
            shown = "masked" if masked else "whole"
            note_access(
                settings.home, clock_of(settings).now(), way="web", who=reader, what=record, shown=shown
            )
        except StorageError as error:
            if personal and not masked:
                return replace(sheet, personal=personal, fault=str(error))
        text = characters(body, found.content_type)
        if masked:
            text = settings.personal.masked(legible(text, found.content_type), citizens=True)
        cut = len(text) > MOST_TEXT
        return replace(sheet, text=text[:MOST_TEXT], cut=cut, personal=personal, masked=masked)

    def picture(self, record: RecordId, *, reader: str = "") -> bytes:
        """Return a JPEG that our own browser took, and write down who looked; raises KeyError."""
        settings = self._load()
        with closing(open_store(settings)) as store:
            found, body = store.record(record), store.body(record)
        if not _is_picture(found, body):
            raise KeyError(record)
        at = clock_of(settings).now()
        note_access(settings.home, at, way="web", who=reader, what=record, shown="picture")
        return body

    def records(self, agency: str, limit: int) -> Sequence[EvidenceRecord]:
        """Return the newest records of an agency, newest first."""
        settings = self._load()
        with closing(open_store(settings)) as store:
            return list(store.records(agency=settings.agency(agency).code))[: -limit - 1 : -1]

    def contradictions(self) -> Sequence[Contradiction]:
        """Return what service systems published and cannot all be true; raises MinhChungError."""
        with self._guard:
            settings = self._load()
            state = state_of(settings)
            if self._contradictions is None or state != self._contradictions[0]:
                with closing(open_store(settings)) as store:
                    self._contradictions = state, find(settings, store)
            return self._contradictions[1]

    def timetable(self) -> TimetableView:
        """Return the timetable with its last and next moments, and the runs that took place."""
        settings = self._load()
        timetable = settings.timetable
        schedule.check(timetable, str(settings.place.directory / "timetable.toml"))
        planned = schedule.planned(timetable, kept_claims(settings), clock_of(settings).now())
        lines = tuple(
            TimetableLine(
                key=each.entry.key,
                title=each.entry.title,
                cron=each.entry.cron,
                what=what(each.entry),
                last_at=each.last_at,
                next_at=each.next_at,
                remark="" if settings.simulated else remark(each),
            )
            for each in planned
        )
        remarks = (STANDS_STILL,) if settings.simulated else ()
        return TimetableView(lines=lines, runs=_runs(settings), remarks=remarks)


STANDS_STILL: Final = (
    "Tỉnh mô phỏng: ngày tháng của nó chỉ trôi trong lệnh demo, nên lịch dưới đây không tự chạy."
)


_FORMS: Final[dict[Form, str]] = {
    "picture": "trang, các phần của trang và ảnh chụp toàn trang",
    "parts": "trang và các phần của trang, không có ảnh chụp",
    "text-only": "chỉ có chữ của trang",
    "none": "không nhận được trang",
}
_SAME: Final = {True: "như khi được viện dẫn", False: "nội dung đã khác so với khi được viện dẫn", None: ""}


def _captures(store: Store, cited: EvidenceRecord) -> Iterator[Capture]:
    """Yield the captures that were made because a finding cites this record."""
    for record in store.records(agency=cited.agency, kind="snapshot"):
        if record.url != urn_of(cited.id):
            continue
        said = json.loads(store.body(record.id))
        words = "; ".join(filter(None, (_FORMS[said["form"]], _SAME[said["same"]], said["why"])))
        yield Capture(at=record.captured_at, words=words, page=said["page"], picture=said["picture"])


def _is_picture(record: EvidenceRecord, body: bytes) -> bool:
    return record.kind == "resource" and record.content_type == "image/jpeg" and body[:3] == b"\xff\xd8\xff"


def state_of(settings: Settings) -> State:
    """Return what changes whenever something is stored or configured."""
    catalogue = Home(settings.home).catalogue
    ahead = catalogue.with_name(f"{catalogue.name}-wal")
    config = settings.place.directory.rglob("*.toml")
    return tuple(sorted(filter(None, map(_facts, (catalogue, ahead, *config)))))


def _facts(path: Path) -> tuple[str, int, int] | None:
    try:
        facts = path.stat()
    except FileNotFoundError:
        return None
    # A reader may leave an empty write-ahead log behind; that is no change.
    return (str(path), facts.st_size, facts.st_mtime_ns) if facts.st_size else None


def is_text(record: EvidenceRecord, body: bytes) -> bool:
    """Say whether a payload is characters: by its declared type, or by having no zero byte."""
    declared = record.content_type.partition(";")[0].strip().casefold()
    if b"\0" in body[:4096]:
        return False
    return not declared or declared.startswith(_TEXTUAL) or declared.endswith(_SUBTYPES)


def what(entry: ScheduleEntryConfig) -> str:
    """Return what a run visits, in words."""
    scope = "các danh sách" if entry.scope == "lists" else "toàn bộ cổng"
    who = f"{len(entry.agencies)} cơ quan" if entry.agencies else "mọi cơ quan"
    return f"{scope}, {who}{', các hệ thống dịch vụ' if entry.services else ''}"


def remark(planned: schedule.Planned) -> str:
    """Return lateness and lapses of a line, in words."""
    said = []
    if planned.overdue is not None:
        said.append(f"đến lượt chạy{lateness(planned.overdue)[0]}")
    if planned.lapsed is not None:
        said.append(lapse(planned.lapsed)[0])
    return "; ".join(said)


ORDERED: Final = {
    "host": "toàn bộ cổng, theo lệnh",
    "lists": "các danh sách, theo lệnh",
    "verify": "kiểm chứng theo yêu cầu",
}
"""What a run was for that a person ordered, by its note."""


def purpose(settings: Settings, note: str) -> str:
    """Return what a run was for, in words: a line of the timetable, a pass of the demonstration, an order."""
    key = note.partition(" ")[0]
    titles = {entry.key: entry.title for entry in settings.timetable.schedule}
    if settings.simulated:
        titles |= {each.key: each.title for course in COURSES.values() for each in course.passes}
    return ORDERED.get(note) or titles.get(key) or note


def _runs(settings: Settings) -> tuple[PastRun, ...]:
    if not Home(settings.home).format.is_file():
        return ()
    with closing(open_store(settings)) as store:
        visits = [run for run in store.runs() if run.note not in ACTS]
    newest = visits[: -MOST_RUNS - 1 : -1]
    return tuple(PastRun(id=r.id, began_at=r.began_at, note=purpose(settings, r.note)) for r in newest)
