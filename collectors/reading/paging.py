"""Where a list goes on: a next link, a number, an offset, a path, or a WebForms postback."""

from __future__ import annotations

import re
from collections.abc import Container
from html import unescape
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from collectors.addresses import absolute
from collectors.reading.markup import attribute, select
from collectors.reading.next_links import NEXT_WORDS, Turn, linked, pressed
from collectors.reading.page import Page
from collectors.reading.texts import tidy
from minhchung.sites import Pagination
from minhchung.text_keys import k2

_POSTBACK: Final = re.compile(r"__doPostBack\(\s*'([^']*)'\s*,\s*'([^']*)'\s*\)")
_PAGE_ARGUMENT: Final = re.compile(r"^(?:Page\$)?(\d+)$")


def next_turn(
    page: Page, rules: Pagination, number: int, first: str, rows: int, taken: Container[str] = ()
) -> Turn | None:
    """Return how the page after this one is asked for, or None where the list ends.

    `number` is this page's, counted from 1; `first` the list's first address; `rows` how many items this page
    showed, `taken` the addresses that they lead to.
    """
    match rules.kind:
        case "none":
            return None
        case "next":
            on = linked(page, rules.next_css, number, taken) or _posted_back(page, rules, number)
            return on or pressed(page, number)
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
        case "json_page" | "cursor":
            return None  # of lists that are no pages


def data_turn(first: str, rules: Pagination, number: int, rows: int, total: int | None) -> str:
    """Return the address of the next page of a JSON list or a feed; empty where the list ends."""
    if rules.kind not in {"json_page", "query", "offset"} or not rows:
        return ""
    size = rules.page_size or rows
    if rows < size or (total is not None and number * size >= total):
        return ""
    step = rules.step if rules.kind != "offset" else size
    return _with_parameter(first, rules.param, rules.first + number * step)


def cursor_turn(first: str, rules: Pagination, cursor: object, rows: int) -> str:
    """Return the address behind an answer's cursor, an address or a mark; empty where the list ends."""
    if not rows or isinstance(cursor, bool) or not isinstance(cursor, str | int) or cursor == "":
        return ""
    told = str(cursor)
    if told.startswith(("http://", "https://", "/", "?")):
        return absolute(first, told)
    return _with_parameter(first, rules.param, told)


def _counted(url: str, rules: Pagination, rows: int) -> Turn | None:
    """Return a computed address, unless the page was empty or short."""
    ended = rows == 0 or (rules.page_size and rows < rules.page_size)
    return None if ended else Turn(url)


def _with_parameter(url: str, name: str, value: int | str) -> str:
    parts = urlsplit(url)
    kept = [(n, v) for n, v in parse_qsl(parts.query, keep_blank_values=True) if n != name]
    return urlunsplit(parts._replace(query=urlencode([*kept, (name, str(value))])))


def _with_path(url: str, step: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{step.lstrip('/')}"))


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
        if text == str(number + 1) or k2(text) in NEXT_WORDS:
            following = following if following[0] else (event[1], event[2])
    return following
