"""Sightings: countersigned by a second person, counted only where the rule calls for one, recomputable."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from auditor.app import create
from minhchung.errors import UsageError
from minhchung.evidence import AgencyCode
from minhchung.round_acts import Event
from minhchung.scores import Ground, Score
from minhchung.sightings import MANUAL, Sighting, SightingBegun, Window
from offline.note import read_key
from offline.verifying import verify
from scoring.annex import annex
from scoring.ledger import ledger
from service.bundle import export
from service.desk import HomeDesk
from service.explaining import explain_component
from service.recomputing import recompute
from service.sighting_records import in_force, seal, sittings
from service.sightings import abandon, countersign, subject, witness
from service.standings import Concluded, conclude
from tests.offline.test_verifying import rewritten
from tests.service.sitting import Place

CODE = "HD.2"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    round_ = made.config / "rounds" / "2021.toml"
    text = round_.read_text("utf-8")
    assert text.count('unmeasured = "hold"') == 1
    round_.write_text(text.replace('unmeasured = "hold"', 'unmeasured = "observe"'), "utf-8")
    yield made
    made.store.close()


def begin(place: Place, *, window: Window = "screen", by: str = "an") -> SightingBegun:
    of = subject(place.settings, "so-thu", CODE)
    begun = SightingBegun(
        round="2021",
        agency=AgencyCode("so-thu"),
        component=CODE,
        sitting=place.store.begin_run("observe"),
        by=witness(place.settings, place.store, of, by),
        place="Phòng họp số 2",
        asked=of.component.title,
        url="https://so-thu.example/",
        window=window,
        rehearsal=window == "none",
        began_at=place.clock.now(),
    )
    seal(place.store, begun, begun.agency, begun.sitting, begun.began_at)
    place.store.commit()
    return begun


def look(place: Place, value: int = 3, **more: Any) -> str:
    """Seal a finished sighting of every input of the component; returns its record."""
    begun = begin(place, **more)
    of = subject(place.settings, "so-thu", CODE)
    seen = Sighting(
        begun=begun,
        ended_at=place.clock.now(),
        day=place.clock.day,
        inputs={spec.name: Fraction(value) for spec in of.component.inputs},
        seen="Đã mở từng tháng",
    )
    record = seal(place.store, seen, begun.agency, begun.sitting, seen.ended_at)
    place.store.commit()
    return record.id


def sign(place: Place, record: str, by: str = "binh") -> str:
    seen = countersign(place.settings, place.store, place.clock, round_name="", name=record, by=by)
    return seen.second_record


def concluded(place: Place) -> Concluded:
    return conclude(place.settings, place.store)


def score(place: Place) -> Score:
    return concluded(place).score("so-thu", CODE)


def test_a_sighting_counts_once_a_second_person_has_signed(place: Place) -> None:
    """The measurement is missing for a reason of our own, and the round's rule is to observe."""
    place.up_to(Event.OPEN)
    open_one = score(place)
    record = look(place)
    unsigned = score(place)
    digest = concluded(place).standing.inputs_digest
    sign(place, record)
    signed = score(place)

    assert open_one.figure.ground is unsigned.figure.ground is Ground.OPEN
    assert unsigned.figure.sighting is not None
    assert unsigned.figure.sighting.fault() == "chưa có người thứ hai đồng ký"
    assert signed.figure.ground is Ground.OBSERVED
    assert signed.low == signed.high
    assert concluded(place).standing.inputs_digest != digest
    assert [each.state for each in sittings(place.store, "2021")] == ["countersigned"]


