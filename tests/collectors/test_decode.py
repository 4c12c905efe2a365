"""Content codings and charsets: what readers see of what was transferred (docs/reference/crawling.md)."""

from __future__ import annotations

import gzip
import random
import unicodedata
import zlib

import pytest

from collectors.charset import text
from collectors.decode import DecodeBombError, gunzip, unpack
from minhchung.errors import UnrecognisedError

SENTENCE = "Ủy ban nhân dân tỉnh ban hành quyết định về chuyển đổi số của các sở, ngành, đường phố"
LOWER = SENTENCE.casefold()


def test_codings_are_undone_in_the_reverse_of_their_order() -> None:
    """RFC 9110, 8.4: listed in the order applied."""
    body = b"x" * 1000

    assert unpack(gzip.compress(zlib.compress(body)), "deflate, gzip", 10_000) == body


def test_deflate_is_read_in_both_of_its_forms() -> None:
    """RFC 9110 says zlib; many servers send the bare stream."""
    bare = zlib.compressobj(wbits=-15)
    packed = bare.compress(b"tin") + bare.flush()

    assert unpack(packed, "deflate", 100) == b"tin"
    assert unpack(zlib.compress(b"tin"), "deflate", 100) == b"tin"


def test_every_member_of_a_gzip_body_is_read() -> None:
    """RFC 1952, 2.2; padding after the last is tolerated."""
    assert gunzip(gzip.compress(b"a") + gzip.compress(b"b") + b"\0\0\0", 100) == b"ab"


@pytest.mark.parametrize("coding", ["br", "zstd", "compress"])
def test_a_coding_that_was_not_asked_for_is_no_content(coding: str) -> None:
    """Only gzip and deflate are offered."""
    with pytest.raises(UnrecognisedError, match="not asked for"):
        unpack(b"x", coding, 100)


def test_members_without_end_are_a_bomb() -> None:
    """Four megabytes of members that hold nothing; none may cost the rest of the body."""
    with pytest.raises(DecodeBombError):
        unpack(gzip.compress(b"") * 200_000, "gzip", 1_000_000)


def test_long_and_short_members_are_read_in_their_order() -> None:
    """Members longer than the window in which further ones are looked at."""
    noise = random.Random(7).randbytes(300_000)
    body = gzip.compress(b"a") + gzip.compress(noise) + gzip.compress(b"b") + b"\0\0padding"

    assert unpack(body, "gzip", 1_000_000) == b"a" + noise + b"b"


def test_the_cap_holds_across_members_and_layers() -> None:
    """A bomb may be cut in pieces, or wrapped."""
    piece = gzip.compress(bytes(600))
    with pytest.raises(DecodeBombError):
        gunzip(piece * 2, 1000)
    with pytest.raises(DecodeBombError):
        unpack(b"x", "gzip, gzip, gzip, gzip", 1000)


def in_windows_1258(words: str) -> bytes:
    """Return words as Windows wrote Vietnamese: tones are bytes of their own."""
    out = bytearray()
    for letter in words:
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            decomposed = unicodedata.normalize("NFD", letter)
            out += unicodedata.normalize("NFC", decomposed[:-1]).encode("cp1258")
            out += decomposed[-1].encode("cp1258")
    return bytes(out)


TCVN3_OF = "ủ:ñ â:© ỉ:Ø à:µ ế:Õ đ:® ị:Þ ề:Ò ể:Ó ổ:æ ố:è ủ:ñ á:¸ ở:ë ư:\u00ad ờ:ê ó:ã ò:ß"
VNI_OF = "ủ:uû â:aâ ỉ:æ à:aø ế:eá đ:ñ ị:ò ề:eà ể:eå ổ:oå ố:oá á:aù ở:ôû ư:ö ờ:ôø"


def in_font(words: str, table: str) -> bytes:
    """Return words as a font laid over Western letters wrote them; what the table lacks stays."""
    letters = dict(pair.split(":") for pair in table.split(" "))
    return "".join(letters.get(letter, letter) for letter in words).encode("cp1252", "replace")


@pytest.mark.parametrize(
    ("body", "declared"),
    [
        (SENTENCE.encode(), ""),
        (SENTENCE.encode(), "text/html; charset=iso-8859-1"),
        (b"\xef\xbb\xbf" + SENTENCE.encode(), "text/html; charset=windows-1252"),
        (SENTENCE.encode("utf-16"), ""),
        (SENTENCE.encode("utf-16-le"), "text/html; charset=utf-16le"),
        (in_windows_1258(SENTENCE), "text/html; charset=windows-1258"),
        (in_windows_1258(SENTENCE), ""),
        (b'<meta charset="windows-1258">' + in_windows_1258(SENTENCE), "text/html; charset=utf-8"),
    ],
)
def test_a_page_is_read_whatever_its_charset(body: bytes, declared: str) -> None:
    """BOM, UTF-8, the charset of HTTP or meta, then the words; a claim that cannot be true does not count."""
    assert SENTENCE in unicodedata.normalize("NFC", text(body, declared))


@pytest.mark.parametrize("table", [TCVN3_OF, VNI_OF])
def test_fonts_laid_over_western_letters_are_recognised_by_their_words(table: str) -> None:
    """TCVN3 and VNI decode as Latin without an error, so the words must tell."""
    assert text(in_font(LOWER, table), "text/html") == LOWER


def test_western_text_stays_western() -> None:
    """A page in French on a Vietnamese portal is no Vietnamese in disguise."""
    body = "Le préfet a reçu une délégation à l'hôtel de ville".encode("cp1252")

    assert "ư" not in text(body)
    assert "ỉ" not in text(body)


def test_a_few_broken_bytes_do_not_cost_the_page() -> None:
    """What no charset explains is read as UTF-8 with replacement marks."""
    assert text(SENTENCE.encode() + b"\xff\xfe\xfd") == SENTENCE + "\ufffd" * 3


def test_an_unknown_charset_is_passed_over() -> None:
    """Hostile pages declare anything, a codec that is no text included."""
    assert text(SENTENCE.encode(), "text/html; charset=hex") == SENTENCE
    assert text(SENTENCE.encode(), "text/html; charset=no-such") == SENTENCE


def test_plain_letters_of_two_bytes_are_read_as_declared() -> None:
    """Without a mark and without accents, UTF-16 is valid UTF-8 full of NULs."""
    assert text("<p>Thong bao</p>".encode("utf-16-be"), "text/html; charset=UTF-16BE") == "<p>Thong bao</p>"
    assert text(b"a\x00b", "text/html; charset=utf-8") == "a\x00b"


@pytest.mark.parametrize("charset", ["punycode", "idna", "utf-7", "unicode_escape", "undefined", "rot13"])
def test_no_page_chooses_a_codec_that_is_no_charset(charset: str) -> None:
    """Some of them take time that grows with the square of the page: a minute for half a megabyte."""
    body = b"\xff" + b"-a" * 300_000 + b"+AGE-"

    assert text(body, f"text/html; charset={charset}").endswith("+AGE-")
