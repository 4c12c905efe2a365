"""One pass over a tree that takes down blocks, headings, links, images and forms.

A block is the text between two boundaries of block elements (or line breaks), told under the nearest block
element around it: a leaf block element is one block; loose text beside block children is one of its parent's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from collectors.addresses import absolute
from collectors.reading.elements import BLOCKS, LEAVES, REGIONS, ROLES, SKIPPED
from collectors.reading.forms import FormBuilder
from collectors.reading.markup import Node
from collectors.reading.texts import tidy
from minhchung.observations import Block, PageImage, PageLink, Region

_CONTROLS: Final = frozenset(("input", "select", "textarea", "button"))
_HEADINGS: Final = frozenset(("h1", "h2", "h3"))
_MOVING: Final = frozenset(("marquee", "blink"))
_CRUMBS: Final = re.compile(r"bread-?crumb|duong-?dan", re.IGNORECASE)
_CRUMB_SIGNS: Final = re.compile(r"\s*[»›>→]\s*|\s+[/|]\s+")
_WHOLE_PAGE: Final = "input[name=__VIEWSTATE],main,article,nav,header,footer,h1"
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MOST_NODES: Final = 400_000
_MOST_TEXT: Final = 20_000  # characters of one block
_DEEPEST_PATH: Final = 60  # below this depth elements go by their ancestor's path


@dataclass(slots=True)
class _Link:
    url: str
    path: str
    region: Region
    title: str
    words: list[str] = field(default_factory=list)
    alts: list[str] = field(default_factory=list)
    images: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Frame:
    """An element that is still open."""

    node: Node
    tag: str
    path: str
    depth: int
    region: Region
    classes: str
    above: str
    """Class attribute of the parent."""

    owner: _Frame | None = None
    """Nearest block element around; None: it is itself one."""

    heading: bool = False
    link: _Link | None = None
    unseen: bool = False
    in_article: bool = False
    in_label: bool = False
    children: int = 0
    begins: Counts = (0, 0, 0)


Counts = tuple[int, int, int]
"""How many blocks, links and times had been taken down at some point."""


@dataclass(frozen=True, slots=True)
class Time:
    """A `time` element: what it declares, what it prints, where."""

    declared: str
    printed: str
    path: str
    region: Region


class Outline:
    """What one pass took down."""

    def __init__(self, body: Node, base: str) -> None:
        self.paths: dict[int, tuple[str, Region]] = {}
        """Identity of a shown element -> its CSS path and region."""

        self.spans: dict[int, tuple[Counts, Counts]] = {}
        """Identity of a shown element -> the counts where it begins and ends; exact for block elements."""

        self.blocks: list[Block] = []
        self.link_marks: list[int] = []
        """For each block: how many links had ended when it began to be told."""

        self.times: list[Time] = []
        self.headings: list[Block] = []
        self.breadcrumb: list[str] = []
        self.links: list[PageLink] = []
        self.moving: list[str] = []
        self._downloads: set[str] = set()
        self.forms = FormBuilder(base)
        self._base = base
        self._images: list[tuple[str, str | None, int | None, Region, str]] = []
        self._alone: set[int] = set()
        self._words: list[str] = []
        self._linked: list[str] = []
        self._in_link = False
        self._walk(body)

    @property
    def downloads(self) -> frozenset[str]:
        """Return the addresses of links that say of themselves that they lead to a file."""
        return frozenset(self._downloads)

    @property
    def images(self) -> tuple[PageImage, ...]:
        """Return the images, each told whether it stands alone in a link."""
        return tuple(
            PageImage(url=url, alt=alt, alone_in_link=n in self._alone, width=width, region=region, path=path)
            for n, (url, alt, width, region, path) in enumerate(self._images)
        )

    def _walk(self, body: Node) -> None:
        first = _Frame(body, "body", "body", 0, "main", "", "")
        self.paths[body.mem_id] = ("body", "main")
        stack, node, left = [first], body.child, _MOST_NODES
        while stack:
            if node is None or left == 0:
                done = stack.pop()
                self._close(done)
                node = done.node.next if stack else None
                continue
            left -= 1
            tag = node.tag or ""
            if tag == "-text":
                self._text(stack[-1], node.text_content or "")
            elif not tag.startswith("-") and (frame := self._open(stack[-1], node, tag)) is not None:
                stack.append(frame)
                node = node.child
                continue
            node = node.next

    def _text(self, frame: _Frame, text: str) -> None:
        if frame.link is not None:
            frame.link.words.append(text)
        if frame.unseen:
            return
        linked = frame.link is not None
        if self._glues(text, linked):
            self._words.append(" ")
            self._linked.append(" ")
        self._in_link = linked
        self._words.append(text)
        if linked:
            self._linked.append(text)

    def _glues(self, text: str, linked: bool) -> bool:
        """Say whether a text would be glued to a neighbour that only style sets apart."""
        last = self._words[-1] if self._words else ""
        if not last or not last[-1].isalnum() or not text[:1].isalnum():
            return False
        return linked != self._in_link or (text[0].isdigit() and last[-1].isdigit())

    def _open(self, parent: _Frame, node: Node, tag: str) -> _Frame | None:
        """Return the frame of an element to go into, or None for one that has been dealt with."""
        parent.children += 1
        if tag in SKIPPED:
            return None
        given = node.attributes
        path = parent.path
        if parent.depth < _DEEPEST_PATH:
            path = f"{path}>{tag}:nth-child({parent.children})"
        region = self._region(parent, node, tag, given)
        self.paths[node.mem_id] = (path, region)
        unseen = parent.unseen or "hidden" in given
        if not unseen and (style := given.get("style")):
            unseen = _HIDDEN.search(style) is not None
        if tag in _CONTROLS:
            self.forms.control(node, tag, given, path, seen=not unseen, in_label=parent.in_label)
        if tag in LEAVES:
            self._leaf(parent, tag, given, path, region)
            return None
        frame = _Frame(
            node, tag, path, parent.depth + 1, region, given.get("class") or "", parent.classes,
            parent.owner or parent, parent.heading, parent.link, unseen,
            parent.in_article or tag in {"article", "main"}, parent.in_label or tag == "label",
        )  # fmt: skip
        if tag in BLOCKS and not parent.heading:
            self._flush(parent)
        frame.begins = self._counts()
        self._note(parent, frame, given)
        return frame

    def _note(self, parent: _Frame, frame: _Frame, given: dict[str, str | None]) -> None:
        """Take down what begins with this element."""
        tag = frame.tag
        if tag in BLOCKS and not parent.heading:
            frame.owner, frame.heading = None, tag in _HEADINGS
        if tag == "a" and (href := given.get("href")) and (url := absolute(self._base, href)):
            frame.link = _Link(url, frame.path, frame.region, given.get("title") or "")
            if "download" in given:
                self._downloads.add(url)
        elif tag == "form":
            self.forms.begin(frame.path, given)
        elif tag == "time":
            printed = tidy(frame.node.text())
            self.times.append(Time(tidy(given.get("datetime") or ""), printed, frame.path, frame.region))
        elif tag == "label":
            self.forms.label(given.get("for") or "")
        elif tag in _MOVING:
            self.moving.append(frame.path)

    def _region(self, parent: _Frame, node: Node, tag: str, given: dict[str, str | None]) -> Region:
        marked = REGIONS.get(tag)
        if not given and marked is None:
            return parent.region
        marked = ROLES.get(given.get("role") or "") or marked
        if marked is None:
            names = f"{given.get('class') or ''} {given.get('id') or ''}"
            return "breadcrumb" if _CRUMBS.search(names) else parent.region
        if _CRUMBS.search(f"{given.get('class') or ''} {given.get('aria-label') or ''}"):
            return "breadcrumb"
        if tag in {"header", "footer"} and parent.in_article:
            return parent.region  # of an article, not of the page
        if marked == "form" and node.css_first(_WHOLE_PAGE) is not None:
            return parent.region  # WebForms wraps the whole page into one form
        return marked

    def _leaf(
        self, parent: _Frame, tag: str, given: dict[str, str | None], path: str, region: Region
    ) -> None:
        if tag == "img":
            self._image(parent, given, path, region)
        elif tag in {"br", "hr"}:
            if parent.heading:
                self._words.append(" ")
            else:
                self._flush(parent)
        elif tag == "area" and (url := absolute(self._base, given.get("href") or "")):
            text = tidy(given.get("alt") or given.get("title") or "")
            self.links.append(PageLink(url=url, text=text, region=region, path=path))

    def _image(self, parent: _Frame, given: dict[str, str | None], path: str, region: Region) -> None:
        source = given.get("src") or ""
        if not source or source.startswith("data:"):
            source = given.get("data-src") or given.get("data-original") or source
        alt = tidy(given.get("alt") or "") if "alt" in given else None
        width = (given.get("width") or "").strip().removesuffix("px")
        pixels = int(width) if width.isascii() and width.isdigit() and len(width) < 6 else None
        if parent.link is not None:
            parent.link.images.append(len(self._images))
            parent.link.alts.append(alt or given.get("title") or "")
        self._images.append((absolute(self._base, source), alt, pixels, region, path))

    def _close(self, frame: _Frame) -> None:
        if frame.owner is None:
            block = self._flush(frame)
            if block is not None and frame.heading:
                self.headings.append(block)
        if frame.tag == "a" and frame.link is not None:
            if frame.begins[0] < len(self.blocks) and not frame.heading:
                self._flush(frame)  # a link around blocks is a boundary like them
            self._end_link(frame.link)
        elif frame.tag == "form":
            self.forms.end()
        self.spans[frame.node.mem_id] = (frame.begins, self._counts())

    def _counts(self) -> Counts:
        return len(self.blocks), len(self.links), len(self.times)

    def _end_link(self, link: _Link) -> None:
        text = tidy("".join(link.words))
        if not text:
            self._alone.update(link.images)
            text = tidy(" ".join(link.alts)) or tidy(link.title)
        self.links.append(PageLink(url=link.url, text=text, region=link.region, path=link.path))

    def _flush(self, frame: _Frame) -> Block | None:
        """End the run of text that stands under the nearest block element."""
        if frame.link is not None:
            frame.link.words.append(" ")
        if not self._words:
            return None
        text = tidy("".join(self._words))[:_MOST_TEXT]
        linked = tidy("".join(self._linked))[:_MOST_TEXT] if self._linked else ""
        self._words, self._linked = [], []
        if not text:
            return None
        owner = frame.owner or frame
        block = Block(
            text=text, tag=owner.tag, region=owner.region, link_text=linked,
            classes=f"{owner.classes} {owner.above}".strip(), path=owner.path,
        )  # fmt: skip
        self.blocks.append(block)
        self.link_marks.append(len(self.links))
        if owner.region == "breadcrumb":
            self.breadcrumb += [part for part in _CRUMB_SIGNS.split(text) if part]
        return block
