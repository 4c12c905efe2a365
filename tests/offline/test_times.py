"""Time stamps in a bundle: judged by openssl at their own instant, never silently passed."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from offline.findings import Finding
from offline.note import Head, Key, prefixes, read_key
from offline.verifying import verify
from storage.merkle import consistency_proof, leaf_hash, root_of
from storage.stamping import request
from tests.service.bundled import SmallHome
from tests.storage.authority import Authority

pytestmark = pytest.mark.archive
"""A local authority is openssl's own."""


def stamped(small: SmallHome, folder: Path, authority: Authority, *, wrong: bool = False) -> Path:
    """Return a bundle of a copy of the home whose head bears a token."""
    shutil.copytree(small.home, folder / "home")
    copy = SmallHome(folder / "home", small.config)
    note = (copy.home / "log" / "checkpoint").read_bytes()
    size = int(note.split(b"\n")[1])
    place = copy.home / "log" / "timestamps"
    place.mkdir()
    (place / f"{size}.checkpoint").write_bytes(note)
    (place / f"{size}-local.tsr").write_bytes(authority.reply(request(b"x" if wrong else note).body))
    (folder / "roots.pem").write_bytes(authority.roots)
    return copy.bundle(folder / "x.wacz")


def times(found: list[Finding]) -> list[Finding]:
    """Return what is said of time."""
    return [finding for finding in found if finding.code == "time"]


@pytest.mark.parametrize("chain", [False, True], ids=["sorted", "unsorted-set"])
def test_a_sound_token_says_before_when(chain: bool, small: SmallHome, key: Key, tmp_path: Path) -> None:
    """RFC 3161 by openssl; the bundle as a whole is reproduced."""
    bundle = stamped(small, tmp_path, Authority(tmp_path / "tsa", chain=chain))
    report = verify(bundle, key, tmp_path / "roots.pem")
    (found,) = times(report.findings)

    assert report.verdict == "reproduced"
    assert "existed before 20" in found.en


def test_without_roots_it_says_so(small: SmallHome, key: Key, tmp_path: Path) -> None:
    """Not verified here is neither valid nor invalid."""
    bundle = stamped(small, tmp_path, Authority(tmp_path / "tsa"))
    (found,) = times(verify(bundle, key).findings)

    assert (found.weight, "not verified here" in found.en) == ("remark", True)


def test_a_token_that_does_not_hold_is_a_fault(small: SmallHome, key: Key, tmp_path: Path) -> None:
    """Over other bytes; of an authority that nobody trusts; expired when it was given."""
    other = Authority(tmp_path / "other").roots
    for name, authority, wrong in (
        ("wrong", Authority(tmp_path / "tsa"), True),
        ("stranger", Authority(tmp_path / "tsb"), False),
        ("expired", Authority(tmp_path / "tsc", lasts=-timedelta(days=1)), False),
    ):
        (tmp_path / name).mkdir()
        bundle = stamped(small, tmp_path / name, authority, wrong=wrong)
        roots = tmp_path / name / "roots.pem"
        if name == "stranger":
            roots.write_bytes(other)
        (found,) = times(verify(bundle, key, roots).findings)

        assert found.weight == "fault", name


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 8, 9, 20])
def test_a_prefix_is_recognised_and_nothing_else(size: int) -> None:
    """RFC 9162, 2.1.4.2, against proofs of the log's own code."""
    leaves = [leaf_hash(b"%d" % n) for n in range(size)]
    head = Head("x", size, root_of(leaves))
    for old in range(1, size + 1):
        before, proof = Head("x", old, root_of(leaves[:old])), consistency_proof(old, leaves)

        assert prefixes(before, head, proof)
        assert not prefixes(Head("x", old, bytes(32)), head, proof)
        assert not prefixes(before, head, [*proof, bytes(32)])


def test_the_key_of_the_home_is_the_key_of_the_bundle(small: SmallHome, key: Key) -> None:
    """One line, read by both sides."""
    assert read_key(small.key.read_text("utf-8")) == key
