"""Probes: what a portal answers to an address that cannot exist, and to searches for items we know."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from hashlib import sha256
from typing import Final, Literal
from urllib.parse import quote_plus, urlencode, urlsplit

from collectors.addresses import absolute
from collectors.answers import Answer, Ask
from collectors.platforms.interface import Link
from collectors.soft404 import main_text
from collectors.trip import PageRead, Trip
from minhchung.evidence import Failure, Locator, RecordId
from minhchung.observations import (
    Article,
    Directive,
    LegalDocument,
    NewsItem,
    PageForm,
    SearchProbe,
    SitePage,
)
from minhchung.periods import local_day
from minhchung.text_keys import k1, k2

PROBES: Final = 3
WORDS: Final = 4
MIN_AGE: Final = timedelta(days=30)
"""Items younger than this may not be in the portal's index yet."""

_OUTSIDE: Final = frozenset({"nav", "header", "footer", "breadcrumb"})
_WORD: Final = re.compile(r"[^\W_]+")
_SEARCH_WORDS: Final = re.compile(r"search|tim|timkiem|keyword|tukhoa|\bq\b|\bs\b|\bkey\b", re.IGNORECASE)
SearchState = Literal["answered", "robots", "blocked", "script-only", "failed", "no-search"]
_AnyItem = NewsItem | LegalDocument | Directive | Article


def nonsense(seed: str) -> str:
    """Return a word that no page holds, the same for the same seed."""
    return "zq" + sha256(seed.encode()).hexdigest()[:10]


async def learn_not_found(trip: Trip) -> None:
    """Ask for an address that cannot exist; a page that looks like the answer is no page."""
    parts, word = urlsplit(trip.agency.portal), nonsense(trip.seed)
    url = f"{parts.scheme}://{parts.netloc}/{word}"
    if not trip.own.hold(url):
        # Beside others on one host: how the portal says it is wanted, not how the host does.
        folder, _, last = parts.path.rpartition("/")
        url = f"{parts.scheme}://{parts.netloc}{folder if not last or '.' in last else parts.path}/{word}"
    link = Link(url=url, role="home")
    answer = await trip.asker.ask(Ask(url=link.url, retries=0, within=trip.near, probe=True))
    read = trip.read(answer, link, observe=False)
    if read.page is not None:
        trip.not_found.learn(read.page)


# --- search -------------------------------------------------------------------------------------------


async def probe_search(trip: Trip, home: PageRead) -> None:
    """Ask for three known items and for nonsense; keep what the portal's search answered."""
    page = home.page
    if page is None or home.answer.record is None:
        return
    wanted = sample(trip)
    form = search_form(page)
    if not trip.profile.search and form is None:
        scripted = any(control.type == "search" or _is_search(control.name) for control in page.controls)
        state: SearchState = "script-only" if scripted else "no-search"
        _keep(trip, home.answer.record.id, state=state)
        return
    if len(wanted) < PROBES:
        return  # too few items of our own to ask for: nothing can be concluded
    titles = Counter(word for item in _items(trip) for word in set(map(k1, _WORD.findall(item.title))))
    for item in wanted:
        await _probe(trip, page, form, rarest_words(item.title, titles), item.identity)
    await _probe(trip, page, form, nonsense(trip.seed), "")


def sample(trip: Trip) -> list[_AnyItem]:
    """Return the seeded sample of items old enough to be found."""
    oldest = local_day(trip.clock.now()) - MIN_AGE
    days = _published(trip)
    old = [item for item in _items(trip) if (day := days.get(item.identity)) is not None and day <= oldest]
    old = [item for item in old if len(_WORD.findall(item.title)) >= WORDS]
    return sorted(old, key=lambda item: sha256(f"{trip.seed}/{item.identity}".encode()).digest())[:PROBES]


def _published(trip: Trip) -> dict[str, date]:
    """Return the days of the items; where a list prints none, of their own pages read so far."""
    pages = trip.recorder.kept(trip.agency.code, ("news", "article", "legal_document", "directive"))
    known = (*(each for each in pages if isinstance(each, _AnyItem)), *_items(trip))
    return {item.identity: item.published for item in known if item.published is not None}


def _items(trip: Trip) -> list[_AnyItem]:
    return [row for row in trip.rows.values() if isinstance(row, _AnyItem) and row.title]


def rarest_words(title: str, titles: Counter[str]) -> str:
    """Return the title words that the fewest own titles hold, in the order of the title."""
    words = list(dict.fromkeys(_WORD.findall(title)))
    chosen = set(sorted(words, key=lambda word: (titles[k1(word)], k1(word)))[:WORDS])
    return " ".join(word for word in words if word in chosen)


def search_form(page: SitePage) -> PageForm | None:
    """Return the form that searches: one free text field, and a name that says so where there are several."""
    forms = [form for form in page.forms if form.text_field]
    named = [
        form
        for form in forms
        if _is_search(f"{form.action} {form.text_field} {form.path}") or len(forms) == 1
    ]
    return named[0] if named else None


def _is_search(text: str) -> bool:
    return _SEARCH_WORDS.search(k2(text)) is not None or _SEARCH_WORDS.search(text) is not None


def search_link(trip: Trip, page: SitePage, form: PageForm | None, query: str) -> Link:
    """Return the question that a visitor's search would be."""
    if trip.profile.search:
        return Link(
            url=absolute(page.url, trip.profile.search.replace("{query}", quote_plus(query))), role="search"
        )
    if form is None:
        return Link(url=page.url, role="search")
    fields = [(name, query if name == form.text_field else value) for name, value in form.fields]
    if form.text_field not in dict(form.fields):
        fields.append((form.text_field, query))
    action = absolute(page.url, form.action) or page.url
    if form.method.casefold() == "post":
        return Link(url=action, role="search", method="POST", body=urlencode(fields).encode())
    return Link(url=f"{action.partition('?')[0]}?{urlencode(fields)}", role="search")


async def _probe(trip: Trip, page: SitePage, form: PageForm | None, query: str, wanted: str) -> None:
    link = search_link(trip, page, form, query)
    answer = await trip.ask(link, retries=1, within=trip.near)
    if answer.record is None:
        return
    if not answer.usable:
        _keep(trip, answer.record.id, query, wanted, _state_of(answer))
        return
    if answer.kept:
        return
    read = trip.read_body(answer, answer.record, answer.body, link, observe=False)
    if read.page is None:
        _keep(trip, answer.record.id, query, wanted, "failed")
    elif read.page.shell:
        _keep(trip, answer.record.id, query, wanted, "script-only")
    else:
        trip.recorder.observe([read.page])
        _keep(trip, answer.record.id, query, wanted, "answered", read.page)


def _state_of(answer: Answer) -> SearchState:
    if answer.failure is Failure.ROBOTS:
        return "robots"
    return "blocked" if answer.failure in (Failure.BLOCKED, Failure.RATE_LIMITED) else "failed"


def _keep(
    trip: Trip,
    record: RecordId,
    query: str = "",
    wanted: str = "",
    state: SearchState = "answered",
    page: SitePage | None = None,
) -> None:
    links = [link.url for link in page.links if link.region not in _OUTSIDE] if page is not None else []
    trip.recorder.observe(
        [
            SearchProbe(
                agency=trip.agency.code,
                run=trip.run,
                seen=Locator(record=record),
                query=query,
                nonsense=bool(query) and not wanted,
                wanted=wanted,
                found=tuple(dict.fromkeys(links)),
                main_text=main_text(page) if page is not None else "",
                state=state,
            )
        ]
    )
