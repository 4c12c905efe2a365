"""Rulings with four eyes, comments bound to findings, existence proven from captures."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from minhchung.agencies import Agency, SharedPlatform
from minhchung.errors import UsageError
from minhchung.evidence import PORTAL, AgencyCode, EvidenceRecord, Locator, RecordId, RunId
from minhchung.holdings import Holdings
from minhchung.index_set import Component
from minhchung.measurements import Value
from minhchung.observations import ListCapture, NewsItem, Observation
from minhchung.round_acts import Event, RoundAct
from minhchung.rulings import Answer, Person, Ruling
from minhchung.scores import Ground
from offline.note import read_key
from offline.verifying import verify
from scoring.conflicts import conflict
from service.act_records import acts_of
from service.bundle import export
from service.commenting import answer, comment, threads
from service.existence import existed
from service.ruling import moved as moved_by
from service.ruling import read_inputs, rule
from service.standings import conclude
from tests.service.sitting import Place, missed


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    made.store.close()


def test_a_ruling_scores_before_everything_and_the_last_one_stands(place: Place) -> None:
    place.up_to(Event.OPEN, Event.FREEZE, Event.FIRST_SCORING)
    place.rule()
    first = conclude(place.settings, place.store).score("so-thu", "AT.4")
    place.rule(
        why="Đã xem lại", inputs={first.figure.inputs and next(iter(first.figure.inputs)): frozenset()}
    )
    second = conclude(place.settings, place.store).score("so-thu", "AT.4")

    assert first.figure.ground is Ground.RULED
    assert first.low == first.high == 1
    assert second.low == second.high == 0
    assert len(list(acts_of(place.store, Ruling, "2021"))) == 2


def test_an_outsider_recomputes_a_ruling_from_the_bundle(place: Place, tmp_path: Path) -> None:
    """The bundle holds the ruling, so that its score is made again without us."""
    place.store.keep_config("x.toml", b"x = 1\n")
    place.up_to(Event.OPEN, Event.FREEZE, Event.FIRST_SCORING)
    place.rule()
    bundle = tmp_path / "goi.wacz"
    with bundle.open("wb") as stream:
        export(place.settings, place.store, stream, kind="full")

    report = verify(bundle, read_key((place.home / "log" / "key").read_text("utf-8")))

    assert report.verdict == "reproduced", report.findings
    with zipfile.ZipFile(bundle) as archive:
        said = json.loads(archive.read("submissions/so-thu.json"))
    assert [ruling["component"] for ruling in said["rulings"]] == ["AT.4"]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"countersigned_by": "an"}, "may not countersign their own ruling"),
        ({"by": "chi"}, "Người Ba thuộc chính cơ quan so-thu"),
        ({"countersigned_by": "chi"}, "Người Ba thuộc chính cơ quan so-thu"),
        ({"by": "ai-do"}, "no person has the id 'ai-do'"),
        ({"why": " "}, "needs its reason"),
        ({"records": ("urn:uuid:none",)}, "there is no record urn:uuid:none"),
        ({"inputs": {"x": frozenset({"https"})}}, "give "),
    ],
)
def test_a_ruling_that_may_not_be_made_is_refused(place: Place, more: dict[str, Any], says: str) -> None:
    place.up_to(Event.OPEN, Event.FREEZE, Event.FIRST_SCORING)

    with pytest.raises(UsageError, match=says):
        place.rule(**more)

    assert list(acts_of(place.store, Ruling)) == []


def test_a_ruling_that_moves_a_place_or_band_needs_a_second_person(place: Place) -> None:
    """Rulings narrow an agency's range until one of them moves a band: that one needs four eyes."""
    place.up_to(Event.OPEN, Event.FREEZE, Event.FIRST_SCORING)
    index_set = place.settings.index_set(place.settings.round())
    refused: list[str] = []
    for component in index_set.components():
        if refused or component.formula.type not in {"ratio", "ratio_target", "checklist"}:
            continue
        before = bands(place)
        alone = place.ruling(component=component.code, inputs=full(component), countersigned_by="")
        try:
            rule(place.settings, place.store, place.clock, alone)
        except UsageError as error:
            refused.append(str(error))
            place.rule(component=component.code, inputs=full(component))
        assert (bands(place) != before) == bool(refused)

    assert ["a second person must countersign" in said for said in refused] == [True]


def bands(place: Place) -> dict[str, tuple[int, int, str, str]]:
    found = conclude(place.settings, place.store).standing
    return {
        each.agency: (each.best, each.worst, each.band_low, each.band_high)
        for bloc in found.blocs
        for each in bloc.places
    }


def full(component: Component) -> dict[str, Value]:
    """Return inputs worth every point of a ratio or a checklist."""
    if component.formula.type == "checklist":
        return {component.inputs[0].name: frozenset(item.id for item in component.formula.items)}
    return {spec.name: Fraction(20) for spec in component.inputs}


