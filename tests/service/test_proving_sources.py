"""`sources check` and `sources agencies`: an operator's proof, and bodies that a person maps."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from minhchung.agencies import PROVINCE
from minhchung.evidence import AgencyCode
from service.doctor_config import examine
from service.settings import load
from service.workplace import open_store
from tests.service.calling import Said, caller
from tests.service.portals import portal
from tests.service.small_home import write_small_config

TOKEN = "ma-truy-cap-rat-bi-mat"
FIGURES = [{"ma": "H1.7", "nhan": "6.940", "xong": 7060, "tre": None, "lapLai": TOKEN}]
BODIES = [
    {"ma": "H1.7", "ten": "Sở Thử - tỉnh Hoa Ban"},
    {"ma": "H1.9", "ten": "Uỷ ban nhân dân huyện Thử"},
    {"ma": "H1.90", "ten": "Trung tâm thuộc Sở Thử"},
    {"ma": "H1.91", "ten": "UBND huyện Thữ"},
]
SOURCE = """
key = "bao-cao"
title = "Hệ thống báo cáo"
kind = "onestop"
driver = "json_api"
url = "http://127.0.0.1:{port}"
credentials = "BAO_CAO_TOKEN"

[[settings.question]]
path = "/so-lieu"
agency = "ma"
required = ["ma", "nhan"]
[settings.question.figures]
received = "nhan"
resolved = "xong"
resolved_overdue = "tre"

[[settings.question]]
topic = "agencies"
each = "province"
path = "/don-vi"
agency = "ma"
name = "ten"
"""

Asked = Callable[..., Said]


@pytest.fixture
def call(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Asked]:
    """The command line at a home with one system of an authorised client, not proven yet."""
    pages = {"/so-lieu": json.dumps(FIGURES), "/don-vi": json.dumps(BODIES)}
    with portal(pages=pages, content_type="application/json") as port:
        config = write_small_config(tmp_path / "config", allow=f"127.0.0.1:{port}")
        registry = config / "agencies" / "thu.toml"
        mapped = 'code = "so-thu"\nidentifiers = [["bao-cao", "H1.7"]]'
        registry.write_text(registry.read_text("utf-8").replace('code = "so-thu"', mapped), "utf-8")
        (config / "sources").mkdir()
        (config / "sources" / "bao-cao.toml").write_text(SOURCE.format(port=port), "utf-8")
        monkeypatch.setenv("BAO_CAO_TOKEN", TOKEN)
        at = caller(capsys)
        yield lambda *words: at("--home", tmp_path / "home", "--config", config, *words)


def test_figures_stand_beside_the_labels_of_the_source(call: Asked) -> None:
    """What a person compares with the screen: label as the system writes it, value, meaning."""
    said = call("sources", "check", "bao-cao", "--agency", "so-thu", "--json")

    assert said.code == 0
    told = said.json
    assert [(row["label"], row["value"], row["meaning"]) for row in told["figures"]] == [
        ("nhan", 6940, "received"),
        ("xong", 7060, "resolved"),
        ("tre", None, "resolved_overdue"),
    ]
    assert {(topic["topic"], topic["state"]) for topic in told["topics"]} == {
        ("dossiers", "ok"),
        ("agencies", "ok"),
    }
    assert told["counts"] == {"source_agency": 4}
    assert told["proven_live"] is False


def test_what_is_not_proven_is_marked_until_an_operator_says_otherwise(call: Asked, tmp_path: Path) -> None:
    """`sources list`, `sources check`, `doctor` say so; only `proven_live` in the configuration ends it."""
    mark = "chưa được chứng minh trên hệ thống thật"
    file = tmp_path / "config" / "sources" / "bao-cao.toml"

    def remarks() -> list[str]:
        return [each.text[0] for each in examine(tmp_path / "home", file.parents[1]) if each.key == "sources"]

    assert remarks() == [f"bao-cao: {mark}"]

    assert mark in call("sources", "list").out
    assert mark in call("sources", "check", "bao-cao").out

    file.write_text(file.read_text("utf-8").replace("[[", "proven_live = true\n\n[[", 1), "utf-8")
    assert remarks() == []
    assert mark not in call("sources", "list").out
    assert mark not in call("sources", "check", "bao-cao").out


def plain(file: Path) -> bytes:
    """Return a file's bytes, unpacked where they are packed."""
    data = file.read_bytes()
    return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data


def test_the_token_is_nowhere_and_its_removal_is_sealed(call: Asked, tmp_path: Path) -> None:
    """Neither sent header nor an answer that repeats it: not in output, not in any file of the home."""
    said = call("sources", "check", "bao-cao", "--json")

    assert TOKEN not in said.out + said.err
    with closing(open_store(load(tmp_path / "home", tmp_path / "config"))) as store:
        records = [r for r in store.records() if r.url.endswith("/so-lieu")]
        assert b"[removed before sealing]" in store.body(records[0].id)
        bodies = [
            store.body(r.id) for code in (AgencyCode("so-thu"), PROVINCE) for r in store.records(agency=code)
        ]
    assert not any(TOKEN.encode() in body for body in bodies)
    files = [f for f in (tmp_path / "home").rglob("*") if f.is_file()]
    assert files
    assert not any(TOKEN.encode() in plain(f) for f in files)


def test_without_its_token_nobody_is_asked(call: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BAO_CAO_TOKEN")

    said = call("sources", "check", "bao-cao", "--json")

    assert said.code == 3
    assert {topic["state"] for topic in said.json["topics"]} == {"unauthorised"}
    assert said.json["figures"] == []


def test_bodies_are_proposed_for_agencies_and_never_by_a_part_of_a_name(call: Asked) -> None:
    """A name that holds the agency's is another body; a near one is a guess that a person confirms."""
    call("sources", "check", "bao-cao")

    said = call("sources", "agencies", "bao-cao", "--json")

    rows = {row["identifier"]: (row["mapped"], row["proposed"]) for row in said.json["bodies"]}
    assert rows["H1.7"] == ("so-thu", None)
    assert rows["H1.90"] == (None, None)
    assert rows["H1.91"] == (None, "huyen-thu")
    assert said.code == 3, "bodies are left that nobody has mapped"
