"""The words that stand before a value on Vietnamese portals, and the values that stand behind them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from collectors.reading.label_words import LABELS
from minhchung.observations import Block
from minhchung.text_keys import k2

_FIELD_OF: Final = {k2(word): field for field, words in LABELS.items() for word in words}
_LONGEST: Final = max(len(key.split()) for key in _FIELD_OF)
_SURE: Final = frozenset(
    ("number", "issued", "effective", "issuer", "doc_type", "signer", "published", "asked", "answered")
)
_BARE: Final = frozenset(
    key for key, field in _FIELD_OF.items() if " " in key and (field in _SURE or key.startswith("trich yeu"))
)
"""Labels that are believed without a colon behind them."""

_DAYS: Final = frozenset(("issued", "effective", "published", "asked", "answered"))
_DAY_WORDS: Final = ("ngay ", "thu ", "chu nhat")
"""Words (k2) with which a day may begin."""

_COLON: Final = re.compile(r"\s*[:：]\s*")
_RUN: Final = (
    r"(?<!\w)((?:Số[ /,-]*(?:[Kk][ýíyi] hiệu|hiệu)|Ngày (?:có )?hiệu lực|Ngày [a-zđà-ỹ]+(?: [a-zđà-ỹ]+)?"
    r"|Cơ quan ban hành|Đơn vị ban hành|Loại văn bản|Hình thức văn bản|Trích yếu|Người ký|Lĩnh vực|Lượt xem"
    r"|Nguồn|Tác giả))"
)
_MANY: Final = re.compile(_RUN + r"\s*:\s*")
_MANY_BARE: Final = re.compile(_RUN + r"\s*:?\s+(?=[\dA-ZĐÀ-Ỹ])")
_LEAST_BARE: Final = 3  # labels in one text that are believed without colons


@dataclass(frozen=True, slots=True)
class Value:
    """What stands behind a label, and where."""

    text: str
    path: str


@lru_cache(maxsize=16_384)
def field_of(label: str) -> str:
    """Return the field that a label names; empty for any other text."""
    if len(label) > 60:
        return ""
    key = k2(label)
    return _FIELD_OF.get(key, "") if key.count(" ") < _LONGEST else ""


def strip_label(text: str) -> str:
    """Return a value without the label that stands inside its own cell."""
    head, colon, rest = text.partition(":")
    return rest.strip() if colon and field_of(head) else text


def labelled_by(blocks: Sequence[Block], labels: Sequence[str]) -> Value | None:
    """Return the value behind one of these labels: in the same block, or in the next one."""
    keys = {k2(label) for label in labels}
    for n, block in enumerate(blocks):
        head, colon, rest = block.text.partition(":")
        if k2(head) not in keys:
            continue
        if colon and rest.strip():
            return Value(rest.strip(), block.path)
        if n + 1 < len(blocks):
            return Value(blocks[n + 1].text, blocks[n + 1].path)
    return None


def labelled(blocks: Sequence[Block]) -> dict[str, Value]:
    """Return the first value of every field that a label announces: inside a block, or in the next one."""
    found: dict[str, Value] = {}
    waiting = within = ""
    for block in blocks:
        field = field_of(block.text.rstrip(" :："))
        if field and block.link_text != block.text:
            waiting, within = field, _reach(block)
            continue
        inside = list(_inside(block))
        for name, value in inside:
            found.setdefault(name, value)
        if waiting and not inside and block.path.startswith(within):
            found.setdefault(waiting, Value(block.text, block.path))
        waiting = ""
    return found


def _reach(label: Block) -> str:
    """Return the path under which a label's value may stand: its parent's, or the row's of a label cell."""
    parent = label.path.rpartition(">")[0]
    return parent.rpartition(">")[0] if label.tag == "p" else parent


def _inside(block: Block) -> Iterable[tuple[str, Value]]:
    """Yield the fields and values of "Label: value" texts, several to a block where they are."""
    text = block.text
    if len(text) > 2000:
        return
    marks = list(_MANY.finditer(text)) if text.count(":") > 1 else []
    if not marks and text.startswith(("Số", "Cơ quan", "Loại", "Trích")):
        marks = list(_MANY_BARE.finditer(text))
        marks = marks if len(marks) >= _LEAST_BARE else []
    if len(marks) > 1 and marks[0].start() == 0:
        for mark, following in zip(marks, [*marks[1:], None], strict=True):
            end = following.start() if following is not None else len(text)
            if field := field_of(mark[1]):
                yield field, Value(text[mark.end() : end].strip(" |;,-"), block.path)
        return
    split = _COLON.split(text, 1)
    if len(split) == 2:
        if field := field_of(split[0].lstrip("-+•*( ")):
            yield field, Value(split[1].strip(), block.path)
        return
    words = text.split(" ")
    for length in range(min(_LONGEST, len(words) - 1), 1, -1):
        label = " ".join(words[:length])
        field = _FIELD_OF[k2(label)] if k2(label) in _BARE else ""
        value = " ".join(words[length:])
        if field and _may_follow(value, field):
            yield field, Value(value, block.path)
            return


def _may_follow(value: str, field: str) -> bool:
    """Say whether a text may be the value of a field whose label has no colon."""
    if value[0].isdigit() or not value[0].isupper():
        return value[0].isdigit()
    return field not in _DAYS or (k2(value).startswith(_DAY_WORDS) and any(map(str.isdigit, value)))
