"""A round's acts: each one a sealed leaf with its document, none out of turn."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minhchung.errors import UsageError
from minhchung.evidence import RecordId
from minhchung.round_acts import TRANSITIONS, Event, RoundAct, Stage, possible, stage_after, version
from service.act_records import acts_of
from service.commenting import comment
from service.importing import import_workbook
from service.official import obstacles
from service.round_book import Book, Said, enter
from service.standings import conclude
from tests.service.sitting import Place, missed


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    made.store.close()


EVENTS = st.lists(st.sampled_from(list(Event)), max_size=14)


def acts(events: list[Event]) -> list[RoundAct]:
    return [RoundAct(round="r", event=e, number="1", day=date(2021, 1, 1), by="x") for e in events]


@given(EVENTS)
def test_only_the_declared_order_leads_anywhere(events: list[Event]) -> None:
    """Whatever is entered: either every step is a declared transition, or it is refused."""
    stage: Stage | None = Stage.UNOPENED
    for event in events:
        stage = TRANSITIONS.get((stage, event)) if stage is not None else None

    if stage is None:
        with pytest.raises(ValueError, match="may not follow"):
            stage_after(acts(events))
    else:
        assert stage_after(acts(events)) is stage


def test_the_process_of_2021_is_one_way_through() -> None:
    """Decision 3234, A: guidance, self-reports, first scoring, comments, second scoring, publication."""
    way = [
        Event.OPEN,
        Event.FREEZE,
        Event.FIRST_SCORING,
        Event.COMMENT_PERIOD,
        Event.SECOND_SCORING,
        Event.CLOSE,
        Event.ANNEX,
    ]

    assert stage_after(acts(way)) is Stage.PUBLISHED
    assert possible(Stage.PUBLISHED) == (Event.PETITION,)
    assert version(acts([*way, Event.PETITION, Event.RE_CHECK, Event.NEW_VERSION])) == 2
    assert version(acts([*way, Event.PETITION, Event.RE_CHECK, Event.NO_CHANGE])) == 1


def test_an_act_is_a_leaf_with_its_number_day_and_file(place: Place, tmp_path: Path) -> None:
    letter = tmp_path / "1379.pdf"
    letter.write_bytes(b"%PDF-1.4\n%%EOF\n")

    place.enter(Event.OPEN, "2021-10-11", letter)

    record, act = next(acts_of(place.store, RoundAct, "2021"))
    assert (act.event, act.number, act.day) == (Event.OPEN, "1/TB", date(2021, 10, 11))
    assert place.store.record(record).agency == "tinh"
    assert place.store.body(place.store.record(record).id)
    assert act.document_sha256 == place.store.record(RecordId(act.document)).body_sha256
    assert act.config["rounds/2021.toml"]


@pytest.mark.parametrize(
    ("event", "day", "says"),
    [
        (Event.FIRST_SCORING, "2021-10-12", "is open: first-scoring may not follow; possible: freeze"),
        (Event.FREEZE, "2021-10-10", "lies before open"),
        (Event.FREEZE, "2021-11-09", "the round's freeze is 2021-11-10"),
    ],
)
def test_an_act_out_of_turn_is_refused(place: Place, event: Event, day: str, says: str) -> None:
    place.enter(Event.OPEN, "2021-10-11")

    with pytest.raises(UsageError, match=says):
        place.enter(event, day)

    assert Book.of(place.store, place.settings.round()).stage is Stage.OPEN


def test_a_day_ahead_is_refused(place: Place) -> None:
    said = Said(event=Event.OPEN, number="1", day=date(2022, 1, 1), by="an")

    with pytest.raises(UsageError, match="lies ahead"):
        enter(place.settings, place.store, place.clock, place.settings.round(), said)


def test_an_official_round_is_refused_with_everything_that_stands_in_its_way(place: Place) -> None:
    """A reconstructed set, unconfirmed law, agencies without a confirmed portal: all named at once."""
    with pytest.raises(UsageError, match="may not be opened officially") as refused:
        place.enter(Event.OPEN, "2021-10-11", official=True)

    told = str(refused.value)
    assert "son-la-2021 is a reconstruction" in told
    assert "there is no legal.toml" in told
    assert "registry thu names no canaries" in told
    assert "3 agencies have no confirmed portal: so-thu, so-mau, huyen-thu" in told


def test_the_law_that_nobody_has_read_is_named_by_article(place: Place) -> None:
    product = Path(__file__).resolve().parents[2] / "config" / "legal.toml"
    (place.config / "legal.toml").write_bytes(product.read_bytes())

    found = obstacles(place.settings, place.settings.round())

    assert any("Điều 17 of Nghị định 43/2011/NĐ-CP has not been confirmed" in each for each in found)


def test_a_law_confirmed_for_another_number_than_the_one_in_force_is_no_confirmation(place: Place) -> None:
    """An empty list, or a confirmed 2 beside 15 days in force, would open an official round."""
    legal = place.config / "legal.toml"
    legal.write_text("parameter = []\n", "utf-8")
    empty = obstacles(place.settings, place.settings.round())
    product = Path(__file__).resolve().parents[2] / "config" / "legal.toml"
    confirmed = product.read_text("utf-8").replace('confirmed_by = ""', 'confirmed_by = "an"')
    legal.write_text(confirmed, "utf-8")
    read = obstacles(place.settings, place.settings.round())
    rule = place.config / "verifiers" / "documents_on_time.toml"
    rule.write_text(
        rule.read_text("utf-8").replace("deadline_working_days = 2", "deadline_working_days = 15"), "utf-8"
    )
    other = obstacles(place.settings, place.settings.round())

    assert [each for each in empty if "legal.toml does not list" in each] == [
        f"legal.toml does not list {key}, which stands for a rule of law"
        for key in (
            "verifiers/documents_on_time.toml: deadline_working_days",
            "verifiers/questions_answered.toml: deadline_days",
            "rounds/2021.toml: period",
        )
    ]
    assert not [each for each in read if "legal" in each or "Điều" in each]
    assert [each for each in other if "15 is in force" in each]


def test_a_trial_round_says_so_on_every_result(place: Place) -> None:
    assert conclude(place.settings, place.store).standing.trial
    place.enter(Event.OPEN, "2021-10-11")
    assert conclude(place.settings, place.store).standing.trial


def test_what_is_scored_is_sealed_and_open_points_keep_a_round_from_closing(place: Place) -> None:
    place.up_to(Event.OPEN, Event.FREEZE, Event.FIRST_SCORING, Event.COMMENT_PERIOD, Event.SECOND_SCORING)
    scored = Book.of(place.store, place.settings.round()).last(Event.SECOND_SCORING)

    assert scored is not None
    assert scored.inputs_digest == conclude(place.settings, place.store).standing.inputs_digest
    assert b"so-thu" in place.store.body(RecordId(scored.result))
    with pytest.raises(UsageError, match="points are not settled"):
        place.enter(Event.CLOSE, "2021-11-20")


def test_rules_changed_after_the_freeze_need_a_document_that_says_what_moved(place: Place) -> None:
    place.up_to(Event.OPEN, Event.FREEZE)
    path = place.config / "rounds" / "2021.toml"
    path.write_text(path.read_text("utf-8").replace("min = 85", "min = 86"), "utf-8")

    with pytest.raises(UsageError, match=r"changed since the freeze without a document: rounds/2021.toml"):
        place.enter(Event.FIRST_SCORING, "2021-11-12")

    change = place.enter(Event.RULES_CHANGE, "2021-11-12")
    said = place.store.body(RecordId(change.result)).decode()
    assert "-min = 85" in said
    assert "+min = 86" in said
    assert place.enter(Event.FIRST_SCORING, "2021-11-12").result


def test_no_self_report_comes_in_after_the_freeze(place: Place, tmp_path: Path) -> None:
    place.up_to(Event.OPEN, Event.FREEZE)
    late = tmp_path / "muon.xlsx"
    late.write_bytes(b"PK\x03\x04")

    with pytest.raises(UsageError, match="is frozen: self-reports came in while it was open"):
        import_workbook(place.settings, place.store, place.clock, late)


def test_every_pair_of_stages_is_connected_or_refused() -> None:
    """No event leads from a stage in two ways, and every stage but the first can be reached."""
    reached = set(TRANSITIONS.values())

    assert reached == set(Stage) - {Stage.UNOPENED}
    assert all(
        (stage, event) in TRANSITIONS or event not in possible(stage)
        for stage, event in itertools.product(Stage, Event)
    )


def test_rules_are_changed_by_somebody_who_may_rule_and_gains_nothing(place: Place) -> None:
    """A change of rules moves more than any ruling."""
    place.up_to(Event.OPEN, Event.FREEZE)
    path = place.config / "index_sets" / "son-la-2021.toml"
    path.write_text(
        path.read_text("utf-8").replace('not_applicable = "rescale"', 'not_applicable = "full"'), "utf-8"
    )
    people = place.config / "people.toml"
    day = date(2021, 11, 12)
    place.clock.day = day
    settings = place.settings
    for by, says in (("ai-do", "no person has the id 'ai-do'"), ("em", "belongs to so-mau, which it moves")):
        if by == "em":
            people.write_text(
                people.read_text("utf-8") + '[[person]]\nid = "em"\nname = "Người Năm"\nagency = "so-mau"\n',
                "utf-8",
            )
            settings = place.settings
        said = Said(event=Event.RULES_CHANGE, number="2/TB", day=day, by=by)
        with pytest.raises(UsageError, match=says):
            enter(settings, place.store, place.clock, settings.round(), said)

    assert Book.of(place.store, place.settings.round()).last(Event.RULES_CHANGE) is None


def test_a_round_is_not_closed_while_an_agency_waits_for_its_answer(place: Place) -> None:
    place.up_to(Event.OPEN, Event.FREEZE, Event.FIRST_SCORING, Event.COMMENT_PERIOD)
    said = missed("HD.1", "Trang có sơ đồ")
    comment(place.settings, place.store, place.clock, said)
    place.enter(Event.SECOND_SCORING, "2021-11-15")

    with pytest.raises(UsageError, match=r"close: comments without an answer: so-thu HD\.1 \(12/STHU\)"):
        place.enter(Event.CLOSE, "2021-11-20")
