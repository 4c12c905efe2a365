"""HD.6: whether procedures and online services with their level are shown (docs/reference/verifiers)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, ClassVar, Final

from minhchung.evidence import Locator
from minhchung.holdings import Holdings
from minhchung.measurements import NotApplicable, NotApplicableReason, Note, Result
from minhchung.observations import Procedure, SitePage
from verifiers.addresses import host_of, page_key
from verifiers.blocks import FRAME_REGIONS, Boilerplate
from verifiers.checklists import Look, conclude, look_for, settle
from verifiers.contents import Proof, best, has_file, tested
from verifiers.headings import TermList
from verifiers.interface import Context, Verifier
from verifiers.passes import by_run, refusal, snapshot_window, within
from verifiers.portals import Portal, read_portal
from verifiers.procedure_pages import (
    CODE,
    ServiceView,
    answers,
    filtered_list,
    service_links,
    shown_procedures,
    shows_levels,
)
from verifiers.sections import Section, find_sections
from verifiers.sites import Site, read_sites

INPUT: Final = "muc_tthc_dvc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`config/verifiers/procedures_on_portal.toml`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    terms: TermList
    """Heading terms of the list of procedures."""

    level_words: TermList
    later_level_words: TermList
    later_since: date
    """Day from which levels are called by the later words."""

    procedure_words: TermList
    """Words with which a row or link of a procedure begins, where it shows no code."""

    min_procedures: int = 5
    link_within: int = 2
    """Links from the home page to the service portal."""

    asked_difference_percent: int = 20


def measure(holdings: Holdings, context: Context, settings: Settings) -> Result:
    """Return whether procedures and online services with their level stood on the portal."""
    if not holdings.agency.has_procedures:
        reason = NotApplicableReason.NO_PROCEDURES
        return NotApplicable(
            reason=reason, detail="cơ quan không có thủ tục hành chính", verifier=VERIFIER.label
        )
    portal = read_portal(holdings, context)
    window = snapshot_window(holdings.agency, context)
    visits = within(portal.visits, window)
    refused = refusal(holdings, visits)
    if refused is not None:
        return refused
    sites = read_sites(portal, visits)
    views = {site.visit.run: _view(site, settings) for site in sites}
    catalogue = _catalogue(portal)
    wanted = min(settings.min_procedures, len(catalogue) or settings.min_procedures)

    def content(section: Section) -> Proof:
        return _lists_procedures(section, views[section.site.visit.run], wanted)

    items = {
        "danh_muc_tthc": settle((look_for(site, settings.terms, content) for site in sites), context.common),
        "lien_ket_cong_dvc_va_muc_do": settle(
            (_look_for_services(view, settings) for view in views.values()), context.common
        ),
    }
    questions = tuple(_ask(sites[-1:], views, catalogue, settings))
    return conclude(INPUT, items, context, window, label=VERIFIER.label, questions=questions)


def _view(site: Site, settings: Settings) -> ServiceView:
    context = site.portal.context
    later = context.period.last >= settings.later_since
    pages = by_run(site.portal.holdings, SitePage).get(site.visit.run, ())
    return ServiceView(
        site=site,
        procedure_words=settings.procedure_words,
        levels=settings.later_level_words if later else settings.level_words,
        services={page_key(p.url): p for p in pages if host_of(p.url) in context.service_portal_hosts},
        link_within=settings.link_within,
    )


def _catalogue(portal: Portal) -> frozenset[str]:
    return frozenset(o.code for o in portal.holdings.observations if isinstance(o, Procedure) and o.valid)


def _lists_procedures(section: Section, view: ServiceView, wanted: int) -> Proof:
    """Test for enough procedures, a file that lists them, or a link to the agency's list elsewhere."""
    page = section.page

    def test(boilerplate: Boilerplate) -> Proof:
        shown = shown_procedures(page, boilerplate, view)
        said = f"{len(shown)} thủ tục"
        if len(shown) < wanted:
            return best((has_file(page, boilerplate, view.site.portal), Proof(state="unmet", said=said)))
        basis = tuple(Locator(record=page.seen.record, path=path) for path in list(shown.values())[:wanted])
        return Proof(state="met", basis=basis, said=said)

    elsewhere = (
        filtered_list(view, link.url)
        for link in page.links
        if link.region not in FRAME_REGIONS and host_of(link.url) in view.hosts
    )
    return best((tested(page, section.site.repeated, test), *elsewhere))


def _look_for_services(view: ServiceView, settings: Settings) -> Look:
    """Return whether the service portal is linked, answers, and a service is shown with its level."""
    site = view.site
    links = service_links(view)
    linked = best(answers(view, link, page) for link, page in links)
    levels = shows_levels(view, links)
    open_or_met = partial(Look, at=site.at, basis=linked.basis + levels.basis)
    if linked.state == levels.state == "met":
        return open_or_met(state="met", said=levels.said)
    for proof in (linked, levels):
        if proof.state == "open" and linked.state != "unmet":
            return open_or_met(state="open", reason=proof.reason)
    gap = site.gap(settings.terms)
    if gap is not None:
        return open_or_met(state="open", reason=gap)
    if linked.state == "met":
        return open_or_met(state="empty", said="có liên kết tới cổng dịch vụ công, không thấy mức độ dịch vụ")
    return Look(state="absent", at=site.at, basis=(site.walk.seen,))


def _ask(
    sites: tuple[Site, ...], views: dict[Any, ServiceView], catalogue: frozenset[str], settings: Settings
) -> Iterator[Note]:
    """Yield what only looks odd: another number of procedures than the catalogue's, codes it lacks."""
    for site in sites:
        view = views[site.visit.run]
        shown: dict[str, Locator] = {}
        for section in find_sections(site, settings.terms):
            for code, path in shown_procedures(section.page, site.repeated.loose, view).items():
                if CODE.fullmatch(code):
                    shown.setdefault(code, Locator(record=section.page.seen.record, path=path))
        if not shown or not catalogue:
            continue
        if abs(len(shown) - len(catalogue)) * 100 > settings.asked_difference_percent * len(catalogue):
            text = f"Trang hiển thị {len(shown)} thủ tục, danh mục công bố có {len(catalogue)}."
            yield Note(key="question-procedure-count", text=text, count=len(shown))
        unknown = sorted(shown.keys() - catalogue)
        if unknown:
            text = f"{len(unknown)} mã thủ tục trên trang không còn trong danh mục: {', '.join(unknown[:5])}."
            basis = tuple(shown[code] for code in unknown[:5])
            yield Note(key="question-unknown-codes", text=text, count=len(unknown), basis=basis)


VERIFIER: Final = Verifier(
    name="procedures_on_portal", version=2, settings=Settings, roles=("items",), measure=measure
)
