"""What readers saw is as it was sealed, and nothing is held back for a reason of somebody's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

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


def test_a_visit_with_masked_pages_is_said_not_to_be_held_against_its_digest(public: Path, key: Key) -> None:
    """Marks of what is masked are not handed out: a telephone number is soon guessed from its SHA-256."""
    remarks = [found for found in verify(public, key).findings if found.code == "observed"]

    assert any("masked" in found.en and found.where.startswith("so-thu, ") for found in remarks)


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
