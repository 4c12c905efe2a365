"""A small portal built by hand and walked on the days a test names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from minhchung.evidence import Failure
from minhchung.holdings import Holdings, VisitReport
from minhchung.observations import (
    Article,
    Attachment,
    Block,
    Directive,
    ImageFile,
    LegalDocument,
    NewsItem,
    PageImage,
    PageLink,
    SitePage,
    Walk,
    WalkedPage,
)
from tests.verifiers.builders import AGENCY, CLOSE, HOME, at, capture, place, record_id, run_on, visit
from tests.verifiers.builders import file as file_answer

PARAGRAPH = (
    "Đoạn văn thí dụ này dài vừa đủ để một trang có nội dung riêng của mình, nói về công việc hằng ngày "
    "của cơ quan, về cách sắp xếp giờ làm việc và về những việc người dân thường hỏi khi đến trụ sở. "
)
LONG = (PARAGRAPH + "Phần thứ nhất.", PARAGRAPH + "Phần thứ hai.", PARAGRAPH + "Phần thứ ba.")
"""Three blocks of well over 300 letters together."""

FOOTER = "Địa chỉ: số 1 đường Thí Dụ; Điện thoại: 0212.3.111.222; thidu@sothidu.example.vn"
FILLERS = 14
Role = Literal["home", "site", "list", "item", "search", "foreign"]


@dataclass(frozen=True, kw_only=True)
class Spot:
    """One page of the scene."""

    path: str
    link: str
    """Text of the menu link that leads to it; empty: no menu link."""

    title: str
    blocks: tuple[Block, ...]
    links: tuple[PageLink, ...] = ()
    images: tuple[PageImage, ...] = ()
    parent: str = ""
    depth: int = 1
    role: Role = "site"
    is_shell: bool = False
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One dated item of a list."""

    identity: str
    published: date | None
    title: str
    texts: tuple[str, ...] | None = LONG
    """Blocks of its own page; None: the page was never read."""

    files: tuple[str, ...] = ()
    since: date = date(2000, 1, 1)
    """Day from which the list shows it."""

    until: date | None = None
    more: dict[str, Any] = field(default_factory=dict)


def row(identity: str, published: date | None, title: str = "", **more: Any) -> Row:
    """Return a row of a list; its texts hold its identity, so that no two pages say the same."""
    texts = tuple(f"{text} ({identity})" for text in LONG)
    return Row(
        identity=identity, published=published, title=title or f"Tin {identity}", **{"texts": texts} | more
    )


def block(text: str, tag: str = "p", **more: Any) -> Block:
    """Return a block of the main region unless told otherwise."""
    return Block(text=text, tag=tag, path=f"{tag}:{text[:20]}", **more)


def address(path: str) -> str:
    """Return the address of a path of the portal; an address stays what it is."""
    return path if "://" in path else HOME + path


