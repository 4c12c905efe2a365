"""What is kept comes back as it was, from a store that was closed in between."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from minhchung.errors import FixityError, UsageError
from minhchung.evidence import PORTAL, AgencyCode, Failure, RecordId
from storage.log import LogFiles

AGENCY = AgencyCode("so-xay-dung")


def test_a_page_comes_back_with_its_body_and_what_was_seen_in_it(
    open_store: Any, captures: Any, mine: Any
) -> None:
    store = open_store()
    run = store.begin_run("quý một")
    record = store.exchange(captures.exchange(body="<p>Xin chào</p>".encode()), **mine(run))
    store.observe([captures.page(record), captures.news(record, "1")])
    store.close()

    again = open_store(writer=False)

    assert again.record(record.id) == record
    assert again.body(record.id).decode() == "<p>Xin chào</p>"
    assert again.observations_of(record.id) == (captures.page(record), captures.news(record, "1"))
    assert [(r.id, r.note) for r in again.runs()] == [(run, "quý một")]


def test_what_is_in_flight_is_there_already(open_store: Any, captures: Any, mine: Any) -> None:
    store = open_store()
    run = store.begin_run()
    record = store.exchange(captures.exchange(), **mine(run))
    store.observe([captures.page(record)])

    assert store.body(record.id) == b"<p>Tin</p>"
    assert store.record(record.id) == record
    assert store.latest(AGENCY, PORTAL, record.url) == record
    assert store.observations_of(record.id) == (captures.page(record),)


def test_no_more_than_two_hundred_records_are_in_flight(open_store: Any, captures: Any, mine: Any) -> None:
    """docs/reference/archive.md: what a crash can lose is bounded, however fast a portal answers."""
    store = open_store()
    run = store.begin_run()
    for number in range(203):
        store.exchange(captures.exchange(f"/{number}"), **mine(run))

    signed = LogFiles(store.home.log).read_checkpoint()
    assert signed is not None
    assert 203 + 1 - signed.size <= 200


def test_the_newest_whole_answer_with_validators_is_asked_about_again(
    open_store: Any, captures: Any, mine: Any
) -> None:
    store = open_store()
    run = store.begin_run()
    assert store.latest(AGENCY, PORTAL, "https://soxaydung.example/") is None

    older = store.exchange(captures.exchange(), **mine(run))
    newer = store.exchange(captures.exchange(body=b"m"), **mine(run))
    store.exchange(captures.unchanged(), **mine(run), refers_to=newer)
    store.exchange(captures.exchange(status=404), **mine(run))
    bare = captures.exchange("/bare", headers=(("Content-Type", "text/html"),))
    store.exchange(bare, **mine(run))

    assert store.latest(AGENCY, PORTAL, older.url) == newer
    assert store.latest(AGENCY, PORTAL, bare.url) is None
    assert store.latest(AgencyCode("so-y-te"), PORTAL, older.url) is None
    store.close()
    assert open_store(writer=False).latest(AGENCY, PORTAL, older.url) == newer


def test_a_revisit_of_a_revisit_stands_for_the_record_with_the_bytes(
    open_store: Any, captures: Any, mine: Any
) -> None:
    store = open_store()
    run = store.begin_run()
    first = store.exchange(captures.exchange(), **mine(run))
    second = store.exchange(captures.unchanged(), **mine(run), refers_to=first)

    third = store.exchange(captures.unchanged(), **mine(run), refers_to=second)

    assert third.refers_to == first.id
    assert store.body(third.id) == b"<p>Tin</p>"
    assert (third.content_type, third.etag) == (first.content_type, '"/"')


def test_a_304_shows_again_what_was_seen_before(open_store: Any, captures: Any, mine: Any) -> None:
    store = open_store()
    first = store.exchange(captures.exchange(), **mine(store.begin_run()))
    store.observe([captures.page(first), captures.tls_check(first)])

    again = store.exchange(captures.unchanged(), **mine(store.begin_run()), refers_to=first)

    assert store.observations_of(again.id) == (captures.page(replace(first, id=again.id, run=again.run)),)


def test_a_damaged_body_is_never_given_out(open_store: Any, captures: Any, mine: Any) -> None:
    store = open_store()
    record = store.exchange(captures.exchange(body=b"x" * 500), **mine(store.begin_run()))
    store.commit()
    (path,) = store.home.archive.iterdir()
    stored = bytearray(path.read_bytes())
    stored[-300:] = bytes(300)
    path.write_bytes(stored[: len(stored) // 2])

    with pytest.raises(FixityError, match=record.id):
        store.body(record.id)
    with pytest.raises(KeyError):
        store.body(RecordId("urn:uuid:none"))


def test_an_observation_of_a_record_that_is_not_ours_is_refused(
    open_store: Any, captures: Any, mine: Any
) -> None:
    store = open_store()
    record = store.exchange(captures.exchange(), **mine(store.begin_run()))
    stray = captures.page(replace(record, id=RecordId("urn:uuid:none")))

    with pytest.raises(KeyError):
        store.observe([stray])


def test_text_that_no_file_can_hold_is_kept_all_the_same(open_store: Any, captures: Any, mine: Any) -> None:
    r"""JSON of a portal may carry half a surrogate pair: "\ud83d"."""
    store = open_store()
    record = store.exchange(captures.exchange("/\ud83d"), **mine(store.begin_run()))
    store.observe([captures.page(record, title="x\ud83d")])
    store.commit()

    (seen,) = store.observations_of(record.id)

    assert seen.title == "x?"
    assert store.record(record.id).url == "https://soxaydung.example/?"


def test_known_identities_are_those_of_complete_captures(open_store: Any, captures: Any, mine: Any) -> None:
    """Verifiers' rule G7: a capture that failed shows items, never the whole list."""
    store = open_store()
    run = store.begin_run()
    record = store.exchange(captures.exchange("/tin"), **mine(run))
    assert store.known_identities(AGENCY, record.url) == frozenset()

    def visit(*identities: str, **changes: Any) -> None:
        store.visit(captures.report(run), [captures.list_capture(record, *identities, **changes)], None)

    visit("1", "2")
    visit("9", ended="failed", failed_pages=("https://soxaydung.example/tin?p=2",))
    visit("8", declared_total=3)
    assert store.known_identities(AGENCY, record.url) == {"1", "2"}
    visit("3", ended="known-run")

    assert store.known_identities(AGENCY, record.url) == {"1", "2", "3"}
    last = store.last_capture(AGENCY, record.url)
    assert last is not None
    assert last.identities == ("3",)
    assert store.last_capture(AGENCY, "https://soxaydung.example/khac") is None


