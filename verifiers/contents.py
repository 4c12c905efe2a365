"""Whether a page has content: a proof, a proof of the contrary, or "cannot say" (G4, G5, G11)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from minhchung.evidence import Locator
from minhchung.measurements import Reason
from minhchung.observations import Block, SitePage
from verifiers.blocks import (
    Boilerplate,
    key_of,
    letters,
    looks_like_file,
    offered_files,
    own_blocks,
    own_characters,
    own_images,
)
from verifiers.headings import text_begins, title_heading
from verifiers.portals import Portal, Repeated


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What one test of one page came to."""

    state: Literal["met", "unmet", "open"]
    reason: Reason | None = None
    """Why it is open."""

    basis: tuple[Locator, ...] = ()
    said: str = ""
    """What was counted, for people, Vietnamese."""


UNMET = Proof(state="unmet")
Test = Callable[[SitePage, Repeated], Proof]
"""A test of one page, given what its visit's pages repeated."""


def opened(reason: Reason) -> Proof:
    """Return the proof that says nothing."""
    return Proof(state="open", reason=reason)


def best(proofs: Iterable[Proof]) -> Proof:
    """Return a met proof if there is one, else an open one, else unmet: any of the tests suffices."""
    known = list(proofs)
    return next(
        (p for state in ("met", "open", "unmet") for p in known if p.state == state),
        UNMET,
    )


def every(proofs: Iterable[Proof]) -> Proof:
    """Return unmet if one is, else an open one, else a met proof with all their places."""
    known = list(proofs)
    for state in ("unmet", "open"):
        for proof in known:
            if proof.state == state:
                return proof
    return Proof(
        state="met",
        basis=tuple(place for p in known for place in p.basis),
        said="; ".join(p.said for p in known if p.said),
    )


def tested(page: SitePage, repeated: Repeated, test: Callable[[Boilerplate], Proof]) -> Proof:
    """Return what a test comes to whatever the unseen pages hold.

    Met means met even if every unseen page repeats what this one holds; unmet means unmet even if none
    does. Too few pages say nothing of what is repeated.
    """
    if page.shell:
        return opened(Reason.NEEDS_BROWSER)
    if not repeated.loose.enough:
        return opened(Reason.COVERAGE_BELOW)
    proof = test(repeated.strict)
    if proof.state == "met" or repeated.strict is repeated.loose:
        return proof
    hopeful = test(repeated.loose)
    return opened(Reason.COVERAGE_BELOW) if hopeful.state == "met" else hopeful


def has_characters(page: SitePage, boilerplate: Boilerplate, least: int) -> Proof:
    """Test for letters and digits of the page's own text."""
    count = own_characters(page, boilerplate)
    if count < least:
        return Proof(state="unmet", said=f"{count} ký tự riêng")
    longest = max(own_blocks(page, boilerplate), key=lambda block: letters(block.text))
    return Proof(state="met", basis=(_at(page, longest),), said=f"{count} ký tự riêng")


def has_file(page: SitePage, boilerplate: Boilerplate, portal: Portal) -> Proof:
    """Test for a file of the page's own that opens.

    A page of the site has all its files asked for: one that looks like a file and was not is open. Of a
    list only its rows' files are.
    """
    unread = False
    for link in offered_files(page, boilerplate):
        answer = portal.own_file(link.url)
        if answer is not None:
            place = Locator(record=page.seen.record, path=link.path)
            said = f"tệp {answer.type} {answer.size} byte"
            return Proof(state="met", basis=(place, answer.seen), said=said)
        unread = unread or (
            page.role == "site" and looks_like_file(link.url) and not portal.file_answered(link.url)
        )
    return opened(Reason.NOT_READ) if unread else UNMET


def has_image(page: SitePage, boilerplate: Boilerplate, portal: Portal) -> Proof:
    """Test for an image of the page's own that is wide enough.

    The images in the main region of a page of the site are asked for: one that was not is open. A list's
    pictures stand beside its rows.
    """
    unread = False
    for image in own_images(page, boilerplate):
        answer = portal.own_image(image.url)
        if answer is not None:
            place = Locator(record=page.seen.record, path=image.path)
            said = f"ảnh {answer.width} × {answer.height} điểm ảnh"
            return Proof(state="met", basis=(place, answer.seen), said=said)
        wanted = page.role == "site" and image.region == "main"
        unread = unread or (wanted and not portal.image_answered(image.url))
    return opened(Reason.NOT_READ) if unread else UNMET


def has_units(
    page: SitePage, boilerplate: Boilerplate, words: tuple[str, ...], least: int, heading: str
) -> Proof:
    """Test for blocks that begin with the name of a kind of unit, each text once, the heading left out."""
    named = {key_of(heading), key_of(title_heading(page.title))}
    found: dict[str, Block] = {}
    for block in own_blocks(page, boilerplate):
        key = key_of(block.text)
        if key not in named and text_begins(block.text, words):
            found.setdefault(key, block)
    if len(found) < least:
        return Proof(state="unmet", said=f"{len(found)} đơn vị")
    return Proof(
        state="met",
        basis=tuple(_at(page, block) for block in list(found.values())[:least]),
        said=f"{len(found)} đơn vị",
    )


def _at(page: SitePage, block: Block) -> Locator:
    return Locator(record=page.seen.record, path=block.path)
