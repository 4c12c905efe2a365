"""The method page's worked example, recomputed from what the page itself says."""

import re
from fractions import Fraction
from pathlib import Path

import pytest

from minhchung.measurements import Input, Origin
from minhchung.scores import Finding, Ground
from scoring.award import award
from scoring.numerals import half_up
from scoring.reconcile import reconcile
from tests.scoring.making import AGENCY, CONFIG, claim, index_set_2021, measured

DOCS = CONFIG.parent / "docs"
PAGES = [DOCS / "method.md", DOCS / "method.vi.md"]


def example(page: Path) -> dict[str, str]:
    """Return the lines `name = value` of the page's example."""
    block = re.search(r"```text\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None, f"{page.name} has no worked example"
    return dict(line.split(" = ") for line in block[1].splitlines())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_worked_example_follows_from_its_own_numbers(page: Path) -> None:
    said = example(page)
    documents = index_set_2021().component("HD.5")
    names = [spec.name for spec in documents.inputs]
    found = [Fraction(said[f"measured {part}"]) for part in ("num", "den")]
    claimed = [Fraction(said[f"claimed {part}"]) for part in ("num", "den")]

    figure = reconcile(
        documents,
        agency=AGENCY,
        result=measured({n: Input(value=v, origin=Origin.CRAWL) for n, v in zip(names, found, strict=True)}),
        claim=claim(documents, **dict(zip(names, claimed, strict=True))),
    )
    score = award(documents, figure)

    ratio = found[0] / found[1]
    assert Fraction(said["ratio"]) == ratio
    assert Fraction(said["ratio to target"]) == ratio / Fraction(documents.formula.target or 1)
    assert Fraction(said["points"]) == score.low == score.high
    assert said["published"] == str(half_up(score.low, 2))
    assert Fraction(said["difference"]) == claimed[0] / claimed[1] - ratio
    assert Finding(said["finding"]) is figure.finding
    assert Ground(said["ground"]) is figure.ground


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_prose_prints_the_same_result(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    published = example(page)["published"]

    assert text.count(published) + text.count(published.replace(".", ",")) >= 3


def test_the_page_names_every_formula_ground_and_tolerance_of_the_set() -> None:
    text = PAGES[0].read_text(encoding="utf-8")

    for component in index_set_2021().components():
        assert f"`{component.formula.type}`" in text, component.code
        for tolerance in (component.tolerance, *(spec.tolerance for spec in component.inputs)):
            assert tolerance is None or not tolerance or f" {tolerance}" in text, component.code
    for ground in Ground:
        assert f"`{ground.value}`" in text
