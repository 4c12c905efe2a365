"""What readers saw is as it was sealed, and nothing is held back for a reason of somebody's own."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from offline.members import members
from offline.note import Key
from offline.verifying import verify
from tests.offline.test_verifying import Files, edit, edit_lines, grave, rewritten


def without_handshakes(lines: list[Any]) -> list[Any]:
    """Take the handshakes out."""
    return [line for line in lines if line["said"].get("kind") != "tls_check"]


def with_another_title(lines: list[Any]) -> list[Any]:
    """Alter one word that moves no score."""
    page = next(line for line in lines if line["said"].get("kind") == "site_page")
    page["said"]["title"] += "."
    return lines


def with_one_more(lines: list[Any]) -> list[Any]:
    """Put a page in that nobody saw."""
    page = next(line for line in lines if line["said"].get("kind") == "site_page")
    return [*lines, {"is": "observation", "said": {**page["said"], "title": "Trang khác"}}]


@pytest.mark.parametrize("kind", ["full", "party"])
@pytest.mark.parametrize("change", [without_handshakes, with_another_title, with_one_more])
def test_an_observation_that_was_altered_is_named_with_its_visit(
    change: Any, kind: str, key: Key, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """What readers saw in a page is sealed with the account of the visit, whether or not it moves a score."""

    def forge(files: Files) -> None:
        edit_lines(files, "observations/so-thu.jsonl", change)

    report = verify(rewritten(request.getfixturevalue(kind), tmp_path / "x.wacz", forge), key)

    assert report.verdict == "fault"
    assert any(found.code == "observation" and found.where.startswith("so-thu, ") for found in grave(report))


def with_another_day(lines: list[Any]) -> list[Any]:
    """Alter, in what is masked in part, something that is not."""
    page = next(line for line in lines if any(len(entry) == 3 for entry in line.get("blind", ())))
    page["said"]["seen"]["path"] += ">p"
    return lines


def with_a_mask_elsewhere(lines: list[Any]) -> list[Any]:
    """Show a text that was not masked as if it had been."""
    entries = next(line["blind"] for line in lines if line.get("blind"))
    entry = next(entry for entry in entries if len(entry) == 2)
    entry[1:] = ["", "0" * 64]
    return lines


def without_what_was_told(lines: list[Any]) -> list[Any]:
    """Tell nothing of one observation."""
    next(line for line in lines if line.get("blind")).pop("blind")
    return lines


@pytest.mark.parametrize(
    "change",
    [
        without_handshakes,
        with_another_title,
        with_one_more,
        with_another_day,
        with_a_mask_elsewhere,
        without_what_was_told,
    ],
)
def test_a_visit_with_masked_pages_is_held_against_its_digest_but_for_the_masked_texts(
    change: Any, public: Path, key: Key, tmp_path: Path
) -> None:
    """Salted commitments stand for the texts that are masked, salts beside all others."""
    remarks = [found for found in verify(public, key).findings if found.code == "observed"]
    assert any("commitments" in found.en and found.where.startswith("so-thu, ") for found in remarks)

    def forge(files: Files) -> None:
        edit_lines(files, "observations/so-thu.jsonl", change)

    report = verify(rewritten(public, tmp_path / "x.wacz", forge), key)

    assert any(found.code == "observation" and found.where.startswith("so-thu, ") for found in grave(report))


def test_the_secret_of_a_masked_visit_is_in_no_public_bundle(public: Path, full: Path) -> None:
    """With it every masked telephone number would be guessed in a second; a full bundle holds it."""

    def secrets(bundle: Path) -> list[bytes]:
        with zipfile.ZipFile(bundle) as files:
            names = [name for name in files.namelist() if name.startswith("archive/")]
            stored = [part for name in names for part in members(files.open(name))]
        texts = [gzip.decompress(part) for part in stored]
        return [text for text in texts if b"application/vnd.minhchung.blinding" in text]

    # Three agencies were visited twice; the telephone number stands on the portal of one.
    assert len(set(secrets(full))) == 6
    assert len(set(secrets(public)) & set(secrets(full))) == len(secrets(public)) == 4


@pytest.mark.parametrize("reason", ["personal-data", "workbook", "other-parties", "vì sao không"])
def test_a_record_is_not_dropped_for_a_reason_that_its_class_does_not_know(
    reason: str, full: Path, key: Key, tmp_path: Path
) -> None:
    """A full bundle withholds state secrets and what a sealed act took out, nothing else."""

    def hide(files: Files) -> None:
        index = next(
            line["index"]
            for line in map(json.loads, files["proofs/leaves.jsonl"].splitlines())
            if json.loads(line["entry"])["kind"] == "response"
        )
        edit(files, "proofs/withheld.json", lambda said: [*said, {"index": index, "reason": reason}])

    report = verify(rewritten(full, tmp_path / "x.wacz", hide), key)

    assert "withheld" in {finding.code for finding in grave(report)}
