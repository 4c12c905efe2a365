"""Results that other decisions published: what recomputing each of them must say."""

from dataclasses import replace
from decimal import Decimal

import pytest

from scoring.decision import Decision, DecisionFinding, check
from tests.scoring.making import CONFIG, config

FILES = sorted(path.stem for path in (CONFIG / "decisions").glob("*.toml"))
SAID: dict[str, list[tuple[str, str, str, str]]] = {
    "dti-2022": [],
    "kon-tum-205-2024": [],
    "lao-cai-2023": [],
    "ninh-binh-2022": [("fault", "score", "3331.01", "333.101")],
    "phu-tho-2021": [],
    "quang-nam-2023": [("remark", "band-bounds", "90", "85,42 – 90,33")],
    "son-la-2024": [
        ("remark", "band-bounds", "85", "84,13 – 89,77"),
        ("remark", "band-bounds", "70", "… – 84,13"),
        ("remark", "mean-route", "74.8", "74.4"),
    ],
    "son-la-3234-2021": [
        ("fault", "bloc-mean", "80.8", "80.7"),
        ("fault", "shares", "8/84/8/0", "17/75/8/0"),
        ("remark", "mean-route", "79.5", "79.4"),
        ("fault", "timeline", "10/11/2020", "30/10/2021 – 15/12/2021"),
    ],
    "son-la-cchc-2020": [],
}


def published(name: str) -> Decision:
    return config(Decision, f"decisions/{name}.toml")


def faults(decision: Decision) -> list[DecisionFinding]:
    return [finding for finding in check(decision) if finding.severity == "fault"]


@pytest.mark.parametrize("name", FILES)
def test_a_published_result_is_recomputed_to_what_is_known_of_it(name: str) -> None:
    """The source is named in each file."""
    assert [(f.severity, f.code, f.printed, f.recomputed) for f in check(published(name))] == SAID[name]


@pytest.mark.parametrize("name", FILES)
def test_a_published_result_names_its_source(name: str) -> None:
    decision = published(name)

    assert decision.source
    assert "http" not in decision.source


def test_a_value_of_an_index_one_hundredth_off_breaks_the_weighted_sum() -> None:
    """DTI 2022, Đà Nẵng: 1.0, .9, .8253, .8487, .7578, .8575, .7836, .5197 weighted are 0.8002."""
    decision = published("dti-2022")
    table = decision.bloc[0]
    first = table.row[0]
    values = (*first.values[:-1], first.values[-1] + Decimal("0.01"))
    rows = (replace(first, values=values), *table.row[1:])

    found = faults(replace(decision, bloc=(replace(table, row=rows),)))

    assert [(f.code, f.printed, f.recomputed) for f in found] == [("weighted-sum", "0.8002", "0.8017")]


def test_a_strict_bound_is_not_reached_by_the_bound_itself() -> None:
    """Lào Cai 2023: "Dẫn dắt" is above 75 % of the own maximum."""
    decision = published("lao-cai-2023")
    table = decision.bloc[0]

    def at(score: str, maximum: str) -> list[str]:
        row = replace(table.row[0], score=Decimal(score), percent=None, band="dan-dat")
        bloc = replace(table, row=(row,), maximum=Decimal(maximum))
        return [finding.code for finding in faults(replace(decision, bloc=(bloc,)))]

    assert at("750.00", "1000") == ["band"]
    assert at("750.01", "1000") == []
    assert at("600.00", "800") == ["band"]
    assert at("600.01", "800") == []


def test_a_percentage_that_does_not_follow_from_the_maximum_is_a_fault() -> None:
    decision = published("lao-cai-2023")
    bloc = replace(decision.bloc[0], maximum=Decimal(800))

    assert [f.code for f in faults(replace(decision, bloc=(bloc,)))] == ["percent", "band"]


def test_counts_under_the_headings_must_make_up_the_bloc() -> None:
    """Sơn La 2024: districts add up to 12 only if Phù Yên (84.13) is one of the 7 Khá."""
    decision = published("son-la-2024")
    district = decision.bloc[1]
    eight = tuple(replace(g, count=8) if g.band == "kha" else g for g in district.group)

    found = faults(replace(decision, bloc=(decision.bloc[0], replace(district, group=eight))))

    assert [(f.code, f.printed, f.recomputed) for f in found] == [("bloc-size", "12", "13")]


def test_percentages_with_two_decimals_follow_from_the_counts() -> None:
    """Administrative reform 2020: 4 and 8 of 12 are 33.33 and 66.67 %."""
    decision = published("son-la-cchc-2020")
    district = decision.bloc[1]
    five = tuple(replace(g, count=n) for g, n in zip(district.group, (5, 7), strict=True))

    found = faults(replace(decision, bloc=(decision.bloc[0], replace(district, group=five))))

    assert [f.code for f in found] == ["shares"]


def test_two_lines_exchanged_in_a_partial_table_are_found() -> None:
    """Phú Thọ 2021: the table falls from 141.6 to 127.0 without ties."""
    decision = published("phu-tho-2021")
    table = decision.bloc[0]
    rows = (table.row[1], table.row[0], *table.row[2:])

    found = faults(replace(decision, bloc=(replace(table, row=rows),)))

    assert [f.code for f in found] == ["order"]