@dataclass(kw_only=True)
class Scene:
    """A portal under construction: add pages, then walk it."""

    spots: dict[str, Spot] = field(default_factory=dict)
    files: dict[str, tuple[str, int]] = field(default_factory=dict)
    pictures: dict[str, int] = field(default_factory=dict)
    extra: list[Callable[[date], Iterable[Any]]] = field(default_factory=list)
    """What else each visit sees."""

    home_blocks: tuple[Block, ...] = ()
    home_links: tuple[PageLink, ...] = ()
    lang: str = "vi"

    def page(
        self,
        path: str,
        heading: str,
        texts: Iterable[str | Block] = (),
        *,
        link: str | None = None,
        files: Iterable[str] = (),
        pictures: Iterable[str] = (),
        links: Iterable[tuple[str, str]] = (),
        **more: Any,
    ) -> Scene:
        """Add a page with a heading and blocks; without `link` the menu calls it by its heading."""
        said = [each if isinstance(each, Block) else block(each) for each in texts]
        if heading:
            said.insert(0, block(heading, "h1"))
        own = [*((address(each), "Tải về") for each in files), *((address(u), t) for u, t in links)]
        known = {f.name for f in Spot.__dataclass_fields__.values()}
        self.spots[path] = Spot(
            path=path,
            link=heading if link is None else link,
            title=f"{heading or 'Trang'} - Sở Thí dụ",
            blocks=tuple(said),
            links=tuple(
                PageLink(url=url, text=text, path=f"main a[{n}]") for n, (url, text) in enumerate(own)
            ),
            images=tuple(PageImage(url=address(url), alt="hình", path="main img") for url in pictures),
            **{key: value for key, value in more.items() if key in known},
        )
        return self

    def listed(
        self,
        path: str,
        heading: str,
        rows: Iterable[Row],
        kind: type[Article] | type[Directive] | type[LegalDocument] | type[NewsItem] = Article,
        **ended: Any,
    ) -> Scene:
        """Add a list of dated items, each with a page of its own; `ended` replaces fields of its captures."""
        shown = tuple(rows)
        links = tuple((f"{path}/{row.identity}", row.title) for row in shown)
        self.page(path, heading, ("Danh sách tin.",), links=links, role="list")
        for row in shown:
            if row.texts is not None:
                told: dict[str, Any] = {"link": "", "parent": path, "depth": 2, "role": "item"}
                self.page(f"{path}/{row.identity}", row.title, row.texts, **told)

        def observe(day: date) -> Iterator[Any]:
            url, run = address(path), run_on(day)
            met = [row for row in shown if row.since <= day and (row.until is None or day < row.until)]
            item_kind = str(kind.__dataclass_fields__["kind"].default)
            named: dict[str, Any] = {"list_url": url, "heading": heading, "item_kind": item_kind}
            yield capture(day, (row.identity for row in met), **(named | ended))
            for row in met:
                seen = {"row": place(url, run, f"li:{row.identity}")}
                if row.texts is not None:
                    seen["page"] = place(f"{url}/{row.identity}", run)
                for part, where in seen.items():
                    known: dict[str, Any] = {"part": part, "attachments": tuple(map(address, row.files))}
                    if part == "row":
                        known |= {"list_url": url, "list_heading": heading}
                    yield kind(
                        agency=AGENCY.code,
                        run=run,
                        seen=where,
                        identity=row.identity,
                        url=f"{url}/{row.identity}",
                        title=row.title,
                        published=row.published,
                        **known,
                        **row.more,
                    )

        self.extra.append(observe)
        return self

    def fill(self, count: int = FILLERS) -> Scene:
        """Add pages that no component asks for, so that the portal has a body."""
        for number in range(count):
            self.page(f"khac-{number}", f"Trang khác số {number}", (f"Nội dung của trang khác số {number}.",))
        return self

    def file(self, path: str, type: str = "pdf", size: int = 30_000) -> Scene:
        """Add a file that answers."""
        self.files[path] = (type, size)
        return self

    def picture(self, path: str, width: int = 900) -> Scene:
        """Add a picture that answers."""
        self.pictures[path] = width
        return self

    # --- walking it --------------------------------------------------------------------------------

    def see(self, day: date, refuse: Sequence[str] = ()) -> list[Any]:
        """Return what a visit of a day observes; `refuse` names paths that brought no answer."""
        run = run_on(day)
        menu = tuple(
            PageLink(url=address(spot.path), text=spot.link, region="nav", path=f"nav a[{n}]")
            for n, spot in enumerate(self.spots.values())
            if spot.link and spot.depth == 1
        )
        home = Spot(
            path="",
            link="",
            title="Trang chủ - Sở Thí dụ",
            depth=0,
            role="home",
            blocks=(block("Trang chủ của Sở Thí dụ."), *self.home_blocks),
            links=self.home_links,
        )
        seen: list[Any] = []
        steps = []
        for spot in (home, *self.spots.values()):
            url = address(spot.path)
            answered = spot.path not in refuse or spot.depth == 0
            steps.append(
                WalkedPage(
                    url=url,
                    depth=spot.depth,
                    text=spot.link,
                    parent="" if spot.depth == 0 else address(spot.parent),
                    record=record_id(url, run) if answered else None,
                    answered=answered,
                    status=200 if answered else None,
                    failure=None if answered else Failure.BLOCKED,
                )
            )
            if answered:
                seen.append(self._page(spot, day, menu))
        seen += [each for each in self._files(day) if each.url not in {address(p) for p in refuse}]
        steps = [s for s in steps if self.spots.get(s.url.removeprefix(HOME), home).role != "item"]
        seen.append(
            Walk(agency=AGENCY.code, run=run, seen=place(HOME, run), began_at=at(day), pages=tuple(steps))
        )
        return seen + [each for more in self.extra for each in more(day)]

    def _page(self, spot: Spot, day: date, menu: tuple[PageLink, ...]) -> SitePage:
        run, url = run_on(day), address(spot.path)
        frame = (block(FOOTER, region="footer"), block("Sở Thí dụ", "div", region="header"))
        told: dict[str, Any] = {
            "title": spot.title,
            "lang": self.lang,
            "headings": tuple(b for b in spot.blocks if b.tag in ("h1", "h2", "h3")),
            "blocks": (*spot.blocks, *frame),
            "links": (*menu, *spot.links),
            "images": spot.images,
            "shell": spot.is_shell,
            **spot.more,
        }
        return SitePage(agency=AGENCY.code, run=run, seen=place(url, run), url=url, role=spot.role, **told)

    def _files(self, day: date) -> list[Attachment | ImageFile]:
        run = run_on(day)
        found: list[Attachment | ImageFile] = []
        for path, (kind, size) in self.files.items():
            url = address(path)
            found.append(file_answer(url, day, type=kind, size=size))
        for path, width in self.pictures.items():
            url = address(path)
            found.append(
                ImageFile(agency=AGENCY.code, run=run, seen=place(url, run), url=url, width=width, height=300)
            )
        return found

    def held(
        self,
        days: Iterable[date] = CLOSE,
        refuse: Sequence[str] = (),
        visits: Iterable[VisitReport] | None = None,
        **more: Any,
    ) -> Holdings:
        """Return what is held after a walk on each of the days."""
        walked = tuple(days)
        made = tuple(visits) if visits is not None else tuple(visit(day) for day in walked)
        read = {each.run for each in made if each.state == "ok"}
        seen = tuple(o for day in walked if run_on(day) in read for o in self.see(day, refuse))
        told: dict[str, Any] = {"agency": AGENCY, **more}
        return Holdings(visits=made, observations=seen, **told)
