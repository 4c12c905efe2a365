"""A bundle read by other people's software: the WACZ reference tools, two WARC readers, a player."""

from __future__ import annotations

import gzip
import io
import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator
from warcio.archiveiterator import ArchiveIterator as Warcio

from tests.service.bundled import SmallHome, make

pytestmark = pytest.mark.archive


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallHome:
    """A home of three agencies, one with a portal and a workbook."""
    return make(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def bundles(small: SmallHome, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One bundle of each class."""
    folder = tmp_path_factory.mktemp("bundles")
    return {
        "full": small.bundle(folder / "full.wacz"),
        "party": small.bundle(folder / "party.wacz", "party", "so-thu"),
        "public": small.bundle(folder / "public.wacz", "public"),
    }


@pytest.mark.parametrize("kind", ["full", "party", "public"])
def test_the_reference_tools_call_it_valid(kind: str, bundles: dict[str, Path], wacz_python: Path) -> None:
    """`wacz validate` of the format's own tools."""
    command = [str(wacz_python.with_name("wacz")), "validate", "-f", str(bundles[kind])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
    assert "the passed WACZ is valid" in done.stdout


@pytest.mark.parametrize("kind", ["full", "party", "public"])
def test_two_warc_readers_read_every_record(kind: str, bundles: dict[str, Path]) -> None:
    """What was left out of a file leaves no trace that a reader stumbles over."""
    with zipfile.ZipFile(bundles[kind]) as archive:
        files = [archive.read(name) for name in archive.namelist() if name.startswith("archive/")]
    assert files
    for data in files:
        fast = [record.record_id for record in ArchiveIterator(io.BytesIO(data), parse_http=False)]
        warcio = [record.rec_headers.get_header("WARC-Record-ID") for record in Warcio(io.BytesIO(data))]
        sound = [r.verify_block_digest() for r in ArchiveIterator(io.BytesIO(data), parse_http=False)]

        assert len(fast) == len(warcio) > 1
        assert all(sound)


@contextmanager
def played(bundle: Path, folder: Path, python: Path) -> Iterator[str]:
    """Let pywb play the files and the index of a bundle on a free port; yields its address."""
    collection = folder / "collections" / "goi"
    (collection / "archive").mkdir(parents=True)
    (collection / "indexes").mkdir()
    with zipfile.ZipFile(bundle) as archive:
        for name in archive.namelist():
            if name.startswith("archive/"):
                (collection / name).write_bytes(archive.read(name))
        index = gzip.decompress(archive.read("indexes/index.cdx.gz"))
    (collection / "indexes" / "index.cdxj").write_bytes(index)
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    command = [str(python.with_name("wayback")), "-b", "127.0.0.1", "-p", str(port)]
    env = {"PATH": os.environ["PATH"], "PYTHONUTF8": "1"}
    with (folder / "said.txt").open("wb") as said:
        player = subprocess.Popen(command, cwd=folder, env=env, stdout=said, stderr=said)
    try:
        for _ in range(150):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/goi"
    finally:
        player.terminate()
        player.wait(timeout=20)


def test_a_player_replays_a_page(bundles: dict[str, Path], tmp_path: Path, pywb_python: Path) -> None:
    """pywb serves the archived page from the bundle's own index; what is not in it is not found."""
    with zipfile.ZipFile(bundles["full"]) as archive:
        pages = [json.loads(line) for line in archive.read("pages/pages.jsonl").splitlines()[1:]]
    page = next(each for each in pages if each["url"].endswith("/tin-tuc/bai-1"))
    stamp = "".join(filter(str.isdigit, page["ts"]))
    with played(bundles["full"], tmp_path, pywb_python) as player:
        with urllib.request.urlopen(f"{player}/{stamp}id_/{page['url']}", timeout=20) as answer:
            body = answer.read().decode()
        with pytest.raises(urllib.error.HTTPError) as missing:
            urllib.request.urlopen(f"{player}/{stamp}id_/{page['url']}0", timeout=20)
        missing.value.close()

    assert "Nội dung của bài thử lần thứ 1." in body
    assert page["title"] in body
    assert missing.value.code == 404
