"""HD.8: whether search, site map or feed, an English page and basic accessibility work."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar, Final

from minhchung.evidence import Failure, Locator
from minhchung.holdings import Holdings
from minhchung.measurements import Reason, Result
from minhchung.observations import FeedRead, PageLink, SearchProbe, SitemapRead, SitePage
from minhchung.text_keys import clean, holds, k2
from verifiers.accessibility import Sample, look_at_sample
from verifiers.addresses import normal, page_key
from verifiers.blocks import ANSWERED, Boilerplate, letters, main_text, own_blocks
from verifiers.checklists import Look, conclude, look_for, settle
from verifiers.contents import UNMET, Proof, best, has_characters, opened, tested
from verifiers.headings import TermList
from verifiers.interface import Context, Verifier
from verifiers.passes import by_run, day_of, refusal, snapshot_window, within
from verifiers.portals import Portal, read_portal
from verifiers.samples import draw, seed
from verifiers.sections import Section
from verifiers.sites import FRAMES, Site, read_sites

INPUT: Final = "chuc_nang"
_MAP_ADDRESS: Final = re.compile(r"sitemap|rss|feed|atom", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W\d_]+")
_STATES: Final[Mapping[str, Reason]] = {
    "robots": Reason.ROBOTS_REFUSED,
    "blocked": Reason.BLOCKED,
    "script-only": Reason.NEEDS_BROWSER,
    "failed": Reason.UNREACHABLE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`config/verifiers/support_functions.toml`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    english_terms: TermList
    """Link texts that lead to the English page."""

    english_words: TermList
    english_topics: TermList
    """Words one of which an English page must hold."""

    probes: int = 3
    probes_found: int = 2
    map_links: int = 10
    map_answers: int = 9
    sitemap_addresses: int = 10
    feed_days: int = 90
    english_chars: int = 300
    accented_percent: int = 2
    """Accented letters an English page may hold at most."""

    words_percent: int = 5
    """Words an English page must draw from `english_words` at least."""

    pages_passing: int = 4
    alt_percent: int = 95


def measure(holdings: Holdings, context: Context, settings: Settings) -> Result:
    """Return which support functions worked at the period's end."""
    portal = read_portal(holdings, context)
    window = snapshot_window(holdings.agency, context)
    visits = within(portal.visits, window)
    refused = refusal(holdings, visits)
    if refused is not None:
        return refused
    sites = read_sites(portal, visits)
    drawn = seed(context, holdings.agency.code, VERIFIER.name)
    probes = by_run(holdings, SearchProbe)
    sample = Sample(portal=portal, sites=sites, seed=drawn)
    looks = {
        "tim_kiem": [look_at_search(site, probes.get(site.visit.run, ()), settings) for site in sites],
        "so_do_trang_rss": [look_at_maps(site, settings, drawn) for site in sites],
        "tieng_anh": [_look_for_english(site, settings) for site in sites],
        "tiep_can_nguoi_khuyet_tat": [
            look_at_sample(site, sample, least=settings.pages_passing, alt_percent=settings.alt_percent)
            for site in sites
        ],
    }
    items = {key: settle(seen, context.common) for key, seen in looks.items()}
    return conclude(INPUT, items, context, window, label=VERIFIER.label)


# --- search ----------------------------------------------------------------------------------------


def look_at_search(site: Site, probes: tuple[SearchProbe, ...], settings: Settings) -> Look:
    """Return whether the search finds known items and finds nothing for a word that nobody wrote."""
    look = partial(Look, at=site.at, basis=tuple(p.seen for p in probes))
    if any(p.state == "no-search" for p in probes):
        return look(state="absent", said="không có ô tìm kiếm")
    asked = [p for p in probes if p.wanted and not p.nonsense]
    empty = next((p for p in probes if p.nonsense), None)
    answered = [p for p in asked if p.state == "answered"]
    hits = sum(_finds(p, p.wanted, site.portal) for p in answered)
    said = f"{hits}/{len(asked)} lần tìm thấy"
    if empty is not None and empty.state == "answered":
        if _answers_anything(empty, answered, site):
            return look(state="empty", said=f"{said}; từ vô nghĩa cũng có kết quả như vậy")
        if hits >= settings.probes_found:
            return look(state="met", said=f"{said}; từ vô nghĩa không có kết quả")
    unanswered = max(settings.probes, len(asked)) - len(answered)
    if hits + unanswered < settings.probes_found:
        return look(state="empty", said=said)
    silent = next((p for p in probes if p.state != "answered"), None)
    reason = _STATES.get(silent.state, Reason.COVERAGE_BELOW) if silent else Reason.COVERAGE_BELOW
    return look(state="open", reason=reason, said=said if asked else "chưa đủ tin bài để thử tìm")


def _finds(probe: SearchProbe, identity: str, portal: Portal) -> bool:
    wanted = portal.item_keys(identity)
    return any(page_key(url) in wanted for url in probe.found)


def _answers_anything(empty: SearchProbe, answered: list[SearchProbe], site: Site) -> bool:
    """Say whether nonsense is answered as if it were something: by an item, or by the same page."""
    if any(_finds(empty, probe.wanted, site.portal) for probe in answered):
        return True
    texts = {probe.main_text for probe in answered}
    if site.home is not None:
        texts.add(main_text(site.home))
    return bool(empty.main_text) and empty.main_text in texts


