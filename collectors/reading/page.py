"""A page, read once: its tree for selectors, its outline for everybody else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from collectors.addresses import absolute
from collectors.reading.markup import Node, Tree, attribute, parse, select, visible_text
from collectors.reading.outline import Counts, Outline, Time
from collectors.reading.texts import letters, tidy
from minhchung.errors import UnrecognisedError
from minhchung.evidence import EvidenceRecord, Locator
from minhchung.observations import Block, PageLink, Region, SitePage

PageRole = Literal["home", "site", "list", "item", "search", "foreign"]

_MOUNTS: Final = "#app,#root,#__next,#__nuxt,app-root,[data-reactroot],[ng-app],[ng-version]"
_SHELL_LETTERS: Final = 240  # a page with scripts, a mount point and fewer letters than this is a shell
_BARE_LETTERS: Final = 60  # the same where no mount point is known
_NOTHING_LETTERS: Final = 20  # what a page whose scripts have run shows at least
_SHELL_LINKS: Final = 8


class Page:
    """One page of a portal."""

    def __init__(self, text: str, url: str) -> None:
        self.url = url
        self.tree: Tree = parse(text)
        declared = self.tree.css_first("base[href]")
        self.base = (absolute(url, attribute(declared, "href")) if declared is not None else "") or url
        self.outline = Outline(self.body, self.base)
        self.title = self._title()

    @property
    def body(self) -> Node:
        """Return the body element, which every parsed page has."""
        body = self.tree.body
        if body is None:
            raise UnrecognisedError(f"{self.url}: the answer holds no page body; look at the record")
        return body

    def path(self, node: Node) -> str:
        """Return the CSS path of an element; empty for one that is not shown."""
        return self.outline.paths.get(node.mem_id, ("", "main"))[0]

    def region(self, node: Node) -> Region:
        """Return the region an element stands in."""
        return self.outline.paths.get(node.mem_id, ("", "main"))[1]

    def blocks_in(self, node: Node) -> Sequence[Block]:
        """Return the blocks of an element, in order."""
        first, last = self.span(node)
        return self.outline.blocks[first[0] : last[0]]

    def links_in(self, node: Node) -> Sequence[PageLink]:
        """Return the links of an element, in order."""
        first, last = self.span(node)
        return self.outline.links[first[1] : last[1]]

    def times_in(self, node: Node) -> Sequence[Time]:
        """Return the `time` elements inside an element, in order."""
        first, last = self.span(node)
        return self.outline.times[first[2] : last[2]]

    def span(self, node: Node) -> tuple[Counts, Counts]:
        """Return where an element begins and ends among the page's blocks, links and times."""
        return self.outline.spans.get(node.mem_id, ((0, 0, 0), (0, 0, 0)))

    def text(self, node: Node) -> str:
        """Return the visible text of an element."""
        blocks = self.blocks_in(node)
        return " ".join(block.text for block in blocks) if blocks else tidy(visible_text(node))

    def tooltips(self, node: Node) -> list[str]:
        """Return the title attributes of the links of an element."""
        return [tidy(attribute(link, "title")) for link in select(node, "a[title]")]

    def meta(self, *names: str) -> str:
        """Return the content of the first meta element of one of these names, properties or itemprops."""
        for name in names:
            for kind in ("property", "name", "itemprop"):
                found = self.tree.css_first(f'meta[{kind}="{name}"]')
                if found is not None and (content := tidy(attribute(found, "content"))):
                    return content
        return ""

    def shows_nothing(self, *, rendered: bool) -> bool:
        """Say whether scripts are there and text is not; once they have run, whether there is none at all."""
        if rendered:
            return sum(letters(block.text) for block in self.outline.blocks) < _NOTHING_LETTERS
        if len(self.outline.links) > _SHELL_LINKS or self.tree.css_first("script") is None:
            return False
        most = _SHELL_LETTERS if self.tree.css_first(_MOUNTS) is not None else _BARE_LETTERS
        return sum(letters(block.text) for block in self.outline.blocks) < most

    def observation(self, record: EvidenceRecord, role: PageRole) -> SitePage:
        """Return the page as it is kept."""
        seen, html = self.outline, self.tree.root
        lang = (attribute(html, "lang") or attribute(html, "xml:lang")) if html is not None else ""
        canonical = self.tree.css_first("link[rel=canonical][href]")
        return SitePage(
            agency=record.agency,
            run=record.run,
            seen=Locator(record=record.id),
            url=self.url,
            role=role,
            title=self.title,
            lang=tidy(lang),
            headings=tuple(seen.headings),
            breadcrumb=tuple(seen.breadcrumb),
            blocks=tuple(seen.blocks),
            links=tuple(seen.links),
            images=seen.images,
            controls=seen.forms.controls,
            forms=tuple(seen.forms.forms),
            moving=tuple(seen.moving),
            canonical=absolute(self.base, tidy(attribute(canonical, "href")))
            if canonical is not None
            else "",
            shell=self.shows_nothing(rendered=record.kind == "resource"),
        )

    def _title(self) -> str:
        for node in self.tree.css("title"):
            parent = node.parent
            if (parent is None or parent.tag != "svg") and (text := tidy(node.text())):
                return text
        return ""
