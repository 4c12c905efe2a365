"""The link by which a list goes on: by its words, its number or its sign, and by where it leads."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from itertools import pairwise
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from collectors.addresses import absolute
from collectors.reading.markup import Node, attribute, select
from collectors.reading.page import Page
from collectors.reading.texts import tidy
from minhchung.addresses import host_of, normalise
from minhchung.text_keys import k2

NEXT_WORDS: Final = frozenset(
    (
        "sau", "trang sau", "trang tiep", "trang tiep theo", "tiep", "tiep theo", "trang ke", "ke tiep",
        "xem tiep", "next", "next page", "older", "older posts", "cu hon", "bai cu hon", "tin cu hon",
        "trang ke tiep", "go to next page", "next posts", "den trang sau", "sang trang sau", "tin cu",
        "bai cu", "older entries", "older articles", "next articles", "trang toi", "next entries",
        "view next page",
    )
)  # fmt: skip
"""What a link to the next page says (k2); "… cũ hơn" and "… tiếp theo" count too."""

_MORE_WORDS: Final = ("xem them", "tai them", "load more", "show more", "view more", "hien thi them")
"""How a link begins that brings more of the same, where its address is that of a further page."""

_NEXT_SIGNS: Final = ("›", "〉", "⟩", "〉", ">", "→", "❯", "▶", "►", "»", "⟫", "》", ">>", "»»")
"""In this order: where single and double signs stand together, the double one leads to the last page."""

_NEXT_NAME: Final = re.compile(r"next|sau\b|tiep|right|forward|older", re.IGNORECASE)
_PAGER_NAME: Final = re.compile(r"pag|trang|next|nav-links", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d{1,5}")
_STEP: Final = re.compile(
    r"[/_.-]*(?:(?:trang(?:-so)?|page|paged|pages|pg|p|index|so)[/_.=-]*)?(\d{1,5})[/_.-]*(?:\.\w{3,5})?",
    re.IGNORECASE,
)
"""What an address has more than that of the first page: `/page/2/`, `-trang-2`, `2`."""

_CALENDAR: Final = re.compile(r"month|thang|day|ngay|year|nam|week|tuan|date", re.IGNORECASE)
"""Parameters by which a calendar beside the list goes on."""

_LONGEST: Final = 32  # characters of a pager's link
_SCRIPTED: Final = (
    "[data-href],[data-url],[data-next],[data-next-url],[data-link],option[value],[onclick*=location]"
)
_GIVEN: Final = ("data-href", "data-next-url", "data-next", "data-url", "data-link")
_GOES_TO: Final = re.compile(r"location(?:\.href)?\s*=\s*[\"']([^\"']+)[\"']")


@dataclass(frozen=True, slots=True)
class Turn:
    """The next page of a list."""

    url: str
    body: bytes = b""
    """Form body of a postback; empty: GET."""


def linked(page: Page, next_css: str, number: int, taken: Container[str] = ()) -> Turn | None:
    """Return the address behind the next link, or behind the number that follows; none of an item's."""
    for rule in dict.fromkeys((next_css, "a[rel~=next]", "link[rel~=next]")):
        for node in select(page.tree, rule):
            if (turn := _to(page, attribute(node, "href"))) is not None:
                return turn
    return _told(page, number, taken) or _scripted(page, number)


def _told(page: Page, number: int, taken: Container[str]) -> Turn | None:
    """Return the address of the link that says by word, number or sign that it leads on."""
    numbered: Turn | None = None
    signed: dict[str, Turn] = {}
    for node in select(page.body, "a[href]"):
        text = tidy(node.text())
        if len(text) > _LONGEST:
            continue
        if not any(map(str.isalnum, text)):
            _note_sign(page, node, text, number, signed)
        told = k2(text) or k2(attribute(node, "aria-label") or attribute(node, "title"))
        worded = _leads_by_word(told)
        if not worded and not _is_number(told, number + 1) and not told.startswith(_MORE_WORDS):
            continue
        turn = _to(page, attribute(node, "href"))
        if turn is None or turn.url in taken:
            continue
        if not (_leads_on(page.url, turn.url, number) or _is_pager(page, node, told)):
            continue
        if worded:
            return turn
        numbered = numbered or turn
    if numbered is not None:
        return numbered
    if (turn := _by_offset(page)) is not None:
        return turn
    return next((signed[sign] for sign in (*_NEXT_SIGNS, "") if sign in signed), None)


