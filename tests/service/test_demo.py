"""End to end: the whole job on the simulated province concludes what its truth file says, and no more."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path

import docx
import pytest

from minhchung.evidence import PORTAL, AgencyCode, RecordId
from minhchung.holdings import Holdings
from minhchung.measurements import Measurement, NotApplicable, Unmeasured
from minhchung.periods import local_day
from minhchung.scores import Score
from scoring.standing import closing_obstacles
from service.annexes import render
from service.explaining import explain_component, tree_json
from service.measuring import Judge
from service.session import write_json
from service.settings import load
from service.standings import Concluded, conclude, conclude_under
from service.verdicts import ranking
from service.workplace import open_store
from storage.store import Store
from tests.service.calling import Call, Said, caller
from tests.service.demonstrated import Demonstration, demonstrate, leaves, simulated, told
from tests.service.hiding import gains
from tests.service.told_apart import misjudged

pytestmark = pytest.mark.archive  # a minute of a province: too long for core

COMPONENTS = [*(f"HD.{n}" for n in (*range(1, 10), *range(13, 22))), "AT.4", "TC.6"]
"""The objective components: 11 measured from crawls, 9 from service systems."""

PLACE = {"rank", "agency", "score", "band", "coverage", "provisional"}
ATTEMPTS = ("response", "revisit", "failure")
"""Kinds of records that stand for an attempt."""

DAYS = ["2021-02-01", "2021-05-04", "2021-08-03", "2021-11-02", "2021-11-04"]
Held = Mapping[AgencyCode, Holdings]
Golden = Callable[[str, str | bytes], None]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """One demo for every test of this file."""
    return demonstrate(tmp_path_factory.mktemp("demo") / "home")


@pytest.fixture(scope="module")
def store(demo: Demonstration) -> Iterator[Store]:
    """The demo's home, open for reading."""
    with closing(open_store(load(demo.home))) as store:
        yield store


@pytest.fixture(scope="module")
def concluded(demo: Demonstration, store: Store) -> Concluded:
    """What the round concludes from it."""
    return conclude(load(demo.home), store)


@pytest.fixture(scope="module")
def held(demo: Demonstration, store: Store) -> Held:
    """Everything held about each agency."""
    return {agency.code: store.holdings(agency) for agency in load(demo.home).agencies()}


@pytest.fixture
def call(demo: Demonstration, capsys: pytest.CaptureFixture[str]) -> Call:
    """The command line at the demo's home."""
    plain: Call = caller(capsys)

    def at(*words: object) -> Said:
        return plain("--home", demo.home, *words)

    return at


def every_score(concluded: Concluded) -> Iterator[Score]:
    """Yield the score of every component of every agency that something measures."""
    for bloc in concluded.standing.blocs:
        for place in bloc.places:
            yield from (score for score in place.total.scores if score.component in COMPONENTS)


# --- the truth ---------------------------------------------------------------------------------------


def test_the_truth_file_tells_of_every_agency_and_component(demo: Demonstration) -> None:
    """32 agencies, 20 components, every outcome among them: else the comparison below proves little."""
    outcomes = Counter(c["expected"] for agency in demo.truth.values() for c in agency["components"].values())

    assert demo.code == 0, demo.err
    assert len(demo.truth) == 32
    assert all(sorted(agency["components"]) == sorted(COMPONENTS) for agency in demo.truth.values())
    assert set(outcomes) == {"agreed", "false_claim", "honest_error", "unverifiable", "not_applicable"}
    assert min(outcomes.values()) >= 20


@pytest.mark.parametrize("component", COMPONENTS)
def test_the_demo_concludes_what_is_true(component: str, demo: Demonstration, concluded: Concluded) -> None:
    """Every agency: the finding is the expected one and the inputs are the true ones, exactly."""
    wrong = []
    for code, agency in demo.truth.items():
        true = agency["components"][component]
        score = concluded.score(code, component)
        inputs, result = None, score.figure.result
        if isinstance(result, Measurement):
            inputs = {name: given.value for name, given in result.inputs.items()}
        expected = true["inputs"] and {name: told(value) for name, value in true["inputs"].items()}
        if (score.figure.finding.value, inputs) != (true["expected"], expected):
            wrong.append((code, agency["look"], score.figure.finding.value, inputs, result, true))

    assert wrong == []


@pytest.mark.parametrize("component", COMPONENTS)
def test_the_reason_why_nothing_was_measured_is_the_true_one(
    component: str, demo: Demonstration, concluded: Concluded
) -> None:
    """Blocked is not unreachable, and what does not apply says why."""
    wrong = []
    for code, agency in demo.truth.items():
        true = agency["components"][component]
        found: tuple[str | None, str | None]
        match concluded.score(code, component).figure.result:
            case Unmeasured(reason=reason):
                found = (reason.value, None)
            case NotApplicable(reason=reason):
                found = (None, reason.value)
            case _:
                found = (None, None)
        if found != (true["unmeasured"], true["not_applicable"]):
            wrong.append((code, found, true))

    assert wrong == []


