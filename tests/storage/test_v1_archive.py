"""The archive of the first version is read by this one, and by every later one."""

import shutil
from pathlib import Path

import pytest

from minhchung.errors import LogError, PrunedError, UsageError
from minhchung.evidence import RecordId
from storage.check import check
from storage.home import Home
from storage.log import LogFiles
from storage.rebuild import rebuild
from storage.store import Store
from tests.storage.v1_archive import FIXTURE, Clock, Ids, write

KINDS = ["config", "response", "response", "revisit", "failure", "visit", "pruned"]


def record(number: int) -> RecordId:
    """Return an identifier of the fixture."""
    return RecordId(f"urn:uuid:00000000-0000-4000-8000-{number:012x}")


@pytest.fixture
def old(tmp_path: Path) -> Home:
    """A copy of the fixture, as somebody would restore it who was not given the key."""
    shutil.copytree(FIXTURE, tmp_path / "old")
    home = Home(tmp_path / "old")
    home.prepare()
    return home


def test_the_first_versions_archive_is_whole(old: Home) -> None:
    """Its formats are final: what was sealed then is checked now."""
    assert [found.code for found in check(old)] == ["pruned", "catalogue-missing"]


def test_its_records_are_read_without_its_key(old: Home) -> None:
    """Page, revisit, failure, visit and the act by which a record left."""
    assert rebuild(old, lambda record, body: ()) == 9

    with Store(old, Clock(), Ids(), writer=False) as store:
        by_leaf = list(store.records())
        assert [each.kind for each in by_leaf if each.kind in ("response", "revisit", "failure")] == KINDS[
            1:5
        ]
        assert [len(list(store.records(kind=kind))) for kind in dict.fromkeys(KINDS)] == [1, 2, 1, 1, 1, 1]
        assert store.body(record(3)).decode() == "<p>Trang chủ</p>"
        assert store.body(record(8)).decode() == "<p>Trang chủ</p>"
        assert store.head(record(8))[0] == "HTTP/1.1 304 OK"
        with pytest.raises(PrunedError):
            store.body(record(6))
        assert [(run.note, run.began_at.year) for run in store.runs()] == [("v1", 2021), ("pruning", 2021)]
    assert [found.code for found in check(old)] == ["pruned"]


def test_nothing_is_added_without_the_key(old: Home) -> None:
    with pytest.raises(UsageError, match="private key is gone"):
        Store(old, Clock(), Ids(), writer=True)


def test_without_the_key_a_log_that_was_altered_is_refused(old: Home) -> None:
    entries = LogFiles(old.log).entries
    entries.write_bytes(entries.read_bytes().replace(b"fetched", b"refused", 1))

    with pytest.raises(LogError, match="not what was signed"):
        rebuild(old, lambda record, body: ())


def test_the_fixture_is_what_its_script_writes(tmp_path: Path) -> None:
    """Names, key, and the order of kinds; the software's version stands in the bytes."""
    write(tmp_path / "anew")
    anew, kept = LogFiles(tmp_path / "anew" / "log"), LogFiles(FIXTURE / "log")

    assert sorted(path.name for path in (tmp_path / "anew" / "archive").iterdir()) == sorted(
        path.name for path in (FIXTURE / "archive").iterdir()
    )
    assert anew.public_key() == kept.public_key()
    assert len(list(anew.lines(anew.entries))) == len(list(kept.lines(kept.entries)))