def test_nobody_rules_on_a_system_that_they_run(place: Place) -> None:
    component = place.settings.index_set(place.settings.round()).component("HD.15")
    person = Person(id="dung", name="Người Bốn", runs=("mot-cua",))

    why = conflict(person, place.settings.agency("so-thu"), component, (), ("mot-cua",))
    portal = place.settings.index_set(place.settings.round()).component("HD.1")

    assert why == "Người Bốn vận hành hệ thống mot-cua mà HD.15 dựa vào"
    assert conflict(person, place.settings.agency("so-thu"), portal, (), ("mot-cua",)) == ""


def test_a_comment_is_bound_to_the_finding_and_gets_an_answer(place: Place, tmp_path: Path) -> None:
    proof = tmp_path / "anh.txt"
    proof.write_text("ảnh chụp", "utf-8")
    said = missed("HD.1", "Trang có sơ đồ")
    with pytest.raises(UsageError, match="comments come in while it is commenting"):
        comment(place.settings, place.store, place.clock, said)
    place.up_to(Event.OPEN, Event.FREEZE, Event.FIRST_SCORING, Event.COMMENT_PERIOD)

    record = comment(place.settings, place.store, place.clock, said, [proof])
    open_threads = threads(place.store, "2021")
    said_back = Answer(comment=record, outcome="accepted", text="Đã xem", by="an", day=date(2021, 11, 14))
    for day in (date(2021, 11, 12), date(2021, 12, 1)):
        with pytest.raises(UsageError, match="an answer is of a day between its comment's"):
            answer(place.store, place.clock, replace(said_back, day=day))
    answer(place.store, place.clock, said_back)

    assert open_threads[0].answers == ()
    thread = threads(place.store, "2021")[0]
    assert thread.comment.finding == conclude(place.settings, place.store).standing.inputs_digest
    assert place.store.body(RecordId(thread.comment.evidence[0])) == "ảnh chụp".encode()
    assert [each.outcome for each in thread.answers] == ["accepted"]


def test_whether_something_existed_is_proven_disproven_or_neither() -> None:
    """A capture that shows it proves; a complete one after the stated day that lacks it disproves."""
    holdings = two_captures()
    cutoff = date(2021, 11, 10)

    assert existed(holdings, "shown-early", cutoff).verdict == "proven"
    late = existed(holdings, "shown-late", cutoff, date(2021, 10, 1))
    assert (late.verdict, len(late.records)) == ("disproven", 1)
    assert existed(holdings, "shown-late", cutoff, date(2021, 11, 9)).verdict == "unproven"
    assert existed(holdings, "shown-late", cutoff).verdict == "unproven"
    assert existed(holdings, "never", cutoff, date(2021, 10, 1)).verdict == "unproven"


def test_a_capture_of_the_stated_day_disproves_nothing() -> None:
    """The list was read in the morning: what is said to have been posted that day may have come after."""
    cutoff = date(2021, 11, 10)

    assert existed(two_captures(), "shown-late", cutoff, date(2021, 10, 20)).verdict == "unproven"
    assert existed(two_captures(), "shown-late", cutoff, date(2021, 10, 19)).verdict == "disproven"


def test_a_platform_that_moved_disproves_nothing() -> None:
    """Every identity is another one after the move: the item may have stood there under its old one."""
    moved = two_captures(later=("shown-late", "new-too"))

    assert existed(moved, "shown-late", date(2021, 11, 10), date(2021, 10, 1)).verdict == "unproven"


def two_captures(later: tuple[str, ...] = ("shown-late", "shown-early")) -> Holdings:
    """Return a list read whole on 20/10/2021 and again on 20/11/2021, when one item more stands on it."""
    agency = Agency(code=AgencyCode("so-thu"), name="Sở Thử", bloc="provincial")
    records: dict[RecordId, EvidenceRecord] = {}
    seen: list[Observation] = []
    for month, identities in ((10, ("shown-early",)), (11, later)):
        record, run = RecordId(f"urn:uuid:{month}"), RunId(f"run-{month}")
        at = datetime(2021, month, 20, 5, tzinfo=UTC)
        records[record] = EvidenceRecord(
            id=record,
            agency=agency.code,
            source=PORTAL,
            run=run,
            url="https://so-thu.example/tin",
            captured_at=at,
            kind="response",
            leaf=month,
        )
        where: dict[str, Any] = {"agency": agency.code, "run": run, "seen": Locator(record=record, path="li")}
        seen += [
            NewsItem(
                **where,
                identity=identity,
                part="row",
                url=f"https://so-thu.example/{identity}",
                title=identity,
                list_url="https://so-thu.example/tin",
            )
            for identity in identities
        ]
        seen.append(
            ListCapture(
                **where,
                list_url="https://so-thu.example/tin",
                heading="Tin tức",
                item_kind="news",
                captured_at=at,
                pages=(record,),
                identities=identities,
                ended="no-next",
            )
        )
    return Holdings(agency=agency, observations=tuple(seen), records=records)


