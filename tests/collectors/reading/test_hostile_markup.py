"""Markup made to hurt its reader: every page is read or refused, and none costs more than its size should.

The HTML standard sets no limits; parsers pay the square of a depth or of a crowd, so limits are ours.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from collectors.platforms.generic import PLATFORM
from collectors.platforms.interface import PageContext, Role
from collectors.reading.markup import DEEPEST, parse
from minhchung.agencies import Agency
from minhchung.errors import UnrecognisedError
from minhchung.evidence import PORTAL, AgencyCode, EvidenceRecord, RecordId, RunId
from minhchung.observations import SitePage
from tests.collectors.tiny import TERMS

pytestmark = pytest.mark.fault

AGENCY = Agency(code=AgencyCode("so-mo-phong"), name="Sở Mô phỏng", bloc="b", portal="http://so.example/")
AT = datetime(2021, 11, 4, 2, 0, tzinfo=UTC)
HEAD = "<!doctype html><title>Trang</title>"
KNOWN = "<p>Sở Mô phỏng đặt tại phường Tô Hiệu"

PAGES = {
    "elements-inside-one-another": HEAD + KNOWN + "<div>" * 100_000,
    "elements-that-end-inside-one-another": HEAD + KNOWN + "<div>" * 100_000 + "</div>" * 100_000,
    "cells-inside-one-another": HEAD + KNOWN + "<table><tr><td>" * 30_000,
    "links-inside-one-another": HEAD + KNOWN + "<a href=/x>" * 50_000,
    "one-tag-left-open": HEAD + KNOWN + '<a href="' + "x" * 2_000_000,
    "comments-left-open": HEAD + KNOWN + "<!--" * 200_000,
    "a-picture-in-its-address": HEAD + KNOWN + f'<img src="data:image/png;base64,{"A" * 4_000_000}">',
    "a-hundred-thousand-headings": HEAD + KNOWN + "<h2><a href=/tin>Tin tức</a></h2>" * 30_000,
    "days-without-end": HEAD + KNOWN + "<p>" + "01/02/2021 " * 50_000,
    "a-title-of-megabytes": "<!doctype html><title>" + "x" * 2_000_000 + "</title>" + KNOWN,
    "signs-of-direction": HEAD + KNOWN + "<p>\u202egnart\u2066\u200f",
    "a-base-elsewhere": HEAD + '<base href="http://ca-do.example/">' + KNOWN + "<a href=/x>x</a>",
    "broken-everywhere": HEAD + "<table><p></b></i><td <div><<>" + KNOWN + "</html></html><body><p>",
    "nothing-but-openings": HEAD + KNOWN + "<" * 500_000,
}


def read(html: str, role: Role) -> SitePage:
    """Return what the generic reader says of a page."""
    record = EvidenceRecord(
        id=RecordId("urn:uuid:00000000-0000-4000-8000-000000000001"),
        agency=AGENCY.code,
        source=PORTAL,
        run=RunId("20211104T020000Z-1"),
        url="http://so.example/trang",
        captured_at=AT,
        kind="response",
        status=200,
        content_type="text/html; charset=utf-8",
    )
    context = PageContext(agency=AGENCY, profile=PLATFORM.profile(), terms=TERMS, role=role)
    found = list(PLATFORM.read(record, html.encode("utf-8", "surrogatepass"), context))
    (page,) = [each for each in found if isinstance(each, SitePage)]
    return page


@pytest.mark.parametrize("role", ["home", "item"])
@pytest.mark.parametrize("name", PAGES)
def test_a_hostile_page_is_read_and_its_own_words_are_kept(name: str, role: Role) -> None:
    """Each of these took minutes or the whole memory of some reader or other."""
    page = read(PAGES[name], role)

    assert any("phường Tô Hiệu" in block.text for block in page.blocks)
    assert not any(sign in block.text for block in page.blocks for sign in "\u202e\u2066\u200f")


def test_a_tag_crowded_with_attributes_is_refused() -> None:
    """A parser compares each attribute with all before it: a megabyte of them takes it half an hour."""
    crowd = " ".join(f"a{n}" for n in range(200_000))
    with pytest.raises(UnrecognisedError, match="300 attributes"):
        parse(f"{HEAD}<p {crowd}>x")


@pytest.mark.parametrize("quote", ['"', "'"])
def test_signs_inside_values_hide_no_crowd(quote: str) -> None:
    """A `>` within quotes ends no tag."""
    crowd = " ".join(f"a{n}={quote}<>{quote}" for n in range(20_000))
    with pytest.raises(UnrecognisedError):
        parse(f"{HEAD}<p {crowd}>x")


def test_depth_is_cut_and_the_text_below_stays() -> None:
    """Browsers stop near 512 elements inside one another."""
    tree = parse(HEAD + "<div>" * 5000 + "sâu" + "</div>" * 5000)

    depth, node = 0, tree.css_first("div")
    while node is not None and node.tag == "div":
        depth, node = depth + 1, node.child
    assert depth <= DEEPEST
    assert "sâu" in tree.text()
