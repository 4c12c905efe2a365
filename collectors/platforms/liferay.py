"""Liferay portals: lists without days, the number inside the title, every item linked two to four times.

The clock in the header ("Thứ Tư, ngày 27 tháng 9 năm 2017 | 11:19 GMT+7") is no item's day.
"""

from __future__ import annotations

from typing import Final

from collectors.platforms.interface import Platform
from collectors.reading.reader import ProfileReader
from minhchung.sites import FieldRule, ItemProfile, ListProfile, SiteProfile

PLATFORM: Final[Platform] = ProfileReader(
    SiteProfile(
        key="liferay",
        platform="liferay",
        title="Liferay",
        list=(
            ListProfile(
                key="noi-dung",
                rows=".news-list > .news-item",
                fields={
                    "title": FieldRule(css="a.news-title"),
                    "url": FieldRule(css="a.news-title", attr="href"),
                    "attachments": FieldRule(css="a.dng-document-file-mb", attr="href", many=True),
                },
            ),
            ListProfile(
                key="asset-publisher",
                rows=".asset-abstract",
                fields={
                    "title": FieldRule(css=".asset-title a"),
                    "url": FieldRule(css=".asset-title a", attr="href"),
                    "summary": FieldRule(css=".asset-summary"),
                },
            ),
        ),
        item=ItemProfile(
            fields={
                "title": FieldRule(css="h1.asset-title"),
                "published": FieldRule(css=".asset-meta .ngay-dang"),
            }
        ),
    )
)
