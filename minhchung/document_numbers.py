"""Numbers and symbols of Vietnamese documents: one normal form, their class, and their parts.

Three forms are told apart: normative `N/YYYY/TYPE-BODY`, individual `N/TYPE-BODY`, official letter
`N/BODY-UNIT` (which carries no type). Party documents write `N-TYPE/BODY`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from minhchung.text_keys import clean

NumberClass = Literal["normative", "individual", "letter", "party"]

LETTER: Final = "Công văn"
TYPES: Final[dict[str, str]] = {
    "NQ": "Nghị quyết",
    "QĐ": "Quyết định",
    "CT": "Chỉ thị",
    "QC": "Quy chế",
    "QYĐ": "Quy định",
    "TC": "Thông cáo",
    "TB": "Thông báo",
    "HD": "Hướng dẫn",
    "CTR": "Chương trình",
    "KH": "Kế hoạch",
    "PA": "Phương án",
    "ĐA": "Đề án",
    "DA": "Dự án",
    "BC": "Báo cáo",
    "BB": "Biên bản",
    "TTR": "Tờ trình",
    "HĐ": "Hợp đồng",
    "CĐ": "Công điện",
    "BGN": "Bản ghi nhớ",
    "BTT": "Bản thỏa thuận",
    "GUQ": "Giấy ủy quyền",
    "GM": "Giấy mời",
    "GGT": "Giấy giới thiệu",
    "GNP": "Giấy nghỉ phép",
    "PG": "Phiếu gửi",
    "PC": "Phiếu chuyển",
    "PB": "Phiếu báo",
    "SY": "Bản sao y",
    "TRS": "Bản trích sao",
    "SL": "Bản sao lục",
    "NĐ": "Nghị định",
    "TT": "Thông tư",
    "TTLT": "Thông tư liên tịch",
    "PL": "Pháp lệnh",
    "L": "Lệnh",
    "VBHN": "Văn bản hợp nhất",
    "KL": "Kết luận",
    "CV": LETTER,
}
"""Abbreviation in upper case -> name of the type: the 27 of NĐ 30/2020, copies, normative and party ones."""

_MISREAD: Final = {
    "QD": "QĐ",
    "QB": "QĐ",
    "OB": "QĐ",
    "OĐ": "QĐ",
    "OD": "QĐ",
    "0D": "QĐ",
    "0Đ": "QĐ",
    "ND": "NĐ",
    "CD": "CĐ",
}
"""Slips of scanning and typing met in published documents."""

_PREFIX: Final = re.compile(r"^SỐ(?:\s*(?:K[ÝÍ]\s*HIỆU|HIỆU|VĂN BẢN))?\s*[:.]?\s*(?=\d)")
_BLANKS: Final = re.compile(r"\s*([/-])\s*")
_ZEROS: Final = re.compile(r"^0+(?=\d)")
_SYMBOL: Final = r"(?=[^/]*[^\W\d_])[^\W_]+(?:[-&][^\W_]+){0,5}"
_SERIAL: Final = r"\d{1,6}(?:\.\d{1,4})?[A-ZĐ]?"
_STATE: Final = re.compile(rf"^({_SERIAL})(?:/((?:19|20)\d\d))?/({_SYMBOL})$")
_PARTY: Final = re.compile(rf"^({_SERIAL})-([^\W\d_]+)/({_SYMBOL})$")
_GROUP: Final = r"(?:0[DĐ](?=\s?-)|[A-ZĐÂÊÔƠƯĂÐ][^\W_]*)"
_IN_TEXT: Final = re.compile(
    rf"(?<![\w/.,-])(?:\d{{1,6}}(?:\.\d{{1,4}})?[a-zA-ZđĐ]?\s?/\s?(?:(?:19|20)\d\d\s?/\s?{_GROUP}(?:\s?-\s?{_GROUP})*"
    rf"|{_GROUP}(?:\s?[-–]\s?{_GROUP})+)|\d{{1,6}}\s?-\s?(?:{'|'.join(TYPES)})\s?/\s?{_GROUP})(?![\w/])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentNumber:
    """A number and symbol taken apart; every part in upper case."""

    normalised: str
    serial: str
    """Without leading zeros, e.g. `66.14` or `12A`."""

    year: int | None
    """Only where the number itself carries it."""

    type: str
    """Abbreviation, a key of TYPES; empty for official letters and for laws (`51/2019/QH14`)."""

    body: str
    """Issuing body, e.g. `UBND`, `SXD`."""

    unit: str
    """What follows the body: drafting unit of a letter, further bodies."""

    kind: NumberClass

    @property
    def form(self) -> str:
        """Return the name of the document's type; empty where the number does not tell it."""
        if self.kind == "letter":
            return LETTER
        return TYPES.get(self.type, "")


def normalise(text: str) -> str:
    """Return the number in its normal form: NFC, upper case, Đ, no blanks around signs, no leading zeros."""
    upper = " ".join(clean(text).upper().replace("Ð", "Đ").replace("–", "-").replace("—", "-").split())
    bare = _PREFIX.sub("", upper).strip(" .,;:")
    return _ZEROS.sub("", _BLANKS.sub(r"\1", bare))


def parse(text: str) -> DocumentNumber | None:
    """Return the parts of a text that is a number and nothing else, or None."""
    normal = normalise(text)
    if (party := _PARTY.match(normal)) is not None and _type(party[2]):
        body, _, unit = party[3].partition("-")
        return DocumentNumber(
            normalised=normal,
            serial=party[1],
            year=None,
            type=_type(party[2]),
            body=body,
            unit=unit,
            kind="party",
        )
    if (state := _STATE.match(normal)) is None:
        return None
    year = int(state[2]) if state[2] else None
    first, _, rest = state[3].partition("-")
    kind, mark = _class(first, year)
    if mark:
        first, _, rest = rest.partition("-")
    return DocumentNumber(
        normalised=normal, serial=state[1], year=year, type=mark, body=first, unit=rest, kind=kind
    )


def find(text: str) -> str:
    """Return the first document number printed inside a text, as printed; empty where there is none."""
    return next((number for number, _ in find_all(text)), "")


def find_all(text: str) -> tuple[tuple[str, int], ...]:
    """Return the document numbers printed inside a text, as printed, each with where it begins.

    Offsets are those of the text as `clean` returns it.
    """
    return tuple((m[0], m.start()) for m in _IN_TEXT.finditer(clean(text)) if parse(m[0]) is not None)


def _type(group: str) -> str:
    mark = _MISREAD.get(group, group)
    return mark if mark in TYPES else ""


def _class(first: str, year: int | None) -> tuple[NumberClass, str]:
    """Return the class and the type that the first group of the symbol tells."""
    mark = _type(first)
    if mark == "CV":
        return "letter", mark
    if year is not None and (mark or first.startswith("QH")):
        return "normative", mark
    return ("individual", mark) if mark else ("letter", "")
