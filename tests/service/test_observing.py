"""A person's sitting at a real browser: pages sealed, and no credential or applicant in any sealed byte."""

from __future__ import annotations

import base64
import gzip
import io
import json
import re
import sys
import zipfile
from collections.abc import AsyncIterator, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from urllib.parse import quote

import pytest

from collectors.manual.sitting import Sitting, WindowError, without_screen
from minhchung.errors import UsageError
from minhchung.evidence import RecordId
from minhchung.index_set import Component
from minhchung.measurements import Value
from minhchung.round_acts import Event
from minhchung.scores import Ground
from minhchung.sightings import MANUAL, PageSealed, SeenPage, SightingBegun, Witnessed
from service.observing import Looking, begin, finish, look
from service.render.sighting_docx import as_docx
from service.seat import from_file
from service.sighting_records import pages_of, seal, sittings
from service.sightings import countersign, subject
from service.standings import conclude
from service.workplace import RandomIds
from storage.home import Home
from storage.store import Store
from tests.collectors.worlds import World
from tests.service.calling import Call, Said, caller
from tests.service.onestop_page import APPLICANTS, CREDENTIALS, LIST, PASSWORD, system
from tests.service.sitting import Place

CODE = "HD.2"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A round whose rule is to observe, in a simulated province: there a sitting without a window counts."""
    made = Place(tmp_path)
    for name, old, new in (
        ("rounds/2021.toml", 'unmeasured = "hold"', 'unmeasured = "observe"'),
        ("agencies/thu.toml", 'title = "Danh sách thử"', 'title = "Danh sách thử"\nsimulated = true'),
    ):
        file = made.config / name
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")
    made.up_to(Event.OPEN)
    yield made
    made.store.close()


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with system() as served:
        yield served


class Appraiser:
    """Logs in, waits for the list, types a name into the search, seals what there is."""

    def __init__(self, *, dies: bool = False) -> None:
        self.dies = dies
        self.saw = ""

    async def look(self, sitting: Sitting) -> None:
        await sitting.settle()
        page = sitting.page
        await page.fill("input[name=u]", "tham-dinh-an")
        await page.fill("input[name=p]", PASSWORD)
        await page.click("button")
        await page.wait_for_selector("body[data-xong]")
        self.saw = await page.inner_text("table")
        await page.fill("#tim", "lầu bá chò")
        await sitting.seal_page()
        assert await page.input_value("#tim") == "lầu bá chò"
        assert await page.inner_text("table") == self.saw
        if self.dies:
            raise RuntimeError("mất điện")

    def say(self, component: Component) -> tuple[Mapping[str, Value], str]:
        return {
            spec.name: Fraction(2) for spec in component.inputs
        }, "Danh sách có hai hồ sơ của Lò Thị Hoài Thương"


def looking(place: Place, world: World) -> Looking:
    of = subject(place.settings, "so-thu", CODE)
    return Looking(subject=of, by="an", place="Phòng 3", url=world.url("/"), window="none")


async def sit(place: Place, world: World, seat: Appraiser, begun: SightingBegun | None = None) -> Witnessed:
    order = looking(place, world)
    begun = begun or begin(place.settings, place.store, place.clock, order)
    await look(place.settings, place.store, place.clock, begun, order, seat)
    return finish(
        place.settings, place.store, place.clock, begun, order.subject, seat.say(order.subject.component)
    )


def sealed_bytes(home: Path) -> bytes:
    """Return every byte that lies in the home, unpacked where it is packed."""
    found = []
    for file in home.rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            found.append(data)
            if file.name.endswith(".gz"):
                found.append(gzip.GzipFile(fileobj=io.BytesIO(data)).read())
    return b"\n".join(found)


def ways_of(datum: str) -> Iterator[bytes]:
    """Yield the ways in which a datum may be written down."""
    for text in {datum, datum.casefold(), datum.upper()}:
        yield text.encode()
        yield quote(text).encode()
        yield json.dumps(text).strip('"').encode()
    yield base64.b64encode(datum.encode()).rstrip(b"=")[:-1]


@pytest.mark.browser
async def test_nothing_of_a_login_or_of_an_applicant_is_in_any_sealed_byte(
    place: Place, world: World
) -> None:
    """Cookies, headers, forms, tokens, storage; names, numbers, telephones, mail: in every way of writing."""
    seat = Appraiser()
    seen = await sit(place, world, seat)
    place.store.commit()
    held = sealed_bytes(place.home)

    assert "Lò Thị Hoài Thương" in seat.saw, "the person saw them"
    planted = (*CREDENTIALS, *APPLICANTS, "lầu bá chò", "tham-dinh-an")
    assert [datum for datum in planted if any(way in held for way in ways_of(datum))] == []
    taken_out = seen.sighting.redacted
    assert {"credential", "labelled", "field", "address", "body", "picture"} <= set(taken_out)


@pytest.mark.browser
async def test_what_was_seen_is_sealed_page_by_page(place: Place, world: World) -> None:
    """Documents, pictures and exchanges are records of the log; what tells of no person is whole."""
    seen = await sit(place, world, Appraiser())
    store = place.store

    pages = seen.sighting.pages
    assert pages == pages_of(store, seen.sighting.begun.sitting)
    assert len(pages) >= 3
    assert all(page.picture and not page.withheld for page in pages), [page.withheld for page in pages]
    last = store.body(RecordId(pages[-1].dom)).decode()
    assert "Danh sách hồ sơ tháng 10" in last
    assert "Tổng số: 2 hồ sơ, đúng hạn: 2" in last
    assert last.count("Đã giải quyết") == 2
    records = list(store.records(run=seen.sighting.begun.sitting))
    assert {r.source for r in records} == {MANUAL}
    api = [r for r in records if "/api/ho-so" in r.url]
    assert [r.url.partition("?")[2] for r in api] == ["chuHoSo=-removed-&trang=1"]
    assert json.loads(store.body(api[0].id))["tong"] == 2
    assert seen.sighting.exchanges == sum(r.kind == "response" for r in records) >= 5


@pytest.mark.browser
async def test_a_picture_does_not_tell_one_applicant_from_another(place: Place, world: World) -> None:
    """Other people whose names and numbers are as long give the same picture, byte for byte."""
    page = LIST
    for one, other in zip(("Lò Thị Hoài Thương", "quàng văn lả", "014 199 001 234", "thuong.lo@example.vn"),
                          ("Hà Văn Minh Nguyên", "giàng thị mỷ", "051 203 777 900", "nguyen.ha@example.vn"),
                          strict=True):  # fmt: skip
        assert page.count(one) > 0
        page = page.replace(one, other)

    first = await sit(place, world, Appraiser())
    async with system(page) as others:
        second = await sit(place, others, Appraiser())

    shown, other_shown = picture(place, first), picture(place, second)
    assert shown[:3] == b"\xff\xd8\xff"
    assert len(shown) > 5000
    assert shown == other_shown


def picture(place: Place, seen: Witnessed) -> bytes:
    """Return the picture of the last page."""
    return place.store.body(RecordId(seen.sighting.pages[-1].picture))


RETURNING = LIST.replace(
    "<script>", "<script>setInterval(() => { ket.textContent = 'Quàng Thị Pó ' + Date.now(); }, 5);"
)
RESTLESS = LIST.replace("<script>", "<script>setInterval(() => { ket.textContent = Date.now() % 7; }, 5);")
CLOSED = LIST.replace(
    "<h1>", "<div><template shadowrootmode=closed><p>Quàng Thị Pó</p></template></div><h1>", 1
)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("page", "why"),
    [
        (RETURNING, "còn dữ liệu chưa che được trên trang"),
        (RESTLESS, "trang đổi liên tục trong khi chụp"),
        (CLOSED, "trang có phần đóng kín, không che được"),
    ],
    ids=["a name comes back", "the page never rests", "a closed tree"],
)
async def test_a_picture_that_could_show_somebody_is_withheld_and_that_is_said(
    place: Place, page: str, why: str
) -> None:
    """The document is sealed all the same, redacted."""
    async with system(page) as served:
        seen = await sit(place, served, Appraiser())

    last = seen.sighting.pages[-1]
    assert (last.picture, last.withheld) == ("", why)
    assert "Danh sách hồ sơ tháng 10" in place.store.body(RecordId(last.dom)).decode()
    assert "Quàng Thị Pó".encode() not in sealed_bytes(place.home)


@pytest.mark.browser
async def test_what_was_sealed_before_an_accident_stays_and_the_sitting_goes_on(
    place: Place, world: World
) -> None:
    with pytest.raises(RuntimeError, match="mất điện"):
        await sit(place, world, Appraiser(dies=True))
    place.store.close()
    place.store = Store(Home(place.home), place.clock, RandomIds(), writer=True)
    (left,) = sittings(place.store, "2021")
    before = pages_of(place.store, left.begun.sitting)

    seen = await sit(place, world, Appraiser(), left.begun)

    assert (left.state, len(before) >= 3) == ("unfinished", True)
    assert seen.sighting.pages[: len(before)] == before
    assert len(seen.sighting.pages) > len(before)
    assert [each.state for each in sittings(place.store, "2021")] == ["unsigned"]


@pytest.mark.browser
async def test_in_a_simulated_province_it_scores_once_it_is_signed(place: Place, world: World) -> None:
    seen = await sit(place, world, Appraiser())
    countersign(place.settings, place.store, place.clock, round_name="", name=seen.record, by="binh")

    figure = conclude(place.settings, place.store).score("so-thu", CODE).figure

    assert figure.ground is Ground.OBSERVED
    assert figure.sighting is not None
    assert figure.sighting.sighting.begun.window == "none"


def test_a_machine_without_a_screen_is_told_what_to_do() -> None:
    """A server has none: the remedy is named, and nothing is opened."""
    said = without_screen({})

    assert ("xvfb-run -a minhchung observe" in said) == (sys.platform == "linux")
    assert without_screen({"DISPLAY": ":0"}) == without_screen({"WAYLAND_DISPLAY": "wayland-0"}) == ""


async def test_without_a_browser_that_is_said(
    place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MINHCHUNG_BROWSER", str(tmp_path / "none"))
    of = subject(place.settings, "so-thu", CODE)
    order = Looking(subject=of, by="an", place="Phòng 3", url="http://127.0.0.1:9/", window="none")
    begun = begin(place.settings, place.store, place.clock, order)

    with pytest.raises(WindowError, match="không có Chromium"):
        await look(place.settings, place.store, place.clock, begun, order, Appraiser())

    with pytest.raises(UsageError, match="no page was sealed"):
        finish(place.settings, place.store, place.clock, begun, of, Appraiser().say(of.component))


@pytest.mark.browser
async def test_the_record_is_printed_with_everything_that_it_must_say(
    place: Place, world: World, tmp_path: Path
) -> None:
    """Place, time, persons, pages, digests, head of the log, values, two lines to sign."""
    seen = await sit(place, world, Appraiser())
    of = subject(place.settings, "so-thu", CODE)
    unsigned = as_docx(sittings(place.store, "2021")[0], of, "ORIGIN 12 AbCd=")
    countersign(
        place.settings, place.store, place.clock, round_name="", name=seen.record, by="binh", note="đúng"
    )
    (signed,) = sittings(place.store, "2021")

    text = words(as_docx(signed, of, "ORIGIN 12 AbCd=", simulated=True))

    page = seen.sighting.pages[-1]
    expected = (
        "BIÊN BẢN", "Phòng 3", "12 giờ 00 phút", "Người Một", "Người Hai", "Sở Thử", page.dom_sha256,
        page.picture_sha256, page.url, seen.record, "ORIGIN 12 AbCd=",
        "Danh sách có hai hồ sơ của ** *** **** ******", "đúng",
        "mật khẩu, mã phiên, mã truy cập", "NGƯỜI QUAN SÁT", "NGƯỜI ĐỒNG KÝ", "MÔ PHỎNG",
    )  # fmt: skip
    for said in expected:
        assert said in text, said
    (tmp_path / "bien-ban.docx").write_bytes(as_docx(signed, of, "ORIGIN 12 AbCd=", simulated=True))
    assert "CHƯA CÓ GIÁ TRỊ TÍNH ĐIỂM" not in text
    assert "CHƯA CÓ GIÁ TRỊ TÍNH ĐIỂM: chưa có người thứ hai đồng ký" in words(unsigned)
    assert as_docx(signed, of) == as_docx(signed, of)


def words(packed: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(packed)) as parts:
        names = [name for name in parts.namelist() if name.startswith("word/") and name.endswith(".xml")]
        return "\n".join(re.sub(r"<[^>]*>", "", parts.read(name).decode()) for name in names)


# --- the command ---------------------------------------------------------------------------------------


@pytest.fixture
def call(place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """The command line at a home that nobody else writes to, on a machine without a screen."""
    place.store.close()
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)

    run = caller(capsys)

    def at(*said: object) -> Said:
        return run("--home", place.home, "--config", place.config, *said)

    return at


WORDS = ("observe", "so-thu", CODE, "--by", "an", "--place", "Phòng 3")


def test_without_a_screen_nothing_begins_and_the_remedy_is_named(call: Call, place: Place) -> None:
    said = call(*WORDS)

    assert (said.code, said.out) == (2, "")
    assert (without_screen({}) or "give what was seen in a file") in said.err
    assert call("observe", "list").code == 0


def test_without_a_terminal_the_values_come_from_a_file(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":99")

    assert "give what was seen in a file (--values)" in call(*WORDS).err


def test_what_was_begun_is_listed_shown_finished_on_what_is_sealed_or_given_up(
    call: Call, place: Place, tmp_path: Path
) -> None:
    """An accident leaves it unfinished; its pages carry it on, and without one it can only be given up."""
    with Store(Home(place.home), place.clock, RandomIds(), writer=True) as store:
        of = subject(place.settings, "so-thu", CODE)
        order = Looking(subject=of, by="an", place="Phòng 3", url="http://127.0.0.1:9/", window="none")
        empty, begun = (begin(place.settings, store, place.clock, order) for _ in range(2))
        page = SeenPage(
            url=order.url,
            at=place.clock.now(),
            dom="urn:uuid:x",
            dom_sha256="0" * 64,
            withheld="thử",
            redacted={"name": 2},
        )
        seal(store, PageSealed(sitting=begun.sitting, page=page), begun.agency, begun.sitting, page.at)
    values = tmp_path / "thay.toml"
    names = [spec.name for spec in of.component.inputs]
    values.write_text('seen = "đủ"\n[values]\n' + "".join(f"{name} = 2\n" for name in names), "utf-8")
    paper = tmp_path / "bien-ban.docx"

    waiting = call("observe", "list")
    other = call("observe", "resume", begun.sitting, "--by", "binh", "--sealed", "--values", values)
    nothing = call("observe", "resume", empty.sitting, "--by", "an", "--sealed", "--values", values)
    done = call("observe", "resume", begun.sitting, "--by", "an", "--sealed", "--values", values, "--json")
    given_up = call("observe", "abandon", empty.sitting, "--by", "an", "--why", "mất điện")
    signed = call("observe", "countersign", begun.sitting, "--by", "binh")
    shown = call("observe", "show", begun.sitting, "--docx", paper)
    told = json.loads(call("observe", "list", "--json").out)["sightings"]

    assert (waiting.code, waiting.out.count("dở dang")) == (3, 2)
    assert (other.code, "was begun by an, who alone goes on with it" in other.err) == (2, True)
    assert (nothing.code, "no page was sealed" in nothing.err) == (2, True)
    assert (done.code, json.loads(done.out)["pages"]) == (0, 1)
    assert (given_up.code, signed.code, shown.code) == (0, 0, 0)
    assert "Đã che trước khi niêm phong: họ tên: 2" in shown.out
    assert "Người đồng ký: Người Hai" in shown.out
    assert paper.read_bytes()[:2] == b"PK"
    assert [each["state"] for each in told] == ["abandoned", "countersigned"]
    assert call("observe", "list").code == 0


def test_a_file_of_values_that_says_something_else_is_refused(place: Place, tmp_path: Path) -> None:
    component = subject(place.settings, "so-thu", CODE).component
    name = component.inputs[0].name
    for text, says in (
        ("x = 1", "nothing else"),
        ("[values]\nla = 2", "has no input 'la'"),
        (f'[values]\n{name} = "nhiều"', "is no number"),
        ("[values", "is no TOML"),
    ):
        file = tmp_path / "v.toml"
        file.write_text(text, "utf-8")
        with pytest.raises(UsageError, match=says):
            from_file(component, file)
