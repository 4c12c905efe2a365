"""What of a page is its own: blocks that are not repeated over the site, its text, files and images (G4).

A block seen on many pages of a host is boilerplate. Pages that nobody could see might have held a block
as well, so a block is the page's own only when no answer of the unseen pages could make it boilerplate:
refusing pages never turns a shared box into content (G11).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from minhchung.observations import Attachment, Block, ImageFile, PageImage, PageLink, SitePage
from verifiers.addresses import normal, page_key
from verifiers.headings import key_of as key_of
from verifiers.headings import title_heading
from verifiers.interface import CommonSettings

FRAME_REGIONS: Final = frozenset({"nav", "header", "footer"})
_NOT_TEXT: Final = FRAME_REGIONS | {"form", "breadcrumb"}
FILE_TYPES: Final = frozenset({"pdf", "doc", "docx", "xls", "xlsx", "odt", "ods", "rtf", "zip"})
_FILE_ENDINGS: Final = tuple(f".{kind}" for kind in sorted(FILE_TYPES))
MIN_FILE_BYTES: Final = 1024
OWN_IMAGE_WIDTH: Final = 400
"""Pixels."""

ANSWERED: Final = frozenset({200, 203, 206, 304})
MOVED: Final = frozenset({301, 302, 303, 307, 308})


@lru_cache(maxsize=131_072)
def letters(text: str) -> int:
    """Return how many letters and digits the text holds."""
    return sum(map(str.isalnum, text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Boilerplate:
    """What the pages of one host repeated in one pass."""

    pages: int
    """Distinct pages that were counted."""

    enough: bool
    """False: too few pages to say what is repeated (`coverage-below`)."""

    texts: frozenset[str] = frozenset()
    """k2 of repeated blocks."""

    targets: frozenset[str] = frozenset()
    """Normal addresses of repeated links and images."""


def count_boilerplate(
    pages: Iterable[SitePage],
    common: CommonSettings,
    *,
    walked: Container[str] | None = None,
    unseen: int = 0,
    capped: bool = False,
    hold: bool = True,
) -> Boilerplate:
    """Return what is repeated over the distinct pages of one host in one pass.

    Item pages are fetched once and list pages in every pass, so a share over all of them would depend on
    our own habits: what reaches the share among all pages or among the pages that are no items is
    repeated. `unseen` pages of the walk are taken to hold every block, or
    none when not `hold`; of a `capped` walk their number is unknown and two pages are enough.
    """
    distinct = {page_key(page.url): page for page in pages}
    said = {key: (_texts_of(page), _targets_of(page)) for key, page in distinct.items()}
    site = [
        key for key, page in distinct.items() if (page.role != "item" if walked is None else key in walked)
    ]
    texts: set[str] = set()
    targets: set[str] = set()
    for sample, hidden in ((site, unseen), (list(distinct), 0)):
        least = _least(len(sample) + hidden, common) - (hidden if hold else 0)
        least = min(least, 2) if capped else least
        texts |= _repeated((said[key][0] for key in sample), least)
        targets |= _repeated((said[key][1] for key in sample), least)
        if len(site) == len(distinct) and not hidden:
            break
    return Boilerplate(
        pages=len(distinct),
        enough=len(distinct) >= common.boilerplate_min_pages,
        texts=frozenset(texts),
        targets=frozenset(targets),
    )


def _least(pages: int, common: CommonSettings) -> int:
    share = -(-pages * common.boilerplate_percent // 100)
    return max(common.boilerplate_min, share)


def _repeated(sets: Iterable[set[str]], least: int) -> set[str]:
    counted: Counter[str] = Counter()
    for each in sets:
        counted.update(each)
    return {text for text, times in counted.items() if times >= least}


def _texts_of(page: SitePage) -> set[str]:
    said = {key_of(block.text) for block in page.blocks} | {key_of(block.text) for block in page.headings}
    return said | {key_of(title_heading(page.title))}


def _targets_of(page: SitePage) -> set[str]:
    return {normal(link.url) for link in page.links} | {normal(image.url) for image in page.images}


def own_blocks(page: SitePage, boilerplate: Boilerplate) -> Iterator[Block]:
    """Yield the blocks of the page's own text, in order."""
    for block in text_blocks(page):
        if key_of(block.text) not in boilerplate.texts:
            yield block


def text_blocks(page: SitePage) -> Iterator[Block]:
    """Yield the blocks outside navigation, header, footer and forms, repeated or not.

    Some portals wrap the whole page in one form; there the form is no region of its own.
    """
    wrapped = in_one_form(page)
    for block in page.blocks:
        if block.region not in _NOT_TEXT or (wrapped and block.region == "form"):
            yield block


def in_one_form(page: SitePage) -> bool:
    """Say whether one form holds the whole page: no block stands in the main region, headings in the form."""
    return any(h.region == "form" for h in page.headings) and not any(b.region == "main" for b in page.blocks)


def own_characters(page: SitePage, boilerplate: Boilerplate) -> int:
    """Return the letters and digits of the page's own text outside links."""
    return sum(max(0, letters(b.text) - letters(b.link_text)) for b in own_blocks(page, boilerplate))


def main_text(page: SitePage) -> str:
    """Return k2 of the page's text outside navigation, header, footer and forms."""
    return " ".join(filter(None, (key_of(block.text) for block in text_blocks(page))))


def offered_files(page: SitePage, boilerplate: Boilerplate) -> Iterator[PageLink]:
    """Yield the links outside what is repeated that may lead to a file."""
    for link in page.links:
        if link.region not in FRAME_REGIONS and normal(link.url) not in boilerplate.targets:
            yield link


def own_images(page: SitePage, boilerplate: Boilerplate) -> Iterator[PageImage]:
    """Yield the images outside what is repeated that are not said to be narrow."""
    for image in page.images:
        narrow = image.width is not None and image.width < OWN_IMAGE_WIDTH
        if not narrow and image.region not in FRAME_REGIONS and normal(image.url) not in boilerplate.targets:
            yield image


def looks_like_file(url: str) -> bool:
    """Say whether the address ends like a file of a type that counts."""
    return url.partition("?")[0].casefold().endswith(_FILE_ENDINGS)


def is_own_file(answer: Attachment) -> bool:
    """Say whether a file answered with at least 1 KiB of a type that counts."""
    return (
        answer.failure is None
        and answer.status in ANSWERED
        and answer.type in FILE_TYPES
        and answer.size >= MIN_FILE_BYTES
    )


def is_own_image(answer: ImageFile) -> bool:
    """Say whether an image file is wide enough to be content."""
    return answer.width >= OWN_IMAGE_WIDTH
