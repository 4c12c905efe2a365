"""A bundle as an outsider meets it: what was sealed is reproduced, what was touched is named."""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from offline.cli import main
from offline.findings import Finding
from offline.note import Key, read_key
from offline.verifying import Report, verify
from tests.service.bundled import SmallHome

Files = dict[str, bytes]
Touch = Callable[[Files], None]


def rewritten(bundle: Path, target: Path, touch: Touch, *, relist: bool = True) -> Path:
    """Write a bundle anew after something was touched; with `relist` its list of files is made to fit."""
    with zipfile.ZipFile(bundle) as old:
        files = {name: old.read(name) for name in old.namelist()}
    touch(files)
    if relist:
        package = json.loads(files["datapackage.json"])
        package["resources"] = [
            {"path": name, "hash": f"sha256:{sha256(data).hexdigest()}", "bytes": len(data)}
            for name, data in files.items()
            if not name.startswith("datapackage")
        ]
        files["datapackage.json"] = json.dumps(package).encode()
        digest = f"sha256:{sha256(files['datapackage.json']).hexdigest()}"
        files["datapackage-digest.json"] = json.dumps({"hash": digest}).encode()
    with zipfile.ZipFile(target, "w") as new:
        for name, data in files.items():
            new.writestr(name, data)
    return target


def grave(report: Report) -> list[Finding]:
    """Return what is no remark."""
    return [finding for finding in report.findings if finding.weight != "remark"]


def warc(files: Files) -> str:
    """Return the name of the first archive file."""
    return min(name for name in files if name.startswith("archive/"))


def edit(files: Files, name: str, change: Callable[[Any], Any]) -> None:
    """Change a JSON document."""
    files[name] = json.dumps(change(json.loads(files[name])), ensure_ascii=False).encode()


def edit_lines(files: Files, name: str, change: Callable[[list[Any]], list[Any]]) -> None:
    """Change a file of JSON lines."""
    said = change([json.loads(line) for line in files[name].splitlines()])
    files[name] = b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in said)


