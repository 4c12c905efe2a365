"""`rescore`, `whatif`, `sensitivity`, `advise` and `rank --as-of` on three agencies; nothing is kept."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.service.calling import Call, Said, caller
from tests.service.small_home import PRODUCT, write_small_config


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a sound configuration and a home whose three agencies have no confirmed portal."""
    folder = tmp_path_factory.mktemp("outlook")
    write_small_config(folder / "config")
    return folder


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str], place: Path) -> Call:
    """The command line at that folder."""
    plain = caller(capsys)

    def at(*words: object) -> Said:
        return plain("--home", place / "home", "--config", place / "config", *words)

    if not (place / "home").exists():
        assert at("collect").code == 3
    return at


def test_other_bands_and_points_are_tried_without_being_kept(here: Call) -> None:
    """43 of 100 points can be measured, so nobody is above 43: only Trung bình from 40 on is in reach."""
    before = here("rank", "--json").out

    told = here("whatif", "--set", "round.bands.trung-binh.min=40", "--json").json

    assert told["index_set"]["before"] == told["index_set"]["after"]
    assert told["inputs_digest"]["before"] != told["inputs_digest"]["after"]
    assert {row["before"]["band_high"] for row in told["agencies"]} == {"yeu"}
    assert "trung-binh" in {row["after"]["band_high"] for row in told["agencies"]}
    assert told["moved"] == sum(row["band_moved"] for row in told["agencies"]) > 0
    assert here("rank", "--json").out == before


def test_a_component_left_out_is_named_and_the_rest_is_rescaled(here: Call) -> None:
    """Without 3 of 43 measurable points of 100, at best 40 of 97 are left: 41,2 of 100."""
    told = here("whatif", "--without", "HD.2", "--json").json
    best = {row["agency"]: row["after"]["score_high"] for row in told["agencies"]}

    assert told["components_gone"] == ["HD.2"]
    assert best["so-thu"] == 41.2


def test_more_points_for_one_component_weigh_more_in_the_total(here: Call) -> None:
    """With 10 instead of 3 points HD.2 makes 50 of 107: 46,7 of 100."""
    told = here(
        "whatif", "--set", "HD.2.points=10", "--set", "HD.2.formula.thresholds=[[5, 0.9, 10]]", "--json"
    )

    rows = {row["agency"]: row for row in told.json["agencies"]}
    assert rows["so-thu"]["before"]["score_high"] == 43.0
    assert rows["so-thu"]["after"]["score_high"] == 46.7


def test_a_verifiers_terms_can_be_tried_and_an_unknown_one_is_refused(here: Call) -> None:
    assert here("whatif", "--set", "verifiers.news_cadence.burst_days=10").code == 0
    assert (
        "verifiers/news_cadence.toml" in here("whatif", "--set", "verifiers.news_cadence.none=1").sentence()
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--set", "HD.2"), "KEY=VALUE"),
        (("--set", "HD.99.points=1"), "HD.99.points"),
        (("--set", "round.bands.none.min=1"), "tot"),
        (("--set", "HD.2.points=many"), "index_sets"),
        (("--set", "HD.2.points=1e999999999"), "has more than 30 places"),
        (("--without", "HD.99"), "HD.99"),
        ((), "--set"),
    ],
)
def test_what_cannot_be_changed_is_one_sentence(words: tuple[str, ...], said: str, here: Call) -> None:
    answer = here("whatif", *words)

    assert answer.code == 2
    assert said in answer.sentence()


def test_the_same_evidence_is_scored_under_another_set(here: Call, place: Path) -> None:
    """A copy of the set on a scale of 1000: every total is ten times as large, no place moves."""
    text = (place / "config/index_sets/son-la-2021.toml").read_text("utf-8")
    other = place / "thang-1000.toml"
    text = text.replace('id = "son-la-2021"', 'id = "thang-1000"', 1)
    other.write_text(text.replace("scale = 100", "scale = 1000", 1), "utf-8")

    told = here("rescore", "--index-set", str(other), "--json").json

    assert told["index_set"] == {"before": "son-la-2021", "after": "thang-1000"}
    assert [row["place_moved"] for row in told["agencies"]] == [False] * 3
    for row in told["agencies"]:  # each published total is rounded to one decimal
        assert abs(row["after"]["score_high"] - 10 * row["before"]["score_high"]) <= 0.5
    assert here("rescore", "--index-set", "none-such").code == 2


def test_sensitivity_is_the_same_for_the_same_seed(here: Call) -> None:
    words = ("sensitivity", "--draws", "200", "--seed", "5", "--json")

    told = here(*words).json

    assert told == here(*words).json
    assert [row["agency"] for row in told["stability"]] == ["so-thu", "so-mau", "huyen-thu"]
    assert (told["draws"], told["seed"], told["spread"]) == (200, 5, "1/10")


