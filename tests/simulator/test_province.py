"""The model of the simulated province: deterministic, and with every situation that the rules speak of."""

import re
from collections import Counter
from datetime import timedelta
from fractions import Fraction

import pytest

from simulator.agencies import agencies
from simulator.almanac import DAYS, LAST, VISITS, counted_weeks, in_period
from simulator.findings import cadence_step, findings_of
from simulator.model import Portal
from simulator.province import Province, build_province
from simulator.roles import GAMERS, LOOK_ALIKES
from simulator.tls import make_certificates
from simulator.truth import truth_of, truth_text
from simulator.witness import captures_of, distinct

SEED = 3234


@pytest.fixture(scope="module")
def province() -> Province:
    """Return the default province."""
    return build_province(SEED)


def test_a_seed_always_makes_the_same_province(province: Province) -> None:
    """The demo's two runs must be byte-identical, so the world must be."""
    again = build_province.__wrapped__(SEED)
    assert again == province
    assert truth_text(again) == truth_text(province)


def test_another_seed_makes_another_province(province: Province) -> None:
    """The seed is no decoration."""
    other = build_province(7)
    assert other.portals[0].stories != province.portals[0].stories
    assert truth_of(other)["agencies"].keys() == truth_of(province)["agencies"].keys()


def test_certificates_are_the_same_bytes_under_the_same_seed() -> None:
    """Keys and signatures are derived, never drawn."""
    assert make_certificates(5) == make_certificates(5)
    assert make_certificates(5) != make_certificates(6)


def test_the_cast_is_twenty_provincial_and_twelve_district_agencies_in_six_looks() -> None:
    """As many as Decision 3234 rates; every look is worn by four at least."""
    cast = agencies(SEED)
    assert Counter(agency.bloc for agency in cast) == {"provincial": 20, "district": 12}
    looks = Counter(agency.look for agency in cast)
    assert len(looks) == 6
    assert min(looks.values()) >= 4
    assert [agency.code for agency in cast if not agency.has_procedures] == ["thanh-tra-tinh"]
    for field in ("code", "name", "abbreviation"):
        assert len({getattr(agency, field) for agency in cast}) == len(cast)


def test_the_period_has_365_days_and_51_counted_weeks() -> None:
    """Rule G9 and HD.2: 52 whole weeks, and the week of Tết has three public holidays."""
    assert DAYS == 365
    assert len(counted_weeks()) == 51


@pytest.mark.parametrize(
    ("items", "active", "step"),
    [
        (261, 46, 3),
        (260, 46, 2),
        (261, 45, 2),
        (157, 41, 2),
        (156, 41, 1),
        (53, 31, 1),
        (52, 51, 0),
        (300, 30, 0),
    ],
)
def test_the_step_of_the_news_rule_needs_items_and_active_weeks(items: int, active: int, step: int) -> None:
    """HD.2: N of at least 261, 157, 53, and by C1 active weeks of 0.9, 0.8, 0.6."""
    assert cadence_step(items, active) == step


def test_every_step_of_the_news_rule_occurs(province: Province) -> None:
    """Three, two, one and no points, and averages that a year of silence brings down a step."""
    steps, by_average = Counter[int](), Counter[int]()
    for portal in province.portals:
        inputs = findings_of(portal)["HD.2"].inputs
        if inputs:
            weekly, share = (Fraction(str(value)) for value in inputs.values())
            items, active = weekly * DAYS / 7, share * len(counted_weeks())
            assert items.denominator == active.denominator == 1
            steps[cadence_step(int(items), int(active))] += 1
            by_average[cadence_step(int(items), len(counted_weeks()))] += 1
    assert set(steps) == {0, 1, 2, 3}
    assert steps != by_average


def test_undated_and_future_dated_news_never_decide_a_step(province: Province) -> None:
    """Whoever counts them and whoever does not must come to the same points."""
    for portal in province.portals:
        found = findings_of(portal)["HD.2"]
        assert found.unmeasured in ("", "unreachable", "robots-refused", "blocked"), portal.agency.code


def test_every_outcome_occurs_and_unseen_portals_are_unverifiable(province: Province) -> None:
    """Five outcomes over 32 agencies and 20 components; a dark portal is neither zero nor its claim."""
    truth = truth_of(province)["agencies"]
    outcomes = Counter(c["expected"] for a in truth.values() for c in a["components"].values())
    assert set(outcomes) == {"agreed", "false_claim", "honest_error", "unverifiable", "not_applicable"}
    reasons = {
        "huyen-cao-sim": "unreachable",
        "ban-quan-ly-khu-cong-nghiep": "robots-refused",
        "huyen-khau-bac": "robots-refused",
        "huyen-deo-gio": "blocked",
    }
    for code, reason in reasons.items():
        for component in ("HD.1", "HD.2", "HD.9", "AT.4", "TC.6"):
            said = truth[code]["components"][component]
            assert (said["expected"], said["unmeasured"], said["inputs"]) == ("unverifiable", reason, None)