def test_nobody_rules_on_a_portal_that_stands_on_the_platform_they_run(place: Place) -> None:
    component = place.settings.index_set(place.settings.round()).component("HD.1")
    agency = replace(place.settings.agency("so-thu"), portal="https://thu.cong.example/")
    platform = SharedPlatform(key="lien-cong", title="Cổng", hosts=(".cong.example",), owner="so-mau")

    for runs, works_at in ((("Liên  CỔNG",), ""), ((), "so-mau")):
        person = Person(id="dung", name="Người Bốn", agency=works_at, runs=runs)
        why = conflict(person, agency, component, (), (), (platform,))
        assert "vận hành nền tảng lien-cong" in why


def test_nobody_rules_on_what_became_of_their_agency(place: Place) -> None:
    component = place.settings.index_set(place.settings.round()).component("HD.1")
    merged = replace(place.settings.agency("so-mau"), predecessors=(AgencyCode("so-thu"),))

    assert conflict(Person(id="chi", name="Người Ba", agency="so-thu"), merged, component, (), ())


def test_nobody_rules_on_a_rival_where_it_moves_their_own_agency(place: Place) -> None:
    """To press a rival down is to lift oneself."""
    place.up_to(Event.OPEN, Event.FREEZE, Event.FIRST_SCORING)
    index_set = place.settings.index_set(place.settings.round())
    told: list[str] = []
    for component in index_set.components():
        if component.formula.type not in {"ratio", "ratio_target", "checklist"} or told:
            continue
        rival = {"agency": AgencyCode("so-mau"), "component": component.code, "inputs": full(component)}
        before = bands(place)["so-thu"]
        try:
            place.rule(**rival, countersigned_by="chi")
        except UsageError as error:
            told.append(str(error))
            place.rule(**rival)
        assert (bands(place)["so-thu"] != before) == bool(told)

    assert ["it moves so-thu, their own agency" in each for each in told] == [True]


def test_a_ruling_that_moves_a_place_only_at_the_second_scoring_needs_four_eyes_too(place: Place) -> None:
    """The rule of the first scoring must not hide what the second makes of a ruling."""
    path = place.config / "rounds" / "2021.toml"
    text = path.read_text("utf-8").replace(
        "report_due", 'unmeasured_second = "exclude-rescale"\nreport_due', 1
    )
    path.write_text(text, "utf-8")
    place.up_to(Event.OPEN, Event.FREEZE, Event.FIRST_SCORING)
    ruling = place.ruling(countersigned_by="")
    now = conclude(place.settings, place.store).standing
    then = conclude(place.settings, place.store, stage="second", extra=ruling).standing
    plain = conclude(place.settings, place.store, stage="second").standing

    _, moves = moved_by(place.settings, place.store, ruling)

    assert now.blocs
    assert {move.agency for move in moves} >= {
        new.agency
        for blocs in zip(plain.blocs, then.blocs, strict=True)
        for old, new in zip(*(sorted(bloc.places, key=lambda p: p.agency) for bloc in blocs), strict=True)
        if (old.best, old.worst, old.band_low, old.band_high)
        != (new.best, new.worst, new.band_low, new.band_high)
    }


def test_no_ruling_is_made_under_rules_that_nobody_has_frozen(place: Place) -> None:
    """Bands moved for a moment would hide that four eyes are needed; a line taken out, whose agency it is."""
    place.up_to(Event.OPEN, Event.FREEZE, Event.FIRST_SCORING)
    for name, old, new in (
        ("rounds/2021.toml", "min = 85", "min = 86"),
        ("people.toml", 'agency = "so-thu"', 'agency = ""'),
    ):
        path = place.config / name
        kept = path.read_text("utf-8")
        path.write_text(kept.replace(old, new), "utf-8")
        with pytest.raises(UsageError, match=f"ruling: changed since the freeze without a document: {name}"):
            place.rule()
        path.write_text(kept, "utf-8")

    assert place.rule()


def test_a_ruling_is_not_dated_before_the_freeze(place: Place) -> None:
    place.up_to(Event.OPEN, Event.FREEZE, Event.FIRST_SCORING)

    with pytest.raises(UsageError, match="lies before the freeze"):
        place.rule(day=date(2021, 11, 9))


@pytest.mark.parametrize("text", ["1e999999999", "31/0", "nan", "１２", "1_000", "9" * 40])
def test_a_number_that_is_none_is_refused_at_once(place: Place, text: str) -> None:
    component = place.settings.index_set(place.settings.round()).component("HT.1")

    with pytest.raises(UsageError, match="is no number such as"):
        read_inputs(component, [f"tong_cbcc={text}"])


def test_a_ruling_answers_a_comment_on_what_it_rules_alone(place: Place) -> None:
    place.up_to(Event.OPEN, Event.FREEZE, Event.FIRST_SCORING)
    act = next(record for record, _ in acts_of(place.store, RoundAct, "2021"))

    with pytest.raises(UsageError, match=r"is no comment of so-thu on AT\.4"):
        place.rule(comment=act)
