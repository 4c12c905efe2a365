"""Configuration approved by name and diff; what differs from it is listed wherever a round is scored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from minhchung.approvals import ConfigApproval
from minhchung.errors import UsageError
from minhchung.evidence import RecordId
from minhchung.round_acts import Event, RoundAct
from scoring.annex import annex
from service.act_records import acts_of
from service.approving import approve
from service.config_drift import drift
from service.round_book import Said, enter
from service.standings import conclude
from storage.excerpt import SealedLog
from storage.home import Home
from tests.service.calling import Call, caller
from tests.service.sitting import Place


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    made.store.close()


def sign(place: Place, why: str = "Bản đầu", by: str = "an") -> tuple[RecordId, ConfigApproval]:
    said = ConfigApproval(by=by, day=place.clock.day, why=why, number="7/QĐ")
    return approve(place.settings, place.store, place.clock, said)


def edit(place: Place) -> None:
    """Let HD.2 say something else."""
    file = place.config / "index_sets" / "son-la-2021.toml"
    text = file.read_text("utf-8")
    assert "News kept up to date" in text
    file.write_text(text.replace("News kept up to date", "News kept fresh", 1), "utf-8")


def test_an_approval_is_a_leaf_with_a_name_and_the_lines_it_approves(place: Place) -> None:
    first, _ = sign(place)
    edit(place)
    (found,) = drift(place.settings, place.store) or ()
    second, act = sign(place, "Sửa ghi chú")

    assert (found.name, found.how) == ("index_sets/son-la-2021.toml", "changed")
    assert '+title_en = "News kept fresh"' in found.lines
    assert drift(place.settings, place.store) == ()
    assert act.changed == ("index_sets/son-la-2021.toml",)
    sealed = json.loads(place.store.body(RecordId(act.diff)))
    assert sealed == {found.name: {"how": "changed", "lines": list(found.lines)}}
    kinds = [(one.leaf.kind, one.leaf.members[0].id) for one in SealedLog(Home(place.home)).leaves]
    assert [id_ for kind, id_ in kinds if kind == "config-approval"] == [first, second]
    assert [each.by for _, each in acts_of(place.store, ConfigApproval)] == ["an", "an"]


def test_what_was_never_approved_is_no_drift_and_a_file_that_came_or_went_is(place: Place) -> None:
    assert drift(place.settings, place.store) is None
    sign(place)

    file = place.config / "sites" / "moi.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text('key = "moi"\nplatform = "generic"\n', "utf-8")
    came = drift(place.settings, place.store) or ()
    sign(place, "Thêm hồ sơ trang")
    file.unlink()
    went = drift(place.settings, place.store) or ()

    assert [(each.name, each.how) for each in came] == [("sites/moi.toml", "new")]
    assert [(each.name, each.how) for each in went] == [("sites/moi.toml", "gone")]


def test_drift_is_listed_at_scoring_on_the_annex_and_in_the_sealed_act(place: Place) -> None:
    sign(place)
    clean = conclude(place.settings, place.store)
    edit(place)
    place.up_to(Event.OPEN, Event.FREEZE, Event.FIRST_SCORING)

    found = conclude(place.settings, place.store)

    printed = annex(found.standing, found.index_set, found.round, found.registry)
    acts = [act for _, act in acts_of(place.store, RoundAct) if act.event is Event.FIRST_SCORING]
    assert clean.standing.unapproved == ()
    assert found.standing.unapproved == acts[0].unapproved == ("index_sets/son-la-2021.toml",)
    assert "CẤU HÌNH CHƯA ĐƯỢC PHÊ DUYỆT: index_sets/son-la-2021.toml." in printed.warnings


def test_a_change_of_rules_by_document_is_an_approval(place: Place) -> None:
    """After the freeze a change needs its document; with it nothing is unapproved."""
    sign(place)
    place.up_to(Event.OPEN, Event.FREEZE)
    edit(place)
    place.clock.day = date(2021, 11, 12)
    said = Said(event=Event.RULES_CHANGE, number="9/QĐ", day=place.clock.day, by="an")
    enter(place.settings, place.store, place.clock, place.settings.round(), said)

    assert drift(place.settings, place.store) == ()


def test_an_official_round_needs_an_approved_configuration(place: Place) -> None:
    with pytest.raises(UsageError, match="the configuration has not been approved by anybody"):
        place.enter(Event.OPEN, "2021-10-11", official=True)
    sign(place)
    edit(place)

    with pytest.raises(UsageError, match=r"son-la-2021\.toml is changed since"):
        place.enter(Event.OPEN, "2021-10-11", official=True)


@pytest.mark.parametrize(
    ("by", "why", "says"),
    [("ai-do", "x", "no person has the id"), ("an", " ", "needs its reason")],
)
def test_an_approval_needs_a_person_and_a_reason(place: Place, by: str, why: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        sign(place, why, by)


def test_the_commands_show_what_is_approved_and_what_is_not(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.store.close()
    plain: Call = caller(capsys)
    words = ("--home", place.home, "--config", place.config)

    never = plain(*words, "config", "status")
    done = plain(*words, "config", "approve", "--by", "an", "--why", "Bản đầu", "--json")
    same = plain(*words, "config", "approve", "--by", "an", "--why", "lại")
    clean = plain(*words, "config", "status")
    edit(place)
    changed = plain(*words, "config", "status")
    scored = plain(*words, "score", "--json")
    ranked = plain(*words, "rank")
    listed = plain(*words, "config", "list", "--json")

    assert (never.code, "Chưa ai phê duyệt" in never.out) == (3, True)
    assert "index_sets/son-la-2021.toml" in done.json["changed"]
    assert (same.code, "nothing to approve" in same.err) == (2, True)
    assert (clean.code, clean.out) == (0, "Cấu hình đúng như đã phê duyệt.\n")
    assert (changed.code, '+title_en = "News kept fresh"' in changed.out) == (3, True)
    assert scored.json["unapproved_config"] == ["index_sets/son-la-2021.toml"]
    assert "Cấu hình chưa được phê duyệt: index_sets/son-la-2021.toml" in ranked.err
    assert [each["by"] for each in listed.json["approvals"]] == ["an"]
