"""How a list's further pages are asked for, told from the addresses of the first two or three."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from collectors.reading.next_links import Turn
from minhchung.sites import Pagination

_NUMBER: Final = re.compile(r"\d+")


def observed(first: str, turns: Sequence[Turn]) -> Pagination | None:
    """Return the paging that these turns show; None where there was none."""
    if not turns:
        return None
    if turns[0].body:
        return Pagination(kind="postback") if b"__VIEWSTATE" in turns[0].body else Pagination()
    return _by_query(first, turns) or _by_path(first, turns) or Pagination()


def _by_query(first: str, turns: Sequence[Turn]) -> Pagination | None:
    pages = [dict(parse_qsl(urlsplit(url).query)) for url in (first, *(turn.url for turn in turns))]
    if urlsplit(turns[0].url).path.rstrip("/") != urlsplit(first).path.rstrip("/"):
        return None
    counting = [n for n, v in pages[1].items() if v.isdigit() and pages[0].get(n) != v]
    if len(counting) != 1:
        return None
    (name,) = counting
    values = [int(page[name]) for page in pages[1:] if page.get(name, "").isdigit()]
    step = values[1] - values[0] if len(values) > 1 else values[0] if values[0] > 2 else 1
    begin = values[0] - step
    if step > 1:
        return Pagination(kind="offset", param=name, first=begin, page_size=step)
    return Pagination(kind="query", param=name, first=begin)


def _by_path(first: str, turns: Sequence[Turn]) -> Pagination | None:
    base, path = urlsplit(first).path.rstrip("/"), urlsplit(turns[0].url).path
    rest = path[len(base) :].lstrip("/") if path.startswith(base) else ""
    numbers = _NUMBER.findall(rest)
    if len(numbers) != 1 or numbers[0] not in {"1", "2"}:
        return None
    template = _NUMBER.sub("{page}", rest, count=1)
    return Pagination(kind="path", path_template=template, first=int(numbers[0]) - 1)
