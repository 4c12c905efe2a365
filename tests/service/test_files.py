"""A file is written whole or not at all (service/files.py)."""

from __future__ import annotations

from pathlib import Path

import pytest

from minhchung.errors import StorageError, UsageError
from service.files import whole_file
from tests.service.full_disk import no_file_above


def test_a_file_appears_when_all_of_it_was_written(tmp_path: Path) -> None:
    """Nobody sees half of it, and nothing else is left beside it."""
    out = tmp_path / "phu-luc.csv"

    with whole_file(out) as stream:
        stream.write(b"mot")
        assert not out.exists()

    assert out.read_bytes() == b"mot"
    assert list(tmp_path.iterdir()) == [out]


def test_what_was_there_stays_when_writing_fails(tmp_path: Path) -> None:
    """The last good annex is worth more than half of the next."""
    out = tmp_path / "phu-luc.csv"
    out.write_bytes(b"truoc")

    def half() -> None:
        with whole_file(out) as stream:
            stream.write(b"sau")
            stream.close()  # what follows fails, as when the drawing of an annex breaks off

    with pytest.raises(ValueError, match="closed file"):
        half()

    assert out.read_bytes() == b"truoc"
    assert list(tmp_path.iterdir()) == [out]


def test_a_full_disk_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    """What, where, remedy."""
    out = tmp_path / "phu-luc.docx"

    with (
        pytest.raises(StorageError, match=r"phu-luc\.docx: cannot be written \(.+\); make room"),
        no_file_above(100),
        whole_file(out) as stream,
    ):
        stream.write(b"x" * 101)

    assert list(tmp_path.iterdir()) == []


def test_a_place_that_is_none_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    """A directory, a path under nothing, a path under a file."""
    (tmp_path / "tep").write_bytes(b"")
    for place in (tmp_path, tmp_path / "khong-co" / "a.csv", tmp_path / "tep" / "a.csv"):
        with pytest.raises(UsageError, match="is no place for a file"), whole_file(place):
            pass

    assert [path.name for path in tmp_path.iterdir()] == ["tep"]


def test_a_device_is_never_replaced_by_a_file() -> None:
    """`--out /dev/full` must not turn the device into an ordinary file, whoever runs it."""
    for device in (Path("/dev/full"), Path("/dev/null")):
        with pytest.raises(UsageError, match="is no place for a file"), whole_file(device):
            pass
        assert device.is_char_device()
