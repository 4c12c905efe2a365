"""Questions that a source's settings spell out: what drivers by profile share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import quote, urlencode

from collectors.interface import Ask
from collectors.spans import whole_months
from minhchung.agencies import Agency
from minhchung.dossiers import Topic
from minhchung.errors import UnrecognisedError
from minhchung.periods import Period
from minhchung.sources import Source

Profile = Mapping[str, Any]

_TOPICS: Final[Mapping[str, Topic]] = {
    "dossiers": "dossiers",
    "procedures": "procedures",
    "services": "services",
    "workflows": "workflows",
    "reports": "reports",
    "agencies": "agencies",
}


def profiles(source: Source, key: str) -> Iterator[tuple[int, Profile]]:
    """Yield the profiles of a source, counted from 0."""
    yield from enumerate(source.settings.get(key, ()))


def topic_of(profile: Profile) -> Topic:
    """Return the topic of a profile; raises UnrecognisedError for one that profiles cannot ask about."""
    said = str(profile.get("topic", "dossiers"))
    if said not in _TOPICS:
        raise UnrecognisedError(f"hồ sơ đọc không biết chủ đề {said!r}; dùng một trong {', '.join(_TOPICS)}")
    return _TOPICS[said]


def of_province(profile: Profile) -> bool:
    """Say whether a question is asked once for the province instead of once an agency."""
    return bool(profile.get("each", "agency") == "province")


def spans(profile: Profile, period: Period) -> Iterator[tuple[date, date]]:
    """Yield the spans that a question is asked for: the period, or its months."""
    if profile.get("by") == "month":
        yield from whole_months(period)
    else:
        yield period.first, period.last


def fill(text: str, code: str, first: date, last: date, page: int) -> str:
    """Return a text of a profile with its places filled: {agency} {first} {last} {year} {month} {page} …."""
    places = {
        "{agency}": code,
        "{first}": first.isoformat(),
        "{last}": last.isoformat(),
        "{first_vn}": f"{first:%d/%m/%Y}",
        "{last_vn}": f"{last:%d/%m/%Y}",
        "{year}": str(first.year),
        "{month}": str(first.month),
        "{page}": str(page),
    }
    for place, value in places.items():
        text = text.replace(place, value)
    return text


def question(
    source: Source,
    number: int,
    profile: Profile,
    agency: Agency,
    span: tuple[date, date],
    page: int,
    first_page: int,
) -> Ask:
    """Return a question; `page` counts from 1, the system's own count begins at `first_page`."""
    code = agency.identifier(source.key) or ""
    theirs = page - 1 + first_page

    def filled(text: Any) -> str:
        return fill(str(text), code, *span, theirs)

    query = urlencode({key: filled(value) for key, value in profile.get("query", {}).items()})
    path = fill(str(profile.get("path", "/")), quote(code, safe=""), *span, theirs)
    form = {key: filled(value) for key, value in profile.get("form", {}).items()}
    headers = tuple((name, filled(value)) for name, value in profile.get("headers", {}).items())
    if form:
        headers += (("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"),)
    return Ask(
        url=f"{source.url.rstrip('/')}{path}{'?' if query else ''}{query}",
        topic=topic_of(profile),
        method="POST" if form else "GET",
        headers=headers,
        body=urlencode(form).encode() if form else b"",
        page=page,
        first=span[0],
        last=span[1],
        profile=number,
    )
