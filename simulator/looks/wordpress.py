"""WordPress-like portals: dated permalinks, machine-readable times, a feed and a sitemap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import ClassVar

from simulator.looks.base import EMPTY, Look
from simulator.looks.frame import dmy, minute_of
from simulator.model import Page, Paper, Portal, Section, Shown, Story
from simulator.words import slug


class Wordpress(Look):
    """`/2021/05/<slug>/`; a slug that is taken gets a number behind it."""

    page_size: ClassVar[int] = 15
    suffix: ClassVar[str] = "/"
    search_field: ClassVar[str] = "s"

    def __init__(self, portal: Portal, service_portal: str) -> None:
        super().__init__(portal, service_portal)
        self._links = _permalinks(portal)

    def section_address(self, section: Section, page: int = 1) -> str:
        """Return the address of one page of a category."""
        first = f"/category/{slug(section.heading)}/"
        return first if page == 1 else f"{first}page/{page}/"

    def new_story_address(self, story: Story) -> str:
        """Return the permalink."""
        return self._links[story.number]

    def paper_address(self, paper: Paper) -> str:
        """Return the permalink."""
        return self._links[paper.number]

    def page_address(self, page: Page) -> str:
        """Return the address of a static page."""
        return "/en/" if page.is_english else f"/{slug(page.heading)}/"

    def file_address(self, paper: Paper) -> str:
        """Return the address in the uploads folder of the month."""
        folder = f"/wp-content/uploads/{paper.posted:%Y/%m}"
        if paper.file == "template":
            return f"{folder}/Template.pdf"
        return f"{folder}/{paper.number}-{slug(paper.true_code)}.pdf"

    def search_address(self) -> str:
        """Return the home page, which answers `?s=`."""
        return "/"

    def feed_address(self) -> str:
        """Return the site's feed."""
        return "/feed/"

    def head(self) -> str:
        """Return the generator's name beside the rest."""
        return f'<meta name="generator" content="WordPress 5.6">{super().head()}'

    def story_rows(self, stories: Sequence[Story], section: Section) -> str:
        """Return the posts of an archive page."""
        rows = "".join(
            f'<article id="post-{s.number}" class="post"><h2 class="entry-title"><a rel="bookmark" '
            f'href="{self.story_address(s)}">{escape(s.title)}</a></h2>{_time(s)}'
            f'<div class="entry-summary"><p>{escape(s.summary)}</p></div></article>'
            for s in stories
        )
        return f'<div class="archive">{rows}</div>' if rows else EMPTY

    def paper_rows(self, papers: Sequence[Paper], section: Section) -> str:
        """Return the documents of an archive page."""
        rows = "".join(
            f'<article id="post-{p.number}" class="van-ban"><h2 class="entry-title"><a rel="bookmark" '
            f'href="{self.paper_address(p)}">{escape(p.abstract)}</a></h2>'
            f'<p class="so-ky-hieu">{escape(p.code)}</p>'
            + (f'<p class="ngay-ban-hanh">Ngày ban hành: {dmy(p.issued)}</p>' if p.issued else "")
            + "</article>"
            for p in papers
        )
        return f'<div class="archive">{rows}</div>' if rows else EMPTY

    def pager(self, section: Section, page: int, pages: int) -> str:
        """Return the theme's page numbers."""
        return super().pager(section, page, pages).replace('class="sau"', 'class="next page-numbers"')

    def story_main(self, story: Story, day: date) -> str:
        """Return one post."""
        return (
            f'<article id="post-{story.number}" class="single">'
            f'<h1 class="entry-title">{escape(story.title)}</h1>'
            f'{_time(story)}<div class="entry-content">{self.story_text(story)}</div></article>'
        )

    def paper_main(self, paper: Paper, day: date) -> str:
        """Return one document."""
        rows = "".join(
            f"<dt>{label}</dt><dd>{escape(value)}</dd>" for label, value in self.paper_facts(paper)
        )
        return (
            f'<article id="post-{paper.number}" class="single-van-ban"><h1 class="entry-title">'
            f'{escape(paper.title)}</h1><dl class="thuoc-tinh">{rows}</dl>'
            f'<p class="wp-block-file">{self.file_link(paper)}</p></article>'
        )


def _time(story: Story) -> str:
    if not story.printed:
        return ""
    moment = f"{story.printed.isoformat()}T{minute_of(story)}:00+07:00"
    return f'<time class="entry-date published" datetime="{moment}">{dmy(story.printed)}</time>'


def _permalinks(portal: Portal) -> dict[int, str]:
    links: dict[int, str] = {}
    taken: set[str] = set()
    dated: list[Shown] = [*portal.stories, *portal.papers]
    for thing in sorted(dated, key=lambda thing: thing.number):
        stem = f"/{thing.posted:%Y/%m}/{slug(thing.title, 60)}"
        link, turn = f"{stem}/", 2
        while link in taken:
            link, turn = f"{stem}-{turn}/", turn + 1
        taken.add(link)
        links[thing.number] = link
    return links