def test_who_saw_it_stands_in_explanation_annex_and_ledger(place: Place) -> None:
    place.up_to(Event.OPEN)
    sign(place, look(place))
    found = concluded(place)

    tree = repr(explain_component(found, "so-thu", CODE))
    printed = annex(found.standing, found.index_set, found.round, found.registry)
    lines = list(ledger([found.place("so-thu")], found.set_of))

    assert "Quan sát trực tiếp ngày 11/10/2021 (Người Một, đồng ký Người Hai" in tree
    assert any("theo quan sát trực tiếp của Người Một ngày 11/10/2021, Người Hai đồng ký" in said
               for said in printed.conflicts)  # fmt: skip
    assert [line.ground for line in lines if line.component == CODE] == ["observed"]


def test_the_web_app_names_both_persons_and_says_when_it_does_not_count(place: Place) -> None:
    place.up_to(Event.OPEN)
    record = look(place)

    with TestClient(create(HomeDesk(lambda: place.settings)), base_url="http://127.0.0.1:8000") as client:
        unsigned = client.get(f"/co-quan/so-thu/{CODE}").text
    sign(place, record)
    with TestClient(create(HomeDesk(lambda: place.settings)), base_url="http://127.0.0.1:8000") as client:
        signed = client.get(f"/co-quan/so-thu/{CODE}").text

    assert "Quan sát trực tiếp ngày 11/10/2021: Người Một;" in unsigned
    assert "Không tính: chưa có người thứ hai đồng ký." in unsigned
    assert "Người Một, Người Hai đồng ký ngày 11/10/2021;" in signed
    assert "Không tính" not in signed


def test_the_last_sighting_that_counts_stands(place: Place) -> None:
    place.up_to(Event.OPEN)
    sign(place, look(place, 3))
    look(place, 1)

    figure = score(place).figure

    assert figure.sighting is not None
    assert set(figure.sighting.sighting.inputs.values()) == {Fraction(3)}


@pytest.mark.parametrize(
    ("by", "says"),
    [
        ("an", "a second, different person countersigns"),
        ("chi", "Người Ba thuộc chính cơ quan so-thu"),
        ("ai-do", "no person has the id 'ai-do'"),
    ],
)
def test_a_signature_that_may_not_be_given_is_refused(place: Place, by: str, says: str) -> None:
    """Nobody signs their own sighting, nor one of their own agency."""
    place.up_to(Event.OPEN)
    record = look(place)

    with pytest.raises(UsageError, match=says):
        sign(place, record, by)

    assert score(place).figure.ground is Ground.OPEN


def test_nobody_observes_their_own_agency_nor_out_of_turn(place: Place) -> None:
    with pytest.raises(UsageError, match="round 2021 is unopened"):
        begin(place)
    place.up_to(Event.OPEN)

    with pytest.raises(UsageError, match="chi may not observe so-thu"):
        begin(place, by="chi")

    assert sittings(place.store, "2021") == ()


def test_a_signature_of_the_same_person_or_the_agency_is_worth_nothing_even_when_sealed(place: Place) -> None:
    """The arithmetic does not trust whoever wrote the record."""
    place.up_to(Event.OPEN)
    record = look(place)
    sign(place, record)
    seen = in_force(place.store, "2021")[AgencyCode("so-thu")][CODE]
    assert seen.second is not None
    begun, second = seen.sighting.begun, seen.second

    same = replace(seen, second=replace(second, by=begun.by))
    theirs = replace(seen, second=replace(second, by=replace(second.by, agency="so-thu")))
    other = replace(seen, second=replace(second, sighting="urn:uuid:another"))

    assert [one.fault() != "" for one in (seen, same, theirs, other)] == [False, True, True, True]


def test_a_rehearsal_without_a_window_never_counts(place: Place) -> None:
    place.up_to(Event.OPEN)
    sign(place, look(place, window="none"))

    assert score(place).figure.ground is Ground.OPEN


