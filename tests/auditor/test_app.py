"""The web app: what its pages say, and what no page may ever do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from fastapi.testclient import TestClient

from auditor.app import create
from auditor.border import host_name
from auditor.desk import Board, PastRun, Sheet, TimetableLine, TimetableView
from minhchung.contradictions import Contradiction, Said
from minhchung.errors import UsageError
from minhchung.evidence import PORTAL, AgencyCode, EvidenceRecord, Failure, Locator, RecordId, RunId
from minhchung.incidents import Incident, Member
from minhchung.scores import Derivation
from tests.auditor.boards import HOSTILE, board, record, record_id

PAGE = record("trang-chu")
PICTURE = record_id("anh")
UUID = PAGE.id.removeprefix("urn:uuid:")


@dataclass
class SmallDesk:
    """A desk over the small round; it counts how often it is asked."""

    shown: Board = field(default_factory=board)
    sheets: dict[RecordId, Sheet] = field(default_factory=dict)
    fails: str = ""

    def board(self) -> Board:
        if self.fails:
            raise UsageError(self.fails)
        return self.shown

    def derivation(self, agency: str, component: str) -> Derivation:
        self.shown.score(agency, component)
        leaf = Derivation(text=f"GET {HOSTILE}", record=PAGE.id)
        return Derivation(
            text=f"{component}: 36 điểm", children=(Derivation(text="số liệu", children=(leaf,)),)
        )

    def sheet(self, record: RecordId, *, reader: str = "", whole: bool = False) -> Sheet:
        return self.sheets[record]

    def picture(self, record: RecordId, *, reader: str = "") -> bytes:
        if record != PICTURE:
            raise KeyError(record)
        return b"\xff\xd8\xff picture"

    def records(self, agency: str, limit: int) -> Sequence[EvidenceRecord]:
        return [PAGE][:limit]

    def contradictions(self) -> Sequence[Contradiction]:
        return [
            Contradiction(
                kind="systems-differ",
                agency=AgencyCode("so-gio"),
                about=f"dich-vu-cong+mot-cua/{HOSTILE}",
                text="Hai hệ thống cho hai số khác nhau về cùng một kỳ.",
                one=Said(what=f"mot-cua: tiếp nhận {HOSTILE}", value="6940", seen=(Locator(record=PAGE.id),)),
                other=Said(what="dich-vu-cong: tiếp nhận", value="6938", seen=(Locator(record=PAGE.id),)),
            )
        ]

    def timetable(self) -> TimetableView:
        line = TimetableLine(
            key="hang-tuan",
            title="Hằng tuần",
            cron="30 1 * * mon",
            what="danh sách",
            last_at=None,
            next_at=datetime(2021, 11, 7, 18, 30, tzinfo=UTC),
        )
        run = PastRun(id="20211102T130000Z-1", began_at=PAGE.captured_at, note="host")
        return TimetableView(lines=(line,), runs=(run,))


SHEET = Sheet(
    record=PAGE,
    status_line="HTTP/1.1 200 OK",
    headers=(("Content-Type", "text/html"), ("X-Evil", f'"{HOSTILE}')),
    text=f"<html><body onload=alert(1)>{HOSTILE}</pre><img src=x></body></html>",
    size=61,
)
PAGES = (
    "/",
    "/co-quan/so-gio",
    "/co-quan/so-gio/HD.4",
    "/co-quan/so-toi/HD.1",
    "/co-quan/so-may/ban-ghi",
    f"/ban-ghi/{UUID}",
    "/mau-thuan",
    "/su-co",
    "/lich",
    "/nowhere",
)


@pytest.fixture
def desk() -> SmallDesk:
    return SmallDesk(sheets={PAGE.id: SHEET})


@pytest.fixture
def client(desk: SmallDesk) -> Iterator[TestClient]:
    with TestClient(create(desk), base_url="http://127.0.0.1:8000") as client:
        yield client


class Elements(HTMLParser):
    """Collects the start tags of a page with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def rows_of(text: str) -> list[list[str]]:
    """Return the text of the cells of every table row."""
    rows = re.findall(r"<tr.*?</tr>", text, re.DOTALL)
    strip = re.compile(r"<[^>]*>")
    return [
        [" ".join(strip.sub(" ", cell).split()) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        for row in rows
    ]


# --- what the pages say ----------------------------------------------------------------------------


def test_the_first_page_shows_both_blocs_with_ranges_and_coverage(client: TestClient) -> None:
    """An open total is a range and its place provisional; every total prints its coverage."""
    rows = rows_of(client.get("/").text)
    by_name = {row[1].split(" tạm xếp")[0]: row for row in rows if len(row) == 8}

    assert by_name["Sở Mây"][:4] == ["01–02", "Sở Mây tạm xếp", "96,0", "Mức tốt"]
    assert by_name["Sở Tối"][:4] == ["01–03", "Sở Tối tạm xếp", "30,0–100,0", "Mức yếu – tốt"]
    assert by_name["Sở Tối"][6].split() == ["0,0%", "phủ", "30,0%"]
    assert by_name["UBND huyện Nắng"][:4] == ["01", "UBND huyện Nắng", "60,0", "Mức trung bình"]
    assert by_name["UBND huyện Mưa"][0] == "02"
    assert "1 khai vượt" in by_name["Sở Mây"][7]


def test_warnings_stand_above_every_result(client: TestClient) -> None:
    """Simulated, reconstructed and provisional are said before any figure."""
    for page in PAGES[:4]:
        text = client.get(page).text
        for words in ("MÔ PHỎNG", "Bộ chỉ số tái dựng", "tạm xếp"):
            assert words.casefold() in text.casefold(), page
        assert text.index("MÔ PHỎNG") < text.index("<dl")


def test_an_agency_page_shows_measured_beside_claimed_and_the_ground(client: TestClient) -> None:
    """Per component: measured, claimed, difference, ground, points, evidence."""
    rows = rows_of(client.get("/co-quan/so-may").text)
    documents = next(row for row in rows if row[0].startswith("HD.4"))

    assert documents[1] == "36,00 / 40"
    assert "Văn bản đủ thuộc tính: 36" in documents[2]
    assert "Văn bản đủ thuộc tính: 40" in documents[3]
    assert documents[4].startswith("Khai vượt")
    assert documents[5] == "Đo được, khác số tự báo cáo: lấy số đo 1 bản ghi"


def test_an_unmeasured_component_says_why_and_keeps_its_points_open(client: TestClient) -> None:
    """Absence is a value with a reason, never a zero."""
    text = client.get("/co-quan/so-toi/HD.1").text

    assert "Chưa đo được (không truy cập được): 0 trên 4 lượt thành công" in text
    assert "0,00–30,00" in text


def test_a_component_leads_down_to_its_records(client: TestClient) -> None:
    """The derivation ends at records that can be opened."""
    text = client.get("/co-quan/so-may/HD.4").text
    links = {link.get("href") for link in Elements(text).of("a")}

    assert f"/ban-ghi/{UUID}" in links
    assert client.get(f"/ban-ghi/{UUID}").status_code == 200


def test_a_record_shows_its_headers_and_its_text_as_characters(client: TestClient) -> None:
    """Never rendered: the captured page is text inside one pre."""
    text = client.get(f"/ban-ghi/{UUID}").text
    page = Elements(text)

    assert "02/11/2021 20:00:05" in text
    assert "ab" * 32 in text
    assert "HTTP/1.1 200 OK" in text
    assert "&lt;body onload=alert(1)&gt;" in text
    assert page.of("img") == []
    assert len(page.of("body")) == 1


def test_a_failed_attempt_and_a_damaged_record_say_what_happened(client: TestClient, desk: SmallDesk) -> None:
    """A failure is evidence too; a payload that is not what was sealed is not shown."""
    dark = replace(PAGE, id=record_id("dark"), kind="failure", status=None, failure=Failure.TIMEOUT_READ)
    desk.sheets[dark.id] = Sheet(record=dark, fault="record X: sealed as a, now reads b")

    text = client.get(f"/ban-ghi/{dark.id}").text

    assert "quá thời gian chờ dữ liệu" in text
    assert "sealed as a, now reads b" in text
    assert "<pre" not in text


def test_a_contradiction_is_shown_with_both_figures_and_their_records(client: TestClient) -> None:
    """docs/howto/read-the-web-app.md: both sides stand as they were published, none is mended."""
    text = client.get("/mau-thuan").text

    assert "6940" in text
    assert "6938" in text
    assert f'href="/ban-ghi/{UUID}"' in text
    assert "Toàn tỉnh" not in text


def test_incidents_are_shown_with_whose_they_are_and_what_came_of_them(desk: SmallDesk) -> None:
    """docs/reference/incidents.md: what is left out is said where anybody looks."""
    incident = Incident(
        id="platform-cong-tinh-20211102T020000Z",
        kind="platform",
        what="cong-tinh",
        began_at=datetime(2021, 11, 2, 2, tzinfo=UTC),
        ended_at=datetime(2021, 11, 2, 3, tzinfo=UTC),
        members=(
            Member(
                agency=AgencyCode("so-gio"),
                run=RunId("1"),
                source=PORTAL,
                day=date(2021, 11, 2),
                record=PAGE.id,
            ),
        ),
        ground=f"nền tảng {HOSTILE} cùng không đọc được",
        excused=True,
        evidence=(PAGE.id,),
    )
    desk.shown = replace(desk.shown, incidents=(incident,))
    with TestClient(create(desk), base_url="http://127.0.0.1:8000") as client:
        text = client.get("/su-co").text

    assert "02/11/2021" in text
    assert "không tính lượt nào trong đó" in text
    assert 'href="/co-quan/so-gio"' in text
    assert f'href="/ban-ghi/{UUID}"' in text
    assert HOSTILE not in text


def test_the_timetable_shows_last_and_next_in_local_time(client: TestClient) -> None:
    """Half past one on Monday morning is Sunday evening in UTC."""
    text = client.get("/lich").text

    assert "chưa chạy" in text
    assert "08/11/2021 01:30:00" in text


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/co-quan/nobody",
        "/co-quan/so-may/XX.9",
        "/ban-ghi/not-an-id",
        "/ban-ghi/00000000-0000-0000-0000-000000000000",
        "/co-quan/..%2f..%2fetc%2fpasswd",
    ],
)
def test_what_is_not_there_is_a_page_that_says_so(client: TestClient, path: str) -> None:
    """A 404 has the way back."""
    answer = client.get(path)

    assert answer.status_code == 404
    assert "<h1>Không tìm thấy</h1>" in answer.text
    assert 'href="/"' in answer.text


