"""Drupal sites: Views print rows, `?page=0` is the first page, fields carry their names as classes."""

from __future__ import annotations

from typing import Final

from collectors.platforms.interface import Platform
from collectors.reading.reader import ProfileReader
from minhchung.sites import FieldRule, ItemProfile, ListProfile, Pagination, SiteProfile

_TITLE_LINK: Final = ".views-field-title a, .node__title a, .node-title a, h2 a, h3 a"
_PAGER: Final = Pagination(kind="next", next_css=".pager__item--next a, li.pager-next a, .pager a[rel=next]")
_CREATED: Final = ".views-field-created .field-content, .views-field-created, .node__meta time, .submitted"
_NUMBER: Final = ".views-field-field-so-ky-hieu .field-content, .field--name-field-so-ky-hieu .field__item"

PLATFORM: Final[Platform] = ProfileReader(
    SiteProfile(
        key="drupal",
        platform="drupal",
        title="Drupal",
        list=(
            ListProfile(
                key="views",
                rows=".view-content > .views-row, .view-content > ul > li.views-row",
                fields={
                    "title": FieldRule(css=_TITLE_LINK),
                    "url": FieldRule(css=_TITLE_LINK, attr="href"),
                    "published": FieldRule(css=_CREATED),
                    "summary": FieldRule(css=".views-field-body .field-content, .field--name-body"),
                    "number": FieldRule(css=_NUMBER),
                },
                pagination=_PAGER,
            ),
            ListProfile(
                key="bang",
                rows="table.views-table tbody tr, table.views-view-table tbody tr",
                pagination=_PAGER,
            ),
        ),
        item=ItemProfile(
            fields={
                "title": FieldRule(css="h1.page-header, h1.page-title, h1#page-title, h1.node__title"),
                "published": FieldRule(
                    css=".node__meta time, .node__submitted time, .field--name-created, .node .submitted"
                ),
            }
        ),
    )
)
