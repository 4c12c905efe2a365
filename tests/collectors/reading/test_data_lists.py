"""Lists that are no pages: JSON by dotted paths and feeds by their entries, as a profile declares them."""

import json
from datetime import UTC, date, datetime

import pytest

from collectors.platforms.generic import PLATFORM
from collectors.platforms.interface import Link, ListFacts, PageContext
from minhchung.agencies import Agency
from minhchung.errors import UnrecognisedError
from minhchung.evidence import PORTAL, AgencyCode, EvidenceRecord, RecordId, RunId
from minhchung.observations import LegalDocument, NewsItem
from minhchung.sites import FieldRule, Identity, ListProfile, Pagination, SiteProfile
from minhchung.sources import CrawlTerms

AGENCY = Agency(code=AgencyCode("a"), name="A", bloc="b", portal="https://muong-thu.example/")
TERMS = CrawlTerms(news=(), legal_document=(), directive=(), question=(), schedule_entry=())
DOCUMENTS = ListProfile(
    key="vb",
    kind="legal_document",
    url="/api/doc/all?size=2",
    heading="Văn bản",
    source="json",
    rows="data.items",
    identity=Identity(source="path", path="id"),
    fields={
        "title": FieldRule(path="title"),
        "number": FieldRule(path="docNum"),
        "issued": FieldRule(path="issueDate"),
        "effective": FieldRule(path="effFrom"),
        "doc_type": FieldRule(path="docType.name"),
        "url": FieldRule(path="link"),
        "attachments": FieldRule(path="files", many=True),
    },
    pagination=Pagination(kind="json_page", param="pageNumber", page_size=2, total_path="data.total"),
)
NEWS = ListProfile(key="rss", kind="news", url="/rss/tin.rss", heading="Tin tức", source="rss")


def read(body: bytes, profile: ListProfile, page: int = 1) -> list[object]:
    """Read an answer at the list's own address."""
    url = f"https://muong-thu.example{profile.url}"
    record = EvidenceRecord(
        id=RecordId("urn:uuid:1"), agency=AGENCY.code, source=PORTAL, run=RunId("r"), url=url,
        captured_at=datetime(2021, 11, 1, tzinfo=UTC), kind="response",
    )  # fmt: skip
    site = SiteProfile(key="s", list=(profile,))
    context = PageContext(agency=AGENCY, profile=site, terms=TERMS, role="list", list_key=url, page=page)
    return list(PLATFORM.read(record, body, context))


def test_a_json_list_is_read_by_its_paths() -> None:
    """Identity by path, days without zone, the real total, the next page asked for by number."""
    fee = {
        "id": 19761,
        "title": "Quy định mức thu phí",
        "docNum": "70/2016/QĐ-UBND",
        "issueDate": "2016-10-14T00:00:00",
        "effFrom": None,
        "docType": {"name": "Quyết định"},
        "link": "/vb/19761",
        "files": ["/t/70.pdf"],
    }
    order = {"id": "4a1b", "title": "Chỉ thị", "issueDate": "2017-09-18", "link": "/vb/4a1b"}
    seen = read(json.dumps({"data": {"items": [fee, order], "total": 3}, "total": 1}).encode(), DOCUMENTS)
    first, second = (each for each in seen if isinstance(each, LegalDocument))
    assert (first.identity, first.number, first.issued, first.effective) == (
        "19761", "70/2016/QĐ-UBND", date(2016, 10, 14), None,
    )  # fmt: skip
    assert (first.doc_type, first.url) == ("Quyết định", "https://muong-thu.example/vb/19761")
    assert first.attachments == ("https://muong-thu.example/t/70.pdf",)
    assert (second.identity, second.issued) == ("4a1b", date(2017, 9, 18))
    facts = next(each for each in seen if isinstance(each, ListFacts))
    assert (facts.identities, facts.declared_total, facts.last_page) == (("19761", "4a1b"), 3, False)
    assert [each.url for each in seen if isinstance(each, Link) and each.role == "list"] == [
        "https://muong-thu.example/api/doc/all?size=2&pageNumber=2"
    ]