def test_a_deliberate_error_is_a_page_with_its_sentence(client: TestClient, desk: SmallDesk) -> None:
    """No home yet is no stack trace."""
    desk.fails = "home: holds no home yet; run `minhchung demo`"

    answer = client.get("/")

    assert answer.status_code == 503
    assert "run `minhchung demo`" in answer.text


# --- what no page may do ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_nothing_from_the_web_becomes_markup(client: TestClient, path: str) -> None:
    """Names, notes, claims, headers and texts are hostile until shown as characters."""
    page = Elements(client.get(path).text)

    assert page.of("script") == []
    assert not [
        attributes for _, attributes in page.found if any(name.startswith("on") for name in attributes)
    ]
    assert not [attributes for _, attributes in page.found if "style" in attributes]


@pytest.mark.parametrize("path", PAGES)
def test_pages_load_nothing_from_elsewhere_and_work_without_scripts(client: TestClient, path: str) -> None:
    """No external resource: one style sheet of our own."""
    page = Elements(client.get(path).text)

    assert [link.get("href") for link in page.of("link")] == ["/auditor.css"]
    assert all((link.get("href") or "").startswith(("/", "#")) for link in page.of("a"))
    assert not [tag for tag, _ in page.found if tag in {"iframe", "img", "object", "embed", "form", "base"}]


