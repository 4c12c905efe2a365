"""A sample of findings goes to two people apart, comes back whole, and is registered once."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from minhchung.errors import SubmissionError, UsageError
from minhchung.evidence import AgencyCode, RecordId
from minhchung.labels import Drawn, LabelDraw, Labels
from minhchung.measurements import Measurement, Reason, Unmeasured
from minhchung.rulings import Person
from offline.note import read_key
from offline.verifying import verify
from service.act_records import acts_of
from service.label_sheets import HEADER, register_sheet, write_sheet
from service.labelling import accuracies_of, draw_sample, labelled, order_for, register, seal_draw, slip
from service.standings import Concluded, conclude
from service.workplace import RandomIds, SimulatedClock
from storage.home import Home
from storage.store import Store
from tests.scoring.small_round import RECORDS, REGISTRY, ROUND, SET, small_standing
from tests.service.bundled import VISITS, make
from tests.service.calling import Said, caller
from tests.service.sitting import Place

CONCLUDED = Concluded(ROUND, SET, small_standing(), REGISTRY, RECORDS)
SCORES = [s for b in CONCLUDED.standing.blocs for p in b.places for s in p.total.scores]
"""Two of them compare a claim with a measurement: HD.2 and HD.4 of `so-ban`, the second a false claim."""

AN, BINH = Person(id="an", name="Người Một"), Person(id="binh", name="Người Hai")
WORDS = {"exceeds": "Khai vượt", "holds": "không vượt", "unclear": "không rõ"}


LABELLED = LabelDraw(
    round="",
    seed="s",
    day=date(2021, 11, 2),
    by="chu-tri",
    people=("an", "binh"),
    inputs_digest="0" * 64,
    items=(),
    populations={},
)
WRONG = Labels(draw="", by="", sheet_sha256="0" * 64, labels=())


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    made.store.close()


def drawn(
    place: Place, people: tuple[Person, Person] = (AN, BINH), most: int = 5, seed: str = "s"
) -> LabelDraw:
    return draw_sample(
        SCORES,
        round_id="2021",
        inputs_digest=CONCLUDED.standing.inputs_digest,
        people=people,
        by="chu-tri",
        seed=seed,
        most=most,
        clock=place.clock,
    )


@pytest.fixture
def sealed(place: Place) -> tuple[RecordId, LabelDraw]:
    """A draw under its leaf."""
    draw = drawn(place)
    return seal_draw(place.store, place.clock, draw), draw


def sheet(folder: Path, draw: LabelDraw, record: RecordId, person: str, said: dict[str, str]) -> Path:
    """Write a person's sheet and fill it in, by component; what is not told stays empty."""
    book = openpyxl.load_workbook(io.BytesIO(write_sheet(draw, record, person, CONCLUDED)))
    table = book["GanNhan"]
    for line in range(2, table.max_row + 1):
        component = str(table.cell(line, 3).value).split()[0]
        table.cell(line, HEADER.index("Kết luận") + 1).value = said.get(component)
    path = folder / f"{person}.xlsx"
    book.save(path)
    return path


def test_the_sample_is_drawn_by_seed_from_each_verifiers_accusations_and_others(place: Place) -> None:
    """The same seed draws the same; populations count all there was to draw from."""
    draw = drawn(place)

    assert draw == drawn(place)
    assert {(item.component, item.accused) for item in draw.items} == {("HD.4", True), ("HD.2", False)}
    assert draw.populations == {"news_cadence/1": (1, 1)}


def test_people_of_what_is_rated_do_not_label_and_one_is_not_two(place: Place) -> None:
    for person, says in (
        (replace(BINH, agency="so-thu"), "belongs to or runs so-thu"),
        (replace(BINH, runs=("mot-cua",)), "belongs to or runs mot-cua"),
        (AN, "an cannot be both"),
    ):
        with pytest.raises(UsageError, match=says):
            drawn(place, (AN, person))