def test_a_json_list_ends_at_its_total() -> None:
    """The last page leads nowhere and says that the total was reached."""
    seen = read(
        json.dumps({"data": {"items": [{"id": 1, "title": "x"}], "total": 3}}).encode(), DOCUMENTS, page=2
    )
    facts = next(each for each in seen if isinstance(each, ListFacts))
    assert (facts.last_page, facts.ended) == (True, "total")


@pytest.mark.parametrize("body", [b"<html>Request Rejected</html>", b'{"data": {}}', b"[" * 100_000])
def test_an_answer_of_another_shape_is_not_read_as_an_empty_list(body: bytes) -> None:
    """A block page, a changed schema, a bomb."""
    with pytest.raises(UnrecognisedError):
        read(body, DOCUMENTS)


def test_a_feed_is_a_list_where_the_profile_says_so() -> None:
    """Items of a feed are a part of their own; the day is local."""
    body = (
        "<rss version='2.0'><channel><title>T</title><item><title>Ngày hội đọc sách</title>"
        "<link>/tin/1?utm_source=rss</link>"
        "<pubDate>Tue, 05 Oct 2021 20:30:00 +0000</pubDate></item></channel></rss>"
    ).encode()
    seen = read(body, NEWS)
    item = next(each for each in seen if isinstance(each, NewsItem))
    assert (item.part, item.identity, item.published) == (
        "feed", "https://muong-thu.example/tin/1", date(2021, 10, 6),
    )  # fmt: skip
    with pytest.raises(UnrecognisedError):
        read(b"<html><body>no feed</body></html>", NEWS)


POSTS = ListProfile(
    key="tin",
    kind="news",
    url="/wp-json/wp/v2/posts?per_page=2",
    source="json",
    fields={
        "title": FieldRule(path="title.rendered"),
        "url": FieldRule(path="link"),
        "published": FieldRule(path="date"),
        "summary": FieldRule(path="excerpt.rendered"),
    },
    pagination=Pagination(kind="json_page", page_size=2),
)


def post(number: int) -> dict[str, object]:
    """A post as WordPress tells it."""
    return {
        "link": f"https://muong-thu.example/tin-{number}/",
        "date": "2021-10-05T23:30:00",
        "title": {"rendered": "Ng&#224;y h&#7897;i <em>&#8220;Đọc sách&#8221;</em>"},
        "excerpt": {"rendered": "<p>Các em đọc &amp; kể.</p>\n"},
    }


def further(seen: list[object]) -> list[str]:
    """Addresses of the next page."""
    return [each.url for each in seen if isinstance(each, Link) and each.role == "list"]


def test_the_posts_of_wordpress_are_read_from_its_json() -> None:
    """An array without an envelope; texts are mark-up; the day is local already; a short page is the last."""
    seen = read(json.dumps([post(1), post(2)]).encode(), POSTS)
    first = next(each for each in seen if isinstance(each, NewsItem))
    assert (first.title, first.published, first.summary) == (
        "Ngày hội “Đọc sách”", date(2021, 10, 5), "Các em đọc & kể.",
    )  # fmt: skip
    assert further(seen) == [f"https://muong-thu.example{POSTS.url}&page=2"]
    assert further(read(json.dumps([post(3)]).encode(), POSTS, page=2)) == []


@pytest.mark.parametrize(
    ("cursor", "leads"),
    [
        ("bWFy", ["https://muong-thu.example/api/tin?after=bWFy"]),
        (42, ["https://muong-thu.example/api/tin?after=42"]),
        ("/api/tin?tu=9", ["https://muong-thu.example/api/tin?tu=9"]),
        (None, []),
        ("", []),
        (True, []),
    ],
)
def test_a_cursor_leads_on_until_there_is_none(cursor: object, leads: list[str]) -> None:
    """A mark for the parameter, or an address; an answer without items ends the list whatever it says."""
    rules = Pagination(kind="cursor", param="after", cursor_path="meta.next")
    fields = {"title": FieldRule(path="t"), "url": FieldRule(path="u")}
    profile = ListProfile(
        key="c", kind="news", url="/api/tin", source="json", rows="data", fields=fields, pagination=rules
    )
    answer = {"data": [{"t": "Một", "u": "/tin/1"}], "meta": {"next": cursor}}
    assert further(read(json.dumps(answer).encode(), profile)) == leads
    assert further(read(json.dumps(answer | {"data": []}).encode(), profile)) == []
