"""The groups of tests: every test in exactly one, and no way for a bad run to look like a good one."""

import itertools
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tree import CHECKOUT
from tests.groups import GROUPS, Group, judge, main, selection

CORE = GROUPS[0]
MARKERS = [group.name for group in GROUPS[1:]]
REPORT = '<testsuites><testsuite tests="9" failures="{}" errors="{}" skipped="{}"/></testsuites>'


def selects(expression: str, carried: set[str]) -> bool:
    """Evaluate `a and not b` for a test that carries some markers."""
    terms = expression.split(" and ")
    return all(t[4:] not in carried if t.startswith("not ") else t in carried for t in terms)


def test_every_test_belongs_to_exactly_one_group() -> None:
    """Whatever markers a test carries, it is run once and counted once."""
    for size in range(len(MARKERS) + 1):
        for carried in itertools.combinations(MARKERS, size):
            assert [selects(selection(group.name), set(carried)) for group in GROUPS].count(True) == 1


def test_the_groups_are_the_markers_of_the_project_file() -> None:
    """A marker that no group knows would be run by nobody but core."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))
    declared = project["tool"]["pytest"]["ini_options"]["markers"]

    assert sorted(line.split(":")[0] for line in declared) == sorted(MARKERS)


@pytest.mark.parametrize(
    ("code", "report", "strict", "passed", "failed"),
    [
        (0, (0, 0, 0), True, 9, 0),
        (1, (2, 1, 0), True, 6, 3),
        (0, (0, 0, 1), False, 8, 0),
        (0, (0, 0, 1), True, 8, 1),
        (3, None, False, 0, 1),
        (-9, None, False, 0, 1),
        (5, None, False, 0, 0),
        (5, None, True, 0, 1),
    ],
    ids=[
        "good",
        "failed",
        "left out",
        "left out, strict",
        "pytest broke",
        "killed",
        "empty",
        "empty, strict",
    ],
)
def test_a_run_is_judged_by_its_report_and_its_end(
    tmp_path: Path, code: int, report: tuple[int, int, int] | None, strict: bool, passed: int, failed: int
) -> None:
    """A run that broke off without a failed test is a failure all the same."""
    file = tmp_path / "report.xml"
    if report is not None:
        file.write_text(REPORT.format(*report), "utf-8")

    outcome = judge(CORE, file, code, 1.0, strict=strict)

    assert (outcome.passed, outcome.failed) == (passed, failed)


@pytest.mark.parametrize("strict", [False, True])
def test_a_group_that_cannot_run_is_named_and_fails_only_the_gate(
    strict: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last two lines say what was not run and the plain total."""
    lacking = Group("browser", 1, lambda: "a Chromium (how to get it)")
    monkeypatch.setattr("tests.groups.GROUPS", (lacking,))

    code = main(["--strict"] if strict else [])

    said = capsys.readouterr().out.splitlines()
    assert said[-2] == "NOT RUN: browser: needs a Chromium (how to get it)"
    assert said[-1] == f"0 passed, {int(strict)} failed"
    assert code == int(strict)
