"""SharePoint portals: `View_Detail.aspx?ItemID=…` under a list's folder, the day alone on its line."""

from __future__ import annotations

from typing import Final

from collectors.platforms.interface import Platform
from collectors.reading.reader import ProfileReader
from minhchung.sites import FieldRule, ItemProfile, ListProfile, SiteProfile

PLATFORM: Final[Platform] = ProfileReader(
    SiteProfile(
        key="sharepoint",
        platform="sharepoint",
        title="SharePoint",
        list=(
            ListProfile(
                key="tin-bai",
                rows=".dfwp-list > .dfwp-item",
                fields={
                    "title": FieldRule(css="a.cms-title"),
                    "url": FieldRule(css="a.cms-title", attr="href"),
                    "published": FieldRule(css=".cms-date"),
                },
            ),
            ListProfile(
                key="van-ban",
                rows=".vb-list > .vb-item",
                fields={
                    "number": FieldRule(css="a.vb-so"),
                    "summary": FieldRule(css=".vb-trich-yeu"),
                    "issued": FieldRule(css=".vb-ngay"),
                },
            ),
        ),
        item=ItemProfile(
            fields={
                "title": FieldRule(css="h1.cms-title-detail"),
                "published": FieldRule(css=".cms-date-detail"),
            }
        ),
    )
)
