"""No datum of a citizen goes out with a public bundle, wherever in the home it lies and however it is packed.

docs/reference/bundle.md, what public withholds. The people are invented; their numbers are nobody's.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any, Final
from unicodedata import normalize
from urllib.parse import unquote

import pytest

from minhchung.evidence import AgencyCode, SourceKey
from service.workplace import RandomIds, SimulatedClock
from storage.home import Home
from storage.store import Store
from tests.service.bundled import VISITS, SmallHome, make
from tests.service.test_personal_data import TCVN3

NAMES: Final = ("Lò Thị Kín", "Quàng Văn Riêng", "Vì Thị Thầm", "Cà Văn Lặng", "Tòng Văn Khuất")
FONT_NAME: Final = "Bạc Văn Mờ"
FONT_PHONE: Final = "0943210987"
FONT: Final = str.maketrans({0xB9: "ạ", 0xA8: "ă", 0xEA: "ờ"})
"""The letters of that name in the table of TCVN 5712:1993."""
HANDED_IN: Final = ("proof", "owner-export", "letter-file")
PHONES: Final = ("0987 654 321", "0976.543.210", "+84965432109")
EMAILS: Final = ("lo.kin@rieng.example", "rieng@hop.example", "tham@thu.example")
IDENTITIES: Final = ("014085001234", "050123456")
PLANTED: Final = (*NAMES, FONT_NAME, *PHONES, FONT_PHONE, *EMAILS, *IDENTITIES)
ASKED_BY: Final = ("0954321098", "hoi@thu.example", "014185004321", "Lo Thi Hoi")
"""What was asked for in a query: the address of a sealed record cannot be masked."""


def _page(title: str, body: str) -> str:
    return f'<html lang="vi"><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>'


def _escaped(text: str) -> str:
    return "".join(c if c.isascii() else f"&#{ord(c)};" for c in text)


PAGES: Final = {
    "/gop-y": _page(
        "Góp ý",
        f"<p>Người gửi: <b>{NAMES[0]}</b></p><p>Điện thoại {PHONES[0]}, thư {EMAILS[0]}</p>",
    ),
    "/ho-so": _page(
        "Tra cứu hồ sơ",
        f"<table><tr><td>Chủ hồ sơ</td><td>{NAMES[1]}</td></tr>"
        f"<tr><td>Số CCCD</td><td>{IDENTITIES[0]}</td></tr>"
        f"<tr><td>CMND</td><td>{IDENTITIES[1]}</td></tr><tr><td>ĐT</td><td>{PHONES[1]}</td></tr></table>",
    ),
    "/phan-anh": _page(
        "Phản ánh", _escaped(f"<p>Người phản ánh: {NAMES[2]}, email {EMAILS[1]}</p>").replace("@", "&#64;")
    ),
    f"/tra-cuu?sdt={ASKED_BY[0]}": _page("Kết quả", "<p>Không có hồ sơ nào.</p>"),
    f"/tra-cuu?so={ASKED_BY[2]}": _page("Kết quả", "<p>Không có hồ sơ nào.</p>"),
    f"/tra-cuu?hoTen={ASKED_BY[3].replace(' ', '%20')}": _page("Kết quả", "<p>Không có hồ sơ nào.</p>"),
    "/kien-nghi": TCVN3.decode("utf-8", "surrogateescape"),
    f"/quen?email={ASKED_BY[1].replace('@', '%40')}": _page("Quên mật khẩu", "<p>Đã gửi thư.</p>"),
}
PROOF: Final = f"Người nộp hồ sơ: {NAMES[3]}, bà {NAMES[3]}, {PHONES[2]}, {EMAILS[2]}, CCCD {IDENTITIES[0]}"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> SmallHome:
    """A home whose pages, queries, workbook and other files that were handed in name citizens."""
    made = make(tmp_path_factory.mktemp("leaks"), also=PAGES, proof=PROOF)
    clock = SimulatedClock(VISITS[-1])
    with Store(Home(made.home), clock, RandomIds(), writer=True) as store:
        run = store.begin_run("submissions")
        for kind in HANDED_IN:
            store.resource(
                f"{kind}: {NAMES[4]}".encode(),
                url=f"urn:minhchung:{kind}",
                content_type="application/pdf",
                agency=AgencyCode("so-thu"),
                source=SourceKey("thu"),
                run=run,
                kind=kind,
                captured_at=clock.now(),
            )
        store.commit()
    return made


def _texts(said: Any) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, dict):
        for key, value in said.items():
            yield key
            yield from _texts(value)
    elif isinstance(said, list):
        for value in said:
            yield from _texts(value)


def _workbook_texts(data: bytes) -> Iterator[str]:
    """Yield what the workbooks among the records hold: each is the block of a record, a ZIP of its own."""
    for record in re.split(rb"(?=WARC/1\.1\r\n)", data):
        block = record.partition(b"\r\n\r\n")[2]
        if block.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(io.BytesIO(block.removesuffix(b"\r\n\r\n"))) as book:
                yield from (book.read(part).decode("utf-8", "replace") for part in book.namelist())


def _unpacked(name: str, data: bytes) -> Iterator[str]:
    """Yield all text of a member: gunzipped, workbooks unzipped, strings of JSON as they are read."""
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    texts = [data.decode("utf-8", "replace"), *_workbook_texts(data)]
    # A page in an old font is told apart by its bytes, which no reader of the whole member sees as words.
    yield data.decode("latin-1").translate(FONT)
    for text in texts:
        yield text
        for line in text.splitlines():
            if (start := line.find("{")) >= 0:
                with contextlib.suppress(ValueError):
                    yield from _texts(json.loads(line[start:]))
    if name.endswith(".json"):
        yield from _texts(json.loads(data))


def everything(bundle: Path) -> dict[str, str]:
    """Return all text of a bundle by member, entities and percent signs undone."""
    found = {}
    with zipfile.ZipFile(bundle) as archive:
        for name in archive.namelist():
            text = "\n".join(_unpacked(name, archive.read(name)))
            found[name] = normalize("NFC", unescape(unquote(text)))
    return found


def leaks(bundle: Path, data: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return which data stand in which member, however digits are grouped."""
    found = []
    for name, text in everything(bundle).items():
        flat = re.sub(r"(?<=\d)[ .-](?=\d)", "", text).casefold()
        for datum in data:
            if re.sub(r"(?<=\d)[ .-](?=\d)", "", datum).casefold() in flat:
                found.append((name, datum))
    return found


