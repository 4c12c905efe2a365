"""HD.1: whether five kinds of introductory information stand on the portal (docs/reference/verifiers)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Final

from minhchung.evidence import Locator
from minhchung.holdings import Holdings
from minhchung.measurements import Result
from minhchung.observations import Block, SitePage
from minhchung.text_keys import accented, clean, k2
from verifiers.blocks import FRAME_REGIONS, Boilerplate, own_blocks
from verifiers.checklists import conclude, look_for, settle, terms_of_set
from verifiers.contents import UNMET, Proof, best, has_characters, has_file, has_image, has_units, tested
from verifiers.headings import TermList, text_begins, text_holds
from verifiers.interface import Context, Verifier
from verifiers.passes import refusal, snapshot_window, within
from verifiers.portals import Portal, read_portal
from verifiers.sections import Section, linked_pages
from verifiers.sites import read_sites

INPUT: Final = "muc_gioi_thieu"
_SQUEEZED: Final = re.compile(r"[\s.()\[\]\-‐-–—]")
_PHONE: Final = re.compile(r"(?<!\d)(\+84|0)\d{9,10}")
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_IN_PLACE: Final = -9
"""Capitalised words after "tỉnh", "xã" and the like are the place's name, however many."""

_WORD: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`config/verifiers/introduction_sections.toml`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    terms: Mapping[str, TermList]
    """Heading terms of each item."""

    unit_words: TermList
    """Words with which the name of a unit begins."""

    positions: TermList
    duties: TermList
    place_words: TermList
    """Words before the name of a place, lower case."""

    address_words: TermList
    chart_units: int = 3
    """Units that make a chart without picture or file."""

    listed_units: int = 2
    name_within: int = 60
    """Characters between a position and a name."""

    min_address_chars: int = 15


def measure(holdings: Holdings, context: Context, settings: Settings) -> Result:
    """Return which kinds of introductory information the portal showed at the period's end."""
    portal = read_portal(holdings, context)
    window = snapshot_window(holdings.agency, context)
    visits = within(portal.visits, window)
    refused = refusal(holdings, visits)
    if refused is not None:
        return refused
    sites = read_sites(portal, visits)
    items = {
        key: settle((look_for(site, terms, _content(key, settings)) for site in sites), context.common)
        for key, terms in terms_of_set(settings.terms, context).items()
    }
    return conclude(INPUT, items, context, window, label=VERIFIER.label)


def _content(key: str, settings: Settings) -> Callable[[Section], Proof]:
    tests: Mapping[str, Callable[[Section, Settings], Proof]] = {
        "so_do_co_cau": _shows_chart,
        "lanh_dao_nhiem_vu": _shows_leaders,
        "don_vi_truc_thuoc": _shows_units,
        "lien_he_dau_moi": _shows_contact,
    }
    test = tests.get(key, _says_enough)
    return lambda section: test(section, settings)


def _says_enough(section: Section, settings: Settings) -> Proof:
    portal, page = section.site.portal, section.page

    def test(boilerplate: Boilerplate) -> Proof:
        text = has_characters(page, boilerplate, portal.common.min_chars)
        return best((text, has_file(page, boilerplate, portal)))

    return tested(page, section.site.repeated, test)


def _shows_chart(section: Section, settings: Settings) -> Proof:
    portal, page, heading = section.site.portal, section.page, section.match.heading

    def test(boilerplate: Boilerplate) -> Proof:
        return best(
            (
                has_units(page, boilerplate, settings.unit_words, settings.chart_units, heading),
                has_image(page, boilerplate, portal),
                has_file(page, boilerplate, portal),
            )
        )

    return tested(page, section.site.repeated, test)


def _shows_units(section: Section, settings: Settings) -> Proof:
    page, heading = section.page, section.match.heading
    words, least = settings.unit_words, settings.listed_units
    test = partial(has_units, page, words=words, least=least, heading=heading)
    return tested(page, section.site.repeated, test)


def _shows_leaders(section: Section, settings: Settings) -> Proof:
    site = section.site

    def on(page: SitePage) -> Proof:
        return tested(page, site.repeated, lambda known: _names_leader(page, known, settings, site.portal))

    return best((on(section.page), *(on(page) for page in linked_pages(site, section.page))))


def _names_leader(page: SitePage, boilerplate: Boilerplate, settings: Settings, portal: Portal) -> Proof:
    """Test for a position with a name beside it, and for a word of what the person is in charge of."""
    own = list(own_blocks(page, boilerplate))
    named = next((block for block in _lines(own) if _names_person(block.text, settings, portal)), None)
    duty = next((block for block in own if text_holds(block.text, settings.duties)), None)
    if named is None or duty is None:
        return UNMET
    record = page.seen.record
    basis = (Locator(record=record, path=named.path), Locator(record=record, path=duty.path))
    return Proof(state="met", basis=basis, said="có tên, chức vụ và nhiệm vụ")


def _lines(blocks: list[Block]) -> Iterator[Block]:
    """Yield each block, joined with the next one: a name and its position often stand in two cells."""
    for number, block in enumerate(blocks):
        after = blocks[number + 1].text if number + 1 < len(blocks) else ""
        yield Block(text=f"{block.text}\n{after}", tag=block.tag, path=block.path)


def _names_person(text: str, settings: Settings, portal: Portal) -> bool:
    said = clean(text)
    lowered = said.lower()
    if len(lowered) != len(said):
        lowered = said
    folded = not accented(said)
    for position in settings.positions:
        sought = k2(position) if folded else position
        for found in re.finditer(rf"\b{re.escape(sought)}\b", lowered):
            near = (
                said[max(0, found.start() - settings.name_within) : found.start()],
                said[found.end() : found.end() + settings.name_within],
            )
            if any(_holds_name(part, settings, portal) for part in near):
                return True
    return False


def _holds_name(text: str, settings: Settings, portal: Portal) -> bool:
    """Say whether two capitalised words stand together that name no position, agency or place."""
    agency = portal.agency
    for phrase in (*settings.positions, agency.name, *agency.aliases):
        text = re.sub(rf"\b{re.escape(phrase)}\b", "\n", text, flags=re.IGNORECASE)
    for line in text.split("\n"):
        run, end = 0, 0
        for word in _WORD.finditer(line):
            of_place = word.group().lower() in settings.place_words
            together = not line[end : word.start()].strip()
            end = word.end()
            if of_place:
                run = _IN_PLACE
            elif not word.group()[0].isupper():
                run = 0
            else:
                run = run + 1 if together else 1
            if run > 1:
                return True
    return False


def _shows_contact(section: Section, settings: Settings) -> Proof:
    """Test for a telephone number with an e-mail or an address, repeated or not, outside the page's frame."""
    page = section.page
    blocks = [block for block in page.blocks if block.region not in FRAME_REGIONS]
    phone = next((b for b in blocks if _PHONE.search(_SQUEEZED.sub("", b.text))), None)
    other = next((b for b in blocks if _EMAIL.search(b.text) or _is_address(b, settings)), None)
    if phone is None or other is None:
        return UNMET
    record = page.seen.record
    basis = (Locator(record=record, path=phone.path), Locator(record=record, path=other.path))
    return Proof(state="met", basis=basis, said="có số điện thoại và thư điện tử hoặc địa chỉ")


def _is_address(block: Block, settings: Settings) -> bool:
    long_enough = len(block.text) >= settings.min_address_chars
    return long_enough and text_begins(block.text, settings.address_words) is not None


VERIFIER: Final = Verifier(
    name="introduction_sections", version=2, settings=Settings, roles=("items",), measure=measure
)