def test_a_sheet_tells_the_claim_and_where_to_look_and_nothing_that_was_found(
    sealed: tuple[RecordId, LabelDraw],
) -> None:
    """Blind: no measured figure, finding, point, place or verifier stands anywhere in the workbook."""
    record, draw = sealed
    book = openpyxl.load_workbook(io.BytesIO(write_sheet(draw, record, "an", CONCLUDED)))
    words = [str(cell.value) for page in book for row in page.iter_rows() for cell in row if cell.value]
    words = [word.replace(record, "") for word in words]  # its random digits tell nothing
    lines = list(book["GanNhan"].iter_rows(min_row=2, values_only=True))

    assert any("= 48; " in str(line[3]) for line in lines)
    assert any("http://127.0.0.1:8104/" in str(line[6]) for line in lines)
    for told in ("36", "news_cadence", "false_claim", "1309", draw.inputs_digest):
        assert not any(told in word for word in words), told
    assert not any(line[HEADER.index("Kết luận")] for line in lines)


def test_the_two_sheets_share_neither_order_nor_names(place: Place) -> None:
    """Over many draws both orders occur; no slip of one sheet is a slip of the other."""
    orders = set()
    for n in range(20):
        draw = drawn(place, seed=str(n))
        orders.add((order_for(draw, "an"), order_for(draw, "binh")))
        assert not {slip(draw, "an", i) for i in (0, 1)} & {slip(draw, "binh", i) for i in (0, 1)}

    assert len(orders) == 4
    assert write_sheet(draw, RecordId("urn:1"), "an", CONCLUDED) == write_sheet(
        draw, RecordId("urn:1"), "an", CONCLUDED
    )


def test_labels_become_leaves_and_tell_of_the_verifier_when_both_are_in(
    place: Place, sealed: tuple[RecordId, LabelDraw], tmp_path: Path
) -> None:
    record, draw = sealed
    first = sheet(tmp_path, draw, record, "an", {"HD.4": WORDS["exceeds"], "HD.2": WORDS["holds"]})
    second = sheet(tmp_path, draw, record, "binh", {"HD.4": "khai  vượt", "HD.2": WORDS["unclear"]})

    assert register_sheet(place.store, place.clock, first) == ("an", True)
    assert accuracies_of(place.store, "2021") == {}
    assert register_sheet(place.store, place.clock, second) == ("binh", True)

    found = accuracies_of(place.store, "2021")["news_cadence/1"]
    assert (found.accusing_labelled, found.rightly, found.other_labelled, found.undecided) == (1, 1, 0, 1)
    leaves = {kind: len(list(place.store.records(kind=kind))) for kind in ("label-draw", "labels")}
    assert leaves == {"label-draw": 1, "labels": 2}


def test_a_person_labels_once(place: Place, sealed: tuple[RecordId, LabelDraw], tmp_path: Path) -> None:
    """The same labels again change nothing; others are refused."""
    record, draw = sealed
    both = {"HD.4": WORDS["exceeds"], "HD.2": WORDS["holds"]}
    register_sheet(place.store, place.clock, sheet(tmp_path, draw, record, "an", both))

    assert register_sheet(place.store, place.clock, sheet(tmp_path, draw, record, "an", both)) == (
        "an",
        False,
    )
    other = sheet(tmp_path, draw, record, "an", {**both, "HD.2": WORDS["exceeds"]})
    with pytest.raises(UsageError, match="has labelled draw"):
        register_sheet(place.store, place.clock, other)
    assert len(labelled(place.store)[0].labels) == 1


@pytest.mark.parametrize(
    ("person", "said", "fault"),
    [
        ("an", {"HD.4": "khai vượt"}, "chưa có kết luận hoặc kết luận lạ"),
        ("an", {"HD.4": "khai vượt", "HD.2": "=1+1"}, "chưa có kết luận hoặc kết luận lạ"),
        ("chi", {"HD.4": "khai vượt", "HD.2": "không rõ"}, "không thuộc bản rút nào"),
    ],
)
def test_a_sheet_that_is_not_whole_is_refused(
    person: str,
    said: dict[str, str],
    fault: str,
    place: Place,
    sealed: tuple[RecordId, LabelDraw],
    tmp_path: Path,
) -> None:
    record, draw = sealed

    with pytest.raises(SubmissionError, match=fault):
        register_sheet(place.store, place.clock, sheet(tmp_path, draw, record, person, said))
    assert labelled(place.store)[0].labels == {}


