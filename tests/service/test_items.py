"""`items`: one row per item, as JSON lines or as CSV that a spreadsheet may open (service/items.py)."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from service.items import FIELDS, KINDS, as_csv, as_jsonl


def row(**fields: Any) -> dict[str, Any]:
    """Return a row with nothing known but these fields."""
    return dict.fromkeys(FIELDS) | {"attachments": []} | fields


def read(lines: list[str]) -> list[dict[str, str]]:
    """Read CSV lines as a spreadsheet would."""
    return list(csv.DictReader(io.StringIO("\r\n".join(lines), newline="")))


def test_the_fields_are_those_of_the_contract() -> None:
    """`items` is a format that others read."""
    assert " ".join(FIELDS) == (
        "agency kind url title published number issued issuer doc_type summary attachments record locator"
        " signer effective"
    )
    assert KINDS == ("news", "legal_document", "directive")


def test_json_lines_keep_letters_and_absence() -> None:
    """One document a line, in the order of the fields; what is not known is null."""
    (line,) = as_jsonl([row(agency="so-y-te", title="Tiêm chủng\nmở rộng")])
    said = json.loads(line)

    assert "\n" not in line
    assert "Tiêm chủng" in line
    assert list(said) == list(FIELDS)
    assert said["published"] is None


def test_csv_begins_with_the_fields_and_survives_commas_quotes_and_line_breaks() -> None:
    """A title is whatever a portal prints."""
    title, summary = 'Quyết định "số 1", về đất đai', "dòng một\ndòng hai\rdòng ba"
    lines = list(
        as_csv([row(agency="so-y-te", title=title, summary=summary, attachments=["/a.pdf", "/b.pdf"])])
    )
    (said,) = read(lines)

    assert lines[0] == ",".join(FIELDS)
    assert (said["title"], said["summary"]) == (title, summary)
    assert said["attachments"] == "/a.pdf /b.pdf"
    assert said["published"] == ""


@pytest.mark.parametrize("title", ["=1+1", "+84", "-3", "@SUM(A1)", "\t=1", "\r=1"])
def test_csv_holds_no_formula(title: str) -> None:
    """A portal writes the titles; a spreadsheet must not run them."""
    (said,) = read(list(as_csv([row(title=title)])))

    assert said["title"].startswith("'")
    assert said["title"].removeprefix("'") == title


def test_nothing_found_is_a_heading_and_no_rows() -> None:
    """An empty answer is still an answer."""
    assert list(as_csv([])) == [",".join(FIELDS)]
    assert list(as_jsonl([])) == []