def _by_offset(page: Page) -> Turn | None:
    """Return the link that follows where links say how many items lie before each page: 0, 10, 20."""
    offsets: dict[str, dict[int, Turn]] = {}
    for node in select(page.body, "a[href]"):
        text = tidy(node.text())
        if _NUMBER.fullmatch(text) and (turn := _to(page, attribute(node, "href"))) is not None:
            for name, value in _parameters(turn.url).items():
                if value == text:
                    offsets.setdefault(name, {}).setdefault(int(text), turn)
    for name, turns in offsets.items():
        here = _parameters(page.url).get(name, "0")
        was = int(here) if _NUMBER.fullmatch(here) else 0
        steps = {after - before for before, after in pairwise(sorted({0, was, *turns}))}
        step = steps.pop()
        if not steps and step > 1 and (turn := turns.get(was + step)) is not None:
            return turn if _counts_on(page.url, turn.url) else None
    return None


def _note_sign(page: Page, node: Node, text: str, number: int, signed: dict[str, Turn]) -> None:
    """Take a link that shows a sign or a picture, where that or its address says that it leads on."""
    sign = text if text in _NEXT_SIGNS else ""
    if sign in signed or (turn := _to(page, attribute(node, "href"))) is None:
        return
    drawn = not text and _named_next(node) and _leads_on(page.url, turn.url, number)
    if (
        (sign and _is_onward(turn, number))
        or drawn
        or (len(text) <= 3 and _follows(page.url, turn.url, number))
    ):
        signed[sign] = turn


def _leads_by_word(told: str) -> bool:
    return told in NEXT_WORDS or (told.endswith((" cu hon", " tiep theo")) and told.count(" ") < 6)


def _is_number(told: str, wanted: int) -> bool:
    return told in {str(wanted), f"trang {wanted}", f"page {wanted}", f"trang so {wanted}"} or (
        told.isdigit() and len(told) < 6 and int(told) == wanted
    )


def _named_next(node: Node) -> bool:
    """Say whether a link without text is drawn as one that leads on."""
    names = [attribute(node, "class"), attribute(node, "id")]
    names += [attribute(inner, "class") + attribute(inner, "alt") for inner in select(node, "i,span,img,svg")]
    names.append(attribute(node.parent, "class") if node.parent is not None else "")
    return any(_NEXT_NAME.search(name) for name in names)


def _scripted(page: Page, number: int) -> Turn | None:
    """Return the address that a script would go to: of a button, an option, a row of numbers."""
    for node in select(page.body, _SCRIPTED):
        told = k2(tidy(node.text()) or attribute(node, "value") or attribute(node, "aria-label"))
        if not (_leads_by_word(told) or _is_number(told, number + 1) or told.startswith(_MORE_WORDS)):
            continue
        given = next((value for name in _GIVEN if (value := attribute(node, name))), "")
        if not given and node.tag == "option":
            given = attribute(node, "value")
        if not given and (goes := _GOES_TO.search(attribute(node, "onclick"))) is not None:
            given = goes[1]
        if "/" not in given and "?" not in given:
            continue
        turn = _to(page, given)
        if turn is not None and _leads_on(page.url, turn.url, number):
            return turn
    return None


def pressed(page: Page, number: int) -> Turn | None:
    """Return what is asked for by the button of a form that leads on."""
    for node in select(page.body, "form button, form input[type=submit], form input[type=image]"):
        told = k2(tidy(node.text()) or attribute(node, "value") or attribute(node, "alt"))
        told = told or k2(attribute(node, "aria-label") or attribute(node, "title"))
        if "disabled" in node.attributes or not (_leads_by_word(told) or _is_number(told, number + 1)):
            continue
        path = page.path(node)
        form = next((f for f in page.outline.forms.forms if path.startswith(f"{f.path}>")), None)
        if form is None or host_of(form.action) != host_of(page.url):
            continue
        fields = {name: value for name, value in form.fields if name not in page.outline.forms.buttons}
        if name := attribute(node, "name"):
            picture = attribute(node, "type") == "image"
            fields |= {f"{name}.x": "1", f"{name}.y": "1"} if picture else {name: attribute(node, "value")}
        query = urlencode(fields)
        if form.method == "POST":
            return Turn(form.action, query.encode())
        return _to(page, urlunsplit(urlsplit(form.action)._replace(query=query)))
    return None


