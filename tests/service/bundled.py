"""A small home made once: a portal visited twice, a workbook imported, ready to be handed out as a bundle."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from collectors.template import AGENCY_HEADER, AGENCY_TEMPLATE, OWNER_HEADER, OWNER_TEMPLATE
from service.bundle import BundleClass, export
from service.collecting import collect
from service.importing import import_workbook
from service.settings import Settings, load
from service.workplace import RandomIds, SimulatedClock
from storage.home import Home
from storage.store import Store
from tests.collectors.workbooks import row, workbook
from tests.service import newsroom
from tests.service.portals import portal
from tests.service.small_home import write_small_config

PHONE: Final = "0912 345 678"
ASKED: Final = (
    '<html lang="vi"><head><title>Hỏi đáp</title></head><body><h1>Hỏi đáp</h1>'
    f"<p>Người hỏi: Nguyễn Văn Thử, điện thoại {PHONE}</p><p>Bao giờ có kết quả?</p></body></html>"
)
SECRET: Final = "Kế hoạch không được phổ biến"
STAMPED: Final = (
    '<html lang="vi"><head><title>Công văn</title></head><body><p>MẬT</p>'
    f"<h1>{SECRET}</h1><p>Nội dung kế hoạch thử.</p></body></html>"
)
VISITS: Final = (datetime(2021, 10, 20, 2, tzinfo=UTC), datetime(2021, 11, 2, 2, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class SmallHome:
    """A home with its configuration; what it holds lies before the freeze."""

    home: Path
    config: Path

    def settings(self) -> Settings:
        """Return its settings."""
        return load(self.home, self.config)

    @property
    def key(self) -> Path:
        """Where its log's public key lies."""
        return self.home / "log" / "key"

    def bundle(self, out: Path, kind: BundleClass = "full", agency: str = "") -> Path:
        """Export a bundle and return where it lies."""
        settings = self.settings()
        store = Store(Home(self.home), SimulatedClock(VISITS[-1]), RandomIds(), writer=False)
        try:
            with out.open("wb") as stream:
                export(settings, store, stream, kind=kind, agency=agency)
        finally:
            store.close()
        return out


def pages(also: Mapping[str, str] = MappingProxyType({}), *, stamped: bool = False) -> Mapping[str, str]:
    """Return the portal's pages: five news items, a citizen's question, and what else it leads to."""
    found = newsroom.pages()
    found["/"] = found["/"].replace("</nav>", '<a href="/hoi-dap">Hỏi đáp</a></nav>')
    found["/hoi-dap"] = ASKED
    if stamped:
        found["/"] = found["/"].replace("</nav>", '<a href="/cong-van">Công văn</a></nav>')
        found["/cong-van"] = STAMPED
    for path, text in also.items():
        found["/"] = found["/"].replace("</nav>", f'<a href="{path}">Trang khác</a></nav>')
        found[path] = text
    return found


def _workbooks(folder: Path, proof: str) -> Iterator[Path]:
    """Yield what an agency and an owner sent."""
    facts = [("mau", AGENCY_TEMPLATE), ("co_quan", "so-thu"), ("dot", "2021"), ("ngay_gui", "2021-10-19")]
    rows = [row("HT.1", "may_tinh_ket_noi_internet", 40, proof), row("HT.1", "tong_cbcc", 42)]
    owner = [("mau", OWNER_TEMPLATE), ("chu_quan", "Trung tâm Thử"), ("van_ban", "45/TTT ngày 01/10/2021")]
    owner += [("tu_ngay", "2020-11-01"), ("den_ngay", "2021-10-31")]
    owned = [(code, "HD.14", "tong_ho_so_phat_sinh", 120, "", "") for code in ("so-thu", "huyen-thu")]
    ours, theirs = folder / "agency.xlsx", folder / "owner.xlsx"
    ours.write_bytes(workbook({"ThongTin": facts, "TuDanhGia": [AGENCY_HEADER, *rows]}))
    theirs.write_bytes(workbook({"ThongTin": owner, "SoLieu": [OWNER_HEADER, *owned]}))
    yield from (ours, theirs)


def make(
    folder: Path, *, stamped: bool = False, also: Mapping[str, str] | None = None, proof: str = "Phụ lục 1"
) -> SmallHome:
    """Make the home: one agency has a portal, two have none; `stamped`: a page of it bears a stamp.

    `also`: further pages by path; `proof`: what the agency's workbook names as proof.
    """
    with portal(pages=pages(also or {}, stamped=stamped)) as port:
        config = write_small_config(folder / "config", f"http://127.0.0.1:{port}/", f"127.0.0.1:{port}")
        made = SmallHome(folder / "home", config)
        settings = made.settings()
        clock = SimulatedClock(VISITS[0])
        with Store(Home(made.home), clock, RandomIds(), writer=True) as store:
            for instant in VISITS:
                clock.set(instant)
                asyncio.run(collect(settings, store, clock, settings.agencies(), services=False))
                if instant == VISITS[0]:
                    for path in _workbooks(folder, proof):
                        import_workbook(settings, store, clock, path)
    return made