def test_what_agencies_claim_is_what_their_workbooks_say(demo: Demonstration, concluded: Concluded) -> None:
    """No claim is lost, none is invented, none is put into another agency's mouth."""
    for score in every_score(concluded):
        true = demo.truth[score.agency]["components"][score.component]["claim"]
        claim = score.figure.claim

        assert (claim is None) == (true is None), (score.agency, score.component)
        if claim is not None:
            said = {name: told(value) for name, value in true.items()}
            assert dict(claim.inputs) == said, (score.agency, score.component)


def test_the_measured_figure_scores_wherever_there_is_one(concluded: Concluded) -> None:
    """A false claim gains nothing, an understatement loses nothing."""
    for score in every_score(concluded):
        if isinstance(score.figure.result, Measurement) and score.figure.inputs is not None:
            measured = {name: given.value for name, given in score.figure.result.inputs.items()}
            settled = {name: given.value for name, given in score.figure.inputs.items()}

            assert settled == measured, (score.agency, score.component)


def test_a_dark_portal_is_open_and_provisional_and_the_round_cannot_be_closed(
    demo: Demonstration, concluded: Concluded
) -> None:
    """Silence is neither zero nor the claim."""
    dark = [c for c, a in demo.truth.items() if a["components"]["HD.2"]["unmeasured"] == "unreachable"]
    obstacles = closing_obstacles(concluded.standing)

    assert dark
    for code in dark:
        place, score = concluded.place(code), concluded.score(code, "HD.2")
        assert (score.figure.ground.value, score.open) == ("open", True)
        assert score.low == 0 < score.high == score.maximum
        assert place.provisional
        assert place.total.published_low < place.total.published_high
        assert place.total.coverage.open > 0
        assert any(code in obstacle for obstacle in obstacles)


def test_whose_a_failure_is_is_told(demo: Demonstration, concluded: Concluded) -> None:
    """A platform's robots.txt, a slow portal, dark ones and one who hides are told apart."""
    assert list(misjudged(demo.truth, concluded)) == []


# --- what was kept -----------------------------------------------------------------------------------


def test_blocking_never_pays(demo: Demonstration, concluded: Concluded, held: Held) -> None:
    """Whoever begins to refuse, at the last pass, the last two or all of them, gains no point and no place,
    whatever the round says an unmeasured component is worth; agency by agency another way of refusing."""
    assert list(gains(load(demo.home), concluded.registry, held)) == []


def test_every_attempt_of_every_visit_is_accounted_for(held: Held, store: Store) -> None:
    """attempts = fetched + not modified + refused + failed, and the archive holds a record of each."""
    kinds = Counter((r.run, r.agency, r.source, r.kind) for r in store.records())
    for agency, holdings in held.items():
        assert len(holdings.visits) >= len(DAYS)
        for visit in holdings.visits:
            outcomes = visit.fetched + visit.not_modified + visit.refused + visit.failed
            kept = [kinds[visit.run, agency, visit.source, kind] for kind in ATTEMPTS]

            assert visit.attempts == outcomes == sum(kept), visit


def test_later_passes_ask_conditionally(held: Held) -> None:
    """Four passes over the year, the close on two days; what did not change is not sent again."""
    unchanged: Counter[str] = Counter()
    for holdings in held.values():
        for visit in holdings.visits:
            if visit.source == PORTAL:
                unchanged[visit.began_at.date().isoformat()] += visit.not_modified

    assert sorted(unchanged) == DAYS
    assert unchanged[DAYS[0]] == 0
    assert all(unchanged[day] > 0 for day in DAYS[1:])


def test_every_measurement_leads_to_records_that_check_has_verified(
    concluded: Concluded, store: Store, call: Call
) -> None:
    """Besides the claim's own record something that was seen stands under every measurement, even a zero."""
    assert call("check", "--json").json == {"findings": []}
    logged = {record.id: record.leaf for record in store.records()}
    reached = set()
    for score in every_score(concluded):
        tree = tree_json(explain_component(concluded, score.agency, score.component))
        claimed = {score.figure.claim.seen.record} if score.figure.claim is not None else set()
        seen = leaves(tree) - claimed
        reached |= seen
        assert seen or not isinstance(score.figure.result, Measurement), (score.agency, score.component)
        assert seen | claimed <= concluded.records.keys(), "each is told with its digest, address and time"

    assert len(reached) > 1000
    assert [record for record in reached if logged.get(RecordId(record)) is None] == []
    for record in sorted(reached)[::50]:
        assert store.body(RecordId(record)) is not None


