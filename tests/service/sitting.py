"""A home with three agencies, people who may rule, and a clock that stands where it is put."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from minhchung.evidence import AgencyCode
from minhchung.round_acts import Event, RoundAct
from minhchung.rulings import Comment, Ruling
from service.round_book import Said, enter
from service.ruling import rule
from service.settings import Settings, load
from service.workplace import RandomIds
from storage.home import Home
from storage.store import Store
from tests.service.small_home import write_small_config

PEOPLE = """
[[person]]
id = "an"
name = "Người Một"

[[person]]
id = "binh"
name = "Người Hai"

[[person]]
id = "chi"
name = "Người Ba"
agency = "so-thu"

[[person]]
id = "dung"
name = "Người Bốn"
runs = ["mot-cua"]
"""


def missed(component: str, text: str) -> Comment:
    """Return a comment of `so-thu`, in the comment period: you missed it."""
    return Comment(
        round="2021",
        agency=AgencyCode("so-thu"),
        component=component,
        kind="missed",
        text=text,
        number="12/STHU",
        day=date(2021, 11, 13),
        finding="",
    )


class Calendar:
    """A clock that stands on a day."""

    def __init__(self) -> None:
        self.day = date(2021, 10, 11)

    def now(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, 5, tzinfo=UTC)


class Place:
    """A home with three agencies, people who may rule, and an open sitting."""

    def __init__(self, folder: Path) -> None:
        self.config = write_small_config(folder / "config")
        (self.config / "people.toml").write_text(PEOPLE, "utf-8")
        self.home = folder / "home"
        self.clock = Calendar()
        self.store = Store(Home(self.home), self.clock, RandomIds(), writer=True)

    @property
    def settings(self) -> Settings:
        return load(self.home, self.config)

    def enter(self, event: Event, day: str, file: Path | None = None, **more: Any) -> RoundAct:
        self.clock.day = max(self.clock.day, date.fromisoformat(day))
        said = Said(event=event, number="1/TB", day=date.fromisoformat(day), by="an", file=file, **more)
        return enter(self.settings, self.store, self.clock, self.settings.round(), said)

    def up_to(self, *events: Event) -> None:
        """Enter these events a day apart, the freeze on its day."""
        days = {Event.OPEN: "2021-10-11", Event.FREEZE: "2021-11-10"}
        for n, event in enumerate(events):
            self.enter(event, days.get(event, f"2021-11-{11 + n}"))

    def ruling(self, **more: Any) -> Ruling:
        made = Ruling(
            round="2021",
            agency=AgencyCode("so-thu"),
            component="AT.4",
            inputs={"muc_https": frozenset({"https"})},
            by="an",
            countersigned_by="binh",
            day=self.clock.day,
            why="Đã xem trực tiếp trang",
        )
        return replace(made, **more)

    def rule(self, **more: Any) -> str:
        ruling = self.ruling(**more)
        component = self.settings.index_set(self.settings.round()).component(ruling.component)
        if "inputs" not in more:
            ruling = replace(ruling, inputs={component.inputs[0].name: frozenset({"https"})})
        return rule(self.settings, self.store, self.clock, ruling)[0]
