"""What --json says of a round: the contract's shape, exact values, no times and no runs."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from minhchung.evidence import AgencyCode
from minhchung.measurements import Note, Value
from scoring.numerals import half_up
from service.explaining import explain_component, tree_json
from service.standings import Concluded
from service.verdicts import plain, ranking, reason, scores, share, verdict
from tests.scoring.small_round import RECORDS, REGISTRY, ROUND, SET, small_standing

CONCLUDED = Concluded(ROUND, SET, small_standing(), REGISTRY, RECORDS)
PLACE = {"rank", "agency", "score", "band", "coverage", "provisional"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Fraction(7), 7),
        (Fraction(1309, 365), "1309/365"),
        (Fraction(-1, 3), "-1/3"),
        (frozenset({"b", "a"}), ["a", "b"]),
        (frozenset(), []),
        (True, True),
        ("2021-10-30", "2021-10-30"),
    ],
)
def test_a_value_keeps_its_exactness_in_json(value: Value, expected: Any) -> None:
    """A fraction is never a float; a set has one order."""
    said = plain(value)

    assert said == expected
    assert type(said) is type(expected)


def test_a_share_is_four_decimals_half_up() -> None:
    """1/32 is 0.03125, which lies between two."""
    assert share(Fraction(1, 32)) == Decimal("0.0313")
    assert share(Fraction(1)) == Decimal("1.0000")


def test_ranking_has_the_shape_of_the_contract() -> None:
    """docs/reference/cli.md: round, simulated, blocs with code, mean and places."""
    said = ranking(CONCLUDED)

    assert (said["round"], said["simulated"]) == (ROUND.id, True)
    assert [bloc["code"] for bloc in said["blocs"]] == ["provincial", "district"]
    for bloc in said["blocs"]:
        assert {"code", "mean", "places"} <= set(bloc)
        assert all(set(place) >= PLACE for place in bloc["places"])


def test_a_place_that_may_move_tells_both_ends() -> None:
    """Best and worst place, lower and upper total (tạm xếp)."""
    places = {p["agency"]: p for bloc in ranking(CONCLUDED)["blocs"] for p in bloc["places"]}
    dark = places["so-mo"]

    assert dark["provisional"]
    assert dark["score"] < dark["score_high"]
    assert dark["coverage_measured"] <= dark["coverage"] < 1
    assert not places["huyen-le"]["provisional"]
    assert places["huyen-le"]["rank"] == places["huyen-le"]["rank_worst"]


def test_a_verdict_adds_up_and_names_its_records() -> None:
    """One row per component; the false claims are counted; each record once."""
    said = verdict(CONCLUDED, "so-ban")
    rows = {row["component"]: row for row in said["components"]}

    points = sum(row["points"] for row in rows.values())
    news = {"so_tin_tu_bien_tap_moi_tuan": "1309/365", "ty_le_tuan_co_tin": "40/51"}
    assert list(rows) == [c.code for c in SET.components()]
    assert said["total"] == said["total_high"] == half_up(Fraction(points), 1)
    assert said["false_claims"] == sum(row["finding"] == "false_claim" for row in rows.values()) == 1
    assert rows["HD.2"]["measured"] == news
    assert rows["HD.2"]["ground"] == "corrected"
    assert rows["HD.2"]["evidence"] == sorted(RECORDS, reverse=True)
    assert rows["HT.1"]["claimed"] == {"num": 40, "den": 40}
    assert rows["HT.1"]["measured"] is None


def test_what_could_not_be_measured_says_why_and_is_no_zero() -> None:
    """The closed reason first, then the words; the points are a range."""
    row = next(r for r in verdict(CONCLUDED, "so-mo")["components"] if r["component"] == "HD.2")

    assert row["reason"] == "unreachable: 0 trên 5 lượt thành công"
    assert row["measured"] is None
    assert row["points"] == 0 < row["points_high"] == row["maximum"]
    assert reason(CONCLUDED.score("so-ban", "HD.2")) == ""


def test_scores_hold_every_agency_and_become_json_without_loss() -> None:
    """In registry order; nothing in it needs more than JSON and decimals."""
    said = scores(CONCLUDED)

    assert [each["agency"] for each in said["agencies"]] == [agency.code for agency in REGISTRY]
    assert json.loads(json.dumps(said, default=float))["round"] == ROUND.id


@pytest.mark.parametrize("words", [("nobody", "HD.2"), ("so-ban", "ZZ.9")])
def test_nobody_and_nothing_have_no_score(words: tuple[str, str]) -> None:
    """Unknown codes are a KeyError, never an empty answer."""
    with pytest.raises(KeyError):
        CONCLUDED.score(*words)


def test_a_verdict_names_the_index_each_check_feeds_and_what_moves_no_point() -> None:
    """A check names the sub-index it feeds; what the portal says of a claim stands beside it (`checks`)."""
    said = Note(key="check-not-found", text="Không thấy trên cổng: 12/KH-SB.", count=1)
    concluded = replace(CONCLUDED, checks={AgencyCode("so-ban"): {"HT.1": (said,)}})

    rows = {row["component"]: row for row in verdict(concluded, "so-ban")["components"]}
    before = {row["component"]: row for row in verdict(CONCLUDED, "so-ban")["components"]}
    tree = tree_json(explain_component(concluded, "so-ban", "HT.1"))

    assert (rows["HD.2"]["main_index"], rows["HT.1"]["main_index"]) == ("HD", "HT")
    assert rows["HD.2"]["verifier"].startswith("news_cadence")
    assert rows["HT.1"]["checks"] == [
        {"key": "check-not-found", "text": said.text, "count": 1, "records": []}
    ]
    assert rows["HT.1"]["points"] == before["HT.1"]["points"]
    assert said.text in tree["children"][-1]["children"][0]["text"]
