"""Our archive read by other people's readers: they find nothing to complain of, and the same records."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fastwarc.warc import ArchiveIterator as FastReader
from warcio.archiveiterator import ArchiveIterator

from minhchung.evidence import Failure

pytestmark = pytest.mark.archive


@pytest.fixture
def archive(open_store: Any, captures: Any, mine: Any) -> Path:
    """An archive file with everything in it that we write."""
    store = open_store()
    run = store.begin_run("mọi thứ")
    store.keep_config("rounds/2021.toml", b"id = '2021'\n")
    first = store.exchange(captures.exchange(body="<p>Xin chào</p>".encode() * 99), **mine(run))
    store.exchange(captures.unchanged(), **mine(run), refers_to=first)
    same = captures.exchange(body="<p>Xin chào</p>".encode() * 99)
    store.exchange(same, **mine(run), refers_to=first)
    post = captures.exchange("/tim", method="POST", request_body=b"q=tin", http_version="HTTP/2", tls=None)
    store.exchange(post, **mine(run))
    store.exchange(captures.exchange("/dai", truncated=True), **mine(run))
    long = (("Content-Type", "text/html"), ("Content-Length", "99999"))
    store.exchange(captures.exchange("/sai", headers=long, wire=b"short"), **mine(run))
    store.exchange(captures.exchange("/trong", status=204, headers=(), wire=b""), **mine(run))
    store.failure(captures.failed("/mat", Failure.TLS_EXPIRED), **mine(run))
    store.visit(captures.report(run), [captures.list_capture(first, "1")], captures.walk(first))
    store.close()
    (path,) = store.home.archive.iterdir()
    assert isinstance(path, Path)
    return path


def run(module: str, *arguments: str) -> tuple[int, str]:
    """Run another reader's command line; return its exit code and what it said."""
    code = f"import sys; from {module} import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("module", ["warcio.cli", "fastwarc.cli"])
def test_their_checks_find_nothing(archive: Path, module: str) -> None:
    status, said = run(module, "check", str(archive))

    assert status == 0, said
    assert "fail" not in said.lower().replace("0 failed", ""), said


def test_payload_digests_are_borne_out_wherever_the_payload_is(archive: Path) -> None:
    """WARC 1.1, 6.7: a revisit's payload digest is that of the payload it does not repeat."""
    with archive.open("rb") as file:
        revisits = {
            record.rec_headers["WARC-Record-ID"]
            for record in ArchiveIterator(file)
            if record.rec_type == "revisit"
        }

    _, said = run("fastwarc.cli", "check", "--verify-payloads", str(archive))

    assert set(re.findall("<urn:uuid:[^>]*>", said)) == revisits


def test_both_read_the_records_that_we_wrote(archive: Path) -> None:
    with archive.open("rb") as file:
        theirs = [
            (record.rec_headers["WARC-Record-ID"], record.rec_type, record.content_stream().read())
            for record in ArchiveIterator(file)
        ]
    fast = [(str(r.record_id), r.headers["WARC-Type"]) for r in FastReader(str(archive), parse_http=False)]

    kinds = [kind for _, kind, _ in theirs]
    assert kinds[:5] == ["warcinfo", "resource", "response", "request", "metadata"]
    assert {"revisit", "response", "metadata", "resource"} <= set(kinds)
    assert theirs[2][2] == "<p>Xin chào</p>".encode() * 99
    assert [(ident.strip("<>"), kind) for ident, kind, _ in theirs] == [
        (ident.strip("<>"), kind) for ident, kind in fast
    ]


def test_every_block_digest_is_borne_out(archive: Path) -> None:
    verdicts = [record.verify_block_digest() for record in FastReader(str(archive), parse_http=False)]

    assert len(verdicts) > 10
    assert all(verdicts)
