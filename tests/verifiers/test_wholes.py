"""Items as wholes: what an unnamed list, an item's page and a feed each add (verifiers/items.py)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode, Locator, RecordId, RunId
from minhchung.holdings import Holdings
from minhchung.observations import Article, FeedRead, NewsItem
from verifiers.items import own_items, wholes

URL = "https://muong-thu.example/tin/1"
COMMON: dict[str, Any] = {"agency": AgencyCode("so-thu"), "run": RunId("20211112T020000Z-1")}


def story(type_: type[Any] = NewsItem, part: str = "page", **fields: Any) -> Any:
    """One sight of the item."""
    seen = Locator(record=RecordId(f"urn:uuid:{part}"))
    return type_(**COMMON, seen=seen, identity=URL, part=part, url=URL, title="Làm đường bản", **fields)


def feed(day: date | None) -> FeedRead:
    """A feed that names the item."""
    seen = Locator(record=RecordId("urn:uuid:feed"))
    return FeedRead(
        **COMMON, seen=seen, url="https://muong-thu.example/rss", entries=((f"{URL}#x", day),), fault=""
    )


def test_a_row_of_an_unnamed_list_and_the_page_that_says_news_are_one_item() -> None:
    """The list stands among the item's lists."""
    (item,) = wholes([story(Article, "row", list_url="https://muong-thu.example/"), story()])
    assert (item.kind, item.lists) == ("news", ("https://muong-thu.example/",))


@pytest.mark.parametrize("text", ["", "5 năm trước: imprecise"])
def test_the_feed_dates_an_item_that_prints_no_day(text: str) -> None:
    """Some systems print only how long ago; their feed tells the day."""
    (item,) = wholes([story(published_text=text), feed(date(2021, 10, 5))])
    assert (item.published, item.published_text) == (date(2021, 10, 5), "feed 2021-10-05")


@pytest.mark.parametrize(
    ("printed", "text"), [(date(2021, 10, 4), "04/10/2021"), (None, "31/02/2021: impossible")]
)
def test_what_the_portal_prints_goes_before_its_feed(printed: date | None, text: str) -> None:
    """Also where it is no day: what is printed wrongly stays wrong."""
    (item,) = wholes([story(published=printed, published_text=text), feed(date(2021, 10, 5))])
    assert (item.published, item.published_text) == (printed, text)
    (item,) = wholes([story(), feed(None)])
    assert item.published is None


def test_a_neighbours_news_in_a_list_is_the_neighbours() -> None:
    """Two communes on one host: the row counts for whose folder it leads to, and leaves nothing open here."""
    one, other = (
        Agency(code=AgencyCode(code), name=code, bloc="xa", portal=f"https://muong-thu.example/{code}/")
        for code in ("xa-a", "xa-b")
    )
    rows = [
        NewsItem(
            **COMMON,
            seen=Locator(record=RecordId("urn:uuid:row")),
            identity=path,
            part="row",
            url=f"https://muong-thu.example/{path}",
            title=path,
        )
        for path in ("xa-a/tin/1", "xa-b/tin/1", "tin/1")
    ]
    held = Holdings(agency=one, observations=tuple(rows))

    assert [item.identity for item in own_items(held, (one, other))] == ["xa-a/tin/1", "tin/1"]
