"""Records leave the archive by a sealed act alone, and a crash at any step loses nothing else."""

from pathlib import Path
from typing import Any

import pytest

from minhchung.errors import PrunedError, UsageError
from storage import pruning, settling
from storage.backup import back_up, restore
from storage.check import check
from storage.home import Home
from storage.log import LogFiles
from storage.pruned import Layout
from storage.pruning import Order, prune
from storage.rebuild import rebuild

ORDER = Order(policy="12/QĐ-UBND, 2021-10-04", by="Người giữ kho", reason="hết thời hạn")


@pytest.fixture
def filled(open_store: Any, captures: Any, mine: Any) -> Any:
    """A closed store: two runs, several files, a revisit, a failure, a configuration file."""
    store = open_store(roll_bytes=2500)
    for _ in range(2):
        run = store.begin_run()
        store.keep_config("x", b"a = 1\n")
        kept = [
            store.exchange(captures.exchange(f"/{run}/{n}", f"<p>{run} {n}</p>".encode() * 20), **mine(run))
            for n in range(6)
        ]
        store.exchange(captures.unchanged(f"/{run}/0"), refers_to=kept[0], **mine(run))
        store.failure(captures.failed(), **mine(run))
    store.close()
    return store


class Ids:
    """Gives identifiers in order."""

    count = 0

    def next(self) -> str:
        """Return the next one."""
        Ids.count += 1
        return f"urn:uuid:00000000-0000-4000-b000-{Ids.count:012x}"


def pages(store: Any) -> list[Any]:
    """Return the pages that nothing refers to, oldest first."""
    referred = {record.refers_to for record in store.records(kind="revisit")}
    return [record for record in store.records(kind="response") if record.id not in referred]


def codes(home: Home) -> list[str]:
    """Return what check finds."""
    return [found.code for found in check(home)]


def test_what_is_pruned_is_gone_and_check_says_by_whose_word(
    filled: Any, home: Home, clock: Any, open_store: Any
) -> None:
    """The bytes are nowhere in the home; everything else is as sealed, catalogue included."""
    store = open_store(writer=False)
    going, staying = pages(store)[:3], pages(store)[3:]
    bodies = [store.body(record.id) for record in staying]
    store.close()

    assert prune(home, clock, Ids(), [record.id for record in going], ORDER) == 3

    findings = list(check(home))
    assert [(f.code, f.severity) for f in findings] == [("pruned", "remark")]
    assert all(word in findings[0].text for word in ("12/QĐ-UBND", "Người giữ kho", "hết thời hạn", "3"))
    after = open_store(writer=False)
    assert [after.body(record.id) for record in staying] == bodies
    for record in going:
        assert after.record(record.id).url == record.url
        with pytest.raises(PrunedError, match="pruned"):
            after.body(record.id)


def test_an_order_takes_the_request_too(filled: Any, home: Home, clock: Any, open_store: Any) -> None:
    """What was asked can say as much as what was answered."""
    record = pages(open_store(writer=False))[0]

    assert prune(home, clock, Ids(), [record.id], Order(policy="1", by="a", reason="b", whole=True)) == 2
    assert codes(home) == ["pruned"]


def test_pruning_goes_on_and_the_home_is_written_to(
    filled: Any, home: Home, clock: Any, open_store: Any, captures: Any, mine: Any
) -> None:
    """A file is thinned twice, a writer appends, the index and the catalogue are made anew."""
    first, second = pages(open_store(writer=False))[:2]
    prune(home, clock, Ids(), [first.id], ORDER)
    prune(home, clock, Ids(), [second.id], ORDER)
    store = open_store()
    store.exchange(captures.exchange("/later"), **mine(store.begin_run()))
    store.close()
    assert codes(home) == ["pruned", "pruned"]

    (home.log / "index").unlink()
    open_store().close()
    assert codes(home) == ["pruned", "pruned"]

    rebuild(home, lambda record, body: ())
    assert codes(home) == ["pruned", "pruned"]
    with pytest.raises(PrunedError):
        open_store(writer=False).body(first.id)


def test_our_own_acts_are_never_taken_out(filled: Any, home: Home, clock: Any, open_store: Any) -> None:
    config = next(iter(open_store(writer=False).records(kind="config")))

    with pytest.raises(UsageError, match="never taken out"):
        prune(home, clock, Ids(), [config.id], ORDER)
    assert codes(home) == []


def test_without_its_act_a_record_that_is_gone_is_damage(
    filled: Any, home: Home, clock: Any, open_store: Any
) -> None:
    """Somebody else's thinned file under such a name excuses nothing."""
    prune(home, clock, Ids(), [pages(open_store(writer=False))[0].id], ORDER)
    thinned = next(path for path in home.archive.iterdir() if "-p1." in path.name)
    content = thinned.read_bytes()
    at = content.index(b"\x1f\x8b\x08", 10)
    thinned.write_bytes(content[:at])

    assert [f.code for f in check(home) if f.severity == "fault"] != []


class StoppedError(Exception):
    """The process was killed here."""


@pytest.mark.parametrize("step", range(5))
def test_a_crash_at_any_step_is_mended_by_the_next_writer(
    filled: Any,
    home: Home,
    clock: Any,
    open_store: Any,
    step: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Before the act nothing is changed, after it check has nothing but remarks, and a writer ends it."""
    record = pages(open_store(writer=False))[0]

    def stop(*_: object, **__: object) -> None:
        raise StoppedError

    with monkeypatch.context() as patch:
        match step:
            case 0:
                patch.setattr(pruning, "canonical", stop)
            case 1:
                patch.setattr(pruning, "settle", stop)
            case 2:
                patch.setattr(settling, "_write_index", stop)
            case 3:
                patch.setattr(settling, "_move_rows", stop)
            case _:
                patch.setattr(settling, "_delete", stop)
        with pytest.raises(StoppedError):
            prune(home, clock, Ids(), [record.id], ORDER)

    found = list(check(home))
    assert [f for f in found if f.severity == "fault" and not f.code.startswith("catalogue")] == []
    open_store().close()
    expected = ["leftover"] if step == 0 else ["pruned"]
    assert codes(home) == expected
    assert bool(Layout.of(LogFiles(home.log), home.archive).acts) == (step > 0)


def test_a_backup_forgets_what_was_pruned(
    filled: Any, home: Home, clock: Any, open_store: Any, tmp_path: Path
) -> None:
    """Erased is erased in the copies too, with the next backup."""
    record = pages(open_store(writer=False))[0]
    back_up(home, tmp_path / "copy")
    prune(home, clock, Ids(), [record.id], ORDER)
    back_up(home, tmp_path / "copy")
    restore(tmp_path / "copy", Home(tmp_path / "other"))

    assert codes(Home(tmp_path / "other")) == ["pruned", "catalogue-missing"]
    names = {path.name for path in home.archive.iterdir()}
    assert {path.name for path in (tmp_path / "copy" / "archive").iterdir()} == names
