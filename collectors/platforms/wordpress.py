"""WordPress sites: posts are `article` elements with `time` elements; permalinks carry the month only."""

from __future__ import annotations

from typing import Final

from collectors.platforms.interface import Platform
from collectors.reading.reader import ProfileReader
from minhchung.sites import FieldRule, ItemProfile, ListProfile, SiteProfile

_TITLE_LINK: Final = ".entry-title a, h2 a[rel=bookmark]"

PLATFORM: Final[Platform] = ProfileReader(
    SiteProfile(
        key="wordpress",
        platform="wordpress",
        title="WordPress",
        list=(
            ListProfile(
                key="posts",
                rows="article[id^=post-]",
                fields={
                    "title": FieldRule(css=_TITLE_LINK),
                    "url": FieldRule(css=_TITLE_LINK, attr="href"),
                    "published": FieldRule(css="time.entry-date.published"),
                    "summary": FieldRule(css=".entry-summary"),
                    "number": FieldRule(css=".so-ky-hieu"),
                    "issued": FieldRule(css=".ngay-ban-hanh"),
                },
            ),
        ),
        item=ItemProfile(
            fields={
                "title": FieldRule(css="h1.entry-title"),
                "published": FieldRule(css="article[id^=post-] time.published"),
            }
        ),
    )
)
