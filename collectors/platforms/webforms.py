"""ASP.NET WebForms portals: grids turn their pages by `__doPostBack`.

The further pages have no address: each is asked for with every hidden field of the page before it. With
stale or missing fields the server answers page 1 again; the crawl notices by the repeated first identity.
"""

from __future__ import annotations

from typing import Final

from collectors.platforms.interface import Platform
from collectors.reading.reader import ProfileReader
from minhchung.sites import FieldRule, ItemProfile, ListProfile, Pagination, SiteProfile

_GRID: Final = Pagination(kind="postback")

PLATFORM: Final[Platform] = ProfileReader(
    SiteProfile(
        key="webforms",
        platform="webforms",
        title="ASP.NET WebForms",
        list=(
            ListProfile(
                key="van-ban",
                rows="table[id$=grvDocument] tr, table[id$=gvnDocument] tr",
                fields={
                    "number": FieldRule(css=".code"),
                    "issued": FieldRule(css=".issued-date"),
                    "summary": FieldRule(css=".substract"),
                    "attachments": FieldRule(css=".bl-doc-file a", attr="href", many=True),
                },
                pagination=_GRID,
            ),
            ListProfile(
                key="tin-bai",
                rows="table.grid tr.grid-row",
                exclude=("table[id$=grvDocument] tr",),
                fields={
                    "title": FieldRule(css="a.tieu-de-tin"),
                    "url": FieldRule(css="a.tieu-de-tin", attr="href"),
                    "published": FieldRule(css=".ngay-dang"),
                },
                pagination=_GRID,
            ),
        ),
        item=ItemProfile(
            fields={
                "published": FieldRule(css=".thong-tin .ngay-dang"),
                "number": FieldRule(label=("Số ký hiệu", "Số/ký hiệu")),
            }
        ),
    )
)
