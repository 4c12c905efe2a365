"""Kinds of lists by their headings: the rule on headings (G2) with the product's own terms."""

import tomllib
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from collectors.reading.kinds import kind_of, kind_of_link, words_of
from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode
from minhchung.sources import CrawlTerms

FILE = Path(__file__).resolve().parents[3] / "config" / "crawl.toml"
WORDS = words_of(TypeAdapter(CrawlTerms).validate_python(tomllib.loads(FILE.read_text(encoding="utf-8"))))
AGENCY = Agency(code=AgencyCode("so"), name="Sở Thử Nghiệm", bloc="so", aliases=("UBND huyện Mường Thử",))


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Tin tức", "news"),
        ("TIN TỨC - SỰ KIỆN", "news"),
        ("Tin hoạt động Sở Thử Nghiệm", "news"),
        ("Chuyên mục tin tức", "news"),
        ("tin tuc", "news"),
        ("Tin tức thông báo mời thầu", None),
        ("Văn bản", "legal_document"),
        ("Hệ thống văn bản UBND huyện Mường Thử", "legal_document"),
        ("Văn bản chỉ đạo điều hành", "directive"),
        ("Ý kiến chỉ đạo", "directive"),
        ("Hỏi - đáp", "question"),
        ("Lịch công tác tuần", "schedule_entry"),
        ("Lịch công tac tuầnn", "schedule_entry"),
        ("Thông báo", None),
        ("Câu hỏi thường gặp", None),
        ("Dự thảo văn bản", None),
        ("Sơ đồ tổ chức", None),
    ],
)
def test_a_heading_tells_the_kind_of_its_list(heading: str, kind: str | None) -> None:
    """Whole words on the folded key; the longest term wins; names and fillers at the ends do not count."""
    assert kind_of([heading], WORDS, AGENCY)[0] == kind


def test_the_first_telling_heading_counts() -> None:
    """A site's name above the list tells nothing."""
    assert kind_of(["Sở Thử Nghiệm", "Tin tức"], WORDS, AGENCY) == ("news", "Tin tức")


@pytest.mark.parametrize(
    "title",
    [
        "Chỉ đạo, điều hành của lãnh đạo UBND thành phố trong tuần 38",
        "Lịch công tác tuần 39 của lãnh đạo UBND thành phố",
    ],
)
def test_the_title_of_an_item_announces_no_list(title: str) -> None:
    """Both stand on the home page of a captured portal, beside the menu entries of the same words."""
    assert kind_of_link(title, WORDS, AGENCY) is None