# --- untouched -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["full", "party", "public"])
def test_an_untouched_bundle_is_reproduced(
    kind: str, key: Key, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    """docs/reference/bundle.md: no false alarm, in any class."""
    bundle: Path = request.getfixturevalue(kind)
    report = verify(bundle, key)

    assert grave(report) == []
    assert report.verdict == "reproduced"
    assert report.evidence.members > 20


def test_the_whole_log_is_in_a_bundle_of_all_agencies(full: Path, key: Key) -> None:
    """Nothing was dropped: every leaf under the checkpoint is there."""
    report = verify(full, key)

    assert report.head is not None
    assert sorted(report.evidence.leaves) == list(range(report.head.size))
    assert report.evidence.withheld == {}


def test_a_party_gets_no_owner_s_workbook_but_learns_that_there_is_one(party: Path, key: Key) -> None:
    """The owner's workbook holds other agencies' figures."""
    report = verify(party, key)

    assert {finding.code for finding in report.findings} >= {"withheld", "claim-unseen", "place"}
    reasons = [finding.en for finding in report.findings if finding.code == "withheld"]
    assert reasons.count("is withheld: other-parties") == 2


# --- touched -------------------------------------------------------------------------------------------


def flip_body(files: Files) -> None:
    """Flip one bit of what a member in the middle of an archive file packs, never of its header."""
    data = bytearray(files[warc(files)])
    following = data.index(b"\x1f\x8b\x08", len(data) // 2)
    data[following - 12] ^= 4
    files[warc(files)] = bytes(data)


def cut_archive(files: Files) -> None:
    """Cut an archive file short."""
    files[warc(files)] = files[warc(files)][:-40]


def double_archive(files: Files) -> None:
    """Repeat an archive file's bytes."""
    files[warc(files)] *= 2


def drop_archive(files: Files) -> None:
    """Leave an archive file out."""
    del files[warc(files)]


def drop_leaf(files: Files) -> None:
    """Leave one leaf out."""
    edit_lines(files, "proofs/leaves.jsonl", lambda lines: lines[:3] + lines[4:])


def alter_leaf(files: Files) -> None:
    """Say another address in a leaf."""

    def change(lines: list[Any]) -> list[Any]:
        lines[5]["entry"] = lines[5]["entry"].replace('"outcome":"', '"outcome":"x')
        return lines

    edit_lines(files, "proofs/leaves.jsonl", change)


def alter_proof(files: Files) -> None:
    """Put another hash into a proof."""

    def change(lines: list[Any]) -> list[Any]:
        lines[5]["proof"][0] = base64.b64encode(bytes(32)).decode()
        return lines

    edit_lines(files, "proofs/leaves.jsonl", change)


def shrink_log(files: Files) -> None:
    """Say that the log was shorter."""
    origin, size, rest = files["proofs/checkpoint.txt"].split(b"\n", 2)
    files["proofs/checkpoint.txt"] = b"\n".join((origin, b"%d" % (int(size) - 1), rest))


def alter_rule(files: Files) -> None:
    """Give a rule another content and make every digest fit."""
    index = json.loads(files["rules/files.json"])
    said = next(each for each in index if each["name"].startswith("verifiers/common"))
    content = files.pop(f"rules/{said['sha256']}.toml") + b"\nmax_links = 4\n"
    said["sha256"] = sha256(content).hexdigest()
    files[f"rules/{said['sha256']}.toml"] = content
    files["rules/files.json"] = json.dumps(index).encode()


def alter_visit(files: Files) -> None:
    """Say that a visit failed less often."""

    def change(lines: list[Any]) -> list[Any]:
        visit = next(line["said"] for line in lines if line["is"] == "visit")
        visit["detail"] += " "
        return lines

    edit_lines(files, "observations/so-thu.jsonl", change)


def alter_capture(files: Files) -> None:
    """Say that a list held more."""

    def change(lines: list[Any]) -> list[Any]:
        captures = (line["said"] for line in lines if line["said"].get("kind") == "list_capture")
        next(captures)["identities"].append("invented")
        return lines

    edit_lines(files, "observations/so-thu.jsonl", change)


def alter_record(files: Files) -> None:
    """Say that a page was fetched on another day."""

    def change(lines: list[Any]) -> list[Any]:
        lines[0]["said"]["captured_at"] = "2021-01-01T00:00:00Z"
        return lines

    edit_lines(files, "observations/so-thu.jsonl", change)


def invent_observation(files: Files) -> None:
    """Add an item that stands in no record of the bundle."""

    def change(lines: list[Any]) -> list[Any]:
        found = next(line for line in lines if line["said"].get("kind") == "news")
        invented = json.loads(json.dumps(found))
        invented["said"]["seen"]["record"] = "urn:uuid:00000000-0000-4000-8000-000000000000"
        return [*lines, invented]

    edit_lines(files, "observations/so-thu.jsonl", change)


def alter_claim(files: Files) -> None:
    """Let the agency have claimed more."""

    def change(said: Any) -> Any:
        said["submitted"][0]["inputs"][0][1] = {"number": "42"}
        return said

    edit(files, "submissions/so-thu.json", change)


def break_json(files: Files) -> None:
    """Leave half a document."""
    files["submissions/so-thu.json"] = b'{"submitted": ['


def break_rule_name(files: Files) -> None:
    """Name a module that is no verifier."""
    index = json.loads(files["rules/files.json"])
    said = next(each for each in index if each["name"].startswith("index_sets/"))
    content = files.pop(f"rules/{said['sha256']}.toml").replace(b'"news_cadence"', b'"interface"')
    said["sha256"] = sha256(content).hexdigest()
    files[f"rules/{said['sha256']}.toml"] = content
    files["rules/files.json"] = json.dumps(index).encode()


FAULTS = {
    flip_body: "member",
    cut_archive: "member",
    double_archive: "member-unlogged",
    drop_archive: "member-missing",
    drop_leaf: "leaf-missing",
    alter_leaf: "proof",
    alter_proof: "proof",
    shrink_log: "checkpoint",
    alter_rule: "rule",
    alter_visit: "account",
    alter_capture: "account",
    alter_record: "record",
    invent_observation: "observation",
    alter_claim: "claim",
    break_json: "json",
    break_rule_name: "verifier",
}


@pytest.mark.parametrize(("touch", "code"), FAULTS.items(), ids=[touch.__name__ for touch in FAULTS])
def test_what_was_touched_is_named(touch: Touch, code: str, full: Path, key: Key, tmp_path: Path) -> None:
    """Whoever forges the list of files too is found out by the log, the seal and the sealed accounts."""
    report = verify(rewritten(full, tmp_path / "x.wacz", touch), key)

    assert report.verdict == "fault"
    assert code in {finding.code for finding in report.findings if finding.weight == "fault"}


@pytest.mark.parametrize("touch", [flip_body, alter_claim, drop_archive], ids=lambda touch: touch.__name__)
def test_without_a_new_list_the_list_itself_tells(touch: Touch, full: Path, key: Key, tmp_path: Path) -> None:
    """datapackage.json names every file with its digest."""
    report = verify(rewritten(full, tmp_path / "x.wacz", touch, relist=False), key)

    assert {finding.code for finding in grave(report)} & {"file-digest", "file-missing"}


@pytest.mark.parametrize("kind", ["full", "party", "public"])
def test_a_printed_number_that_does_not_follow_is_the_first_difference(
    kind: str, key: Key, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Agency, component, printed, recomputed."""

    def raise_points(files: Files) -> None:
        def change(said: Any) -> Any:
            said["total"]["components"]["HT.1"]["high"] = "99"
            said["total"]["components"]["HT.2"]["high"] = "98"
            return said

        edit(files, "scores/so-thu.json", change)

    report = verify(rewritten(request.getfixturevalue(kind), tmp_path / "x.wacz", raise_points), key)
    (found,) = grave(report)

    assert report.verdict == "different"
    assert found.where == "so-thu, HT.1, high"
    assert "99" in found.en


def test_totals_and_bands_beside_a_place_are_recomputed_for_one_agency_too(
    party: Path, key: Key, tmp_path: Path
) -> None:
    def raise_total(files: Files) -> None:
        def change(said: Any) -> Any:
            said["place"]["published_high"] = "100.0"
            return said

        edit(files, "scores/so-thu.json", change)

    report = verify(rewritten(party, tmp_path / "x.wacz", raise_total), key)

    assert [found.where for found in grave(report)] == ["so-thu, place.published_high"]


def test_a_place_that_was_altered_is_a_difference(full: Path, key: Key, tmp_path: Path) -> None:
    """Ranking is recomputed too."""

    def promote(files: Files) -> None:
        def change(said: Any) -> Any:
            said["blocs"][0]["places"][0]["best"] = 7
            return said

        edit(files, "scores/standing.json", change)

    report = verify(rewritten(full, tmp_path / "x.wacz", promote), key)

    assert report.verdict == "different"
    assert grave(report)[0].where == "blocs[1].places[1].best"


def test_another_key_proves_nothing(full: Path) -> None:
    """Who signs with a key of their own can write any log they like."""
    other = Key("minhchung/log/" + "0" * 16, bytes(32))

    assert [finding.code for finding in grave(verify(full, other))] == ["checkpoint"]


def test_a_name_in_the_bundle_reaches_nothing_outside(full: Path, key: Key, tmp_path: Path) -> None:
    """Nothing is unpacked; a strange name is one that is not listed."""

    def climb(files: Files) -> None:
        files["../../outside.txt"] = b"x"

    report = verify(rewritten(full, tmp_path / "x.wacz", climb), key)

    assert report.verdict == "reproduced"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.wacz"]


# --- the command ---------------------------------------------------------------------------------------


def test_the_command_says_what_it_found(
    small: SmallHome, full: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """docs/reference/cli.md: verdicts and exit codes, in both languages and as JSON."""
    broken = rewritten(full, tmp_path / "x.wacz", flip_body)
    words = [str(full), "--key", str(small.key)]

    assert main(words) == 0
    assert "ĐÃ TÁI LẬP" in capsys.readouterr().out
    assert main([*words, "--lang", "en"]) == 0
    assert "REPRODUCED" in capsys.readouterr().out
    assert main([str(full), "--key", small.key.read_text("utf-8").strip(), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["verdict"], said["agencies"]) == ("reproduced", ["so-thu", "so-mau", "huyen-thu"])
    assert main([str(broken), "--key", str(small.key)]) == 1
    assert "HƯ HỎNG" in capsys.readouterr().out


def test_usage_errors_are_one_sentence(
    small: SmallHome, full: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2."""
    assert main([str(tmp_path / "none.wacz"), "--key", str(small.key)]) == 2
    assert main([str(full), "--key", "no key"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_a_file_that_is_no_bundle_is_a_fault(tmp_path: Path, key: Key) -> None:
    """Neither a crash nor a pass."""
    path = tmp_path / "x.wacz"
    path.write_bytes(b"no zip")

    assert [finding.code for finding in verify(path, key).findings] == ["zip"]


def test_a_key_line_is_read_strictly(small: SmallHome) -> None:
    """A key whose id does not fit its bytes is none."""
    line = small.key.read_text("utf-8")
    name, said, raw = line.strip().split("+", 2)

    assert read_key(line).name == name
    for wrong in (f"{name}+00000000+{raw}", f"{name}+{said}+!", "", f"x+{said}+{raw}"):
        with pytest.raises(ValueError, match="key"):
            read_key(wrong)
