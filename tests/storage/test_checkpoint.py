"""Checkpoints are C2SP signed notes, and no bit of one can be changed unseen."""

import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from minhchung.errors import LogError, UsageError
from storage.checkpoint import PublicKey, Signer, load_signer, note, read_checkpoint

ROOT = bytes(range(32))


@pytest.fixture
def signer() -> Signer:
    return Signer("minhchung/log/test", Ed25519PrivateKey.from_private_bytes(bytes(32)))


def test_a_note_is_signed_as_the_specification_s_example() -> None:
    """golang.org/x/mod/sumdb/note: the example's key, text and signature."""
    seed = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
    private = Ed25519PrivateKey.from_private_bytes(seed)
    key = PublicKey(name="PeterNeumann", raw=private.public_key().public_bytes_raw())
    text = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
    )

    signed = note(text, key, private.sign(text.encode()))

    assert key.text() == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n"
    assert signed.decode().endswith(
        "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUg"
        "YN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )


def test_a_checkpoint_is_read_back(signer: Signer) -> None:
    checkpoint = read_checkpoint(signer.sign(size=3, root=ROOT), signer.public)

    assert (checkpoint.origin, checkpoint.size, checkpoint.root) == ("minhchung/log/test", 3, ROOT)


def test_no_bit_of_a_checkpoint_can_be_flipped_unseen(signer: Signer) -> None:
    """Base64 has bits that decode to nothing: those count too."""
    signed = signer.sign(size=3, root=ROOT)

    for position in range(len(signed)):
        for bit in range(8):
            flipped = bytearray(signed)
            flipped[position] ^= 1 << bit
            with pytest.raises(LogError):
                read_checkpoint(bytes(flipped), signer.public)


def test_no_bit_of_the_public_key_can_be_flipped_unseen(signer: Signer) -> None:
    signed, line = signer.sign(size=3, root=ROOT), signer.public.text().encode()

    for position in range(len(line)):
        for bit in range(8):
            flipped = bytearray(line)
            flipped[position] ^= 1 << bit
            with pytest.raises((LogError, UnicodeDecodeError)):
                read_checkpoint(signed, PublicKey.read(flipped.decode()))


def test_keys_are_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    private, public = tmp_path / "log.key", tmp_path / "key"

    made, again = load_signer(private, public), load_signer(private, public)

    assert made.public == again.public
    assert private.stat().st_mode & 0o777 == 0o600
    assert PublicKey.read(public.read_text()) == made.public


def test_a_log_whose_private_key_is_gone_takes_nothing_more(tmp_path: Path) -> None:
    private, public = tmp_path / "log.key", tmp_path / "key"
    load_signer(private, public)
    private.unlink()

    with pytest.raises(UsageError, match="private key is gone"):
        load_signer(private, public)


def test_a_key_of_another_log_is_refused(tmp_path: Path) -> None:
    load_signer(tmp_path / "one", tmp_path / "key")
    (tmp_path / "key").write_text(load_signer(tmp_path / "other", tmp_path / "other.pub").public.text())

    with pytest.raises(LogError, match="does not belong"):
        load_signer(tmp_path / "one", tmp_path / "key")
