"""Portals that several tests of the crawl loop visit."""

from __future__ import annotations

from tests.collectors.tiny import page, paged, row
from tests.collectors.worlds import Reply, World

HOME = page("Sở Mô phỏng", ("list", "/tin", "Tin tức"), ("site", "/gioi-thieu", "Giới thiệu"))
SECOND = "20211105T030000Z-1"
THIRD = "20211106T030000Z-1"


def with_lists() -> World:
    """Return a portal with a home page and one list of 25 items on three pages."""
    pages = ((1, 10), (11, 10), (21, 5))
    rows = [
        [row(f"b{n}", f"2021-10-{28 - n:02}") for n in range(first, first + count)] for first, count in pages
    ]
    served = {"/": Reply(HOME), "/gioi-thieu": Reply(page("Giới thiệu"))} | paged("/tin", rows)
    return World(dict(served) | {f"/bai/b{n}": Reply(page(f"Bài {n}")) for n in range(1, 26)})


def with_levels() -> World:
    """Return a portal of four levels, with a list of two pages."""
    levels = {
        "/": page("Trang chủ", ("site", "/gioi-thieu", "Giới thiệu"), ("list", "/tin", "Tin tức")),
        "/gioi-thieu": page("Giới thiệu", ("site", "/co-cau", "Cơ cấu"), ("site", "/", "Về trang chủ")),
        "/co-cau": page("Cơ cấu", ("site", "/phong", "Phòng"), ("site", "/mat", "Mất")),
        "/phong": page("Phòng", ("site", "/sau", "Sâu quá")),
        "/sau": page("Sâu quá"),
        "/bai/b1": page("Bài b1"),
        "/bai/b2": page("Bài b2"),
    }
    pages = {path: Reply(html) for path, html in levels.items()}
    return World({**pages, **paged("/tin", [[row("b1")], [row("b2")]])})
