"""What stands beside the content: search answers, site map, feed, sitemap.xml, robots.txt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from html import escape
from typing import Final

from simulator.http import HTML
from simulator.looks.base import Look
from simulator.words import fold

XML: Final = "application/xml; charset=utf-8"
RSS: Final = "application/rss+xml; charset=utf-8"
TEXT: Final = "text/plain; charset=utf-8"
_HITS: Final = 20
_ENTRIES: Final = 15
_MAPPED: Final = 40
_OTHER_TENANTS: Final = 24


def search_answer(look: Look, asked: str, day: date) -> str:
    """Return the page that answers a search: hits, none, or the home page whatever was asked."""
    home = f"{look.agency.name} - Trang thông tin điện tử (mô phỏng)"
    if look.portal.plan["tim_kiem"] == "returns-home":
        return look.frame(home, look.home_main(day), day)
    wanted = set(fold(asked).split())
    hits = [
        (look.story_address(s), s.title)
        for s in look.portal.stories
        if s.visible_on(day) and wanted and wanted <= set(_words(s.title))
    ]
    hits += [
        (look.paper_address(p), look.paper_title(p))
        for p in look.portal.papers
        if p.visible_on(day) and wanted and wanted <= set(_words(look.paper_title(p)))
    ]
    rows = "".join(
        f'<li class="ket-qua"><a href="{address}">{escape(title)}</a></li>'
        for address, title in hits[: -_HITS - 1 : -1]
    )
    found = f"<ul>{rows}</ul>" if rows else "<p>Không có kết quả nào phù hợp.</p>"
    main = f'<h1 class="tieu-de">Kết quả tìm kiếm</h1><p>Từ khóa: {escape(asked)}</p>{found}'
    return look.frame(f"Kết quả tìm kiếm - {look.agency.name}", main, day)


def _words(title: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in fold(title)).split()


def extra_pages(look: Look, origin: str) -> Iterator[tuple[str, Callable[[date], str], str]]:
    """Yield address, maker and content type of every page beside the content."""
    yield "/robots.txt", partial(_robots, look, origin), TEXT
    if "page" in look.maps:
        yield look.map_address(), partial(_site_map, look), HTML
    if "sitemap" in look.maps:
        yield "/sitemap.xml", partial(_sitemap, look, origin), XML
    if "foreign-sitemap" in look.maps:
        yield "/sitemap.xml", _foreign_sitemap, XML
    if "feed" in look.maps:
        yield look.feed_address(), partial(_feed, look, origin), RSS
    if "stale-feed" in look.maps:
        yield look.feed_address(), partial(_stale_feed, look, origin), RSS
    if "named-rss" in look.maps:
        yield look.feed_address(), partial(_page_named_rss, look), HTML


def _robots(look: Look, origin: str, day: date) -> str:
    if look.agency.temper & {"robots-refuse", "platform-robots"}:
        return "User-agent: *\nDisallow: /\n"
    shut = look.search_address() if look.portal.plan["tim_kiem"] == "robots" else "/quan-tri/"
    has_map = "sitemap" in look.maps or "foreign-sitemap" in look.maps
    return f"User-agent: *\nDisallow: {shut}\n" + (f"Sitemap: {origin}/sitemap.xml\n" if has_map else "")


def _site_map(look: Look, day: date) -> str:
    pages = [(look.page_address(p), p.heading) for p in look.portal.pages if not p.is_english and p.group]
    links = pages + [(look.section_address(s), s.heading) for s in look.portal.sections]
    rows = "".join(f'<li><a href="{address}">{escape(text)}</a></li>' for address, text in links)
    main = f'<h1 class="tieu-de">Sơ đồ trang</h1><ul class="so-do-trang">{rows}</ul>'
    return look.frame(f"Sơ đồ trang - {look.agency.name}", main, day)


def _sitemap(look: Look, origin: str, day: date) -> str:
    latest = look.latest_news(day, _MAPPED)
    addresses = [look.section_address(s) for s in look.portal.sections if not s.hidden]
    addresses += [look.story_address(s) for s in latest]
    return _urlset([origin + address for address in addresses])


def _foreign_sitemap(day: date) -> str:
    return _urlset([f"http://don-vi-{n}.hoaban.example/" for n in range(_OTHER_TENANTS)])


def _urlset(addresses: list[str]) -> str:
    rows = "".join(f"<url><loc>{escape(address)}</loc></url>" for address in addresses)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'
    )


def _feed(look: Look, origin: str, day: date) -> str:
    latest = [s for s in look.latest_news(day, _MAPPED) if s.printed == s.posted][:_ENTRIES]
    return _rss(look, origin, [(look.story_address(s), s.title, s.posted) for s in latest])


def _stale_feed(look: Look, origin: str, day: date) -> str:
    oldest = [s for s in look.portal.stories if s.posted < date(2020, 11, 20) and s.printed == s.posted][:5]
    return _rss(look, origin, [(look.story_address(s), s.title, date(2020, 1, 6)) for s in oldest])


def _rss(look: Look, origin: str, entries: list[tuple[str, str, date]]) -> str:
    items = "".join(
        f"<item><title>{escape(title)}</title><link>{escape(origin + address)}</link>"
        f"<pubDate>{day:%a, %d %b %Y} 08:00:00 +0700</pubDate></item>"
        for address, title, day in entries
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>'
        f"<title>{escape(look.agency.name)} (mô phỏng)</title><link>{origin}/</link>"
        f"<description>Tin mô phỏng</description>{items}</channel></rss>"
    )


def _page_named_rss(look: Look, day: date) -> str:
    main = '<h1 class="tieu-de">Kênh RSS</h1><p>Trang này giới thiệu RSS là gì và chưa có kênh nào.</p>'
    return look.frame(f"Kênh RSS - {look.agency.name}", main, day)
