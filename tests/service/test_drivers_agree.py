"""One system, four ways to its figures: interface, profile, published page, owner's export say the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from collectors.interface import ServiceDriver
from collectors.onestop import html_table, igate2, json_api
from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode
from minhchung.observations import DossierTally
from minhchung.sources import Source
from service.settings import load
from service.workplace import open_store
from simulator.http import Request
from simulator.igate import IGate
from simulator.published import EXPORT, PATH, TITLE
from simulator.services import Book, books
from tests.collectors.service_world import CLOSE, PERIOD, harvest
from tests.service.calling import Call, Said, caller
from tests.service.small_home import write_small_config

SEED = 3234
BOOKS = {code: book for code, book in books(SEED).items() if book.procedures}
OPEN = [code for code, book in BOOKS.items() if not book.knows("dossiers-forbidden")]
"""Whose figures the interface gives; the page and the export print those of the others too."""

SHARED = ("received", "received_online", "resolved", "resolved_early", "resolved_overdue")
KEYS = ("received", "receivedOnline", "resolved", "resolvedEarly", "resolvedOverdue")
COLUMNS = (
    "Tiếp nhận / Tổng số",
    "Tiếp nhận / Trực tuyến",
    "Đã giải quyết / Tổng số",
    "Đã giải quyết / Trước hạn",
    "Đã giải quyết / Quá hạn",
)
URL = "http://127.0.0.1:1"
PROFILE = {
    "path": "/pa/dossier-statistic/--statistic-agency-kgg",
    "query": {"agency-id": "{agency}", "from-date": "{first}", "to-date": "{last}"},
    "agency": "agency.code",
    "province": ["H99"],
    "figures": dict(zip(SHARED, KEYS, strict=True)),
}
SHOWN = {
    "path": PATH,
    "query": {"from-date": "{first}", "to-date": "{last}"},
    "heading": TITLE,
    "row": "agency",
    "columns": dict(zip(SHARED, COLUMNS, strict=True)),
    "printed": {"Tỷ lệ quá hạn": "resolved_overdue/resolved"},
    "total": ["Tổng cộng"],
}


@pytest.fixture(scope="module")
def system() -> IGate:
    return IGate(SEED)


def source(driver: str, **settings: object) -> Source:
    return Source(key="he-thong", title="", kind="onestop", driver=driver, url=URL, settings=settings)


def agency(book: Book, identifier: str) -> Agency:
    pair = ("he-thong", identifier)
    return Agency(code=AgencyCode(book.agency.code), name=book.agency.name, bloc="b", identifiers=(pair,))


def own(tallies: Iterable[DossierTally]) -> Mapping[str, int | None]:
    """Return the agency's own figures over the whole period, whatever basis each is of."""
    whole = [t for t in tallies if t.whose == "agency" and not t.procedure]
    top = [t for t in whole if t.is_total] or whole
    return {name: count for tally in top for name, count in dict(tally.figures).items() if name in SHARED}


def read_by(driver: ServiceDriver, of: Source, system: IGate, who: Agency) -> Mapping[str, int | None]:
    return own(harvest(driver, of, system, who).of(DossierTally))


def test_the_interface_and_a_profile_of_it_give_the_same(system: IGate) -> None:
    """`json_api` told where the rows are reads what the driver made for that interface reads."""
    for code in OPEN:
        who = agency(BOOKS[code], BOOKS[code].identifier)
        made = read_by(igate2.DRIVER, source("igate2"), system, who)
        told = read_by(json_api.DRIVER, source("json_api", question=[PROFILE]), system, who)

        assert set(made) == set(SHARED), code
        assert told == made, code


def test_the_published_page_gives_the_same(system: IGate) -> None:
    """Headings that span, thousands dots: the row of the whole name, no other body's, no sum."""
    for code in OPEN:
        book = BOOKS[code]
        made = read_by(igate2.DRIVER, source("igate2"), system, agency(book, book.identifier))
        page = source("html_table", page=[SHOWN])
        shown = read_by(html_table.DRIVER, page, system, agency(book, book.agency.name))

        assert shown == made, code


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """A home of the simulated agencies and one system whose owner sends files."""
    config = write_small_config(tmp_path / "config")
    bodies = "".join(
        f'[[agency]]\ncode = "{code}"\nname = "{book.agency.name}"\nbloc = "provincial"\nportal = ""\n'
        for code, book in BOOKS.items()
    )
    (config / "agencies" / "thu.toml").write_text(f'title = "Thử"\n{bodies}', "utf-8")
    round_ = config / "rounds" / "2021.toml"
    text = round_.read_text("utf-8").replace("freeze = 2021-11-10", "freeze = 2099-12-31")
    round_.write_text(text, "utf-8")
    (config / "sources").mkdir()
    (config / "sources" / "he-thong.toml").write_text(
        'key = "he-thong"\ntitle = "Một cửa"\nkind = "onestop"\ndriver = "workbook"\nurl = ""\n', "utf-8"
    )
    plain = caller(capsys)

    def at(*words: object) -> Said:
        return plain("--home", tmp_path / "home", "--config", config, *words)

    return at


def test_the_owners_export_gives_the_same(call: Call, system: IGate, tmp_path: Path) -> None:
    """The file that the system exports, mapped by a person once, sealed and read for every agency."""
    query = f"from-date={PERIOD.first}&to-date={PERIOD.last}"
    asked = Request(method="GET", path=EXPORT, query=query, headers={}, body=b"", day=CLOSE)
    file = tmp_path / "xuat.csv"
    file.write_bytes(system.handle(asked).body)
    said = [f"{column}={meaning}" for column, meaning in zip(COLUMNS, SHARED, strict=True)]
    confirm = [word for each in said for word in ("--set", each)]
    rate = ("--rate", "Tỷ lệ quá hạn=resolved_overdue/resolved")

    mapped = call("sources", "map", file, "--confirm", "--by", "Người thẩm định", *confirm, *rate)
    letter = ("--letter", "45/TTPVHCC", "--letter-date", "2021-11-03", "--signer", "Giám đốc Trung tâm")
    taken = call("sources", "import", file, *letter, "--from", PERIOD.first, "--to", PERIOD.last, "--json")

    assert (mapped.code, taken.code) == (0, 0), (mapped.err, taken.err)
    assert all(total["printed"] == total["summed"] for total in taken.json["totals"])
    with closing(open_store(load(tmp_path / "home", tmp_path / "config"))) as store:
        for code in OPEN:
            kept = [
                t for t in store.kept(AgencyCode(code), ("dossier_tally",)) if isinstance(t, DossierTally)
            ]
            book = BOOKS[code]
            made = read_by(igate2.DRIVER, source("igate2"), system, agency(book, book.identifier))
            assert own(kept) == made, code