def test_answered_addresses_are_pages_below_400(open_store: Any, captures: Any, mine: Any) -> None:
    store = open_store()
    run = store.begin_run()
    first = store.exchange(captures.exchange("/a"), **mine(run))
    store.exchange(captures.unchanged("/b"), **mine(run), refers_to=first)
    store.exchange(captures.exchange("/c", status=404), **mine(run))
    store.failure(captures.failed("/d"), **mine(run))

    assert store.answered_addresses(AGENCY, PORTAL) == {
        "https://soxaydung.example/a",
        "https://soxaydung.example/b",
    }


def test_a_page_of_scripts_counts_as_answered_once_a_browser_has_shown_it(
    open_store: Any, captures: Any, mine: Any
) -> None:
    """Asked for again when a browser has come; a route, which no server sees, is known by what was shown."""
    store = open_store()
    where = mine(store.begin_run())
    page = store.exchange(captures.exchange("/a"), **where)
    store.failure(captures.failed("/a", Failure.NO_BROWSER), **where)
    assert store.answered_addresses(AGENCY, PORTAL) == frozenset()

    for url in (page.url, f"{page.url}#/tin/5"):
        store.resource(
            b"<p>Tin</p>",
            url=url,
            content_type="text/html",
            kind="dom-snapshot",
            captured_at=page.captured_at,
            **where,
        )

    assert store.answered_addresses(AGENCY, PORTAL) == {page.url, f"{page.url}#/tin/5"}


