"""The whole simulated province: every agency's portal with its ids given out, built once per seed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, TypeVar

from simulator import inquiries, papers, sections, words
from simulator.agencies import PROVINCE, Agency, agencies
from simulator.model import Inquiry, Paper, Portal, Shown, Story, Week
from simulator.news import tell_news
from simulator.pages import write_pages
from simulator.plan import plan_portal

_FIRST_NUMBER: Final = 1042
_STRIDE: Final = 7
S = TypeVar("S", bound=Shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Province:
    """A province that never was."""

    seed: int
    name: str
    portals: tuple[Portal, ...]

    def portal(self, code: str) -> Portal:
        """Return one agency's portal; an unknown code raises KeyError."""
        return {portal.agency.code: portal for portal in self.portals}[code]


@lru_cache(maxsize=2)
def build_province(seed: int) -> Province:
    """Build the province; the same seed builds the same one."""
    portals = tuple(_build_portal(agency, index, seed) for index, agency in enumerate(agencies(seed)))
    return Province(seed=seed, name=PROVINCE, portals=portals)


def _build_portal(agency: Agency, index: int, seed: int) -> Portal:
    shelf = papers.issue_papers(agency, index, seed)
    plan = plan_portal(agency, index, bool(shelf))
    if plan["y_kien_chi_dao"] == "stale":
        shelf = [*shelf, *_old_orders(shelf, len(shelf))]
    numbers = _Numbers()
    news = tell_news(agency, index, seed, sections.NEWS)
    articles = sections.write_articles(agency, seed, plan)
    stories = [*news, *(replace(a, number=len(news) + n) for n, a in enumerate(articles))]
    weeks = sections.plan_weeks(agency, seed, plan["lich_lam_viec_lanh_dao"])
    asked = inquiries.ask_questions(agency.code, index, seed, plan["hoi_dap"])
    numbers.take(stories, shelf, [replace(w, number=n) for n, w in enumerate(weeks)], asked)
    return Portal(
        agency=agency,
        sections=sections.lay_out_sections(agency, index, plan),
        pages=write_pages(agency, index, seed, plan),
        stories=numbers.given(Story),
        papers=numbers.given(Paper),
        inquiries=numbers.given(Inquiry),
        weeks=numbers.given(Week),
        plan=plan,
    )


def _old_orders(shelf: list[Paper], start: int) -> list[Paper]:
    """Return orders of years ago: a section that is there and has been silent for long."""
    orders = [paper for paper in shelf if paper.lists == (papers.DIRECTION,) and paper.copy_of is None][:2]
    told = []
    for n, order in enumerate(orders):
        day = order.true_issued.replace(year=2019, day=min(order.true_issued.day, 28))
        title = f"Ý kiến chỉ đạo về việc {words.TOPICS[n]} năm 2019"
        told.append(
            replace(
                order,
                number=start + n,
                lists=(sections.STALE_ORDERS,),
                title=title,
                abstract=title,
                posted=day,
                printed=day,
                issued=day,
                true_issued=day,
                file="pdf",
                copy_of=None,
            )
        )
    return told


class _Numbers:
    """Gives every dated thing the id that a content system would have given it: rising with the true day."""

    def __init__(self) -> None:
        self._given: list[Shown] = []

    def take(self, *groups: list[S] | list[Story] | list[Paper] | list[Week] | list[Inquiry]) -> None:
        """Number all groups together."""
        keyed = [(thing.posted, g, thing.number, thing) for g, group in enumerate(groups) for thing in group]
        keyed.sort(key=lambda row: row[:3])
        numbers = {(g, old): _FIRST_NUMBER + _STRIDE * n for n, (_, g, old, _) in enumerate(keyed)}
        for _, g, old, thing in keyed:
            copy_of = None if thing.copy_of is None else numbers[g, thing.copy_of]
            self._given.append(replace(thing, number=numbers[g, old], copy_of=copy_of))

    def given(self, kind: type[S]) -> tuple[S, ...]:
        """Return the numbered things of one kind, oldest first."""
        return tuple(thing for thing in self._given if isinstance(thing, kind))
