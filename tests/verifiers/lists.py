"""Lists of items built by hand, captured on the days a test names."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache, partial
from typing import Any

from pydantic import TypeAdapter

from minhchung.evidence import EvidenceRecord, RecordId
from minhchung.holdings import Holdings, VisitReport
from minhchung.index_set import Component, IndexSet
from minhchung.measurements import Measurement, NotApplicable, Result, Unmeasured
from minhchung.observations import (
    Article,
    Attachment,
    Block,
    Directive,
    LegalDocument,
    NewsItem,
    Observation,
    Question,
    SitePage,
    Walk,
    WalkedPage,
)
from scoring.rules import points, worth
from tests.verifiers import builders as b
from tests.verifiers.services import SET
from verifiers.interface import Verifier

KINDS: dict[str, Any] = {
    "news": NewsItem,
    "article": Article,
    "legal_document": LegalDocument,
    "directive": Directive,
}
QUARTER = date(2021, 5, 4)
YEAR = tuple(b.PERIOD.days())


@cache
def component(code: str) -> Component:
    """Return a component of the product's own index set."""
    read = tomllib.loads(SET.read_text("utf-8"), parse_float=Decimal)
    return TypeAdapter(IndexSet).validate_python(read).component(code)


def prose(topic: str, letters: int = 300) -> str:
    """Return distinct text of at least so many letters about a topic."""
    sentence = f"Bài {topic} kể việc thứ {topic} của ngành trong tuần {topic} tại mười xã vùng cao {topic}. "
    return sentence * (letters // 40 + 1)


@dataclass
class Shelf:
    """Lists, items and pages of one agency, over the passes of a test."""

    days: Sequence[date] = b.CLOSE
    observations: list[Observation] = field(default_factory=list)
    records: dict[RecordId, EvidenceRecord] = field(default_factory=dict)
    visits: list[VisitReport] = field(default_factory=list)

    def item(
        self,
        identity: str,
        published: date | None,
        *,
        kind: str = "news",
        list_url: str = b.LIST,
        heading: str = "Tin tức - Sự kiện",
        seen_on: date | None = None,
        text: str | None = None,
        last: str = "",
        page: bool = True,
        **fields: Any,
    ) -> None:
        """Add an item: its row on every pass from `seen_on`, its page on the first."""
        url = fields.pop("url", f"{list_url}/{identity}")
        title = fields.pop("title", f"Tin thí dụ số {identity}")
        told = {"title": title, "published": published, "identity": identity, "url": url, **fields}
        first = seen_on or self.days[0]
        for day in (d for d in self.days if d >= first):
            run = b.run_on(day)
            self.observations.append(
                KINDS[kind](
                    agency=b.AGENCY.code,
                    run=run,
                    seen=b.place(list_url, run, f"li:{identity}"),
                    part="row",
                    list_url=list_url,
                    list_heading=heading,
                    **told,
                )
            )
        if page:
            self._page(kind, url, first, prose(identity) if text is None else text, last, told)

    def _page(self, kind: str, url: str, day: date, text: str, last: str, told: dict[str, Any]) -> None:
        run = b.run_on(day)
        seen = b.place(url, run)
        blocks = [Block(text=text, tag="p")] + ([Block(text=last, tag="p")] if last else [])
        self.observations += [
            SitePage(
                agency=b.AGENCY.code,
                run=run,
                seen=seen,
                url=url,
                role="item",
                title=told["title"],
                blocks=tuple(blocks),
            ),
            KINDS[kind](agency=b.AGENCY.code, run=run, seen=seen, part="page", **told),
        ]

    def file(self, url: str, **said: Any) -> None:
        """Add a file as it answered on every pass; `days` names other passes."""
        for day in said.pop("days", self.days):
            answer: Attachment = b.file(url, day, **said)
            self.observations.append(answer)
            self.records[answer.seen.record] = b.record(url, day, status=said.get("status", 200))

    def captures(self, **said: Any) -> None:
        """Add a complete capture of every list on every pass."""
        for day in self.days:
            run = b.run_on(day)
            rows = [
                o for o in self.observations if isinstance(o, Article | NewsItem | LegalDocument | Directive)
            ]
            lists = {o.list_url: (o.list_heading, o.kind) for o in rows if o.part == "row"}
            for url, (heading, kind) in lists.items():
                met = [o.identity for o in rows if o.list_url == url and o.run == run and o.part == "row"]
                self.capture(day, met, list_url=url, heading=heading, item_kind=kind, **said)

    def capture(self, day: date, identities: Iterable[str], **said: Any) -> None:
        """Add one capture."""
        self.observations.append(b.capture(day, dict.fromkeys(identities), **said))

    def question(
        self, identity: str, asked: date | None, answered: date | None, chars: int = 100, **said: Any
    ) -> None:
        """Add a question seen on every pass."""
        for day in self.days:
            run = b.run_on(day)
            told = {"list_url": b.HOME + "hoi-dap", "list_heading": "Hỏi đáp", **said}
            self.observations.append(
                Question(
                    agency=b.AGENCY.code,
                    run=run,
                    seen=b.place(f"q{identity}", run),
                    identity=identity,
                    url=f"{b.HOME}hoi-dap/{identity}",
                    asked=asked,
                    answered=answered,
                    answer_chars=chars,
                    **told,
                )
            )

    def walks(self) -> None:
        """Add a complete walk of a bare portal on every pass."""
        for day in self.days:
            run = b.run_on(day)
            home = b.place(b.HOME, run)
            paths = ["", *(f"trang-{n}" for n in range(8))]
            steps = [
                WalkedPage(
                    url=b.HOME + path,
                    depth=1 if path else 0,
                    text=f"Trang {path}",
                    parent=b.HOME if path else "",
                    record=b.record_id(b.HOME + path, run),
                    answered=True,
                    status=200,
                )
                for path in paths
            ]
            self.observations += [
                SitePage(
                    agency=b.AGENCY.code,
                    run=run,
                    seen=b.place(b.HOME + path, run),
                    url=b.HOME + path,
                    role="site" if path else "home",
                    title=f"Sở Thí dụ {path}",
                    blocks=(Block(text=prose(path or "nhà"), tag="p"),),
                )
                for path in paths
            ]
            walk = Walk(agency=b.AGENCY.code, run=run, seen=home, began_at=b.at(day), pages=tuple(steps))
            self.observations.append(walk)

    def held(self, state: str = "ok", **more: Any) -> Holdings:
        """Return the holdings, one visit a pass."""
        visits = self.visits or [b.visit(day, state=state) for day in self.days]
        brought = self.observations if state == "ok" else []
        return b.holdings(*brought, visits=visits, records=self.records, **more)


def spread(count: int, days: Sequence[date] = YEAR) -> list[date]:
    """Return so many days, evenly over the period."""
    return [days[n * len(days) // count] for n in range(count)]


def every_week(each: int) -> list[date]:
    """Return so many days in every ISO week that lies wholly inside the period."""
    return [week.first + timedelta(days=n % 5) for week in b.PERIOD.weeks() for n in range(each)]


def measure(verifier: Verifier[Any], code: str, held: Holdings, **changes: Any) -> Result:
    """Measure by the product's own settings and rules."""
    spec = component(code)
    told = b.context(spec, worth=partial(worth, spec))
    return verifier.measure(held, replace(told, **changes), b.settings(verifier))


def measured(result: Result) -> Measurement:
    """Return the result as a measurement, or fail saying what it is."""
    assert isinstance(result, Measurement), result
    return result


def values(result: Result) -> list[Any]:
    """Return the measured inputs, in order."""
    return [given.value for given in measured(result).inputs.values()]


def score(code: str, result: Result) -> Fraction:
    """Return the exact points of a measurement under the product's own rules."""
    worthy = points(component(code), dict(measured(result).inputs))
    assert worthy.low == worthy.high
    return worthy.low


def reason(result: Result) -> str:
    """Return why a result is none."""
    assert isinstance(result, Unmeasured | NotApplicable), result
    return result.reason.value


def note(result: Result, key: str) -> int | None:
    """Return the count of a note, 0 where there is none."""
    found = [n.count for n in measured(result).notes if n.key == key]
    return found[0] if found else 0