def test_the_truth_has_twenty_components_an_agency_in_the_agreed_form(province: Province) -> None:
    """Numbers in lowest terms, checklists sorted, one line of why."""
    for agency in truth_of(province)["agencies"].values():
        assert len(agency["components"]) == 20
        for component in agency["components"].values():
            assert set(component) == {"inputs", "claim", "expected", "unmeasured", "not_applicable", "why"}
            assert component["why"]
            assert "\n" not in component["why"]
            for value in (component["inputs"] or {}).values():
                if isinstance(value, list):
                    assert value == sorted(value)
                else:
                    assert str(Fraction(value)) == value


def test_honest_agencies_are_never_expected_to_be_accused(province: Province) -> None:
    """Only those who boast, or claim what they padded with, claim falsely."""
    for code, agency in truth_of(province)["agencies"].items():
        crawl = [c for name, c in agency["components"].items() if name in findings_of(province.portals[0])]
        accused = any(c["expected"] == "false_claim" for c in crawl)
        assert accused == bool({"boasts", "pads"} & set(agency["temper"])), code


def test_gamers_have_look_alikes_of_good_faith(province: Province) -> None:
    """At least five kinds and five agencies of each; nobody is both, and the truth names what each does."""
    told = truth_of(province)["agencies"].values()

    for role in ("gamer", "look-alike"):
        mine = [agency for agency in told if agency["role"] == role]
        assert len(mine) >= 5
        assert len({kind for agency in mine for kind in agency["plays"]}) >= 5
    assert not GAMERS.keys() & LOOK_ALIKES.keys()
    assert all(bool(agency["plays"]) == (agency["role"] != "plain") for agency in told)


def test_a_burst_at_the_deadline_looks_the_same_whoever_makes_it(province: Province) -> None:
    """A quarter of the year's items and more in its last two weeks: of one who games, of one who was busy."""
    for code in ("thanh-tra-tinh", "van-phong-ubnd"):
        portal = next(each for each in province.portals if each.agency.code == code)
        own = [s for s in portal.stories if not (s.is_repost or s.is_stub) and in_period(s.posted)]
        late = [s for s in own if s.posted >= LAST - timedelta(days=13)]
        assert len(late) * 100 >= 25 * len(own), code


def test_padding_is_claimed_and_does_not_count(province: Province) -> None:
    """Whoever fills the count with reposts and empty pages has few items of its own, and says otherwise."""
    agency = truth_of(province)["agencies"]["huyen-ban-dao"]
    portal = next(each for each in province.portals if each.agency.code == "huyen-ban-dao")

    assert sum(s.is_repost or s.is_stub for s in portal.stories) >= 75
    assert agency["components"]["HD.2"]["expected"] == "false_claim"


def _own(portal: Portal) -> int:
    told = distinct(portal.stories, captures_of(portal.agency))
    return sum(
        bool(day and in_period(day)) and not (s.is_stub or s.is_repost) and s.lists[0].startswith("tin-")
        for s, day in told
    )


def test_the_drawn_volume_is_what_an_observer_can_count(province: Province) -> None:
    """Back-dating and withdrawal move days and pages, never the number of items; hidden days do."""
    for portal in province.portals:
        if portal.agency.is_readable and "hides-dates" not in portal.agency.temper:
            assert _own(portal) == portal.agency.own_news, portal.agency.code


def test_back_dated_items_print_a_day_before_a_visit_that_did_not_see_them(province: Province) -> None:
    """Rule G8 can prove back-dating only across a complete capture."""
    for portal in province.portals:
        dated = [t for t in (*portal.stories, *portal.papers) if t.printed and not t.copy_of]
        early = [t for t in dated if t.printed and t.printed < t.posted]
        assert bool(early) == ("back-dates" in portal.agency.temper), portal.agency.code
        for thing in early:
            assert thing.printed
            assert any(thing.printed < visit < thing.posted for visit in VISITS)


def test_withdrawn_items_were_seen_once_at_least(province: Province) -> None:
    """What nobody could have seen cannot be part of a truth that an observer must reach."""
    withdrawn = 0
    for portal in province.portals:
        for story in portal.stories:
            if story.withdrawn:
                withdrawn += 1
                assert any(story.visible_on(visit) for visit in VISITS)
    assert withdrawn >= 6


def test_numbers_rise_with_the_true_day_and_are_unique_on_a_portal(province: Province) -> None:
    """A content system counts; a printed day may lie, the number does not."""
    for portal in province.portals:
        shown = portal.shown()
        assert len({thing.number for thing in shown}) == len(shown)
        assert [t.posted for t in shown] == sorted(t.posted for t in shown)


def test_names_are_invented_and_say_so(province: Province) -> None:
    """No real province, and no leader whose name could be somebody's."""
    assert "mô phỏng" in province.name
    for portal in province.portals:
        assert "Hoa Ban" in portal.agency.name or portal.agency.bloc == "district"
        signers = {paper.signer for paper in portal.papers}
        assert all(re.search("Mô Phỏng|Ví Dụ|Giả Định", signer) for signer in signers)
