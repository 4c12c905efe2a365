"""What readers saw is sealed with the visit: a row taken out or altered in the catalogue is found."""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from minhchung.evidence import EvidenceRecord
from minhchung.holdings import VisitReport
from minhchung.observations import ListCapture, NewsItem, Observation, TlsCheck
from minhchung.observed import Observed
from storage import codec
from storage.check import check
from storage.home import Home
from storage.rebuild import rebuild


@pytest.fixture
def filled(open_store: Any, captures: Any, mine: Any) -> Home:
    """A home with two visits in each of two runs."""
    store = open_store()
    for note in ("một", "hai"):
        run = store.begin_run(note)
        for path in ("/a", "/b"):
            page = store.exchange(captures.exchange(path, body=f"<p>{note}{path}</p>".encode()), **mine(run))
            store.observe([captures.page(page), captures.news(page, "1"), captures.tls_check(page)])
            store.commit()
        store.visit(captures.report(run), [captures.list_capture(page, "1")], captures.walk(page))
    store.close()
    home: Home = store.home
    return home


def codes(home: Home) -> list[str]:
    """Return what `check` finds."""
    return [found.code for found in check(home)]


def test_what_was_seen_is_as_sealed_in_an_untouched_home(filled: Home) -> None:
    assert codes(filled) == []


class Older:
    """Writes a type as a version did that did not know one of its fields."""

    def __init__(self, today: Any, unknown: str) -> None:
        self._today = today
        self._unknown = unknown

    def dump_json(self, value: Any) -> bytes:
        """Return JSON without the field."""
        said = json.loads(self._today.dump_json(value))
        del said[self._unknown]
        return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    ("kind", "unknown"),
    [(TlsCheck, "detail"), (ListCapture, "empty_marker"), (VisitReport, "cut"), (NewsItem, "summary")],
)
def test_a_version_that_knows_more_finds_an_older_home_whole(
    kind: type, unknown: str, filled: Home, open_store: Any, captures: Any, mine: Any
) -> None:
    """A field that comes later has a value where it was not sealed: nothing was altered."""
    with pytest.MonkeyPatch.context() as then:
        then.setitem(codec._ADAPTERS, kind, Older(codec._adapter(kind), unknown))
        store = open_store()
        run = store.begin_run("xưa")
        page = store.exchange(captures.exchange("/x"), **mine(run))
        store.observe([captures.page(page), captures.news(page, "1"), captures.tls_check(page)])
        store.visit(captures.report(run), [captures.list_capture(page, "1")], captures.walk(page))
        store.close()

    assert codes(filled) == []


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM observation WHERE kind = 'news'",
        "DELETE FROM observation WHERE kind = 'tls_check'",
        "DELETE FROM observation WHERE kind = 'walk'",
        "DELETE FROM observation",
        "DELETE FROM observation WHERE seq = 1",
        "UPDATE observation SET payload = (SELECT payload FROM observation WHERE seq = 2) WHERE seq = 1",
        "UPDATE observation SET payload = x'00' WHERE seq = 2",
        "UPDATE observation SET key = 'khác' WHERE seq = 2",
        "UPDATE observation SET record = record + 1 WHERE seq = 2",
        "UPDATE observation SET agency = 'khác' WHERE seq = 2",
        "UPDATE observation SET kind = 'page' WHERE kind = 'list_capture'",
        "INSERT INTO observation (record, agency, run, kind, key, payload) "
        "SELECT record, agency, run, kind, key, payload FROM observation WHERE seq = 2",
    ],
)
def test_a_row_taken_out_altered_or_put_in_is_a_fault_of_its_visit(
    filled: Home, database: Any, statement: str
) -> None:
    database(filled, "PRAGMA foreign_keys = OFF", statement)

    found = list(check(filled))

    assert {fault.code for fault in found} == {"observations-differ"}
    assert all(fault.severity == "fault" for fault in found)
    assert all("so-xay-dung, 20211004T01" in fault.where for fault in found)


def test_both_digests_are_named(filled: Home, database: Any) -> None:
    database(filled, "DELETE FROM observation WHERE kind = 'news' AND record < 2")

    (found,) = check(filled)

    sealed, now = found.english.rpartition("(")[2].rstrip(")").split(" | ")
    assert (sealed[:3], now[:3]) == ("6, ", "5, ")
    assert len(sealed) == len(now) == 3 + 64


def test_a_catalogue_made_anew_by_the_same_readers_is_as_sealed(filled: Home, captures: Any) -> None:
    def seen(record: EvidenceRecord, body: bytes) -> Iterable[Observation]:
        yield from (captures.news(record, "1"), captures.page(record))

    rebuild(filled, seen)

    assert codes(filled) == []


def test_other_readers_see_something_else(filled: Home, captures: Any) -> None:
    rebuild(filled, lambda record, _: [captures.page(record)])

    assert set(codes(filled)) == {"observations-differ"}


def test_records_not_read_again_yet_are_a_remark(filled: Home, open_store: Any, captures: Any) -> None:
    filled.catalogue.unlink()
    store = open_store()
    store.close()
    assert set(codes(filled)) == {"observations-unread"}

    store = open_store()
    store.read_again(lambda record, _: [captures.page(record), captures.news(record, "1")])
    store.close()

    assert codes(filled) == []


def test_a_second_visit_of_a_run_counts_what_the_first_saw(open_store: Any, captures: Any, mine: Any) -> None:
    """Another process may go on with a run: what the first one kept counts too."""
    store = open_store()
    run = store.begin_run()
    for path in ("/a", "/b"):
        page = store.exchange(captures.exchange(path), **mine(run))
        store.observe([captures.page(page)])
        store.visit(captures.report(run), [], None)
        store.close()
        store = open_store()
    store.close()

    assert codes(store.home) == []


def test_a_visit_sealed_without_a_digest_is_no_fault() -> None:
    """Homes sealed before there was a digest say nothing of it in their accounts."""
    assert Observed.read(None) is None


def test_the_digest_does_not_depend_on_the_order() -> None:
    assert Observed.of([b"b", b"a"]) == Observed.of([b"a", b"b"]) != Observed.of([b"a"])
