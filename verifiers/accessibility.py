"""Whether pages can be used without seeing them: the four page tests of HD.8 over a seeded sample."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from minhchung.evidence import Failure, Locator
from minhchung.measurements import Reason
from minhchung.observations import ListCapture, PageImage, SitePage
from verifiers.addresses import normal, page_key
from verifiers.blocks import Boilerplate, looks_like_file
from verifiers.checklists import Look
from verifiers.portals import Portal
from verifiers.samples import draw
from verifiers.sites import Site

PAGES = 5
"""Pages of the sample: home, list, two items, one static."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the tests of one page came to."""

    state: Literal["pass", "fail", "open"]
    fault: str = ""
    basis: tuple[Locator, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The addresses to test, drawn from everything known, so that refusing one does not bring another."""

    portal: Portal
    sites: Sequence[Site]
    seed: str

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """Home page, a list, two items, a static page; what is short is made up from the rest."""
        home = self.portal.agency.portal
        lists, items = self._lists(), self._items()
        static = self._static(set(map(page_key, (home, *lists))))
        drawn = [home, *self._draw(lists, 1), *self._draw(items, 2)]
        spare = [*self._draw(static, PAGES), *self._draw(lists, PAGES), *self._draw(items, PAGES)]
        return tuple(dict.fromkeys(drawn + spare))[:PAGES]

    def _draw(self, candidates: Sequence[str], count: int) -> tuple[str, ...]:
        return draw(candidates, self.seed, count)

    def _lists(self) -> list[str]:
        found = (o.list_url for o in self.portal.holdings.observations if isinstance(o, ListCapture))
        return [url for url in dict.fromkeys(map(normal, found)) if self.portal.places.hold(url)]

    def _items(self) -> list[str]:
        """Return the items whose page was read, or was asked for and did not answer."""
        lists = set(map(page_key, self._lists()))
        failed = {page_key(url) for url in self._silent()}
        found = []
        for key in self.portal.item_kinds:
            if key in lists or looks_like_file(key):
                continue
            page = self.portal.item_page(f"http://{key}")
            if page is not None or key in failed:
                found.append(normal(page.url) if page else f"http://{key}")
        return found

    def _silent(self) -> Iterator[str]:
        for record in self.portal.holdings.records.values():
            if record.failure is not None and record.failure is not Failure.HTTP_4XX:
                yield record.url

    def _static(self, others: set[str]) -> list[str]:
        found: dict[str, str] = {}
        for site in self.sites:
            for step in site.own_steps:
                page = site.page_of(step)
                known = step.depth > 0 and (not step.answered or (page is not None and page.role == "site"))
                key = page_key(step.url)
                if known and key not in others and key not in self.portal.item_kinds:
                    found.setdefault(key, normal(step.url))
        return list(found.values())


def look_at_sample(site: Site, sample: Sample, *, least: int, alt_percent: int) -> Look:
    """Return whether enough pages of the sample pass and enough of their titles differ."""
    pages = [site.home, *(site.page(url) for url in sample.addresses[1:])]
    verdicts = [_test(site, page, alt_percent) if page else Verdict("open") for page in pages]
    passed = sum(v.state == "pass" for v in verdicts)
    possible = passed + sum(v.state == "open" for v in verdicts) + PAGES - len(verdicts)
    titles = len({page.title.strip() for page in pages if page is not None})
    basis = tuple(place for v in verdicts for place in v.basis)
    faults = "; ".join(dict.fromkeys(v.fault for v in verdicts if v.fault))
    said = f"{passed}/{len(verdicts)} trang đạt, {titles} tiêu đề khác nhau" + (
        f": {faults}" if faults else ""
    )
    if passed >= least and titles >= least:
        return Look(state="met", at=site.at, basis=basis, said=said)
    unread = sum(page is None for page in pages) + PAGES - len(pages)
    if possible < least or titles + unread < least:
        return Look(state="empty", at=site.at, basis=basis, said=said)
    reason = Reason.NOT_READ if len(pages) == PAGES else Reason.COVERAGE_BELOW
    return Look(state="open", at=site.at, reason=reason, basis=basis, said=said)


def _test(site: Site, page: SitePage, alt_percent: int) -> Verdict:
    record = page.seen.record
    if page.shell:
        return Verdict("open")
    if not page.lang.casefold().startswith("vi"):
        return Verdict("fail", "không khai báo ngôn ngữ tiếng Việt", (Locator(record=record, path="html"),))
    if page.moving:
        return Verdict("fail", "chữ chạy hoặc nhấp nháy", (Locator(record=record, path=page.moving[0]),))
    bare = next((control for control in page.controls if not control.labelled), None)
    if bare is not None:
        return Verdict("fail", "ô nhập không có nhãn", (Locator(record=record, path=bare.path),))
    repeated = site.portal.repeated(page.run)
    fault = _image_fault(page, repeated.sure, alt_percent)
    if fault is None:
        return Verdict("pass", basis=(page.seen,))
    certain = _image_fault(page, repeated.strict, alt_percent) is not None
    if not (certain and repeated.loose.enough):
        return Verdict("open")
    return Verdict("fail", "ảnh không có văn bản thay thế", (Locator(record=record, path=fault.path),))


def _image_fault(page: SitePage, boilerplate: Boilerplate, alt_percent: int) -> PageImage | None:
    """Return an image at which the page fails: no alt on too many, or an empty one alone in a link."""
    images = [image for image in page.images if normal(image.url) not in boilerplate.targets]
    silent = next((i for i in images if i.alone_in_link and not (i.alt or "").strip()), None)
    if silent is not None:
        return silent
    without = [image for image in images if image.alt is None]
    enough = (len(images) - len(without)) * 100 >= alt_percent * len(images)
    return None if enough else without[0]