@pytest.mark.parametrize("component", ["HD.2", "HD.15", "AT.4"])
def test_explain_goes_from_points_down_to_records(component: str, call: Call, concluded: Concluded) -> None:
    """Points, rule, figure, measurement, what was seen; of a record its id, SHA-256, address and time."""
    tree = call("explain", "so-xay-dung", component, "--json").json
    lines = call("explain", "so-xay-dung", component, "--all").out.splitlines()
    result = concluded.score("so-xay-dung", component).figure.result

    assert tree["text"].startswith(f"{component} ")
    assert lines[0] == tree["text"]
    assert result is not None
    assert {place.record for place in result.basis} <= leaves(tree)
    for record in leaves(tree):
        (line, *_) = [line for line in lines if record in line]
        assert re.search(r"sha256:[0-9a-f]{64} \S+ 2021-\d\d-\d\dT|TuDanhGia!E\d+$", line), line


@pytest.mark.parametrize("where", ["gzip header", "middle", "last byte"])
def test_one_flipped_bit_of_a_stored_file_is_found_and_named(
    where: str, demo: Demonstration, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`check` exits 1 and names the file and the record; the other files are only linked here."""
    copy = tmp_path / "home"
    shutil.copytree(demo.home, copy, copy_function=os.link)
    archive = max((copy / "archive").iterdir(), key=lambda path: path.stat().st_size)
    data = bytearray(archive.read_bytes())
    at = {"gzip header": 4, "middle": len(data) // 2, "last byte": len(data) - 1}[where]
    data[at] ^= 0b100
    archive.unlink()
    archive.write_bytes(data)

    said = caller(capsys)("--home", copy, "check", "--json")
    (finding,) = said.json["findings"]

    assert said.code == 1
    assert finding["severity"] == "fault"
    assert archive.name in finding["where"]
    assert re.search(r"urn:uuid:[0-9a-f-]{36}", finding["where"])


# --- what is said ------------------------------------------------------------------------------------


def test_rank_says_the_contract_and_no_time_or_identifier(
    concluded: Concluded, golden: Golden, capsys: pytest.CaptureFixture[str]
) -> None:
    """tests/golden/demo-rank.json: the second run of the same seed (group archive) prints the same bytes."""
    write_json(ranking(concluded))
    said = capsys.readouterr().out
    rank = json.loads(said)

    assert (rank["round"], rank["simulated"]) == ("2021", True)
    assert [len(bloc["places"]) for bloc in rank["blocs"]] == [20, 12]
    assert all({"code", "mean", "places"} <= set(bloc) for bloc in rank["blocs"])
    assert all(set(place) >= PLACE for bloc in rank["blocs"] for place in bloc["places"])
    assert not re.search(r"urn:|127\.0\.0\.1|T\d\d:", said)
    golden("demo-rank.json", said)


def test_as_of_the_first_quarter_only_the_first_quarter_counts(demo: Demonstration, store: Store) -> None:
    """What was seen later opens nothing and settles nothing: the year's news cannot be known in February."""
    settings = load(demo.home)
    judge = Judge.of(settings, settings.checked_round()).as_of(date(2021, 2, 28))

    (then,) = conclude_under((judge,), store, only=("so-y-te",))
    score = then.score("so-y-te", "HD.2")

    assert {local_day(record.captured_at) for record in then.records.values()} == {date(2021, 2, 1)}
    assert isinstance(score.figure.result, Unmeasured)
    assert not score.low
    assert score.high == score.maximum


def test_the_annex_has_every_agency_in_three_forms(concluded: Concluded, golden: Golden) -> None:
    """Each says that it is simulated; tests/golden/demo-annex.csv is that of the second run too."""
    table, page, paper = (render(concluded, form) for form in ("csv", "html", "docx"))
    document = docx.Document(io.BytesIO(paper))
    words = [paragraph.text for paragraph in document.paragraphs]
    words += [cell.text for each in document.tables for row in each.rows for cell in row.cells]
    forms = [table.decode("utf-8-sig"), page.decode("utf-8"), "\n".join(words)]

    for text in forms:
        assert all(agency.name in text for agency in concluded.registry)
        assert "mô phỏng" in text.casefold()
        assert "tạm xếp" in text.casefold()
    golden("demo-annex.csv", table)


def test_the_demo_ends_with_tables_differences_and_what_to_type_next(
    demo: Demonstration, concluded: Concluded, call: Call
) -> None:
    """Everything says that it is simulated; every line to type next is one that works."""
    names = [agency.name for agency in concluded.registry]
    lines = [
        line.partition("#")[0].strip() for line in demo.out.splitlines() if line.startswith("  minhchung ")
    ]
    typed = {words[3]: words[3:] for words in map(shlex.split, lines)}

    assert "MÔ PHỎNG" in demo.out
    assert all(name in demo.out for name in names)
    assert list(typed) == ["explain", "verify", "annex", "check", "serve"]
    assert call(*typed["explain"]).code == 0
    assert call(*typed["verify"]).code in {0, 1, 3}


def test_the_differences_at_the_end_are_those_of_the_truth(demo: Demonstration) -> None:
    """Nobody is accused wrongly, nobody is missed: the last words count what the truth file counts."""
    expected = Counter(c["expected"] for agency in demo.truth.values() for c in agency["components"].values())
    line = next(line for line in demo.out.splitlines() if line.startswith("Báo cáo cao hơn thực tế: "))

    assert [int(number) for number in re.findall(r"\d+", line)] == [
        expected[finding] for finding in ("false_claim", "honest_error", "unverifiable", "agreed")
    ]


def test_accuracy_finds_every_verifier_right_and_repeatable(call: Call, demo: Demonstration) -> None:
    """Precision and recall are 1 for each, over counts that are those of the truth file."""
    said = call("accuracy", "--json")
    expected = Counter(
        component
        for agency in demo.truth.values()
        for component, true in agency["components"].items()
        if true["expected"] == "false_claim"
    )

    assert said.code == 0
    assert sorted(row["component"] for row in said.json["verifiers"]) == sorted(COMPONENTS)
    for row in said.json["verifiers"]:
        accused = expected[row["component"]]
        assert accused > 0
        assert row["precision"] == row["recall"] == {"count": accused, "of": accused, "share": 1.0}, row
        assert row["exact"]["share"] == 1.0
        assert (row["agencies"], row["mistakes"], row["repeatable"]) == (len(demo.truth), 0, True)
        assert row["verifier"]
    kinds = Counter(row["role"] for row in said.json["roles"] if not row["mistakes"])
    assert min(kinds["gamer"], kinds["look-alike"]) >= 5
    assert said.json["repeatable"]
    assert len(set(said.json["digests"])) == 1


def test_the_contradictions_found_are_those_planted(demo: Demonstration, call: Call) -> None:
    """At least 12 kinds: every one that the systems hold is found with both sides, and no other."""
    truth = json.loads((demo.home / "simulation" / "truth.json").read_text("utf-8"))["contradictions"]

    found = call("sources", "findings", "--json").json["findings"]

    told = sorted((each["agency"], each["kind"], each["about"]) for each in found)
    assert told == sorted((each["agency"], each["kind"], each["about"]) for each in truth)
    assert len({each["kind"] for each in truth}) >= 12
    assert all(each["one"]["seen"] and each["other"]["seen"] for each in found)


def test_a_finished_demo_says_so_and_ends(call: Call, demo: Demonstration, store: Store) -> None:
    """Nothing is collected again; the tables are shown once more."""
    records = sum(1 for _ in store.records())
    begun = time.monotonic()
    said = call("demo")

    assert said.code == 0
    assert "đã xong" in said.err
    assert said.out == demo.out
    assert sum(1 for _ in store.records()) == records
    assert time.monotonic() - begun < max(30.0, demo.seconds / 2)


# --- the province once more --------------------------------------------------------------------------


def test_verify_fresh_visits_the_province_again(
    demo: Demonstration, concluded: Concluded, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 0 for an agency without a false claim, 1 with one, 3 where something is open; all is sealed."""
    copy = tmp_path / "home"
    shutil.copytree(demo.home, copy)
    ends = {agency.code: _end(concluded, agency.code) for agency in reversed(concluded.registry)}
    chosen = {code: agency for agency, code in ends.items()}
    call = caller(capsys)
    with simulated(copy):
        said = {
            code: call("--home", copy, "verify", agency, "--fresh", "--json")
            for code, agency in chosen.items()
        }
    checked = call("--home", copy, "check")

    assert sorted(chosen) == [0, 1, 3]
    for code, agency in chosen.items():
        assert said[code].code == code, said[code].err
        assert said[code].json["agency"] == agency
        assert f"{agency} [portal]" in said[code].err
    assert checked.code == 0
    with closing(open_store(load(copy))) as store:
        assert [run.note for run in store.runs()].count("verify") == 3


def _end(concluded: Concluded, agency: str) -> int:
    """Return the exit code of `verify` for an agency."""
    total = concluded.place(agency).total
    false = any(score.figure.finding.value == "false_claim" for score in total.scores)
    return 3 if total.provisional else int(false)
