"""What the web app asks for: the port that `service` fills, and the values that cross it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from minhchung.agencies import Agency
from minhchung.contradictions import Contradiction
from minhchung.evidence import EvidenceRecord, RecordId
from minhchung.incidents import Incident
from minhchung.index_set import IndexSet
from minhchung.rounds import Round
from minhchung.scores import Derivation, Place, Score, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """One round's result with what is needed to name and explain it."""

    round: Round
    index_set: IndexSet
    standing: Standing
    registry: tuple[Agency, ...]
    own_sets: Mapping[str, IndexSet] = field(default_factory=dict)
    """By bloc, where it is scored by a set of its own."""

    incidents: tuple[Incident, ...] = ()
    """Oldest first."""

    def set_of(self, bloc: str) -> IndexSet:
        """Return the index set that scores a bloc."""
        return self.own_sets.get(bloc, self.index_set)

    def agency(self, code: str) -> Agency:
        """Return an agency of the registry; raises KeyError."""
        for agency in self.registry:
            if agency.code == code:
                return agency
        raise KeyError(code)

    def place(self, code: str) -> Place:
        """Return the place of an agency; raises KeyError where it is not in the round."""
        for bloc in self.standing.blocs:
            for place in bloc.places:
                if place.agency == code:
                    return place
        raise KeyError(code)

    def score(self, code: str, component: str) -> Score:
        """Return one agency's score of one component; raises KeyError."""
        for score in self.place(code).total.scores:
            if score.component == component:
                return score
        raise KeyError(component)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One capture of a cited page, in words."""

    at: datetime
    words: str
    """What was kept and whether the page still says what was cited, Vietnamese."""

    page: RecordId | None
    picture: RecordId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One record laid open: how it was got and what it says, as text."""

    record: EvidenceRecord
    status_line: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    """As received; empty for what is no HTTP response."""

    text: str | None = None
    """The captured text, as characters to be shown and never to be interpreted; None: no text."""

    size: int | None = None
    """Bytes of the payload; None where it could not be read."""

    cut: bool = False
    """The text is longer than what is shown."""

    file: tuple[tuple[str, str], ...] = ()
    """(label, words) of what was found in a file."""

    captures: tuple[Capture, ...] = ()
    """Captures that were made of the page because a finding cites this record."""

    picture: bool = False
    """The payload is a picture that our own browser took."""

    personal: tuple[str, ...] = ()
    """Kinds of citizens' data that the text holds: phone, email, identity, name."""

    masked: bool = False
    """They are made unreadable in what is shown."""

    fault: str = ""
    """Why the payload cannot be shown: it is missing or no longer what was sealed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimetableLine:
    """One line of the timetable, in words."""

    key: str
    title: str
    cron: str
    what: str
    """What a run visits, Vietnamese."""

    last_at: datetime | None
    """Newest moment that was run, aware; None: never."""

    next_at: datetime | None
    remark: str = ""
    """Lateness and lapses, Vietnamese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """One run that took place."""

    id: str
    began_at: datetime
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimetableView:
    """The timetable page's content."""

    lines: tuple[TimetableLine, ...] = ()
    runs: tuple[PastRun, ...] = ()
    """Newest first."""

    remarks: tuple[str, ...] = field(default=())
    """Said above the tables, Vietnamese."""


class Desk(Protocol):
    """Where the web app gets everything; answers come from what is stored, nothing is fetched.

    Every method may raise MinhChungError; the app shows its sentence on a page.
    """

    def board(self) -> Board:
        """Return the round's result; computed once for each stored state."""
        ...

    def derivation(self, agency: str, component: str) -> Derivation:
        """Return how a score came about, down to records; raises KeyError."""
        ...

    def sheet(self, record: RecordId, *, reader: str = "", whole: bool = False) -> Sheet:
        """Return a record laid open; raises KeyError for an unknown one.

        Citizens' data in it is masked unless `whole`; who read it is written down.
        """
        ...

    def picture(self, record: RecordId, *, reader: str = "") -> bytes:
        """Return a JPEG that our own browser took, and write down who looked; raises KeyError."""
        ...

    def records(self, agency: str, limit: int) -> Sequence[EvidenceRecord]:
        """Return the newest records of an agency, newest first, at most `limit`."""
        ...

    def timetable(self) -> TimetableView:
        """Return the timetable with its last and next moments."""
        ...

    def contradictions(self) -> Sequence[Contradiction]:
        """Return what service systems published and cannot all be true; once for each stored state."""
        ...
