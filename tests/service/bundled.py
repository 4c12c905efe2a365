"""A small home made once: a portal visited twice, a workbook imported, ready to be handed out as a bundle."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from service.bundle import BundleClass, export
from service.collecting import collect
from service.settings import Settings, load
from service.workplace import RandomIds, SimulatedClock
from storage.home import Home
from storage.store import Store
from tests.service import newsroom
from tests.service.portals import portal
from tests.service.small_home import write_small_config

PHONE: Final = "0912 345 678"
ASKED: Final = (
    '<html lang="vi"><head><title>Hỏi đáp</title></head><body><h1>Hỏi đáp</h1>'
    f"<p>Người hỏi: Nguyễn Văn Thử, điện thoại {PHONE}</p><p>Bao giờ có kết quả?</p></body></html>"
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


def pages() -> Mapping[str, str]:
    """Return the portal's pages: five news items and a citizen's question."""
    found = newsroom.pages()
    found["/"] = found["/"].replace("</nav>", '<a href="/hoi-dap">Hỏi đáp</a></nav>')
    return {**found, "/hoi-dap": ASKED}


def make(folder: Path) -> SmallHome:
    """Make the home: one agency has a portal, two have none."""
    with portal(pages=pages()) as port:
        config = write_small_config(folder / "config", f"http://127.0.0.1:{port}/", f"127.0.0.1:{port}")
        made = SmallHome(folder / "home", config)
        settings = made.settings()
        clock = SimulatedClock(VISITS[0])
        with Store(Home(made.home), clock, RandomIds(), writer=True) as store:
            for instant in VISITS:
                clock.set(instant)
                asyncio.run(collect(settings, store, clock, settings.agencies(), services=False))
    return made
