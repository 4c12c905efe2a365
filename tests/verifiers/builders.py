"""Small holdings built by hand: what the tests of all verifiers say their truth with.

Every instant is nine o'clock in Viet Nam of the day given; every record identifier follows from a text,
so that two builders that speak of one page speak of one record.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, TypeVar
from uuid import NAMESPACE_URL, uuid5

from pydantic import TypeAdapter

from minhchung.agencies import Agency
from minhchung.evidence import PORTAL, AgencyCode, EvidenceRecord, Locator, RecordId, RunId, SourceKey
from minhchung.holdings import Holdings, VisitReport
from minhchung.index_set import ChecklistItem, Component, Formula, InputSpec
from minhchung.measurements import Measurement, NotApplicable, Origin, Result, Unmeasured
from minhchung.observations import Attachment, ListCapture, NewsItem
from minhchung.periods import Period, WorkCalendar
from verifiers.interface import CommonSettings, Context, Verifier

S = TypeVar("S")
CONFIG = Path(__file__).resolve().parents[2] / "config" / "verifiers"

HOME = "http://sothidu.example.vn/"
AGENCY = Agency(
    code=AgencyCode("so-thi-du"),
    name="Sở Thí dụ",
    bloc="so",
    portal=HOME,
    abbreviation="STD",
    aliases=("Sở Thí dụ tỉnh Mô Phỏng",),
)
PERIOD = Period(date(2020, 11, 1), date(2021, 10, 31))
FREEZE = date(2021, 11, 15)
CLOSE = (date(2021, 11, 2), date(2021, 11, 4))
"""The two days on which the portal is read at the period's end."""

CALENDAR = WorkCalendar(
    years=(2020, 2021),
    holidays={date(2021, 1, 1): "thí dụ"} | {date(2021, 2, 10) + timedelta(days=n): "Tết" for n in range(7)},
)


# --- what a verifier is told -----------------------------------------------------------------------


def settings(verifier: Verifier[S], **changes: Any) -> S:
    """Return the product's own settings of a verifier, as its file says, with changes."""
    file = CONFIG / f"{verifier.name}.toml"
    said: dict[str, Any] = (
        tomllib.loads(file.read_text("utf-8"), parse_float=Decimal) if file.is_file() else {}
    )
    return TypeAdapter(verifier.settings).validate_python(said | changes)


def common(**changes: Any) -> CommonSettings:
    """Return the product's own common settings, with changes."""
    said = tomllib.loads((CONFIG / "common.toml").read_text("utf-8"), parse_float=Decimal)
    return TypeAdapter(CommonSettings).validate_python(said | changes)


def component(code: str, points: str = "1", **items: str) -> Component:
    """Return a component; with items (id = points) it is a checklist with the one input `muc`."""
    return Component(
        code=code,
        title=code,
        points=Decimal(points),
        kind="objective_crawl",
        formula=Formula(
            type="checklist" if items else "ratio",
            items=tuple(ChecklistItem(id=key, points=Decimal(each)) for key, each in items.items()),
        ),
        inputs=(InputSpec(role="items", name="muc", origins=(Origin.CRAWL,)),) if items else (),
    )


def context(of: Component | None = None, **changes: Any) -> Context:
    """Return what a verifier is told of the round, with changes."""
    told = Context(
        component=of or component("HD.0"),
        period=PERIOD,
        freeze=FREEZE,
        round="2021",
        calendar=CALENDAR,
        common=common(),
        registry=(AGENCY,),
        service_portal_hosts=("dichvucong.mophong.example.vn",),
    )
    return replace(told, **changes)


# --- when and where --------------------------------------------------------------------------------


