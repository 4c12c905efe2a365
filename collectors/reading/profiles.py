"""A site profile laid over its platform's defaults, field by field."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, Final

from minhchung.sites import FieldRule, ItemProfile, ListProfile, SiteProfile

EMPTY: Final = SiteProfile(key="")


def lay_over(default: SiteProfile, site: SiteProfile) -> SiteProfile:
    """Return the default with every field that the site sets; laying over twice changes nothing.

    Lists that the site declares come first; the platform's shapes stay behind them. Fields of items are
    laid over one by one.
    """
    if site is default or site.key == default.key:
        return site
    changed = _set_fields(site, EMPTY)
    own = {profile.key for profile in site.list}
    changed["list"] = (*site.list, *(profile for profile in default.list if profile.key not in own))
    changed["item"] = _lay_item(default.item, site.item)
    return replace(default, **changed)


def _lay_item(default: ItemProfile, site: ItemProfile) -> ItemProfile:
    changed = _set_fields(site, ItemProfile())
    if default.fields and site.fields:
        changed["fields"] = {**default.fields, **site.fields}
    return replace(default, **changed)


def _set_fields(given: SiteProfile | ItemProfile, unset: SiteProfile | ItemProfile) -> dict[str, Any]:
    return {
        f.name: getattr(given, f.name)
        for f in fields(given)
        if getattr(given, f.name) != getattr(unset, f.name)
    }


def rules_of(profile: ListProfile | ItemProfile) -> dict[str, FieldRule]:
    """Return the rules of a profile's fields; empty where it has none."""
    return profile.fields or {}
