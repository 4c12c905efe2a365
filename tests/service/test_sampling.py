"""`sources sample`: off until somebody has allowed it, drawn by a sealed seed, nothing kept of citizens."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from collectors.sampling import draw
from minhchung.evidence import AgencyCode
from service.settings import load
from service.workplace import open_store
from tests.service.calling import Said, caller
from tests.service.portals import portal
from tests.service.small_home import write_small_config

NAME = "Tên Người Nộp"
CODES = [f"H01.07-21{n:04d}-{n:04d}" for n in range(1, 41)]
SOURCE = """
key = "mot-cua"
title = "Hệ thống một cửa"
kind = "onestop"
driver = "igate2"
url = "http://127.0.0.1:{port}"
"""
ALLOWED = """
[sampling]
authorised_by = "Công văn 12/VPUB ngày 1/10/2021"
authorised_until = {until}
path = "/tra-cuu?ma={{code}}"
rows = "content"
most = 8
[sampling.fields]
code = "code"
status = "statusCurrentTask"
received = "appliedDate"
due = "appointmentDate"
"""


def answer(code: str, **changed: str) -> str:
    """Return a look-up as such systems answer: the applicant's name first, local days with a Z."""
    row = {
        "code": code,
        "applicant": {"data": {"fullname": NAME, "phone": "0900000000"}},
        "statusCurrentTask": "Đã trả kết quả",
        "appliedDate": "2021-03-04T00:00:00.000Z",
        "appointmentDate": "2021-03-20T00:00:00.000Z",
        **changed,
    }
    return json.dumps({"content": [row]}, ensure_ascii=False)


def pages() -> dict[str, str]:
    """Return what the system says of every dossier: the drawn ones differ in a way each, one is not there."""
    found = {f"/tra-cuu?ma={code}": answer(code) for code in CODES}
    first, second, third = draw(CODES, 3, seed())
    found[f"/tra-cuu?ma={first}"] = answer(first, statusCurrentTask="Đang xử lý")
    found[f"/tra-cuu?ma={second}"] = answer(second, appointmentDate="2021-03-25T00:00:00.000Z")
    found[f"/tra-cuu?ma={third}"] = '{"content": []}'
    return found


def listing() -> bytes:
    """Return the agency's list, with a column that nobody may read."""
    rows = [f"{code};{NAME};đã trả kết quả;04/03/2021;20/03/2021" for code in CODES]
    return "\n".join(["Mã hồ sơ;Người nộp;Trạng thái;Ngày tiếp nhận;Ngày hẹn trả", *rows]).encode()


def seed() -> str:
    """Return the whole seed of the sample: what was said, whose list, which list."""
    return f"2021/mot-cua/so-thu/{hashlib.sha256(listing()).hexdigest()}"


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., Said]]:
    """The command line at a home with one system and the agency's list."""
    with portal(pages=pages(), content_type="application/json") as port:
        config = write_small_config(tmp_path / "config", allow=f"127.0.0.1:{port}")
        (config / "sources").mkdir()
        (config / "sources" / "mot-cua.toml").write_text(SOURCE.format(port=port), "utf-8")
        (tmp_path / "danh-sach.csv").write_bytes(listing())
        at = caller(capsys)
        words = ("sources", "sample", tmp_path / "danh-sach.csv", "--agency", "so-thu", "--seed", "2021")
        yield lambda *more: at("--home", tmp_path / "home", "--config", config, *words, *more)


def allow(folder: Path, until: str = "2099-01-01") -> None:
    """Let dossiers be looked up."""
    file = folder / "config" / "sources" / "mot-cua.toml"
    file.write_text(file.read_text("utf-8") + ALLOWED.format(until=until), "utf-8")


def test_without_permission_or_after_it_nobody_is_looked_up(
    call: Callable[..., Said], tmp_path: Path
) -> None:
    assert "chưa ai cho phép" in call().sentence()
    allow(tmp_path, until="2021-12-31")
    said = call()

    assert said.code == 2
    assert "2021-12-31 đã qua" in said.sentence()


