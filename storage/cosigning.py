"""A witness's word on somebody else's head: C2SP cosignature/v1, with a key of its own."""

from __future__ import annotations

import base64
import binascii
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from minhchung.errors import LogError, UsageError

COSIGNER: Final = b"\x04"
"""Algorithm byte of a cosignature key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CosignerKey:
    """The public half of a witness's key."""

    name: str
    raw: bytes
    """32 bytes."""

    @property
    def key_id(self) -> bytes:
        """Return the four bytes by which a cosignature names its key."""
        return sha256(self.name.encode() + b"\n" + COSIGNER + self.raw).digest()[:4]

    def text(self) -> str:
        """Return `name+id+key`, one line."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(COSIGNER + self.raw).decode()}\n"


def _message(body: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{body}".encode()


def _body(signed: bytes) -> str:
    """Return a note's text, which is what is cosigned: three lines, without signatures."""
    return signed.decode().partition("\n\n")[0] + "\n"


class Cosigner:
    """Holds a witness's private key."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        raw = private.public_key().public_bytes_raw()
        self.public = CosignerKey(name=f"minhchung/witness/{sha256(raw).hexdigest()[:16]}", raw=raw)

    def cosign(self, signed: bytes, at: datetime) -> bytes:
        """Return the note with our line after the signatures on it."""
        seconds = int(at.timestamp())
        signature = self._private.sign(_message(_body(signed), seconds))
        word = base64.b64encode(self.public.key_id + seconds.to_bytes(8, "big") + signature).decode()
        return signed + f"— {self.public.name} {word}\n".encode()


def read_cosigned(cosigned: bytes, key: CosignerKey) -> tuple[bytes, datetime]:
    """Return the note without the witness's line, and when it was cosigned; raises LogError."""
    damaged = LogError(f"the checkpoint does not bear the cosignature of {key.name}; restore it")
    try:
        signed, mark, word = cosigned.rpartition(f"— {key.name} ".encode())
        raw = base64.b64decode(word.removesuffix(b"\n"), validate=True)
        seconds, signature = int.from_bytes(raw[4:12], "big"), raw[12:]
        if not mark or raw[:4] != key.key_id or base64.b64encode(raw) + b"\n" != word:
            raise damaged
        Ed25519PublicKey.from_public_bytes(key.raw).verify(signature, _message(_body(signed), seconds))
        return signed, datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, binascii.Error, InvalidSignature) as exc:
        raise damaged from exc


def load_cosigner(path: Path) -> Cosigner:
    """Return the home's witness, making its key (0600) where there is none; raises UsageError."""
    if path.exists():
        return _read(path)
    cosigner = Cosigner(private := Ed25519PrivateKey.generate())
    seed = base64.b64encode(COSIGNER + private.private_bytes_raw()).decode()
    line = f"PRIVATE+KEY+{cosigner.public.name}+{cosigner.public.key_id.hex()}+{seed}\n"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
    return cosigner


def _read(path: Path) -> Cosigner:
    try:
        seed = path.read_text("utf-8").strip().split("+", 4)[4]
        return Cosigner(Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed, validate=True)[1:]))
    except (ValueError, IndexError) as exc:
        raise UsageError(f"{path}: is no key of a witness; restore it from a backup") from exc
