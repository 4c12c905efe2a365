"""What a file says of itself and of who signed it, as far as it could be looked into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Unread = Literal["", "scanned", "encrypted", "damaged", "limits", "no-reader", "old-format"]
"""Why the text of a file was not read; empty where it was.

`limits`: it needs more memory, time or space than a file may; `no-reader`: nothing here reads its kind.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSignature:
    """One digital signature in a file; three questions that are kept apart."""

    intact: bool
    """What was signed has not been altered."""

    valid: bool
    """The signature is the signer's key's."""

    trusted: bool | None
    """The signer's chain leads to a configured authority; None: none is configured."""

    whole: bool
    """It covers the whole file: nothing was added afterwards."""

    signer: str = ""
    """Subject of the signer's certificate."""

    signed_at: datetime | None = None
    """As the signer's own clock claimed."""

    fault: str = ""
    """Why it could not be examined; the answers above are then no."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """What was found inside a file."""

    unread: Unread = ""
    pages: int | None = None
    """Pages, or sheets; None where the file does not tell."""

    chars: int | None = None
    """Letters and digits of its text; None where it was not read."""

    text_sha256: str = ""
    """Hex SHA-256 of the text in NFC, blanks collapsed, UTF-8."""

    stamp: str = ""
    """`MẬT`, `TỐI MẬT` or `TUYỆT MẬT`, where its text bears it as a stamp."""

    ocr: bool = False
    """The text was recognised in pictures of the pages."""

    producer: str = ""
    """The program that wrote it, as it claims."""

    created: str = ""
    """When it was written, as it claims: ISO 8601, or as it stands where it is no instant."""

    signatures: tuple[FileSignature, ...] | None = None
    """None: not examined."""