@pytest.mark.parametrize("path", PAGES)
def test_pages_can_be_read_with_a_screen_reader(client: TestClient, path: str) -> None:
    """Language, one main heading, header cells with a scope, a name for every table region."""
    page = Elements(client.get(path).text)

    assert page.of("html") == [{"lang": "vi"}]
    assert len(page.of("h1")) == 1
    assert len(page.of("main")) == 1
    assert all(cell.get("scope") in {"row", "col"} for cell in page.of("th"))
    ids = [attributes["id"] for _, attributes in page.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    labels = [a["aria-labelledby"] for _, a in page.found if "aria-labelledby" in a]
    assert set(labels) <= set(ids)


@pytest.mark.parametrize("path", [*PAGES, "/auditor.css"])
def test_every_answer_carries_the_strict_headers(client: TestClient, path: str) -> None:
    """Even an answer that says no."""
    headers = client.get(path).headers

    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_no_route_writes(client: TestClient, method: str) -> None:
    """Only GET and HEAD are answered."""
    for path in ("/", "/lich", f"/ban-ghi/{UUID}"):
        answer = client.request(method, path)

        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, HEAD"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_app_declares_reading_routes_only(desk: SmallDesk) -> None:
    """No documentation pages with scripts, no schema, nothing but GET and HEAD."""
    methods: set[str] = set()
    routes: list[Any] = list(create(desk).routes)
    for route in routes:
        methods |= route.methods or set()

    assert methods == {"GET", "HEAD"}


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "127.0.0.2", "", "[::2]:80"])
def test_a_foreign_host_name_is_refused(client: TestClient, host: str) -> None:
    """DNS rebinding: a page of evil.example whose name resolves to this machine learns nothing."""
    answer = client.get("/", headers={"host": host})

    assert answer.status_code == 421
    assert "Sở Mây" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8080", "LOCALHOST", "[::1]:9"])
def test_our_own_names_are_answered(client: TestClient, host: str) -> None:
    """With and without port."""
    assert client.get("/lich", headers={"host": host}).status_code == 200


def test_host_names_are_read_without_their_port() -> None:
    """RFC 9110, 7.2."""
    assert host_name("[::1]:80") == "[::1]"
    assert host_name("[::1]") == "[::1]"
    assert host_name("Localhost:") == "localhost:"


def test_an_unchanged_page_is_not_sent_again(client: TestClient) -> None:
    """The tag is that of the page's own bytes."""
    first = client.get("/")
    again = client.get("/", headers={"if-none-match": f'W/"x", {first.headers["etag"]}'})
    other = client.get("/lich", headers={"if-none-match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200


def test_head_answers_as_get_does(client: TestClient) -> None:
    """Monitoring asks with HEAD."""
    assert client.head("/").headers["etag"] == client.get("/").headers["etag"]
