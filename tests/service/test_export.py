"""What goes out of the house: byte for byte what was sealed, each class no more than it may hold."""

from __future__ import annotations

import gzip
import json
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pytest

from minhchung.errors import FixityError
from minhchung.evidence import Locator
from minhchung.files import FileFacts
from minhchung.observations import Attachment
from service.bundle import CLASSES, BundleClass
from service.workplace import RandomIds, SimulatedClock
from storage.home import Home
from storage.members import walk
from storage.store import Store
from tests.service.bundled import PHONE, SECRET, VISITS, SmallHome, make
from tests.service.calling import Call, caller


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallHome:
    """A home of three agencies, one with a portal and a workbook."""
    return make(tmp_path_factory.mktemp("small"))


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """The command line, called here."""
    return caller(capsys)


def said(bundle: Path, name: str) -> Any:
    """Return a JSON document of a bundle."""
    with zipfile.ZipFile(bundle) as archive:
        return json.loads(archive.read(name))


def stored(bundle: Path) -> list[str]:
    """Return the digests of all members of a bundle's archive files."""
    found = []
    with zipfile.ZipFile(bundle) as archive:
        for name in archive.namelist():
            if name.startswith("archive/"):
                part = bundle.with_name("part.warc.gz")
                part.write_bytes(archive.read(name))
                found += [member.sha256 for member in walk(part)]
    return found


def everything(bundle: Path) -> str:
    """Return all text of a bundle, archive files unpacked."""
    with zipfile.ZipFile(bundle) as archive:
        parts = [archive.read(name) for name in archive.namelist()]
    return "".join(
        (gzip.decompress(p) if p[:2] == b"\x1f\x8b" else p).decode("utf-8", "replace") for p in parts
    )


@pytest.mark.parametrize("kind", CLASSES)
def test_equal_inputs_give_equal_bytes(kind: BundleClass, small: SmallHome, tmp_path: Path) -> None:
    """No clock and no chance in a bundle, so that two who export can compare."""
    agency = "so-thu" if kind == "party" else ""
    one = small.bundle(tmp_path / "1.wacz", kind, agency)
    two = small.bundle(tmp_path / "2.wacz", kind, agency)

    assert one.read_bytes() == two.read_bytes()


def test_a_whole_bundle_holds_every_member_of_the_archive(small: SmallHome, tmp_path: Path) -> None:
    """Copied byte for byte, nothing recompressed."""
    bundle = small.bundle(tmp_path / "x.wacz")
    sealed = [member.sha256 for path in (small.home / "archive").iterdir() for member in walk(path)]

    assert sorted(stored(bundle)) == sorted(sealed)


def test_every_file_is_listed_with_digest_and_bytes(small: SmallHome, tmp_path: Path) -> None:
    """WACZ 1.1.1: the list is complete, archive files and index are stored as they are."""
    bundle = small.bundle(tmp_path / "x.wacz")
    package = said(bundle, "datapackage.json")
    listed = {each["path"]: (each["hash"], each["bytes"]) for each in package["resources"]}

    with zipfile.ZipFile(bundle) as archive:
        for entry in archive.infolist():
            data = archive.read(entry)
            if not entry.filename.startswith("datapackage"):
                assert listed.pop(entry.filename) == (f"sha256:{sha256(data).hexdigest()}", len(data))
            if entry.filename.endswith(".gz"):
                assert entry.compress_type == zipfile.ZIP_STORED
    assert listed == {}
    assert package["wacz_version"] == "1.1.1"


def test_the_index_points_at_records(small: SmallHome, tmp_path: Path) -> None:
    """A player seeks to offset and length and finds the page there."""
    bundle = small.bundle(tmp_path / "x.wacz")
    with zipfile.ZipFile(bundle) as archive:
        lines = gzip.decompress(archive.read("indexes/index.cdx.gz")).decode().splitlines()
        assert lines == sorted(lines)
        for line in lines:
            place = json.loads(line.split(" ", 2)[2])
            data = archive.read(f"archive/{place['filename']}")
            offset, length = int(place["offset"]), int(place["length"])
            record = gzip.decompress(data[offset : offset + length]).decode("utf-8", "replace")
            assert f"WARC-Target-URI: {place['url']}\r\n" in record
            assert f" {place['status']} " in record.split("\r\n\r\n")[1].partition("\r\n")[0]


