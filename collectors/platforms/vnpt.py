"""VNPT portals: `/<section>/<slug>-<id>`, the day and "Lượt xem: …" in one line under the title.

Addresses of the older platform, `/1229/27531/6128/<id>/<section>/<slug>`, stay in use beside the new ones.
"""

from __future__ import annotations

from typing import Final

from collectors.platforms.interface import Platform
from collectors.reading.reader import ProfileReader
from minhchung.sites import FieldRule, ItemProfile, ListProfile, Pagination, SiteProfile

_TITLE_LINK: Final = "h3 a, .title-news a, a.title"

PLATFORM: Final[Platform] = ProfileReader(
    SiteProfile(
        key="vnpt",
        platform="vnpt",
        title="VNPT Portal",
        list=(
            ListProfile(
                key="tin-bai",
                rows=".list-news > .item-news",
                fields={
                    "title": FieldRule(css=_TITLE_LINK),
                    "url": FieldRule(css=_TITLE_LINK, attr="href"),
                    "published": FieldRule(css=".date-news"),
                    "summary": FieldRule(css=".sapo-news"),
                },
                pagination=Pagination(kind="next", next_css=".phan-trang a[rel=next], a.next-page"),
            ),
            ListProfile(
                key="van-ban",
                rows="table.table-vb tr",
                fields={
                    "number": FieldRule(css=".so-ky-hieu"),
                    "issued": FieldRule(css=".ngay-ban-hanh"),
                    "summary": FieldRule(css=".trich-yeu"),
                    "attachments": FieldRule(css=".tep-vb a", attr="href", many=True),
                },
                pagination=Pagination(kind="next", next_css=".phan-trang a[rel=next], a.next-page"),
            ),
        ),
        item=ItemProfile(
            fields={
                "title": FieldRule(css="h1.title-detail"),
                "published": FieldRule(css=".info-detail .ngay-dang"),
            }
        ),
    )
)