def at(day: date, hour: int = 9) -> datetime:
    """Return an hour of a local day, in UTC."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC) - timedelta(hours=7)


def run_on(day: date, number: int = 1) -> RunId:
    """Return the run of a day."""
    return RunId(f"{at(day):%Y%m%dT%H%M%SZ}-{number}")


def record_id(said: str, run: RunId | str = "") -> RecordId:
    """Return the record identifier that follows from a text and a run."""
    return RecordId(f"urn:uuid:{uuid5(NAMESPACE_URL, f'{run} {said}')}")


def place(said: str, run: RunId | str = "", path: str = "") -> Locator:
    """Return a place in the record that follows from a text."""
    return Locator(record=record_id(said, run), path=path)


def record(
    url: str,
    day: date,
    *,
    status: int | None = 200,
    agency: Agency = AGENCY,
    source: SourceKey = PORTAL,
    **more: Any,
) -> EvidenceRecord:
    """Return the record of one answer of a day."""
    run = run_on(day)
    told: dict[str, Any] = {"kind": "response" if status else "failure", **more}
    return EvidenceRecord(
        id=record_id(url, run),
        agency=agency.code,
        source=source,
        run=run,
        url=url,
        captured_at=at(day),
        status=status,
        **told,
    )


def visit(
    day: date,
    *,
    state: str = "ok",
    scope: str = "host",
    canaries: bool = True,
    agency: Agency = AGENCY,
    source: SourceKey = PORTAL,
    hour: int = 9,
    **more: Any,
) -> VisitReport:
    """Return a visit of a day; one that is not `ok` brought nothing."""
    read = 1 if state == "ok" else 0
    told: dict[str, Any] = {"state": state, "scope": scope, **more}
    return VisitReport(
        agency=agency.code,
        run=run_on(day),
        source=source,
        began_at=at(day, hour),
        ended_at=at(day, hour) + timedelta(minutes=5),
        attempts=1,
        fetched=read,
        not_modified=0,
        refused=0,
        failed=1 - read,
        canaries=canaries,
        record=record_id("visit", run_on(day)),
        **told,
    )


# --- items -----------------------------------------------------------------------------------------

LIST = HOME + "tin-tuc"


def news(identity: str, published: date | None, seen_on: date = CLOSE[0], **more: Any) -> NewsItem:
    """Return one row of a news list, first seen on a day; `more` replaces any field."""
    run = run_on(seen_on)
    url = f"{HOME}tin-tuc/{identity}"
    told: dict[str, Any] = {
        "part": "row",
        "url": url,
        "title": f"Tin thí dụ số {identity}",
        "list_url": LIST,
        "list_heading": "Tin tức - Sự kiện",
        **more,
    }
    return NewsItem(
        agency=AGENCY.code,
        run=run,
        seen=place(LIST, run, f"li:{identity}"),
        identity=identity,
        published=published,
        **told,
    )


def capture(
    day: date,
    identities: Iterable[str],
    *,
    list_url: str = LIST,
    heading: str = "Tin tức - Sự kiện",
    item_kind: Literal[
        "news", "legal_document", "directive", "article", "question", "schedule_entry"
    ] = "news",
    **more: Any,
) -> ListCapture:
    """Return a complete capture of a list on a day; `more` replaces any field."""
    run = run_on(day)
    met = tuple(identities)
    told: dict[str, Any] = {"ended": "no-next", "empty_marker": not met, **more}
    return ListCapture(
        agency=AGENCY.code,
        run=run,
        seen=place(list_url, run),
        list_url=list_url,
        heading=heading,
        item_kind=item_kind,
        captured_at=at(day),
        pages=(record_id(list_url, run),),
        identities=met,
        **told,
    )


def file(
    url: str, day: date, *, type: str = "pdf", size: int = 20_000, status: int | None = 200
) -> Attachment:
    """Return a file as it answered on a day."""
    run = run_on(day)
    return Attachment(
        agency=AGENCY.code, run=run, seen=place(url, run), url=url, type=type, size=size, status=status
    )


def holdings(*observations: Any, visits: Iterable[VisitReport] = (), **more: Any) -> Holdings:
    """Return what is held about the agency; without visits, one of every day that is spoken of."""
    told = tuple(visits)
    if not told:
        runs = sorted({each.run for each in observations})
        told = tuple(visit(datetime.strptime(run[:8], "%Y%m%d").replace(tzinfo=UTC).date()) for run in runs)
    known: Mapping[str, Any] = {"agency": AGENCY, "visits": told, "observations": observations} | more
    return Holdings(**known)


# --- what a verifier concluded ---------------------------------------------------------------------


def measured(result: Result) -> Measurement:
    """Return the measurement, or fail with what was said instead."""
    assert isinstance(result, Measurement), f"not measured: {result}"
    return result


def unmeasured(result: Result) -> Unmeasured:
    """Return why nothing was measured, or fail with what was."""
    assert isinstance(result, Unmeasured), f"measured: {result}"
    return result


def not_applicable(result: Result) -> NotApplicable:
    """Return why the component does not apply, or fail with what was said instead."""
    assert isinstance(result, NotApplicable), f"applies: {result}"
    return result


def met_items(result: Result) -> frozenset[str]:
    """Return the checklist items that are met, or proven at least where the rest is open."""
    known = result.inputs if isinstance(result, Measurement) else None
    if isinstance(result, Unmeasured):
        known = result.low
    value = next(iter(known.values())).value if known else frozenset()
    assert isinstance(value, frozenset), value
    return value
