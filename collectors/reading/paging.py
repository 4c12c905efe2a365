"""Where a list goes on: a next link, a number, an offset, a path, or a WebForms postback."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from collectors.addresses import absolute
from collectors.reading.markup import Node, attribute, select
from collectors.reading.page import Page
from collectors.reading.texts import tidy
from minhchung.addresses import host_of, normalise
from minhchung.sites import Pagination
from minhchung.text_keys import k2

_NEXT_WORDS: Final = frozenset(
    (
        "sau", "trang sau", "trang tiep", "trang tiep theo", "tiep", "tiep theo", "trang ke", "ke tiep",
        "xem tiep", "next", "next page", "older", "older posts", "cu hon", "bai cu hon", "tin cu hon",
        "trang ke tiep", "bai viet cu hon", "go to next page", "next posts",
    )
)  # fmt: skip
_NEXT_SIGNS: Final = ("›", ">", "→", "»", ">>", "»»")
"""In this order: where single and double signs stand together, the double one leads to the last page."""

_POSTBACK: Final = re.compile(r"__doPostBack\(\s*'([^']*)'\s*,\s*'([^']*)'\s*\)")
_NUMBER: Final = re.compile(r"\d{1,5}")
_PAGE_FOLDER: Final = re.compile(r"/?(?:trang|page|p)[-/]?\d{1,5}/?(?:\.\w{3,5})?", re.IGNORECASE)
_CALENDAR: Final = re.compile(r"month|thang|day|ngay|year|nam|week|tuan|date", re.IGNORECASE)
"""Parameters by which a calendar beside the list goes on."""

_PAGE_ARGUMENT: Final = re.compile(r"^(?:Page\$)?(\d+)$")


@dataclass(frozen=True, slots=True)
class Turn:
    """The next page of a list."""

    url: str
    body: bytes = b""
    """Form body of a postback; empty: GET."""


def next_turn(page: Page, rules: Pagination, number: int, first: str, rows: int) -> Turn | None:
    """Return how the page after this one is asked for, or None where the list ends.

    `number` is this page's, counted from 1; `first` the list's first address; `rows` what this page showed.
    """
    match rules.kind:
        case "none":
            return None
        case "next":
            return _linked(page, rules, number) or _posted_back(page, rules, number)
        case "postback":
            return _posted_back(page, rules, number)
        case "query":
            following = rules.first + number * rules.step
            return _counted(_with_parameter(first, rules.param, following), rules, rows)
        case "offset":
            size = rules.page_size or rules.step
            return _counted(_with_parameter(first, rules.param, rules.first + number * size), rules, rows)
        case "path":
            step = rules.path_template.format(page=rules.first + number * rules.step)
            return _counted(_with_path(first, step), rules, rows)
        case "json_page":
            return None


def data_turn(first: str, rules: Pagination, number: int, rows: int, total: int | None) -> str:
    """Return the address of the next page of a JSON list or a feed; empty where the list ends."""
    if rules.kind not in {"json_page", "query", "offset"} or not rows:
        return ""
    size = rules.page_size or rows
    if rows < size or (total is not None and number * size >= total):
        return ""
    step = rules.step if rules.kind != "offset" else size
    return _with_parameter(first, rules.param, rules.first + number * step)


def _counted(url: str, rules: Pagination, rows: int) -> Turn | None:
    """Return a computed address, unless the page was empty or short."""
    ended = rows == 0 or (rules.page_size and rows < rules.page_size)
    return None if ended else Turn(url)


def _with_parameter(url: str, name: str, value: int) -> str:
    parts = urlsplit(url)
    kept = [(n, v) for n, v in parse_qsl(parts.query, keep_blank_values=True) if n != name]
    return urlunsplit(parts._replace(query=urlencode([*kept, (name, str(value))])))


def _with_path(url: str, step: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{step.lstrip('/')}"))


def _linked(page: Page, rules: Pagination, number: int) -> Turn | None:
    """Return the address behind the next link, or behind the number that follows."""
    for rule in dict.fromkeys((rules.next_css, "a[rel~=next]", "link[rel~=next]")):
        for node in select(page.tree, rule):
            if (turn := _to(page, node)) is not None:
                return turn
    numbered: Turn | None = None
    signed: dict[str, Turn] = {}
    for node in select(page.body, "a[href]"):
        text = tidy(node.text())
        if len(text) > 24:
            continue
        told = k2(text) or k2(attribute(node, "aria-label") or attribute(node, "title"))
        worded = told in _NEXT_WORDS
        turn = _to(page, node) if worded or text == str(number + 1) else None
        if turn is not None and (_is_pager(page, node) or _leads_on(page.url, turn.url, number)):
            if worded:
                return turn
            numbered = numbered or turn
        if text in _NEXT_SIGNS and text not in signed and (turn := _to(page, node)) is not None:
            signed[text] = turn
    if numbered is not None:
        return numbered
    return next(
        (signed[sign] for sign in _NEXT_SIGNS if sign in signed and _is_onward(signed[sign], number)), None
    )


def _to(page: Page, node: Node) -> Turn | None:
    """Return the turn behind a link, unless it leads nowhere, back here or to another site."""
    url = absolute(page.base, attribute(node, "href"))
    if not url or normalise(url) == normalise(page.url) or host_of(url) != host_of(page.url):
        return None
    return Turn(url)


def _leads_on(here: str, there: str, number: int) -> bool:
    """Say whether an address is that of a further page by what it looks like, wherever its link stands."""
    return _counts_on(here, there) or _next_path(here, there, number)


def _counts_on(here: str, there: str) -> bool:
    """Say whether an address is this one but for one parameter that counts."""
    old, new = urlsplit(normalise(here)), urlsplit(normalise(there))
    before, after = dict(parse_qsl(old.query)), dict(parse_qsl(new.query))
    changed = [name for name, value in after.items() if before.get(name) != value]
    if old.path != new.path or len(changed) != 1 or before.keys() - after.keys():
        return False
    (name,) = changed
    if _NUMBER.fullmatch(after[name]) is None or _CALENDAR.search(name) is not None:
        return False
    was = before.get(name, "")
    return not was.isdecimal() or int(was) < int(after[name])


def _next_path(here: str, there: str, number: int) -> bool:
    """Say whether an address is this one but for one number in its path, or a folder of pages below it."""
    old, new = urlsplit(normalise(here)), urlsplit(normalise(there))
    if old.query != new.query:
        return False
    if number == 1 and new.path.startswith(old.path):
        return _PAGE_FOLDER.fullmatch(new.path[len(old.path) :]) is not None
    if _NUMBER.sub("#", old.path) != _NUMBER.sub("#", new.path):
        return False
    pairs = zip(_NUMBER.findall(old.path), _NUMBER.findall(new.path), strict=True)
    changed = [(int(was), int(now)) for was, now in pairs if was != now]
    return changed in ([(number, number + 1)], [(number - 1, number)])


def _is_onward(turn: Turn, number: int) -> bool:
    """Say whether an address may be that of the next page: no number in it, or the right one."""
    numbers = {
        int(n) for _, v in parse_qsl(urlsplit(turn.url).query) if v.isdigit() and len(v) < 6 for n in (v,)
    }
    return not numbers or bool(numbers & {number, number + 1}) or max(numbers) > number + 1


def _is_pager(page: Page, node: Node) -> bool:
    """Say whether a short link stands among others like it, not in a menu or a sentence."""
    if page.region(node) in {"header", "footer"}:
        return False
    holder: Node | None = node
    for _ in range(4):
        if holder is None:
            return False
        texts = [tidy(link.text()) for link in select(holder, "a")[:40]]
        if len(texts) > 1:
            return sum(1 for text in texts if len(text) <= 12) * 2 > len(texts)
        if re.search(r"pag|trang|next|nav-links", attribute(holder, "class"), re.IGNORECASE):
            return True
        holder = holder.parent
    return False


def _posted_back(page: Page, rules: Pagination, number: int) -> Turn | None:
    """Return the postback that asks for the following page, all hidden fields carried along."""
    target, argument = _event(page, rules, number)
    if not target:
        return None
    form = next(
        (form for form in page.outline.forms.forms if any(name == "__VIEWSTATE" for name, _ in form.fields)),
        None,
    )
    if form is None:
        return None
    buttons = {name for name, _ in form.fields if not name.startswith("__")} & page.outline.forms.buttons
    fields = {name: value for name, value in form.fields if name not in buttons}
    fields.update({"__EVENTTARGET": target, "__EVENTARGUMENT": argument})
    return Turn(form.action, urlencode(fields).encode())


def _event(page: Page, rules: Pagination, number: int) -> tuple[str, str]:
    """Return target and argument of the link that leads to the following page."""
    wanted = re.compile(rules.postback_target) if rules.postback_target else None
    following: tuple[str, str] = ("", "")
    for node in select(page.body, "a[href*=__doPostBack], a[onclick*=__doPostBack]"):
        script = unescape(attribute(node, "href") + attribute(node, "onclick"))
        if (event := _POSTBACK.search(script)) is None or (wanted is not None and not wanted.search(script)):
            continue
        told = _PAGE_ARGUMENT.match(event[2])
        if told is not None and int(told[1]) == number + 1:
            return event[1], event[2]
        text = tidy(node.text())
        if text == str(number + 1) or k2(text) in _NEXT_WORDS:
            following = following if following[0] else (event[1], event[2])
    return following
