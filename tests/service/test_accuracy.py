"""`accuracy`: what is right, wrong and missed is counted as such, and nothing is divided by no case."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from minhchung.errors import UsageError
from service.accuracy import FILE, Truth, accuracy, ratio, truth_of
from service.accuracy_tables import ratio_text, show_accuracy
from service.standings import Concluded
from service.workplace import Simulation
from tests.scoring.small_round import RECORDS, REGISTRY, ROUND, SET, small_standing
from tests.service.calling import caller

CONCLUDED = Concluded(ROUND, SET, small_standing(), REGISTRY, RECORDS)
COMPONENT = "HD.4"
"""Share of complete documents: `so-ban` claims 48 of 48, of which 36 were seen; nobody else claims."""


def true(expected: str, inputs: dict[str, str] | None = None, **reasons: str) -> dict[str, Any]:
    """Return one component of a truth file, as the simulator writes it."""
    told = {"unmeasured": None, "not_applicable": None, **reasons}
    return {"expected": expected, "inputs": inputs, "claim": None, "why": "", **told}


def documents(complete: int, of: int) -> dict[str, str]:
    """Return true inputs of the component."""
    return {"van_ban_du_thuoc_tinh": str(complete), "van_ban_dang_tai": str(of)}


def home_with(folder: Path, components: dict[str, dict[str, Any]]) -> Path:
    """Write a home that holds a simulated province with this truth, by agency and component."""
    Simulation(seed=1, base_port=8100, instant="2021-11-04T02:00:00+00:00").keep(folder)
    (folder / FILE).parent.mkdir()
    agencies = {agency: {"components": told} for agency, told in components.items()}
    (folder / FILE).write_text(json.dumps({"round": ROUND.id, "agencies": agencies}), "utf-8")
    return folder


@pytest.fixture
def truth(tmp_path: Path) -> Truth:
    """A truth under which one accusation of the small round is wrong and one is missed."""
    components = {
        "so-ban": {COMPONENT: true("agreed", documents(48, 48))},
        "so-mo": {
            COMPONENT: true("false_claim", documents(48, 48)),
            "HD.2": true("unverifiable", unmeasured="blocked"),
        },
        "so-trang": {COMPONENT: true("no_claim", documents(20, 40))},
        "thanh-tra": {COMPONENT: true("no_claim", unmeasured="blocked")},
    }
    return truth_of(home_with(tmp_path, components))


def test_a_wrong_accusation_and_a_missed_one_are_counted_apart(truth: Truth) -> None:
    """The one costs precision, the other recall; figures that are not the true ones are not exact."""
    row = accuracy(truth, CONCLUDED, CONCLUDED)["verifiers"][0]

    assert CONCLUDED.score("so-ban", COMPONENT).figure.finding.value == "false_claim"
    assert (row["component"], row["verifier"], row["agencies"]) == (COMPONENT, "documents_complete", 4)
    assert (row["true_accusations"], row["false_accusations"], row["missed_accusations"]) == (0, 1, 1)
    assert row["precision"] == {"count": 0, "of": 1, "share": 0}
    assert row["recall"] == {"count": 0, "of": 1, "share": 0}
    assert (row["exact"]["count"], row["exact"]["of"]) == (2, 3)
    assert row["measured_though_unmeasurable"] == 1
    assert row["mistakes"] == 4


def test_gamers_and_look_alikes_are_counted_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What came of each kind, and how many agencies do it; whoever is neither stands in no line."""
    home = home_with(
        tmp_path,
        {
            "so-ban": {COMPONENT: true("false_claim", documents(36, 48)), "HD.2": true("honest_error")},
            "so-mo": {COMPONENT: true("no_claim", documents(48, 48))},
            "so-trang": {COMPONENT: true("no_claim", documents(20, 40))},
        },
    )
    told = json.loads((home / FILE).read_text("utf-8"))
    told["agencies"]["so-ban"] |= {"role": "gamer", "plays": ["khai vượt số thật"]}
    told["agencies"]["so-mo"] |= {"role": "look-alike", "plays": ["cổng hỏng"]}
    (home / FILE).write_text(json.dumps(told), "utf-8")

    found = accuracy(truth_of(home), CONCLUDED, CONCLUDED)
    show_accuracy(found, "en")

    assert [
        (row["role"], row["plays"], row["agencies"], row["components"], row["true_accusations"], row["asked"])
        for row in found["roles"]
    ] == [("gamer", ["khai vượt số thật"], 1, 2, 1, 1), ("look-alike", ["cổng hỏng"], 1, 1, 0, 0)]
    assert sum(row["false_accusations"] for row in found["roles"]) == 0
    shown = capsys.readouterr().out
    assert "Gamer: agencies: 1, kinds: 1" in shown
    assert "Look-alike: agencies: 1, kinds: 1" in shown