def test_a_party_gets_its_own_matter_alone(small: SmallHome, tmp_path: Path) -> None:
    """Neither another agency's records nor what owners say of others."""
    bundle = small.bundle(tmp_path / "x.wacz", "party", "so-thu")
    with zipfile.ZipFile(bundle) as archive:
        leaves = [json.loads(line) for line in archive.read("proofs/leaves.jsonl").splitlines()]
        names = archive.namelist()
    withheld = {each["index"] for each in said(bundle, "proofs/withheld.json")}
    mine = {
        json.loads(leaf["entry"])["agency"]
        for leaf in leaves
        if leaf["index"] not in withheld and json.loads(leaf["entry"])["kind"] not in ("config", "warcinfo")
    }

    assert mine == {"so-thu"}
    assert not [name for name in names if "so-mau" in name or "huyen-thu" in name]
    assert "scores/standing.json" not in names


def test_a_public_bundle_withholds_citizens_data_and_workbooks(small: SmallHome, tmp_path: Path) -> None:
    """The number stands in the whole bundle and nowhere in the public one; leaf and digest stay."""
    whole = small.bundle(tmp_path / "whole.wacz")
    public = small.bundle(tmp_path / "public.wacz", "public")
    withheld = said(public, "proofs/withheld.json")

    assert PHONE in everything(whole)
    assert PHONE not in everything(public)
    assert {each["reason"] for each in withheld} >= {"personal-data", "workbook"}
    with zipfile.ZipFile(public) as archive:
        leaves = {json.loads(line)["index"] for line in archive.read("proofs/leaves.jsonl").splitlines()}
    assert {each["index"] for each in withheld} <= leaves
    assert said(public, "proofs/bundle.json")["unrepeatable"] == []


def test_a_page_with_the_stamp_of_a_state_secret_leaves_in_no_class(tmp_path: Path) -> None:
    """Neither its body nor what readers saw in it; what can then not be recomputed is said."""
    made = make(tmp_path, stamped=True)
    for kind in CLASSES:
        bundle = made.bundle(tmp_path / f"{kind}.wacz", kind, "so-thu")

        assert SECRET not in everything(bundle)
        assert "state-secret" in {each["reason"] for each in said(bundle, "proofs/withheld.json")}
        assert said(bundle, "proofs/bundle.json")["masked"]


JPEG: Final = b"\xff\xd8\xff\xe0 picture of a page"


def sealed_beside(made: SmallHome, path: str, body: bytes, content_type: str, kind: str) -> int:
    """Seal something that was captured with the page of a path; return its leaf."""
    with Store(Home(made.home), SimulatedClock(VISITS[-1]), RandomIds(), writer=True) as store:
        page = next(r for r in store.records(kind="response") if r.url.endswith(path))
        sealed = store.resource(
            body,
            url=page.url,
            content_type=content_type,
            agency=page.agency,
            source=page.source,
            run=page.run,
            kind=kind,
            captured_at=VISITS[-1],
            concurrent_to=page.id,
        )
        assert sealed.leaf is not None
        return sealed.leaf


def reasons(bundle: Path) -> dict[int, str]:
    """Return why leaves are withheld."""
    return {each["index"]: each["reason"] for each in said(bundle, "proofs/withheld.json")}


def test_the_picture_of_a_withheld_page_is_withheld(tmp_path: Path) -> None:
    """A browser's picture shows the telephone number that the page is withheld for; others go out."""
    made = make(tmp_path)
    asked = sealed_beside(made, "/hoi-dap", JPEG, "image/jpeg", "screenshot")
    news = sealed_beside(made, "/tin-tuc", JPEG + b"2", "image/jpeg", "screenshot")
    public = reasons(made.bundle(tmp_path / "public.wacz", "public"))

    assert public[asked] == "personal-data"
    assert news not in public
    assert asked not in reasons(made.bundle(tmp_path / "full.wacz"))


