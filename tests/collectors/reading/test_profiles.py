"""Site profiles over platform defaults, and every profile and platform that the product ships."""

import dataclasses
import re
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from collectors.platforms.interface import Platform
from collectors.reading.profiles import lay_over
from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode
from minhchung.sites import FieldRule, Identity, ItemProfile, ListProfile, Pagination, SiteProfile

CHECKOUT = Path(__file__).resolve().parents[3]
PLATFORMS = sorted(
    file.stem
    for file in (CHECKOUT / "collectors" / "platforms").glob("*.py")
    if file.stem not in {"__init__", "interface"}
)
SITES = sorted((CHECKOUT / "config" / "sites").glob("*.toml"))


def test_a_site_overrides_its_platform_field_by_field() -> None:
    """What the site is silent on stays the platform's; its own lists come first."""
    default = SiteProfile(
        key="p", platform="p", dates=("mdy",),
        list=(ListProfile(key="a", rows="li"), ListProfile(key="b", rows="tr")),
        item=ItemProfile(
            body="article", fields={"title": FieldRule(css="h1"), "signer": FieldRule(css=".s")}
        ),
    )  # fmt: skip
    site = SiteProfile(
        key="s", required_text="x", list=(ListProfile(key="b", rows="p"),),
        item=ItemProfile(fields={"title": FieldRule(css="h2")}),
    )  # fmt: skip
    laid = lay_over(default, site)
    assert (laid.key, laid.platform, laid.required_text, laid.dates) == ("s", "p", "x", ("mdy",))
    assert [(each.key, each.rows) for each in laid.list] == [("b", "p"), ("a", "li")]
    assert laid.item.body == "article"
    assert {name: rule.css for name, rule in (laid.item.fields or {}).items()} == {
        "title": "h2",
        "signer": ".s",
    }
    assert lay_over(default, laid) == laid


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_platform_file_ends_in_its_platform(name: str) -> None:
    """One file each, found by its name; the home page is where every visit begins."""
    platform: Platform = import_module(f"collectors.platforms.{name}").PLATFORM
    profile = platform.profile()
    assert profile.platform == profile.key == name
    agency = Agency(code=AgencyCode("a"), name="A", bloc="b", portal="https://muong-thu.example/x/")
    links = list(platform.entrances(agency, profile))
    assert [(links[0].url, links[0].role)] == [("https://muong-thu.example/x/", "home")]
    assert not list(platform.entrances(Agency(code=AgencyCode("a"), name="A", bloc="b"), profile))


def test_declared_lists_and_feeds_are_entrances() -> None:
    """A profile may say where lists lie."""
    platform: Platform = import_module("collectors.platforms.generic").PLATFORM
    profile = SiteProfile(
        key="s", feeds=("/rss",), list=(ListProfile(key="a", url="tin", kind="news", heading="Tin"),)
    )
    agency = Agency(code=AgencyCode("a"), name="A", bloc="b", portal="https://muong-thu.example/x/")
    assert [(link.role, link.url, link.kind) for link in platform.entrances(agency, profile)] == [
        ("home", "https://muong-thu.example/x/", ""),
        ("list", "https://muong-thu.example/x/tin", "news"),
        ("feed", "https://muong-thu.example/rss", ""),
        ("sitemap", "https://muong-thu.example/sitemap.xml", ""),
    ]


@pytest.mark.parametrize("file", SITES, ids=lambda file: file.stem)
def test_every_shipped_site_profile_is_valid_and_short(file: Path) -> None:
    """Checked by schema; at most twenty lines that say something."""
    text = file.read_text(encoding="utf-8")
    profile = TypeAdapter(SiteProfile).validate_python(tomllib.loads(text))
    assert profile.key == file.stem
    assert profile.platform in PLATFORMS
    assert sum(1 for line in text.splitlines() if line.strip() and not line.startswith("#")) <= 20


def test_an_unknown_key_is_refused() -> None:
    """A misspelt key would silently do nothing."""
    with pytest.raises(ValidationError, match="row"):
        TypeAdapter(SiteProfile).validate_python({"key": "a", "list": [{"key": "b", "row": "li"}]})


@pytest.mark.parametrize("type_", [SiteProfile, ListProfile, ItemProfile, Pagination, FieldRule, Identity])
def test_every_key_of_a_profile_is_documented(type_: type) -> None:
    """The reference page names each of them."""
    page = (CHECKOUT / "docs" / "reference" / "sites.md").read_text(encoding="utf-8")
    words = set(re.findall(r"[a-z_]+", page))
    assert {field.name for field in dataclasses.fields(type_)} - {"list", "item", "source"} <= words


def test_the_profiles_of_the_howto_are_valid() -> None:
    """What a reader copies must work."""
    page = (CHECKOUT / "docs" / "howto" / "add-a-portal.md").read_text(encoding="utf-8")
    examples = [tomllib.loads(text) for text in re.findall(r"```toml\n(.*?)```", page, re.DOTALL)]
    sites = [example for example in examples if "agency" not in example]
    assert len(sites) == 2
    for example in sites:
        TypeAdapter(SiteProfile).validate_python({"key": "thu", **example})