def test_the_sample_is_the_seeds_and_what_differs_is_told(call: Callable[..., Said], tmp_path: Path) -> None:
    """The same seed and list draw the same dossiers; at most `most` of them."""
    allow(tmp_path)

    said = call("--count", "20", "--json")

    assert said.code == 1
    assert said.json["drawn"] == draw(CODES, 8, seed())
    first, second, third = said.json["drawn"][:3]
    told = [(d["code"], d["what"], d["listed"], d["found"]) for d in said.json["differences"]]
    assert told == [
        (first, "status", "đã trả kết quả", "Đang xử lý"),
        (second, "due", "2021-03-20", "2021-03-25"),
        (third, "not-found", third, ""),
    ]
    assert call("--count", "20", "--json").json["drawn"] == said.json["drawn"]


def test_the_draw_is_sealed_before_the_look_ups_and_nothing_of_citizens_at_all(
    call: Callable[..., Said], tmp_path: Path
) -> None:
    """Sealed are seed, digest of the list and five facts a dossier; names are in no file of the home."""
    allow(tmp_path)
    said = call("--json")

    with closing(open_store(load(tmp_path / "home", tmp_path / "config"))) as store:
        records = list(store.records(agency=AgencyCode("so-thu")))
        act = json.loads(store.body(records[0].id))
        looked = [store.body(r.id) for r in records if "/tra-cuu" in r.url]
    assert records[0].id == said.json["record"]
    assert (act["seed"], act["of"]) == (seed(), len(CODES))
    assert act["authorised_by"] == "Công văn 12/VPUB ngày 1/10/2021"
    assert len(looked) == 8
    assert {key for body in looked for key in json.loads(body)} == {
        "code", "status", "received", "due", "completed",
    }  # fmt: skip
    files = [f.read_bytes() for f in (tmp_path / "home").rglob("*") if f.is_file()]
    plain = [gzip.decompress(f) if f.startswith(b"\x1f\x8b") else f for f in files]
    assert not any(NAME.encode() in data or b"0900000000" in data for data in plain)


def test_a_system_that_does_not_answer_accuses_nobody(call: Callable[..., Said], tmp_path: Path) -> None:
    allow(tmp_path)
    file = tmp_path / "config" / "sources" / "mot-cua.toml"
    file.write_text(file.read_text("utf-8").replace("/tra-cuu?", "/khong-co?"), "utf-8")

    said = call("--json")

    assert said.code == 3
    assert said.json["differences"] == []
    assert set(said.json["unanswered"].values()) == {"HTTP 404"}


def test_what_differs_is_among_the_findings_with_both_sides_and_their_records(
    call: Callable[..., Said], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every sample counts: a second draw neither hides nor doubles what an earlier one found."""
    allow(tmp_path)
    lasting(tmp_path)
    first, second, third = call("--json").json["drawn"][:3]
    call("--json")
    call("--seed", "another", "--count", "1")

    said = caller(capsys)(
        "--home", tmp_path / "home", "--config", tmp_path / "config", "sources", "findings", "--json"
    )

    found = {row["about"]: row for row in said.json["findings"]}
    assert said.code == 1
    assert len(said.json["findings"]) == 3
    status, due, gone = [found[f"mot-cua/{code}"] for code in (first, second, third)]
    assert [row["kind"] for row in (status, due, gone)] == [
        "dossier-status", "dossier-due", "dossier-not-found",
    ]  # fmt: skip
    assert (status["one"]["value"], status["other"]["value"]) == ("đã trả kết quả", "Đang xử lý")
    assert (due["one"]["value"], due["other"]["value"]) == ("2021-03-20", "2021-03-25")
    with closing(open_store(load(tmp_path / "home", tmp_path / "config"))) as store:
        for row in (status, due):
            (listed,), (looked,) = row["one"]["seen"], row["other"]["seen"]
            drawn = json.loads(store.body(listed["record"]))["drawn"]
            place, field = listed["path"].split("/")[2:]
            assert drawn[int(place)][field] == row["one"]["value"]
            assert json.loads(store.body(looked["record"]))[looked["path"][1:]] == row["other"]["value"]


def test_after_the_freeze_a_sample_is_no_finding_of_the_round(
    call: Callable[..., Said], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    allow(tmp_path)
    assert call().code == 1

    said = caller(capsys)(
        "--home", tmp_path / "home", "--config", tmp_path / "config", "sources", "findings", "--json"
    )

    assert (said.code, said.json["findings"]) == (0, [])


def lasting(folder: Path) -> None:
    """Let the round's evidence stay open."""
    file = folder / "config" / "rounds" / "2021.toml"
    text = file.read_text("utf-8")
    assert "freeze = 2021-11-10" in text
    file.write_text(text.replace("freeze = 2021-11-10", "freeze = 2099-12-31"), "utf-8")