def test_records_are_listed_by_agency_run_and_kind(open_store: Any, captures: Any, mine: Any) -> None:
    store = open_store()
    one, two = store.begin_run(), store.begin_run()
    first = store.exchange(captures.exchange(), **mine(one))
    second = store.failure(captures.failed(), **mine(two))
    visit = store.visit(captures.report(two), [], None)

    assert list(store.records()) == [first, second, visit]
    assert list(store.records(run=one)) == [first]
    assert list(store.records(agency=AGENCY, kind="visit")) == [visit]
    assert list(store.records(agency=AgencyCode("khac"))) == []


def test_runs_of_one_second_have_different_names(open_store: Any, clock: Any) -> None:
    store = open_store()
    first = store.begin_run()
    clock.instant -= timedelta(seconds=1)

    second = store.begin_run()

    assert first == "20211004T010001Z-1"
    assert second == "20211004T010001Z-2"


def test_a_configuration_file_is_sealed_once(open_store: Any) -> None:
    store = open_store()
    digest = store.keep_config("agencies/x.toml", b"[[agency]]\n")
    store.close()
    store = open_store()

    assert store.keep_config("agencies/x.toml", b"[[agency]]\n") == digest
    assert digest == sha256(b"[[agency]]\n").hexdigest()
    assert (store.home.configs / digest).read_bytes() == b"[[agency]]\n"
    (record,) = store.records(kind="config")
    assert store.body(record.id) == b"[[agency]]\n"


def test_a_due_run_is_taken_once(open_store: Any) -> None:
    store = open_store()
    fire_at = datetime(2021, 10, 4, 2, tzinfo=UTC)

    assert store.claim("hang-ngay", fire_at)
    assert not store.claim("hang-ngay", fire_at)
    store.close()
    store = open_store()
    assert not store.claim("hang-ngay", fire_at)
    assert store.claim("hang-ngay", fire_at + timedelta(days=1))
    assert store.claim("hang-tuan", fire_at)


def test_a_workbook_is_kept_once_and_a_newer_one_supersedes(
    open_store: Any, captures: Any, agency: Any
) -> None:
    store = open_store()
    first, second = captures.submission(store, 1), captures.submission(store, 2)

    assert store.keep_submission(first)
    assert not store.keep_submission(first)
    assert store.keep_submission(second)

    assert store.submissions(AGENCY) == (first, second)
    assert store.holdings(agency).submitted == second.figures
    assert store.holdings(agency, first.imported_at).submitted == first.figures
    assert store.holds_submission(AGENCY, first.sha256)


def test_an_owner_s_newer_workbook_of_the_same_period_replaces_its_older_one(
    open_store: Any, captures: Any, agency: Any
) -> None:
    store = open_store()
    for number, owner in ((1, "so-tttt"), (2, "so-noi-vu"), (3, "so-tttt")):
        store.keep_submission(captures.submission(store, number, owner=owner))

    figures = store.holdings(agency).owner_figures

    assert sorted((f.owner, f.value) for f in figures) == [("so-noi-vu", 2), ("so-tttt", 3)]


def test_a_resource_cannot_pose_as_a_fetched_page(open_store: Any, captures: Any, mine: Any) -> None:
    store = open_store()

    with pytest.raises(ValueError, match="no kind of resource"):
        store.resource(
            b"",
            url="urn:x",
            content_type="text/plain",
            kind="response",
            captured_at=captures.clock.now(),
            **mine(store.begin_run()),
        )


def test_a_closed_store_says_that_it_cannot_be_written(open_store: Any) -> None:
    store = open_store()
    store.close()

    with pytest.raises(UsageError, match="opened for reading"):
        store.commit()
