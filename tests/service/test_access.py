"""Reading what is sealed: shown with citizens' data masked, whole only on request, and written down."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from minhchung.evidence import RecordId
from service.desk import HomeDesk
from service.workplace import open_store
from tests.service.bundled import PHONE, SmallHome, make

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> SmallHome:
    """A home in which a citizen's question was sealed."""
    return make(tmp_path_factory.mktemp("home"))


def accesses(home: SmallHome) -> list[dict[str, str]]:
    """Return what has been written down."""
    file = home.home / "access.jsonl"
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.is_file() else []


def question_page(home: SmallHome) -> RecordId:
    """Return the record of the page with the question."""
    with closing(open_store(home.settings())) as store:
        return next(r.id for r in store.records() if r.url.endswith("/hoi-dap") and r.status == 200)


def test_a_record_shows_citizens_masked_and_whole_only_on_request(home: SmallHome) -> None:
    """Each look is a line: when, by what way, who, which record, how much of it."""
    desk, page = HomeDesk(home.settings), question_page(home)

    masked = desk.sheet(page, reader="127.0.0.1")
    whole = desk.sheet(page, reader="127.0.0.1", whole=True)

    assert masked.masked
    assert masked.personal == ("phone", "name")
    assert masked.text is not None
    assert PHONE not in masked.text
    assert "Nguyễn Văn Thử" not in masked.text
    assert "Bao giờ có kết quả?" in masked.text
    assert whole.text is not None
    assert PHONE in whole.text
    assert [(a["way"], a["who"], a["what"], a["shown"]) for a in accesses(home)] == [
        ("web", "127.0.0.1", page, "masked"),
        ("web", "127.0.0.1", page, "whole"),
    ]


def test_what_cannot_be_written_down_is_not_shown_whole(home: SmallHome) -> None:
    """Masked it may be read, as from a medium that cannot be written; whole it may not."""
    desk, page = HomeDesk(home.settings), question_page(home)
    file = home.home / "access.jsonl"
    kept = file.read_bytes() if file.is_file() else b""
    file.unlink(missing_ok=True)
    file.mkdir()
    try:
        masked, whole = desk.sheet(page), desk.sheet(page, whole=True)
    finally:
        file.rmdir()
        file.write_bytes(kept)

    assert masked.text is not None
    assert whole.text is None
    assert "access.jsonl" in whole.fault


def test_handing_out_sealed_payloads_is_written_down(home: SmallHome, tmp_path: Path) -> None:
    """A full bundle holds them as they are; a public one withholds them."""
    before = len(accesses(home))
    for kind in ("full", "public"):
        done = subprocess.run(
            [
                sys.executable, "-m", "service.cli", "--home", str(home.home), "--config", str(home.config),
                "export", "--all", "--class", kind, "--out", str(tmp_path / f"{kind}.wacz"),
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    (noted,) = accesses(home)[before:]

    assert (noted["way"], noted["shown"]) == ("export", "full")
    assert noted["what"].endswith("full.wacz")