def test_an_unfinished_one_is_given_up_by_an_act_and_a_signed_one_is_not(place: Place) -> None:
    place.up_to(Event.OPEN)
    begun = begin(place)
    signed = look(place)
    sign(place, signed)
    state = [each.state for each in sittings(place.store, "2021")]

    def give_up(name: str, why: str) -> None:
        abandon(place.settings, place.store, place.clock, round_name="", name=name, by="an", why=why)

    with pytest.raises(UsageError, match="needs its reason"):
        give_up(begun.sitting, " ")
    with pytest.raises(UsageError, match="it can no longer be abandoned"):
        give_up(signed, "nhầm")
    give_up(begun.sitting, "mất điện")

    assert state == ["unfinished", "countersigned"]
    assert [each.state for each in sittings(place.store, "2021")] == ["abandoned", "countersigned"]


def test_a_standing_as_of_an_earlier_day_knows_no_later_signature(place: Place) -> None:
    place.up_to(Event.OPEN)
    record = look(place)
    place.clock.day = date(2021, 10, 20)
    sign(place, record)

    before = in_force(place.store, "2021", date(2021, 10, 15))[AgencyCode("so-thu")][CODE]
    after = in_force(place.store, "2021", date(2021, 10, 20))[AgencyCode("so-thu")][CODE]

    assert (before.fault(), after.fault()) == ("chưa có người thứ hai đồng ký", "")
    assert in_force(place.store, "2021", date(2021, 10, 1)) == {}


@pytest.mark.parametrize("kind", ["full", "party", "public"])
def test_an_outsider_recomputes_a_sighting_from_each_bundle(place: Place, tmp_path: Path, kind: Any) -> None:
    """A public bundle withholds what stood behind the login, and still gives the same score."""
    place.store.keep_config("x.toml", b"x = 1\n")
    place.up_to(Event.OPEN)
    sign(place, look(place))
    bundle = tmp_path / "goi.wacz"
    with bundle.open("wb") as stream:
        agency = "so-thu" if kind == "party" else ""
        export(place.settings, place.store, stream, kind=kind, agency=agency)

    report = verify(bundle, read_key((place.home / "log" / "key").read_text("utf-8")))

    assert report.verdict == "reproduced", report.findings
    with zipfile.ZipFile(bundle) as archive:
        said = json.loads(archive.read("scores/so-thu.json"))
        withheld = json.loads(archive.read("proofs/withheld.json"))
    assert said["total"]["components"][CODE]["ground"] == "observed"
    reasons = {each["reason"] for each in withheld}
    assert ("behind-login" in reasons) == (kind == "public")
    assert {r.source for r in place.store.records(kind="observation")} == {MANUAL}


@pytest.mark.parametrize("part", ["sighting", "second"])
def test_what_a_bundle_says_otherwise_than_was_sealed_is_named(
    place: Place, tmp_path: Path, part: str
) -> None:
    """Even where no score moves: another remark, another name of who signed."""
    place.up_to(Event.OPEN)
    sign(place, look(place))
    bundle, altered = tmp_path / "goi.wacz", tmp_path / "sua.wacz"
    with bundle.open("wb") as stream:
        export(place.settings, place.store, stream, kind="full")

    def touch(files: dict[str, bytes]) -> None:
        said = json.loads(files["submissions/so-thu.json"])
        one = said["sightings"][0][part]
        one["seen" if part == "sighting" else "note"] = "sửa"
        files["submissions/so-thu.json"] = json.dumps(said).encode()

    report = verify(
        rewritten(bundle, altered, touch), read_key((place.home / "log" / "key").read_text("utf-8"))
    )

    assert report.verdict == "fault"
    assert [each.code for each in report.findings if each.weight == "fault"] == ["sighting"]


def test_reading_everything_again_from_the_sealed_bytes_gives_the_same_sighting(place: Place) -> None:
    """`recompute` and a catalogue made anew know it, since it lies in the log alone."""
    place.store.keep_config("x.toml", b"x = 1\n")
    place.up_to(Event.OPEN)
    sign(place, look(place))

    found = recompute(place.settings, place.store)

    assert (found.agencies, found.differences) == (3, ())
    assert score(place).figure.ground is Ground.OBSERVED