def test_the_whole_bundle_holds_what_the_public_one_must_not(home: SmallHome, tmp_path: Path) -> None:
    """The search finds each datum of a page where nothing is withheld: else it would prove nothing."""
    found = {datum for _, datum in leaks(home.bundle(tmp_path / "x.wacz"), PLANTED)}

    assert found == set(PLANTED)


def test_no_member_of_a_public_bundle_holds_a_citizen_s_datum(home: SmallHome, tmp_path: Path) -> None:
    """Names, telephones, addresses, identity numbers: of pages, of answers to queries, of a workbook."""
    assert leaks(home.bundle(tmp_path / "x.wacz", "public"), PLANTED) == []


def test_what_a_query_asked_for_stands_in_addresses_alone(home: SmallHome, tmp_path: Path) -> None:
    """The leaf names its address, and so does what refers to it; the answer itself is withheld."""
    bundle = home.bundle(tmp_path / "x.wacz", "public")
    addresses = [unquote(path) for path in PAGES if "?" in path]

    for name, text in everything(bundle).items():
        for address in addresses:
            text = text.replace(address, "")
        assert not [datum for datum in ASKED_BY if datum in text], name
    with zipfile.ZipFile(bundle) as archive:
        withheld = json.loads(archive.read("proofs/withheld.json"))
        leaves = {
            line["index"]: line for line in map(json.loads, archive.read("proofs/leaves.jsonl").splitlines())
        }
    hidden = [json.loads(leaves[each["index"]]["entry"])["url"] for each in withheld]
    assert all(any(url.endswith(path) for url in hidden) for path in PAGES)
