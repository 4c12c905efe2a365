"""Content codings are undone within a cap, or the bytes stay as they came."""

import gzip
import zlib

import pytest

from storage.payloads import CodingError, decode, payload_of

TEXT = "Cổng thông tin điện tử ".encode() * 50


def raw_deflate(content: bytes) -> bytes:
    """The stream without its zlib wrapper, as some servers send it."""
    return zlib.compress(content)[2:-4]


@pytest.mark.parametrize(
    ("coding", "wire"),
    [
        ("gzip", gzip.compress(TEXT, mtime=0)),
        ("X-GZIP", gzip.compress(TEXT, mtime=0)),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", raw_deflate(TEXT)),
        ("identity", TEXT),
        ("", TEXT),
        ("deflate, gzip", gzip.compress(zlib.compress(TEXT), mtime=0)),
        ("gzip", gzip.compress(TEXT[:40], mtime=0) + gzip.compress(TEXT[40:], mtime=0)),
    ],
)
def test_codings_of_rfc_9110_are_undone(coding: str, wire: bytes) -> None:
    """RFC 9110, 8.4.1: gzip (x-gzip is the same), deflate, applied in the order listed."""
    assert payload_of(wire, coding) == TEXT


@pytest.mark.parametrize(
    ("coding", "wire"),
    [
        ("gzip", gzip.compress(TEXT, mtime=0)[:-9]),
        ("gzip", TEXT),
        ("br", b"\x0b\x02"),
        ("gzip,gzip,gzip,gzip", TEXT),
    ],
)
def test_what_cannot_be_undone_stays_as_it_came(coding: str, wire: bytes) -> None:
    with pytest.raises(CodingError):
        decode(wire, coding)
    assert payload_of(wire, coding) == wire


def test_a_bomb_is_stopped_at_the_cap() -> None:
    bomb = gzip.compress(bytes(10_000_000), mtime=0)

    with pytest.raises(CodingError, match="more than 1000 bytes"):
        decode(bomb, "gzip", cap=1000)
