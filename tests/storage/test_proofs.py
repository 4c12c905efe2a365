"""Proof files: C2SP tlog-proof@v1, judged with nothing but the file and a key."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from minhchung.errors import LogError, UsageError
from storage.checkpoint import Checkpoint, Signer, read_checkpoint
from storage.log import LogFiles
from storage.merkle import leaf_hash, root_of
from storage.proofs import Proof, continues, prove, prove_consistency, proven

SIGNER = Signer("minhchung/log/test", Ed25519PrivateKey.from_private_bytes(bytes(32)))


def opened(signed: bytes) -> Checkpoint:
    """Open a checkpoint with the test's key."""
    return read_checkpoint(signed, SIGNER.public)


@pytest.fixture
def log_of(tmp_path: Path) -> Callable[[int], LogFiles]:
    """Write a log of so many leaves, signed."""

    def write(size: int) -> LogFiles:
        entries = [f"leaf {number}".encode() for number in range(size)]
        files = LogFiles(tmp_path)
        files.key.write_text(SIGNER.public.text(), "utf-8")
        files.entries.write_bytes(b"".join(entry + b"\n" for entry in entries))
        root = root_of([leaf_hash(entry) for entry in entries])
        files.checkpoint.write_bytes(SIGNER.sign(size=size, root=root))
        return files

    return write


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 70])
def test_every_leaf_can_be_proven_alone(size: int, log_of: Callable[[int], LogFiles]) -> None:
    """RFC 9162, 2.1.3, in the file form of c2sp.org/tlog-proof."""
    files = log_of(size)
    for index in range(size):
        proof = proven(prove(files, index).text(), opened)
        assert (proof.index, proof.entry) == (index, f"leaf {index}".encode())


def test_a_proof_file_has_the_lines_of_the_specification(log_of: Callable[[int], LogFiles]) -> None:
    """Header, extra, index, hashes, blank line, checkpoint."""
    files = log_of(3)
    header, extra, index, first, second, blank, *checkpoint = prove(files, 0).text().decode().split("\n")

    assert (header, index, blank) == ("c2sp.org/tlog-proof@v1", "index 0", "")
    assert extra == "extra " + base64.b64encode(b"leaf 0").decode()
    assert base64.b64decode(first) == leaf_hash(b"leaf 1")
    assert base64.b64decode(second) == leaf_hash(b"leaf 2")
    assert "\n".join(checkpoint).encode() == files.checkpoint.read_bytes()


@pytest.mark.fault
def test_no_bit_of_a_proof_can_be_flipped_unseen(log_of: Callable[[int], LogFiles]) -> None:
    """Every byte of the file is the header's, the leaf's, the path's or the checkpoint's."""
    content = prove(log_of(5), 3).text()
    for position in range(len(content)):
        for bit in range(8):
            flipped = bytearray(content)
            flipped[position] ^= 1 << bit
            with pytest.raises(LogError):
                proven(bytes(flipped), opened)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"c2sp.org/tlog-proof@v1\nindex 1\n\n", b"\xff" * 50])
def test_what_is_no_proof_is_refused(content: bytes) -> None:
    """A proof comes from anybody."""
    with pytest.raises(LogError):
        proven(content, opened)


def test_a_proof_of_another_leaf_or_head_is_refused(log_of: Callable[[int], LogFiles]) -> None:
    """The path binds leaf, index and size."""
    proof = Proof.read(prove(log_of(6), 2).text())
    for changed in (
        Proof(index=3, entry=proof.entry, path=proof.path, checkpoint=proof.checkpoint),
        Proof(index=2, entry=b"leaf 3", path=proof.path, checkpoint=proof.checkpoint),
        Proof(index=2, entry=proof.entry, path=proof.path[:-1], checkpoint=proof.checkpoint),
        Proof(index=2, entry=proof.entry, path=proof.path, checkpoint=SIGNER.sign(size=7, root=bytes(32))),
    ):
        with pytest.raises(LogError, match="forged"):
            proven(changed.text(), opened)


def test_nothing_is_proven_by_a_log_that_is_not_what_was_signed(log_of: Callable[[int], LogFiles]) -> None:
    """No proof file is written that would not hold."""
    files = log_of(4)
    files.entries.write_bytes(files.entries.read_bytes().replace(b"leaf 1", b"leaf x"))

    with pytest.raises(LogError):
        prove(files, 1)
    with pytest.raises(UsageError):
        prove(files, 4)


def test_a_later_head_is_shown_to_continue_an_earlier_one(log_of: Callable[[int], LogFiles]) -> None:
    """RFC 9162, 2.1.4, for every pair of sizes."""
    heads = {size: opened(log_of(size).checkpoint.read_bytes()) for size in range(1, 20)}
    files = log_of(19)
    for old in heads:
        for size in range(old, 20):
            proof = prove_consistency(files, old, size)
            assert continues(heads[old], heads[size], proof)
            forged = Checkpoint(origin=heads[old].origin, size=old, root=bytes(32))
            assert not continues(forged, heads[size], proof)
    with pytest.raises(UsageError):
        prove_consistency(files, 5, 4)