@pytest.mark.parametrize("harm", ["line gone", "line twice", "sheet gone", "no workbook"])
def test_a_sheet_that_was_changed_is_refused(
    harm: str, place: Place, sealed: tuple[RecordId, LabelDraw], tmp_path: Path
) -> None:
    record, draw = sealed
    path = sheet(tmp_path, draw, record, "an", {"HD.4": "khai vượt", "HD.2": "không rõ"})
    book = openpyxl.load_workbook(path)
    table = book["GanNhan"]
    if harm == "line gone":
        table.delete_rows(2)
    elif harm == "line twice":
        table.append([cell.value for cell in table[2]])
    elif harm == "sheet gone":
        del book["GanNhan"]
    book.save(path)
    if harm == "no workbook":
        path.write_bytes(b"PK\x03\x04")

    with pytest.raises(SubmissionError):
        register_sheet(place.store, place.clock, path)
    assert labelled(place.store)[0].labels == {}


def test_the_commands_say_who_is_waited_for_and_what_came_of_it(
    place: Place, sealed: tuple[RecordId, LabelDraw], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 3 while a person has not labelled; then kappa, precision and recall with their ends."""
    record, draw = sealed
    both = {"HD.4": WORDS["exceeds"], "HD.2": WORDS["holds"]}
    first, second = (sheet(tmp_path, draw, record, person, both) for person in ("an", "binh"))
    place.store.close()

    def call(*words: object) -> Said:
        return caller(capsys)("--home", place.home, "--config", place.config, "accuracy", "field", *words)

    assert call("read", first).code == 0
    assert call("show").code == 3
    assert call("read", second).code == 0
    said = call("show", "--json")

    assert said.code == 0
    told = said.json[0]
    assert (told["labelled_by"], told["kappa"]["value"]) == (["an", "binh"], "1.0000")
    assert told["verifiers"][0]["precision"] == {"value": "1.0000", "low": "0.0250", "high": "1.0000"}
    assert "news_cadence/1" in call("show").out


def test_where_nothing_was_measured_there_is_nothing_to_draw(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place.store.close()
    words = ("--first", "an", "--second", "binh", "--by", "an", "--out", tmp_path)

    said = caller(capsys)("--home", place.home, "--config", place.config, "accuracy", "field", "draw", *words)

    assert said.code == 2
    assert "holds no measured claim to draw from" in said.sentence()
    assert list(tmp_path.glob("*.xlsx")) == []


def test_nothing_is_registered_for_a_draw_of_elsewhere(place: Place, tmp_path: Path) -> None:
    path = sheet(
        tmp_path, drawn(place), RecordId("urn:uuid:fremd"), "an", {"HD.4": "không rõ", "HD.2": "không rõ"}
    )

    with pytest.raises(SubmissionError, match="không thuộc bản rút nào"):
        register_sheet(place.store, place.clock, path)
    assert list(acts_of(place.store, LabelDraw)) == []


def test_an_outsider_recomputes_what_only_advises(tmp_path: Path) -> None:
    """A floor in the set, labels in the archive: the bundle gives the same open points, and says why."""
    small = make(tmp_path)
    path = small.config / "index_sets" / "son-la-2021.toml"
    floor = "\naccuracy_floor = { precision = 0.9 }\n\n[[main_index]]"
    path.write_text(path.read_text("utf-8").replace("\n[[main_index]]", floor, 1), "utf-8")
    clock = SimulatedClock(VISITS[-1])
    with Store(Home(small.home), clock, RandomIds(), writer=True) as store:
        before = conclude(small.settings(), store)
        name, component = next(
            (s.figure.result.verifier, s.component)
            for s in before.place("so-thu").total.scores
            if isinstance(s.figure.result, Measurement)
        )
        items = tuple(
            Drawn(agency=AgencyCode(f"so-{n}"), component=component, verifier=name, accused=True)
            for n in range(10)
        )
        draw = replace(
            LABELLED, round="2021", items=items, populations={name: (10, 0)}, day=date(2021, 11, 2)
        )
        record = seal_draw(store, clock, draw)
        for person in draw.people:
            register(store, clock, replace(WRONG, draw=record, by=person, labels=("holds",) * 10))
        after = conclude(small.settings(), store).score("so-thu", component)

    report = verify(small.bundle(tmp_path / "whole.wacz"), read_key(small.key.read_text("utf-8")))

    assert isinstance(after.figure.result, Unmeasured)
    assert after.figure.result.reason is Reason.ADVISORY
    assert after.open
    assert report.verdict == "reproduced", report.findings
