"""From bytes to text: byte order mark, UTF-8, the charset of HTTP or meta, then the legacy Vietnamese sets.

Sans-I/O. Guessing libraries failed on Vietnamese: TCVN3 and VNI are fonts laid over Western bytes, which
decode without an error, so that only the words tell what they are.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import Final

_META: Final = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_XML: Final = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN: Final = frozenset(("iso8859-1", "latin-1", "ascii", "cp1252"))
_NO_CHARSETS: Final = frozenset(
    ("utf-7", "punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem")
)
"""Names that Python knows and no page may have: escapes of other kinds, some at a cost that grows squared."""

_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)


def text(body: bytes, content_type: str = "") -> str:
    """Return the text of a body; never raises: what nothing explains is UTF-8 with replacement marks.

    Bytes that are valid UTF-8 are UTF-8, whatever is declared: a one-byte charset explains any bytes, so a
    claim to one proves nothing. Only two bytes a letter, declared and with NULs in them, come before.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body.decode(name, "replace")
    header = _declared_in_header(content_type)
    if not (b"\x00" in body[:64] and _is_wide(header)):
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError:
            pass
    for declared in (header, _declared_in_body(body)):
        decoded = _decoded(body, declared)
        if decoded is not None:
            return decoded
    return legacy(body)


def _declared_in_header(content_type: str) -> str:
    found = _CHARSET.search(content_type)
    return found[1] if found else ""


def _declared_in_body(body: bytes) -> str:
    head = body[:4096]
    found = _META.search(head) or _XML.search(head)
    return found[1].decode("ascii") if found else ""


def _is_wide(charset: str) -> bool:
    """Say whether a charset takes two bytes or more for every letter: plain ones come with NULs."""
    return charset.casefold().replace("_", "-").startswith(("utf-16", "utf-32", "utf16", "utf32"))


def _decoded(body: bytes, charset: str) -> str | None:
    try:
        name = codecs.lookup(charset).name if charset else ""
        if name in _WESTERN or name in _NO_CHARSETS:
            return None  # what TCVN3 and VNI pages say of themselves
        return _cp1258(body) if name == "cp1258" else body.decode(name) if name else None
    except (LookupError, UnicodeDecodeError, ValueError):
        return None


def _cp1258(body: bytes) -> str:
    # Five bytes of the set are unassigned; a stray one must not cost the whole page.
    return body.decode("cp1258", "replace")


def legacy(body: bytes) -> str:
    """Return the text by whichever of windows-1258, TCVN3 and VNI makes most words Vietnamese syllables."""
    utf8 = body.decode("utf-8", "replace")
    strange = sum(letter > "\x7f" for letter in utf8[:_SAMPLE])
    if utf8[:_SAMPLE].count("\ufffd") * 5 <= strange:
        return utf8  # a few broken bytes in what is UTF-8 otherwise
    western = body.decode("cp1252", "replace")
    readings = [_cp1258(body), body.decode("latin-1").translate(_TCVN3), _from_vni(western), western]
    shares = [_syllable_share(reading) for reading in readings]
    best = max(range(len(readings)), key=lambda n: shares[n])
    if shares[best] < _ENOUGH:
        return utf8
    return readings[best]


def unfont(reading: str) -> str:
    """Return a text whose letters are those of a font laid over Western ones, as its words tell it."""
    if reading.isascii():
        return reading
    try:
        read = legacy(reading.encode("cp1252"))
    except UnicodeEncodeError:
        return reading  # a letter that no such font takes: it is what it says
    return reading if "\ufffd" in read else read


_ENOUGH: Final = 0.5
"""Share of Vietnamese syllables among words with letters outside ASCII that makes a reading believable."""

_SAMPLE: Final = 50_000
"""Characters looked at; the set of a page does not change in the middle."""

_TONES: Final = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_WORD: Final = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*")
_SYLLABLE: Final = re.compile(
    "(?:ngh|ng|nh|th|tr|ch|gh|gi|kh|ph|qu|[bcdđghklmnpqrstvx])?[aăâeêioôơuưy]{1,3}(?:ch|ng|nh|[cmnpt])?"
)


def _syllable_share(reading: str) -> float:
    words = [word for word in _WORD.findall(reading[:_SAMPLE]) if not word.isascii()]
    if not words:
        return 0.0
    return sum(map(_is_syllable, words)) / len(words)


def _is_syllable(word: str) -> bool:
    decomposed = unicodedata.normalize("NFD", word.casefold())
    base, tones = _TONES.subn("", decomposed)
    return tones <= 1 and _SYLLABLE.fullmatch(unicodedata.normalize("NFC", base)) is not None


_TCVN3_FROM: Final = (
    "\u00b5\u00b8\u00b6\u00b7\u00b9\u00a8\u00bb\u00be\u00bc\u00bd\u00c6\u00a9\u00c7\u00ca\u00c8\u00c9\u00cb"
    "\u00ae\u00cc\u00d0\u00ce\u00cf\u00d1\u00aa\u00d2\u00d5\u00d3\u00d4\u00d6\u00d7\u00dd\u00d8\u00dc\u00de"
    "\u00df\u00e3\u00e1\u00e2\u00e4\u00ab\u00e5\u00e8\u00e6\u00e7\u00e9\u00ac\u00ea\u00ed\u00eb\u00ec\u00ee"
    "\u00ef\u00f3\u00f1\u00f2\u00f4\u00ad\u00f5\u00f8\u00f6\u00f7\u00f9\u00fa\u00fd\u00fb\u00fc\u00fe"
    "\u00a1\u00a2\u00a7\u00a3\u00a4\u00a5\u00a6"
)
_TCVN3_TO: Final = (
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"  # capitals share a font, not a code
    "ĂÂĐÊÔƠƯ"
)
_TCVN3: Final = str.maketrans(_TCVN3_FROM, _TCVN3_TO)

_VNI_MARKS: Final = {
    "ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323",
    "â": "\u0302", "à": "\u0302\u0300", "á": "\u0302\u0301", "å": "\u0302\u0309", "ã": "\u0302\u0303",
    "ä": "\u0302\u0323", "ê": "\u0306", "è": "\u0306\u0300", "é": "\u0306\u0301", "ú": "\u0306\u0309",
    "ü": "\u0306\u0303", "ë": "\u0306\u0323",
}  # fmt: skip
_VNI_ALONE: Final = {
    "ñ": "đ", "Ñ": "Đ", "ô": "ơ", "Ô": "Ơ", "ö": "ư", "Ö": "Ư", "ì": "ì", "í": "í", "æ": "ỉ", "ó": "ĩ",
    "ò": "ị", "î": "ỵ", "Ì": "Ì", "Í": "Í", "Æ": "Ỉ", "Ó": "Ĩ", "Ò": "Ị", "Î": "Ỵ",
}  # fmt: skip
_VNI: Final = re.compile("([aeouyAEOUYôöÔÖ])([øùûõïâàáåãäêèéúüëØÙÛÕÏÂÀÁÅÃÄÊÈÉÚÜË])|([ñÑôÔöÖìíæóòîÌÍÆÓÒÎ])")


def _from_vni(reading: str) -> str:
    def one(match: re.Match[str]) -> str:
        base, mark, alone = match.groups()
        if alone is not None:
            return _VNI_ALONE[alone]
        return _VNI_ALONE.get(base, base) + _VNI_MARKS[mark.casefold()]

    return unicodedata.normalize("NFC", _VNI.sub(one, reading))