def test_advice_names_three_actions_for_each_agency_in_falling_order(here: Call) -> None:
    told = here("advise", "--json").json
    one = here("advise", "so-thu").out

    assert [len(agency["actions"]) for agency in told["agencies"]] == [3, 3, 3]
    for agency in told["agencies"]:
        points = [action["points"] for action in agency["actions"]]
        assert points == sorted(points, reverse=True)
        assert points[-1] > 0
    assert "Sở Thử" in one
    assert "Sở Mẫu" not in one


def test_standings_as_of_an_earlier_day_use_no_later_evidence(here: Call) -> None:
    """On 1 January 2021 no report was due yet: nothing is held against anybody."""
    now, then = here("rank", "--json").json, here("rank", "--as-of", "2021-01-01", "--json").json

    assert now["inputs_digest"] != then["inputs_digest"]
    assert {place["score_high"] for bloc in then["blocs"] for place in bloc["places"]} == {100.0}
    assert here("rank", "--as-of", "hôm qua").code == 2


@pytest.fixture
def two_sets(here: Call, place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """The same home under a configuration whose districts have a set of their own, without HD.3."""
    config = tmp_path / "config"
    shutil.copytree(place / "config", config)
    text = (config / "index_sets" / "son-la-2021.toml").read_text("utf-8")
    (config / "index_sets" / "cap-huyen.toml").write_text(
        text.replace('id = "son-la-2021"', 'id = "cap-huyen"', 1), "utf-8"
    )
    round_ = config / "rounds" / "2021.toml"
    text = round_.read_text("utf-8")
    assert text.count('code = "district"') == 1
    round_.write_text(
        text.replace('code = "district"', 'code = "district"\nindex_set = "cap-huyen"'), "utf-8"
    )
    plain = caller(capsys)

    def at(*words: object) -> Said:
        return plain("--home", place / "home", "--config", config, *words)

    return at


def other_set(folder: Path, name: str, set_id: str, points: str = "10") -> Path:
    """Write a copy of the product's set in which HD.2 weighs more."""
    text = (PRODUCT / "index_sets" / "son-la-2021.toml").read_text("utf-8")
    head, mark, rest = text.partition('code = "HD.2"')
    rest = rest.replace("points = 3", f"points = {points}", 1)
    rest = rest.replace("thresholds = [[5, 0.9, 3]", f"thresholds = [[5, 0.9, {points}]", 1)
    file = folder / f"{name}.toml"
    file.write_text((head + mark + rest).replace('id = "son-la-2021"', f'id = "{set_id}"', 1), "utf-8")
    return file


def moved(said: Said) -> dict[str, bool]:
    return {row["agency"]: row["before"]["score_high"] != row["after"]["score_high"]
            for row in said.json["agencies"]}  # fmt: skip


def test_a_given_set_scores_its_own_blocs_and_the_others_keep_theirs(two_sets: Call, tmp_path: Path) -> None:
    """By the bloc that is named, by the id that it shares, else in the place of the round's set."""
    round_only, by_id = other_set(tmp_path, "a", "khac"), other_set(tmp_path, "b", "cap-huyen")

    main = two_sets("rescore", "--index-set", round_only, "--json")
    shared = two_sets("rescore", "--index-set", by_id, "--json")
    named = two_sets("rescore", "--index-set", f"district={round_only}", "--json")
    both = two_sets("rescore", "--index-set", round_only, "--index-set", f"district={by_id}", "--json")

    assert moved(main) == {"so-thu": True, "so-mau": True, "huyen-thu": False}
    assert moved(shared) == moved(named) == {"so-thu": False, "so-mau": False, "huyen-thu": True}
    assert moved(both) == dict.fromkeys(moved(main), True)
    assert main.json["own_sets"] == {"before": {"district": "cap-huyen"}, "after": {"district": "cap-huyen"}}
    assert named.json["own_sets"]["after"] == {"district": "khac"}
    assert "provincial" in two_sets("rescore", "--index-set", f"none={by_id}").sentence()


def test_a_rule_is_tried_in_every_set_that_has_it_or_for_one_bloc(two_sets: Call) -> None:
    """`--bloc` forks the set: the round's set keeps its own value even where both bear one id."""
    heavier = ("--set", "HD.2.points=10", "--set", "HD.2.formula.thresholds=[[5, 0.9, 10]]", "--json")

    everywhere = two_sets("whatif", *heavier)
    districts = two_sets("whatif", *heavier, "--bloc", "district")
    departments = two_sets("whatif", *heavier, "--bloc", "provincial")

    assert moved(everywhere) == {"so-thu": True, "so-mau": True, "huyen-thu": True}
    assert moved(districts) == {"so-thu": False, "so-mau": False, "huyen-thu": True}
    assert moved(departments) == {"so-thu": True, "so-mau": True, "huyen-thu": False}
    assert "district" in two_sets("whatif", *heavier, "--bloc", "x").sentence()