def _to(page: Page, href: str) -> Turn | None:
    """Return the turn behind an address, unless it leads nowhere, back here or to another site."""
    url = absolute(page.base, href)
    if not url or normalise(url) == normalise(page.url) or host_of(url) != host_of(page.url):
        return None
    return Turn(url)


def _leads_on(here: str, there: str, number: int) -> bool:
    """Say whether an address is that of a further page by what it looks like, wherever its link stands."""
    return _counts_on(here, there) or _next_path(here, there, number)


def _follows(here: str, there: str, number: int) -> bool:
    """Say whether an address is that of the very next page."""
    if _next_path(here, there, number):
        return True
    if not _counts_on(here, there):
        return False
    before, after = _parameters(here), _parameters(there)
    (name,) = [n for n, value in after.items() if before.get(n) != value]
    was, now = before.get(name, ""), int(after[name])
    if not was:
        return now in {number, number + 1}
    return now == int(was) + 1 or (number > 1 and now * (number - 1) == int(was) * number > 0)


def _parameters(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(normalise(url)).query))


def _counts_on(here: str, there: str) -> bool:
    """Say whether an address is this one but for one parameter that counts."""
    old, new = urlsplit(normalise(here)), urlsplit(normalise(there))
    before, after = dict(parse_qsl(old.query)), dict(parse_qsl(new.query))
    changed = [name for name, value in after.items() if before.get(name) != value]
    if old.path.rstrip("/") != new.path.rstrip("/") or len(changed) != 1 or before.keys() - after.keys():
        return False
    (name,) = changed
    if _NUMBER.fullmatch(after[name]) is None or _CALENDAR.search(name) is not None:
        return False
    was = before.get(name, "")
    return not was.isdecimal() or int(was) < int(after[name])


def _next_path(here: str, there: str, number: int) -> bool:
    """Say whether an address is this one but for the number of the page in its path."""
    old, new = urlsplit(normalise(here)), urlsplit(normalise(there))
    if old.query != new.query:
        return False
    was, now = _apart(old.path, new.path)
    step = _STEP.fullmatch(now)
    if step is None:
        return False
    if number == 1 and not any(map(str.isdigit, was)):
        return was.strip("/") in {"", "index", "index.html"} and int(step[1]) in {1, 2}
    before = _STEP.fullmatch(was)
    return (
        before is not None and int(before[1]) in {number, number - 1} and int(step[1]) == int(before[1]) + 1
    )


def _apart(one: str, other: str) -> tuple[str, str]:
    """Return where two paths differ, numbers left whole."""
    first = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        first += 1
    while first and one[first - 1].isdigit():
        first -= 1
    last, least = 0, min(len(one), len(other)) - first
    while last < least and one[-1 - last] == other[-1 - last]:
        last += 1
    while last and one[len(one) - last].isdigit():
        last -= 1
    return one[first : len(one) - last], other[first : len(other) - last]


def _is_onward(turn: Turn, number: int) -> bool:
    """Say whether an address may be that of the next page: no number in it, or the right one."""
    numbers = {
        int(n) for _, v in parse_qsl(urlsplit(turn.url).query) if v.isdigit() and len(v) < 6 for n in (v,)
    }
    return not numbers or bool(numbers & {number, number + 1}) or max(numbers) > number + 1


def _is_pager(page: Page, node: Node, told: str) -> bool:
    """Say whether a short link stands among others like it, not in a menu or a sentence."""
    if page.region(node) in {"header", "footer"} or told.startswith(_MORE_WORDS):
        return False
    holder: Node | None = node
    for _ in range(4):
        if holder is None:
            return False
        texts = [tidy(link.text()) for link in select(holder, "a")[:40]]
        if len(texts) > 1:
            return sum(1 for text in texts if len(text) <= 12) * 2 > len(texts)
        if _PAGER_NAME.search(attribute(holder, "class")):
            return True
        holder = holder.parent
    return False