def test_what_scripts_made_of_a_page_withholds_its_picture(tmp_path: Path) -> None:
    """The stamp stands in what a browser saw alone, in TCVN3 (TCVN 5712)."""
    made = make(tmp_path)
    old = b"<meta charset=x-sjis><p>M\xcbT</p><p>K\xd5 ho\xb9ch c\xf1a \xf1y ban nh\xa9n d\xa9n huy\xd6n</p>"
    seen = sealed_beside(made, "/tin-tuc", old, "text/html; charset=iso-8859-1", "dom-snapshot")
    picture = sealed_beside(made, "/tin-tuc", JPEG, "image/jpeg", "screenshot")

    for kind in ("full", "public"):
        withheld = reasons(made.bundle(tmp_path / f"{kind}.wacz", kind))
        assert (withheld[seen], withheld[picture]) == ("state-secret", "state-secret")


def test_a_file_in_which_a_stamp_was_read_leaves_in_no_class(tmp_path: Path, call: Call) -> None:
    """PDF and office files are looked into as they are collected; `export` says what stays in the house."""
    made = make(tmp_path)
    with Store(Home(made.home), SimulatedClock(VISITS[-1]), RandomIds(), writer=True) as store:
        page = next(r for r in store.records(kind="response") if r.url.endswith("/tin-tuc"))
        store.observe(
            [
                Attachment(
                    agency=page.agency,
                    run=page.run,
                    seen=Locator(record=page.id),
                    url=page.url,
                    type="pdf",
                    size=10,
                    status=200,
                    facts=FileFacts(stamp="TỐI MẬT"),
                )
            ]
        )
    out = tmp_path / "x.wacz"
    place = ("--home", made.home, "--config", made.config, "--lang", "en")
    done = call(*place, "export", "--all", "--class", "full", "--out", out)

    assert page.leaf is not None
    assert reasons(out)[page.leaf] == "state-secret"
    assert done.code == 0
    assert f"kept in the house: 1 records: {page.id}" in done.err


def test_what_is_damaged_is_not_exported(small: SmallHome, tmp_path: Path) -> None:
    """A bundle holds what was sealed or is not made."""
    path = max((small.home / "archive").iterdir())
    whole = path.read_bytes()
    touched = bytearray(whole)
    touched[len(touched) // 2] ^= 1
    path.write_bytes(touched)
    try:
        with pytest.raises(FixityError):
            small.bundle(tmp_path / "x.wacz")
    finally:
        path.write_bytes(whole)


def test_the_command_writes_a_bundle(small: SmallHome, call: Call, tmp_path: Path) -> None:
    """docs/reference/cli.md: the file, and one line of account on stderr."""
    place = ("--home", small.home, "--config", small.config, "--lang", "en")
    out = tmp_path / "x.wacz"
    done = call(*place, "export", "--all", "--class", "full", "--out", out)

    assert (done.code, done.out) == (0, "")
    assert "3 agencies" in done.err
    assert out.read_bytes() == small.bundle(tmp_path / "y.wacz").read_bytes()


@pytest.mark.parametrize(
    "words",
    [
        ("--class", "full"),
        ("--class", "full", "--all", "--agency", "so-thu"),
        ("--class", "party", "--all"),
        ("--class", "secret", "--all"),
        ("--class", "full", "--agency", "so-khong-co"),
    ],
)
def test_a_wrong_wish_is_one_sentence_and_no_file(
    words: tuple[str, ...], small: SmallHome, call: Call, tmp_path: Path
) -> None:
    """Exit code 2; nothing half-written stays."""
    out = tmp_path / "x.wacz"
    done = call("--home", small.home, "--config", small.config, "export", *words, "--out", out)

    assert done.code == 2
    assert done.sentence()
    assert list(tmp_path.iterdir()) == []