def test_the_true_reason_and_what_was_left_out_are_told_apart(truth: Truth, tmp_path: Path) -> None:
    """Unreachable is not blocked; a portal that could be measured and was not is another mistake."""
    (other,) = [
        row for row in accuracy(truth, CONCLUDED, CONCLUDED)["verifiers"] if row["component"] == "HD.2"
    ]
    measurable = {"so-mo": {"HD.2": true("unverifiable", {"ty_le_tuan_co_tin": "1/2"})}}
    (tmp_path / "second").mkdir()
    (left_out,) = accuracy(truth_of(home_with(tmp_path / "second", measurable)), CONCLUDED, CONCLUDED)[
        "verifiers"
    ]

    assert (other["other_reasons"], other["unmeasured_though_measurable"], other["mistakes"]) == (1, 0, 1)
    assert (left_out["other_reasons"], left_out["unmeasured_though_measurable"], left_out["mistakes"]) == (
        0,
        1,
        1,
    )


def test_of_no_case_there_is_no_ratio(truth: Truth, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing accused, nothing to accuse: neither 0 nor 100 percent; every percentage has its counts."""
    told = accuracy(truth, CONCLUDED, CONCLUDED)
    show_accuracy(told, "vi")
    vi = capsys.readouterr().out
    show_accuracy(told, "en")
    en = capsys.readouterr().out
    (news,) = [row for row in told["verifiers"] if row["component"] == "HD.2"]

    assert news["precision"] == news["recall"] == news["exact"] == {"count": 0, "of": 0, "share": None}
    assert ratio_text(news["recall"], "vi") == "không có trường hợp"
    assert ratio_text(news["recall"], "en") == "no case"
    assert ratio_text(ratio(2, 3), "en") == "66,7% (2/3)"
    assert "MÔ PHỎNG" in vi
    assert "SIMULATED" in en
    assert "no case" in en
    for said in (vi, en):
        (row,) = (line for line in said.splitlines() if line.lstrip().startswith("HD.4 "))
        assert row.count("│") == 11, "no column falls off the right edge"
        assert row.endswith(" 0")
    assert vi.count("%") == vi.count("/2)") + vi.count("/1)") + vi.count("/3)")


def test_a_second_conclusion_that_differs_is_named(truth: Truth, capsys: pytest.CaptureFixture[str]) -> None:
    """Equal results have equal digests; points that moved change that of their component alone."""
    bloc, *rest = CONCLUDED.standing.blocs
    place = next(place for place in bloc.places if place.agency == "so-trang")
    moved = tuple(
        replace(score, low=score.low / 2) if score.component == COMPONENT else score
        for score in place.total.scores
    )
    places = tuple(
        replace(each, total=replace(each.total, scores=moved)) if each is place else each
        for each in bloc.places
    )
    blocs = (replace(bloc, places=places), *rest)
    second = replace(CONCLUDED, standing=replace(CONCLUDED.standing, blocs=blocs))

    same, other = accuracy(truth, CONCLUDED, CONCLUDED), accuracy(truth, CONCLUDED, second)
    show_accuracy(other, "en")

    assert same["repeatable"]
    assert len(set(same["digests"])) == 1
    assert not other["repeatable"]
    assert len(set(other["digests"])) == 2
    assert {row["component"]: row["repeatable"] for row in other["verifiers"]} == {
        COMPONENT: False,
        "HD.2": True,
    }
    last = capsys.readouterr().out.splitlines()[-1]
    assert "NOT equal" in last
    assert last.endswith(f": {COMPONENT}.")


@pytest.mark.parametrize("kept", ["nothing", "truth alone", "simulation alone"])
def test_a_home_that_is_no_simulated_province_is_refused(
    kept: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a real home nobody knows the truth: exit 2, one sentence, whatever file lies in it."""
    if kept != "nothing":
        home_with(tmp_path, {})
        (tmp_path / ("simulation.json" if kept == "truth alone" else FILE)).unlink()

    said = caller(capsys)("--home", tmp_path, "accuracy")

    assert said.code == 2
    assert "holds no simulated province" in said.sentence()


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"round": "2021", "agencies": {"a": {"components": {"b": {}}}}}']
)
def test_a_damaged_truth_is_refused(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence that names the file."""
    (home_with(tmp_path, {}) / FILE).write_text(text, "utf-8")

    said = caller(capsys)("--home", tmp_path, "accuracy")

    assert said.code == 2
    assert "truth.json: is damaged" in said.sentence()


def test_a_truth_about_something_else_is_refused(tmp_path: Path) -> None:
    """A component or agency that the round does not conclude cannot count as right or wrong."""
    truth = truth_of(home_with(tmp_path, {"so-khac": {COMPONENT: true("agreed", documents(1, 1))}}))

    with pytest.raises(UsageError, match=r"HD\.4 of so-khac"):
        accuracy(truth, CONCLUDED, CONCLUDED)
