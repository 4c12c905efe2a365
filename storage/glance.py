"""A quick look at one leaf: entry, members and row in exactly the form in which we write them.

What passes was held against every digest there is: the leaf's hash in the index, each member's SHA-256 as
stored, its one gzip stream, its fields, block digest, payload digest, and the digest of what readers see.
What does not pass may still be sound, only said otherwise; `storage.audit` then looks closely, and names it.
"""

from __future__ import annotations

import re
import zlib
from hashlib import sha256
from typing import Final

from isal import isal_zlib

from storage.members import HTTP_TYPES, MEMBER_CAP
from storage.payloads import InflateError, payload_of
from storage.warc import BASE32_DIGITS

SMALL: Final = 1024
"""Bytes of a member up to which zlib inflates it sooner than isal, which makes larger tables first."""

KEPT_BESIDE: Final = frozenset({"config", "key", "timestamp"})
"""Kinds whose payload also lies in a file of its own."""

ASKED_FOR: Final = frozenset({"visit", "figures", "pruned"}) | KEPT_BESIDE
"""Kinds whose content somebody needs: they are taken apart, the others only looked at."""

_WORD: Final = r"[\x20\x21\x23-\x5b\x5d-\x7e]*"
"""Text that JSON writes as it is."""

_MEMBER: Final = (
    rf'\{{"id":"({_WORD})","length":([1-9][0-9]*),(?:"payload_sha256":"([0-9a-f]{{64}})",)?'
    rf'"sha256":"([0-9a-f]{{64}})","type":"({_WORD})"\}}'
)
ENTRY: Final = re.compile(
    rf'\{{"agency":"({_WORD})",(?:"failure":"({_WORD}[a-z0-9])",)?"fetched_at":"([0-9-]{{10}})T([0-9:.]{{15}})Z",'
    rf'"kind":"({_WORD})","members":\[{_MEMBER}(?:,{_MEMBER})?\],"outcome":"{_WORD}","run":"({_WORD})",'
    rf'"source":"({_WORD})","status":(?:null|([1-9][0-9]*)),"url":"([\x21\x23-\x5b\x5d-\x7e]*)","v":1\}}'
)
"""An entry of one or two members without a character that JSON or an address would write otherwise."""

_LINE: Final = rb"[^\r\n]*\r\n"
_DIGEST: Final = rb"sha256:([A-Z2-7]{52})====\r\n"
FIELDS: Final = re.compile(
    b"".join(
        (
            *(rb"(?:%s: %s)?" % (name, _LINE) for name in (b"WARC-Concurrent-To", b"WARC-IP-Address")),
            rb"(?:WARC-Protocol: %s){0,2}" % _LINE,
            *(
                rb"(?:%s: %s)?" % (name, _LINE)
                for name in (b"WARC-Cipher-Suite", b"X-Elapsed-Seconds", b"X-TLS-Facts")
            ),
            rb"WARC-Warcinfo-ID: " + _LINE,
            rb"(?:WARC-Profile: %sWARC-Refers-To: %s" % (_LINE, _LINE),
            rb"WARC-Refers-To-Target-URI: %sWARC-Refers-To-Date: %s)?" % (_LINE, _LINE),
            rb"(?:WARC-Payload-Digest: %s)?(?:WARC-Truncated: length\r\n)?" % _DIGEST,
            rb"WARC-Block-Digest: %sContent-Type: %sContent-Length: ([0-9]+)\r\n\r\n" % (_DIGEST, _LINE),
        )
    )
)
"""The fields after those that the leaf knows, each at most once, in our order."""

CODING: Final = re.compile(rb"\r\ncontent-encoding:[ \t]*([\x20-\x7e]*)", re.IGNORECASE)


def record_passes(raw: bytes, kind: str, record: str, known: str, payload_sha256: str) -> bool:
    """Say whether a stored member is this one record, goes on with `known`, and bears out its digests."""
    decoder = (isal_zlib if len(raw) > SMALL else zlib).decompressobj(31)
    try:
        content = decoder.decompress(raw, MEMBER_CAP)
    except (InflateError, zlib.error):
        return False
    begins = f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <{record}>\r\n{known}".encode("ascii")
    fields = FIELDS.match(content, len(begins)) if content.startswith(begins) else None
    if fields is None or not decoder.eof or decoder.unused_data:
        return False
    payload_digest, block_digest, length = fields.groups()
    start = fields.end()
    block = content[start:-4]
    hashed = sha256(block)
    if (
        len(content) != start + int(length) + 4
        or content[-4:] != b"\r\n\r\n"
        or int(block_digest.translate(BASE32_DIGITS), 32) != int.from_bytes(hashed.digest()) << 4
    ):
        return False
    if kind == "revisit":
        # Its payload digest is of the payload that it does not repeat.
        return True
    if payload_digest is None and not payload_sha256:
        return True
    return _payload_passes(block, hashed.hexdigest(), kind, payload_digest, payload_sha256)


def _payload_passes(
    block: bytes, found: str, kind: str, payload_digest: bytes | None, payload_sha256: str
) -> bool:
    """Say the same of a payload; `found` is the block's SHA-256 (hex)."""
    head, wire = 0, block
    if kind in HTTP_TYPES:
        head = block.find(b"\r\n\r\n") + 4
        if head < 4:
            return False
        wire = block[head:]
        found = sha256(wire).hexdigest()
    if payload_digest is not None and int(payload_digest.translate(BASE32_DIGITS), 32) != int(found, 16) << 4:
        return False
    if not payload_sha256 or found == payload_sha256:
        return True
    codings = CODING.findall(block, 0, head)
    if kind != "response" or len(codings) != 1:
        return False
    return sha256(payload_of(wire, codings[0].decode())).hexdigest() == payload_sha256
