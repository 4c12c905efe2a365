"""`key new|show|rotate`, as typed."""

from pathlib import Path

import pytest

from storage.checkpoint import PublicKey
from tests.service.calling import Call, caller
from tests.service.sealed_home import at, make_home


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """The command line."""
    return caller(capsys)


def test_a_key_is_made_once(call: Call, tmp_path: Path) -> None:
    """`key new`: printed as a C2SP verifier key; a second time is refused."""
    home = tmp_path / "home"
    made = call("--home", home, "key", "new")

    assert made.code == 0
    assert PublicKey.read(made.out).text() == made.out == (home / "log" / "key").read_text("utf-8")
    assert (home / "keys" / "log.key").stat().st_mode & 0o777 == 0o600
    again = call("--home", home, "key", "new")
    assert again.code == 2
    assert "key rotate" in again.sentence()
    assert call("--home", home, "key", "show").out == made.out
    assert call("--home", home, "check").code == 0


def test_a_rotation_is_shown_with_what_it_replaced(call: Call, tmp_path: Path) -> None:
    """`key rotate`, then `key show --json` and `check`."""
    home, config = make_home(tmp_path)
    here = at(call, home, config)
    first = here("key", "show").out.strip()

    rotated = here("key", "rotate")

    new, old = rotated.out.splitlines()
    assert (rotated.code, old) == (0, first)
    shown = here("key", "show", "--json").json
    assert (shown["key"], shown["earlier"]) == (new, [first])
    assert [(one["number"], one["old"], one["new"]) for one in shown["rotations"]] == [(1, first, new)]
    assert here("check").code == 0


@pytest.mark.parametrize("words", ["key show", "key rotate"])
def test_where_there_is_no_home_it_is_said(words: str, call: Call, tmp_path: Path) -> None:
    """Exit 2, nothing made."""
    said = call("--home", tmp_path / "none", *words.split())

    assert said.code == 2
    assert "no home yet" in said.sentence()
    assert not (tmp_path / "none").exists()