# --- site map, sitemap.xml, feed -------------------------------------------------------------------


def look_at_maps(site: Site, settings: Settings, drawn: str) -> Look:
    """Return whether any one of site map page, sitemap file and feed works (C8)."""
    proofs = [_has_sitemap(site, settings), _has_feed(site, settings)]
    found = best(proofs)
    if found.state == "met":
        return Look(state="met", at=site.at, basis=found.basis, said=found.said)
    look = look_for(
        site, site.portal.common.site_map_terms, partial(_is_site_map, settings=settings, drawn=drawn)
    )
    silent = _silent_map(site)
    if look.state in ("empty", "absent") and silent is not None:
        return Look(state="open", at=site.at, reason=silent, basis=look.basis, said=look.said)
    return look


def _has_sitemap(site: Site, settings: Settings) -> Proof:
    reads = [r for r in by_run(site.portal.holdings, SitemapRead).get(site.visit.run, ()) if not r.fault]
    own = {normal(url) for r in reads for url in r.addresses if site.portal.places.hold(url)}
    if len(own) < settings.sitemap_addresses:
        return UNMET
    return Proof(state="met", basis=tuple(r.seen for r in reads), said=f"sitemap.xml có {len(own)} địa chỉ")


def _has_feed(site: Site, settings: Settings) -> Proof:
    since = day_of(site.visit) - timedelta(days=settings.feed_days)
    for feed in by_run(site.portal.holdings, FeedRead).get(site.visit.run, ()):
        recent = [
            url
            for url, day in feed.entries
            if day is not None
            and since <= day <= day_of(site.visit)
            and page_key(url) in site.portal.item_kinds
        ]
        if recent and not feed.fault:
            return Proof(state="met", basis=(feed.seen,), said=f"nguồn tin RSS có {len(recent)} tin mới")
    return UNMET


def _silent_map(site: Site) -> Reason | None:
    """Say why a sitemap or feed that was asked for is not known; one that answered 404 is known."""
    for record in site.portal.holdings.records.values():
        failed = record.failure not in (None, Failure.HTTP_4XX)
        if failed and record.run == site.visit.run and _MAP_ADDRESS.search(record.url):
            return Reason.BLOCKED if record.failure is Failure.BLOCKED else Reason.UNREACHABLE
    return None


def _is_site_map(section: Section, settings: Settings, drawn: str) -> Proof:
    """Test a page for enough links to the agency's own pages, of which a seeded few answer."""
    site = section.site
    links: dict[str, PageLink] = {}
    for link in section.page.links:
        key = page_key(link.url)
        if link.region not in FRAMES and site.portal.places.hold(link.url) and key not in section.addresses:
            links.setdefault(key, link)
    if len(links) < settings.map_links:
        return Proof(state="unmet", said=f"{len(links)} liên kết")
    chosen = draw((normal(link.url) for link in links.values()), drawn, settings.map_links)
    answers = [_answers(site, url) for url in chosen]
    good = sum(answer is True for answer in answers)
    if good >= settings.map_answers:
        basis = tuple(Locator(record=section.page.seen.record, path=link.path) for link in links.values())
        said = f"{len(links)} liên kết, {good}/{len(chosen)} liên kết thử trả lời"
        return Proof(state="met", basis=basis[: settings.map_links], said=said)
    unknown = sum(answer is None for answer in answers)
    return opened(Reason.NOT_READ) if good + unknown >= settings.map_answers else UNMET


def _answers(site: Site, url: str) -> bool | None:
    """Say whether an address of a site map answered with a page; None where nobody knows."""
    step = site.steps.get(page_key(url))
    if step is not None:
        return step.status in ANSWERED if step.answered else None
    if site.page(url) is not None:
        return True
    return site.portal.answered(url)


# --- English ---------------------------------------------------------------------------------------


def _look_for_english(site: Site, settings: Settings) -> Look:
    return look_for(site, settings.english_terms, partial(_is_english, settings=settings))


def _is_english(section: Section, settings: Settings) -> Proof:
    page = section.page

    def test(boilerplate: Boilerplate) -> Proof:
        text = has_characters(page, boilerplate, settings.english_chars)
        if text.state != "met":
            return text
        return text if _reads_english(page, boilerplate, settings) else UNMET

    return tested(page, section.site.repeated, test)


def _reads_english(page: SitePage, boilerplate: Boilerplate, settings: Settings) -> bool:
    text = clean("\n".join(block.text for block in own_blocks(page, boilerplate)))
    accented_letters = sum(c.isalpha() and not c.isascii() for c in text)
    words = [word.casefold() for word in _WORD.findall(text)]
    common = sum(word in settings.english_words for word in words)
    said = k2("\n".join((text, *(heading.text for heading in page.headings))))
    return (
        accented_letters * 100 <= settings.accented_percent * letters(text)
        and common * 100 >= settings.words_percent * len(words)
        and any(holds(said, topic) for topic in settings.english_topics)
    )


VERIFIER: Final = Verifier(
    name="support_functions", version=2, settings=Settings, roles=("items",), measure=measure
)
