"""The page on crawling names every word that records and reports use."""

from __future__ import annotations

from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from collectors.lists import COMPLETE, Ended
from minhchung.evidence import Failure, TlsVerdict
from minhchung.holdings import VisitReport

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "crawling.md"
STATES = get_args(get_type_hints(VisitReport)["state"])
VERDICTS = [verdict.value for verdict in TlsVerdict if verdict is not TlsVerdict.VALID]


@pytest.mark.parametrize("word", [*STATES, *VERDICTS, *get_args(Ended), *(f.value for f in Failure)])
def test_every_word_of_the_crawl_stands_on_its_page(word: str) -> None:
    """docs/reference/crawling.md: states, verdicts, endings of lists, failures."""
    assert f"`{word}`" in PAGE.read_text("utf-8")


def test_the_page_says_rightly_which_failures_are_refusals() -> None:
    """The column "refused" is what the account counts."""
    table = PAGE.read_text("utf-8").partition("| failure | refused |")[2].partition("\n\n")[0]
    rows = [line.split("|") for line in table.splitlines() if line.startswith("| `")]
    said = {name.strip(" `"): bool(row[2].strip()) for row in rows for name in row[1].split(",")}

    assert said == {failure.value: failure.refusal for failure in Failure}


def test_the_page_says_rightly_which_endings_are_complete() -> None:
    """The column "complete" is what verifiers may conclude from."""
    table = PAGE.read_text("utf-8").partition("| ended | complete |")[2].partition("\n\n")[0]
    rows = [line.split("|") for line in table.splitlines() if line.startswith("| `")]
    said = {name.strip(" `") for row in rows if row[2].strip() == "yes" for name in row[1].split(",")}

    assert said == COMPLETE
