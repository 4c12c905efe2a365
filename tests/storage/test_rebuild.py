"""The catalogue is disposable: archive and log alone bring it back."""

from collections.abc import Iterable
from typing import Any

import pytest

from minhchung.errors import BusyError, FixityError, LogError
from minhchung.evidence import EvidenceRecord
from minhchung.observations import Observation
from storage.check import check
from storage.leaf import instant_of
from storage.rebuild import rebuild


@pytest.fixture
def filled(open_store: Any, captures: Any, mine: Any) -> Any:
    """A closed store that holds something of everything."""
    store = open_store()
    store.keep_config("rounds/2021.toml", b"id = '2021'\n")
    one, two = store.begin_run("một"), store.begin_run("hai")
    first = store.exchange(captures.exchange("/tin"), **mine(one))
    store.observe([captures.page(first), captures.tls_check(first)])
    store.visit(captures.report(one), [captures.list_capture(first, "1")], captures.walk(first))
    again = store.exchange(captures.unchanged("/tin"), **mine(two), refers_to=first)
    bare = captures.exchange("/x", headers=(("Content-Type", "text/plain"),), wire=b"x", truncated=True)
    store.exchange(bare, **mine(two))
    store.failure(captures.failed(), **mine(two))
    store.visit(captures.report(two), [captures.list_capture(again, "1")], None)
    store.keep_submission(captures.submission(store, 1))
    store.keep_submission(captures.submission(store, 2))
    store.claim("hang-ngay", captures.clock.instant)
    store.close()
    return store


@pytest.fixture
def reread(captures: Any) -> Any:
    """The readers of the test: they see a page in what is HTML."""

    def seen(record: EvidenceRecord, body: bytes) -> Iterable[Observation]:
        if body == b"<p>Tin</p>":
            yield captures.page(record)
            yield captures.tls_check(record)  # sealed with the visit already: not taken twice

    return seen


def everything(store: Any, agency: Any) -> list[Any]:
    """Return all that a reader can ask for."""
    held = store.holdings(agency)
    return [
        list(store.records()),
        store.runs(),
        sorted(map(repr, held.observations)),
        held.visits,
        held.records,
        held.submitted,
        store.submissions(),
        store.latest(agency.code, "portal", "https://soxaydung.example/tin"),
        store.latest(agency.code, "portal", "https://soxaydung.example/x"),
        store.known_identities(agency.code, "https://soxaydung.example/tin"),
        store.answered_addresses(agency.code, "portal"),
    ]


def test_a_catalogue_made_anew_answers_as_the_old_one(
    filled: Any, reread: Any, open_store: Any, agency: Any
) -> None:
    old = open_store(writer=False)
    before = everything(old, agency)
    old.close()
    filled.home.catalogue.unlink()

    leaves = rebuild(filled.home, reread)

    store = open_store()
    assert everything(store, agency) == before
    assert leaves == len(list(store.records())) + len({r.run for r in store.records()})
    store.close()
    assert [found.code for found in check(filled.home)] == []


def test_a_claim_survives(filled: Any, reread: Any, open_store: Any, database: Any) -> None:
    rebuild(filled.home, reread)

    store = open_store()
    (claim,) = store.records(kind="claim")
    due = claim.url.rpartition("hang-ngay:")[2]
    assert not store.claim("hang-ngay", instant_of(due))


def test_nothing_is_rebuilt_from_what_was_altered(filled: Any, reread: Any) -> None:
    path = sorted(filled.home.archive.iterdir())[0]
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    before = filled.home.catalogue.read_bytes()

    with pytest.raises((FixityError, LogError)):
        rebuild(filled.home, reread)

    assert filled.home.catalogue.read_bytes() == before


def test_nothing_is_rebuilt_under_a_writer(filled: Any, reread: Any, open_store: Any) -> None:
    open_store()

    with pytest.raises(BusyError):
        rebuild(filled.home, reread)
