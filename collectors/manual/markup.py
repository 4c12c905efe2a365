"""Pages redacted: every text, attribute, field; scripts and comments gone; labels and columns heeded.

Everything that comes out was put there by a rule here: what is not understood is not passed on.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from collectors.manual.redactor import MARK, Redactor
from collectors.manual.secrets import REMOVED, is_secret_name

_VOID: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_SILENT: Final = frozenset({"script", "noscript", "textarea", "object", "applet", "title-data"})
"""Elements of which the tag is kept and nothing of what is in them."""

_COUNTED: Final = {"script": "script", "textarea": "field"}
_INLINE: Final = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "font", "i", "mark", "q", "s", "small", "span",
     "strong", "sub", "sup", "u", "wbr"}
)  # fmt: skip
"""Elements that do not end a run of text."""

_FIELDS: Final = frozenset({"input", "select", "textarea", "button"})
_ADDRESSES: Final = frozenset({"href", "src", "action", "formaction", "poster", "cite", "background"})
_DROPPED: Final = frozenset({"srcdoc", "nonce", "integrity", "srcset", "ping", "data"})
_LABELS: Final = ("data-label", "data-title", "data-th", "data-field", "aria-label", "name", "id")
_BUTTONS: Final = frozenset({"submit", "button", "reset", "checkbox", "radio"})
_LONGEST_LABEL: Final = 60
_SPACE: Final = re.compile(r"\s+")


@dataclass(slots=True)
class _Chunk:
    """One text between two tags."""

    text: str
    labelled: bool
    run: int


@dataclass(slots=True)
class _Table:
    """A table being read: the words over its columns, and where in it we are."""

    heads: dict[int, str] = field(default_factory=dict)
    column: int = 0
    span: int = 1
    in_head: bool = False
    cell: str = ""
    words: list[str] = field(default_factory=list)
    headed: bool = False
    """The row has a heading cell."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """A page redacted, and which of its texts were changed into what."""

    html: str
    changed: dict[str, str]


def redact(markup: str, redactor: Redactor) -> Redacted:
    """Return a page without credentials and personal data; read twice: what stands late is known early."""
    with redactor.learning():
        _read(markup, redactor)
    return _read(markup, redactor)


def _read(markup: str, redactor: Redactor) -> Redacted:
    reader = _Reader(redactor)
    reader.feed(markup)
    reader.close()
    return reader.finished()


class _Reader(HTMLParser):
    def __init__(self, redactor: Redactor) -> None:
        super().__init__(convert_charrefs=True)
        self._redactor = redactor
        self._out: list[str | _Chunk] = []
        self._run = 0
        self._silent: list[str] = []
        self._tables: list[_Table] = []
        self._open: list[tuple[str, bool]] = []
        """Tag, and whether it names what it holds as personal."""

        self._before = ""
        """The last text, where it may be the label of the next one."""

    # --- tags ------------------------------------------------------------------------------------

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._silent:
            if tag == self._silent[-1]:
                self._silent.append(tag)
            return
        if tag not in _INLINE:
            self._run += 1
        if tag in _FIELDS:
            self._before = ""
        self._into(tag, dict(attrs))
        said = "".join(self._attribute(tag, dict(attrs), name, value) for name, value in attrs)
        self._out.append(f"<{_plain(tag)}{said}>")
        if tag in _SILENT:
            self._silent.append(tag)
        elif tag not in _VOID:
            named = {name: value or "" for name, value in attrs}
            self._open.append((tag, self._names_personal(tag, named)))

    def _names_personal(self, tag: str, attrs: dict[str, str]) -> bool:
        personal = self._redactor.personal
        if personal.keys(tag) and tag != "address":
            return True
        return any(
            personal.labels(attrs[name]) or (name in ("name", "data-field") and personal.keys(attrs[name]))
            for name in _LABELS
            if attrs.get(name) and tag not in ("form", "html", "body", "table", "main", "section", "div")
        )

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            if tag == self._silent[-1]:
                self._silent.pop()
                if not self._silent:
                    self._out.append(f"</{_plain(tag)}>")
            return
        if tag not in _INLINE:
            self._run += 1
        self._out_of(tag)
        for n in range(len(self._open) - 1, -1, -1):
            if self._open[n][0] == tag:
                del self._open[n:]
                break
        if tag not in _VOID:
            self._out.append(f"</{_plain(tag)}>")

    def _into(self, tag: str, attrs: dict[str, str | None]) -> None:
        if tag == "table":
            self._tables.append(_Table())
        if not self._tables:
            return
        table = self._tables[-1]
        if tag == "thead":
            table.in_head = True
        elif tag == "tr":
            table.column, table.span, table.headed = 0, 0, False
        elif tag in ("td", "th"):
            table.column += table.span
            said = attrs.get("colspan") or "1"
            table.span = min(int(said), 100) if said.isdecimal() else 1
            table.cell, table.words = tag, []

    def _out_of(self, tag: str) -> None:
        if not self._tables:
            return
        table = self._tables[-1]
        if tag in ("td", "th") and table.cell:
            first_row = table.cell == "td" and not table.heads and table.in_head
            if table.cell == "th" or first_row:
                table.heads[table.column] = " ".join(table.words)
            table.cell = ""
        elif tag == "thead":
            table.in_head = False
        elif tag == "table":
            self._tables.pop()

    def _attribute(self, tag: str, attrs: dict[str, str | None], name: str, value: str | None) -> str:
        name = _plain(name)
        if not name or name.startswith("on") or name in _DROPPED:
            return ""
        if value is None:
            return f" {name}"
        return f' {name}="{html.escape(self._attribute_value(tag, attrs, name, value))}"'

    def _attribute_value(self, tag: str, attrs: dict[str, str | None], name: str, value: str) -> str:
        redactor = self._redactor
        if name in _ADDRESSES or name.endswith(":href"):
            return redactor.url(value)
        kind = (attrs.get("type") or "text").casefold()
        if name == "value" and tag == "input" and kind not in _BUTTONS:
            if value:
                (redactor.learn_secrets if kind in ("password", "hidden") else redactor.learn_personal)(
                    (value,)
                )
                redactor.counts["field"] += 1
            return ""
        called = attrs.get("name") or attrs.get("property") or attrs.get("id") or ""
        if is_secret_name(name) or (name in ("content", "value") and is_secret_name(called)):
            redactor.learn_secrets((value,))
            redactor.counts["credential"] += 1
            return REMOVED
        if name.startswith("data-") and redactor.personal.keys(name[5:]):
            return redactor.value(value)
        if tag == "meta" and attrs.get("http-equiv") and name == "content":
            return redactor.url(value.partition("=")[2].strip("'\" ")) if "=" in value else ""
        return redactor.said(value)

    # --- texts -----------------------------------------------------------------------------------

    def handle_data(self, data: str) -> None:
        if self._silent:
            if data.strip() and self._silent[-1] in _COUNTED:
                self._redactor.counts[_COUNTED[self._silent[-1]]] += 1
            return
        words = _SPACE.sub(" ", data).strip()
        labelled = bool(words) and self._is_labelled(words)
        self._out.append(_Chunk(data, labelled, self._run))
        if words:
            self._before = words
            if self._tables and self._tables[-1].cell:
                self._tables[-1].words.append(words)

    def _is_labelled(self, words: str) -> bool:
        personal = self._redactor.personal
        table = self._tables[-1] if self._tables else None
        heading = table is not None and (table.cell == "th" or table.in_head)
        if heading or self._open[-1:] in ([("label", True)], [("label", False)]):
            return False
        if any(named for _, named in self._open):
            return True
        if table is not None and table.cell and table.heads.get(table.column):
            return personal.labels(table.heads[table.column])
        before = self._before
        if not before or len(before) > _LONGEST_LABEL or not personal.labels(before):
            return False
        return not personal.labels(words) or len(words) > _LONGEST_LABEL

    def finished(self) -> Redacted:
        """Put the page together, run by run of text."""
        changed: dict[str, str] = {}
        runs: dict[int, list[_Chunk]] = {}
        for part in self._out:
            if isinstance(part, _Chunk):
                runs.setdefault(part.run, []).append(part)
        said: dict[int, str] = {}
        for chunks in runs.values():
            for chunk, masked in zip(chunks, self._masked(chunks), strict=True):
                said[id(chunk)] = masked
                if masked != unicodedata.normalize("NFC", chunk.text):
                    changed[chunk.text] = masked
        whole = "".join(
            html.escape(said[id(part)], quote=False) if isinstance(part, _Chunk) else part
            for part in self._out
        )
        return Redacted(whole, changed)

    def _masked(self, chunks: list[_Chunk]) -> list[str]:
        """Mask labelled chunks whole, and the run as one text: a name may stand in two elements."""
        texts = [
            self._redactor.value(chunk.text) if chunk.labelled else unicodedata.normalize("NFC", chunk.text)
            for chunk in chunks
        ]
        whole = self._redactor.text("".join(texts))
        if len(whole) != sum(map(len, texts)):  # a letter was composed across two elements
            return [re.sub(r"\w", MARK, text) for text in texts]
        cut, place = [], 0
        for text in texts:
            cut.append(whole[place : place + len(text)])
            place += len(text)
        return cut


def _plain(name: str) -> str:
    return re.sub(r"[^\w:.-]", "", name)
