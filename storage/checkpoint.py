"""The signed head of the log: a C2SP checkpoint, which is a signed note with an Ed25519 key.

The key pair is made on first use: the private half in `<home>/keys/log.key` (0600), the public half, in the
form of a note verifier key, in `<home>/log/key`.
"""

from __future__ import annotations

import base64
import binascii
import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from minhchung.errors import LogError, UsageError
from storage.disk import write_whole

ED25519: Final = b"\x01"
"""Algorithm byte of a note key."""

ROOT_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """How long the log is and what its root is."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the note's text: three lines."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """A note verifier key: its name is also the log's origin."""

    name: str
    raw: bytes
    """32 bytes."""

    @property
    def key_id(self) -> bytes:
        """Return the four bytes by which a signature names its key."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.raw).digest()[:4]

    def text(self) -> str:
        """Return `name+id+key`, one line."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(ED25519 + self.raw).decode()}\n"

    @classmethod
    def read(cls, text: str) -> PublicKey:
        """Return the key of a line; raises LogError unless it is exactly what `text` writes."""
        name, _, rest = text.partition("+")
        try:
            raw = base64.b64decode(rest.partition("+")[2].strip(), validate=True)
        except binascii.Error as exc:
            raise LogError(f"the log's public key cannot be read ({exc}); restore log/key") from exc
        key = cls(name=name, raw=raw[1:])
        if len(key.raw) != ROOT_BYTES or key.text() != text:
            raise LogError("the log's public key is damaged; restore log/key from a backup")
        return key


class Signer:
    """Holds the private key and signs checkpoints."""

    def __init__(self, name: str, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = PublicKey(name=name, raw=private.public_key().public_bytes_raw())

    def sign(self, *, size: int, root: bytes) -> bytes:
        """Return the signed note of a checkpoint."""
        text = Checkpoint(origin=self.public.name, size=size, root=root).text()
        return note(text, self.public, self.sign_text(text))

    def sign_text(self, text: str) -> bytes:
        """Return the bare signature of a note's text: 64 bytes."""
        return self._private.sign(text.encode())


def note(text: str, key: PublicKey, signature: bytes) -> bytes:
    """Return a signed note: text, blank line, signature line."""
    signed = base64.b64encode(key.key_id + signature).decode()
    return f"{text}\n— {key.name} {signed}\n".encode()


def read_checkpoint(signed: bytes, key: PublicKey) -> Checkpoint:
    """Return the checkpoint of a signed note; raises LogError unless every byte of it is as we sign."""
    damaged = LogError("the log's checkpoint does not bear the log's signature; run `minhchung check`")
    try:
        text, _, tail = signed.decode().partition("\n\n")
        origin, size, root = text.split("\n")
        checkpoint = Checkpoint(origin=origin, size=int(size), root=base64.b64decode(root, validate=True))
        signature = base64.b64decode(tail.split(" ")[2].strip(), validate=True)[4:]
        # Base64 has bits that decode to nothing: what cannot be written again identically was touched.
        if checkpoint.origin != key.name or note(checkpoint.text(), key, signature) != signed:
            raise damaged
        Ed25519PublicKey.from_public_bytes(key.raw).verify(signature, checkpoint.text().encode())
    except (ValueError, IndexError, InvalidSignature) as exc:
        raise damaged from exc
    if len(checkpoint.root) != ROOT_BYTES:
        raise damaged
    return checkpoint


def load_signer(private: Path, public: Path) -> Signer:
    """Return the home's signer, making its keys where the home has none yet."""
    if private.exists():
        signer = read_private(private)
    elif public.exists():
        raise UsageError(f"{private}: the log's private key is gone; restore it, or nothing can be added")
    else:
        signer = make_private(private)
    if not public.exists():
        write_whole(public, signer.public.text().encode())
    elif public.read_bytes() != signer.public.text().encode():
        raise LogError(f"{public}: does not belong to {private.name}; run `minhchung check`")
    return signer


def log_name(raw: bytes) -> str:
    """Return the name of a log whose first public key this is."""
    return f"minhchung/log/{sha256(raw).hexdigest()[:16]}"


def make_private(path: Path, name: str = "") -> Signer:
    """Make a private key file, 0600; the key is the first of a new log, or another one of the log `name`."""
    private = Ed25519PrivateKey.generate()
    signer = Signer(name or log_name(private.public_key().public_bytes_raw()), private)
    seed = base64.b64encode(ED25519 + private.private_bytes_raw()).decode()
    line = f"PRIVATE+KEY+{signer.public.name}+{signer.public.key_id.hex()}+{seed}\n"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink()  # nothing was signed with it, and half a key would bar the home
        raise
    return signer


def read_private(path: Path) -> Signer:
    """Return the signer of a private key file; raises UsageError where it is none."""
    parts = path.read_text(encoding="utf-8", errors="replace").strip().split("+", 4)
    try:
        _, _, name, _, seed = parts
        private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed, validate=True)[1:])
    except ValueError as exc:
        raise UsageError(f"{path}: is no key of this log; restore it from a backup") from exc
    return Signer(name, private)
