"""By what a portal's system is recognised: words that its pages carry in their markup."""

from __future__ import annotations

import re
from typing import Final

_SIGNS: Final = tuple(
    (platform, re.compile("|".join(patterns), re.IGNORECASE))
    for platform, *patterns in (
        ("wordpress", "/wp-content/", "/wp-json/", "generator[\"'] content=[\"']WordPress"),
        ("nukeviet", "generator[\"'] content=[\"']NukeViet", "nv_base_siteurl"),
        (
            "drupal",
            "generator[\"'] content=[\"']Drupal",
            "/sites/default/files/",
            "data-drupal-",
            "drupalSettings",
        ),
        ("liferay", "-/asset_publisher/", r"Liferay\.", "p_p_id="),
        ("sharepoint", r"/_layouts/1[05]", "Skip Ribbon Commands", "_spPageContextInfo", r"\.aspx\?ItemID="),
        ("vnpt", "vnptportal", "/VnptPortal"),
        ("webforms", "name=[\"']__VIEWSTATE[\"']"),
    )
)


def recognise(text: str) -> tuple[str, str]:
    """Return the platform whose sign a page carries, and that sign; else `generic` and nothing."""
    for platform, sign in _SIGNS:
        if (found := sign.search(text)) is not None:
            return platform, found[0][:60]
    return "generic", ""
