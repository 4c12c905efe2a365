"""NukeViet portals: news and laws are modules; in the laws table the labels stand inside the value cells.

The header row has the class of every row, an absent day reads `N/A`, further pages are `page-N/`.
"""

from __future__ import annotations

from typing import Final

from collectors.platforms.interface import Platform
from collectors.reading.reader import ProfileReader
from minhchung.sites import FieldRule, ItemProfile, ListProfile, SiteProfile

PLATFORM: Final[Platform] = ProfileReader(
    SiteProfile(
        key="nukeviet",
        platform="nukeviet",
        title="NukeViet",
        list=(
            ListProfile(
                key="news",
                rows=".news_column",
                fields={
                    "title": FieldRule(css="h3 a, h2 a"),
                    "url": FieldRule(css="h3 a, h2 a", attr="href"),
                    "published": FieldRule(css=".text-muted"),
                    "summary": FieldRule(css=".hometext"),
                },
            ),
            ListProfile(
                key="laws",
                rows=".flex-table-laws > .table-rows",
                exclude=(".table-head",),
                fields={
                    "title": FieldRule(css=".c-intro a"),
                    "url": FieldRule(css=".c-code a, .c-intro a", attr="href"),
                    "number": FieldRule(css=".c-code h2, .c-code h3, .c-code a"),
                    "issued": FieldRule(css=".c-time"),
                    "summary": FieldRule(css=".c-intro"),
                    "attachments": FieldRule(css=".c-file .laws-download a", attr="href", many=True),
                },
            ),
        ),
        item=ItemProfile(
            fields={
                "title": FieldRule(css="h1.title, h1.lawtitle"),
                "published": FieldRule(css="h1.title ~ .h5"),
            }
        ),
    )
)
