"""End to end on a province of two tiers that was reorganised on 1 July: what it shows is what its truth says.

15 departments and 75 communes on shared hosts; those that ended on 30 June and those made of them are both
assessed, each on its own days. Two rounds stand on one crawl: the year, and its first half.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from minhchung.agencies import Agency, told_apart
from minhchung.evidence import PORTAL, AgencyCode
from minhchung.measurements import Measurement, NotApplicable, Unmeasured
from minhchung.periods import Period, local_day
from minhchung.places import own_places
from minhchung.scores import Score
from minhchung.sources import AgenciesFile
from scoring.trend import trends
from service.annexes import render
from service.config_files import parse
from service.registries import preview
from service.settings import Settings, load
from service.standings import Concluded, conclude
from service.workplace import open_store
from storage.store import Store
from tests.service.calling import Call, Said, caller
from tests.service.demonstrated import Demonstration, demonstrate, told

pytestmark = pytest.mark.archive  # most of a minute of a province: too long for core

COMPONENTS = ("HD.1", "HD.2", "HD.4", "HD.5", "HD.6")
HALF, YEAR = "2021-6-thang", "2021"
LAST_OF_OLD, FIRST_OF_NEW = date(2021, 6, 30), date(2021, 7, 1)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """One demo for every test of this file."""
    return demonstrate(tmp_path_factory.mktemp("two-tier") / "home", "--province", "two-tier")


@pytest.fixture(scope="module")
def settings(demo: Demonstration) -> Settings:
    """The configuration that finds the province."""
    return load(demo.home)


@pytest.fixture(scope="module")
def store(settings: Settings) -> Iterator[Store]:
    """The demo's home, open for reading."""
    with closing(open_store(settings)) as store:
        yield store


@pytest.fixture(scope="module")
def concluded(settings: Settings, store: Store) -> Mapping[str, Concluded]:
    """What both rounds conclude."""
    return {name: conclude(settings, store, name) for name in (HALF, YEAR)}


@pytest.fixture(scope="module")
def truth(demo: Demonstration) -> Mapping[str, Mapping[str, Any]]:
    """The truth file's agencies by round and code."""
    whole = json.loads((demo.home / "simulation" / "truth.json").read_text("utf-8"))
    return {
        whole["round"]: whole["agencies"],
        whole["earlier"]["round"]: whole["earlier"]["agencies"],
    }


@pytest.fixture
def call(demo: Demonstration, capsys: pytest.CaptureFixture[str]) -> Call:
    """The command line at the demo's home."""
    plain: Call = caller(capsys)

    def at(*words: object) -> Said:
        return plain("--home", demo.home, *words)

    return at


def scores(concluded: Concluded) -> Iterator[tuple[AgencyCode, Score]]:
    """Yield every component of every agency of a round."""
    for bloc in concluded.standing.blocs:
        for place in bloc.places:
            yield from ((place.agency, score) for score in place.total.scores)


# --- who there is ------------------------------------------------------------------------------------


def test_the_province_is_of_two_tiers_and_was_reorganised(demo: Demonstration, settings: Settings) -> None:
    """15 departments, 75 communes on four hosts; their predecessors end on the day before they begin."""
    assert demo.code == 0, demo.err
    agencies = {agency.code: agency for agency in settings.agencies()}
    now = [agency for agency in agencies.values() if agency.in_force(date(2021, 12, 31))]
    communes = [agency for agency in now if agency.bloc == "commune"]
    successors = [agency for agency in now if agency.predecessors]

    assert Counter(agency.bloc for agency in now) == {"provincial": 15, "commune": 75}
    assert len({urlsplit(agency.portal).netloc for agency in communes}) == 4
    assert sum(not agency.has_procedures for agency in now) == 3
    assert {agency.valid_from for agency in now} == {None, FIRST_OF_NEW}
    assert {agency.valid_to for agency in agencies.values()} == {None, LAST_OF_OLD}
    assert {code for agency in successors for code in agency.predecessors} == {
        code for code, agency in agencies.items() if agency.valid_to
    }


def test_the_registry_is_what_the_provinces_own_list_becomes(demo: Demonstration, settings: Settings) -> None:
    """`registry import` of the workbook: no fault; spans, folders and predecessors as in the registry."""
    found = preview(demo.home / "simulation" / "danh-sach-co-quan.xlsx", blocs=("provincial", "commune"))
    imported = parse("x.toml", found.toml("Tỉnh hai cấp").encode(), AgenciesFile)

    def said(agency: Agency) -> tuple[object, ...]:
        days = (agency.valid_from, agency.valid_to, agency.predecessors)
        place = (agency.bloc, agency.level, agency.portal, agency.abbreviation)
        return (agency.code, agency.name, *place, agency.has_procedures, *days)

    assert found.findings == ()
    assert [said(agency) for agency in imported.agency] == [said(agency) for agency in settings.agencies()]


def test_a_fault_in_the_list_keeps_it_from_being_written(
    demo: Demonstration, call: Call, tmp_path: Path
) -> None:
    """The check must be able to fail on this very list: where communes are no bloc each of them is named."""
    out = tmp_path / "x.toml"
    listed = demo.home / "simulation" / "danh-sach-co-quan.xlsx"

    blocs = ("--bloc", "provincial", "--bloc", "commune")
    good = call("registry", "import", listed, *blocs, "--out", out, "--json")
    bad = call("registry", "import", listed, *blocs[:2], "--out", tmp_path / "y.toml", "--json")

    assert good.code == 0
    assert len(good.json["agencies"]) == len(parse("x", out.read_bytes(), AgenciesFile).agency)
    assert bad.code == 1
    assert len(bad.json["findings"]) == sum(row["bloc"] == "commune" for row in good.json["agencies"])
    assert not (tmp_path / "y.toml").exists()


# --- the truth ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [HALF, YEAR])
def test_what_is_concluded_is_the_truth(
    name: str, concluded: Mapping[str, Concluded], truth: Mapping[str, Mapping[str, Any]]
) -> None:
    """Every agency that existed in the period, every component: exact inputs, or the true reason for none."""
    expected = {
        (AgencyCode(code), component): entry
        for code, agency in truth[name].items()
        for component, entry in agency["components"].items()
    }
    found = {(code, score.component): score.figure for code, score in scores(concluded[name])}

    assert found.keys() == expected.keys()
    assert {component for _, component in found} == set(COMPONENTS)
    for key, entry in expected.items():
        match found[key].result:
            case Measurement(inputs=inputs):
                true = {name: told(value) for name, value in (entry["inputs"] or {}).items()}
                assert {name: given.value for name, given in inputs.items()} == true, key
            case Unmeasured(reason=reason):
                assert reason == entry["unmeasured"], key
            case NotApplicable(reason=why):
                assert why == entry["not_applicable"], key
            case None:
                pytest.fail(f"{key}: nothing was measured")


def test_who_exists_for_a_part_of_the_year_is_measured_on_that_part(
    concluded: Mapping[str, Concluded], settings: Settings
) -> None:
    """Pro rata: 7·N over the days of the agency's own span; both sides of the reorganisation are there."""
    spans = Counter[str]()
    for agency in settings.agencies():
        result = concluded[YEAR].score(agency.code, "HD.2").figure.result
        if not isinstance(result, Measurement):
            continue
        period = Period(agency.valid_from or date(2021, 1, 1), agency.valid_to or date(2021, 12, 31))
        counted = next(note.count for note in result.notes if note.key == "counted")
        assert result.window.first == period.first
        assert result.window.last <= period.last
        assert len(result.window) * 100 >= 90 * len(period)
        assert counted is not None
        weekly = result.inputs["so_tin_tu_bien_tap_moi_tuan"].value
        assert isinstance(weekly, Fraction)
        assert weekly <= Fraction(7 * counted, len(result.window))
        spans["former" if agency.valid_to else "later" if agency.valid_from else "lasting"] += 1

    assert spans == {"former": 36, "later": 18, "lasting": 71}


def test_nobody_is_visited_before_it_begins_and_the_ended_lose_nothing_later(
    settings: Settings, store: Store, concluded: Mapping[str, Concluded], truth: Mapping[str, Any]
) -> None:
    """Portals that are dark, gone or moved in January were read in June; their points stand, settled."""
    outlived = 0
    for agency in settings.agencies():
        visits = store.visits_of(agency.code, PORTAL)
        days = {local_day(visit.began_at) for visit in visits}
        assert (min(days) < FIRST_OF_NEW) == (agency.valid_from is None)
        if agency.valid_to is None or truth[YEAR][agency.code]["fate"] not in {"gone", "moved"}:
            continue
        assert all(visit.state != "ok" for visit in visits if local_day(visit.began_at) > LAST_OF_OLD)
        assert not concluded[YEAR].place(agency.code).total.provisional
        outlived += 1

    ended = {agency.code for agency in settings.agencies() if agency.valid_to is not None}
    assert not [each for each in concluded[YEAR].incidents if ended & set(each.agencies)]
    assert outlived >= 10


# --- shared hosts ------------------------------------------------------------------------------------


def test_evidence_of_one_commune_never_counts_for_another(
    settings: Settings, store: Store, concluded: Mapping[str, Concluded]
) -> None:
    """Every record that a result rests on was sealed for that agency: its folder's, or a visit's account."""
    agencies = settings.registry.agency
    held = 0
    for agency in agencies:
        own = own_places(agency, agencies)
        for component in COMPONENTS:
            result = concluded[YEAR].score(agency.code, component).figure.result
            assert result is not None
            for record in map(store.record, {place.record for place in result.basis}):
                account = record.url.startswith("urn:minhchung:visit:")
                assert record.agency == agency.code
                assert account or own.hold(record.url), (agency.code, record.url)
                held += not account

    assert held > 1000


def test_neighbours_whose_folders_begin_alike_are_told_apart(settings: Settings, store: Store) -> None:
    """/na-ten is no part of /na-ten-thuong, and both are read; each page links to others' news."""
    one, other = settings.agency("xa-na-ten"), settings.agency("xa-na-ten-thuong")
    short = own_places(one, settings.registry.agency)

    assert short.hold(one.portal)
    assert not short.hold(other.portal)
    for agency in (one, other):
        asked = [r for r in store.records(agency=agency.code) if r.kind in {"response", "revisit"}]
        home = next(record for record in asked if record.url == agency.portal)
        folder = urlsplit(agency.portal).path.strip("/")
        assert b'class="lan-can"' in store.body(home.id)
        assert {urlsplit(r.url).path.split("/")[1] for r in asked} <= {folder, "robots.txt", "sitemap.xml"}


def test_the_pace_is_the_addresss_not_the_folders(call: Call) -> None:
    """All hosts resolve to one address: one group, whatever their ports and folders."""
    said = call("collect", "--plan", "--json")
    (group,) = said.json["runs"][0]["groups"]

    assert said.code == 0
    assert group["group"] == "127.0.0.1"
    assert len(group["agencies"]) == 126
    assert len(group["hosts"]) > 20


def test_who_is_kept_out_by_the_shared_robots_file_has_it_sealed(
    store: Store, settings: Settings, truth: Mapping[str, Mapping[str, Any]]
) -> None:
    """One file speaks for all folders of a host; its neighbours are read as ever."""
    refused = [code for code, told in truth[YEAR].items() if "robots-refuse" in told["temper"]]

    assert len(refused) == 1
    for code in refused:
        agency = settings.agency(code)
        records = list(store.records(agency=agency.code))
        assert any(r.url.endswith("/robots.txt") and r.kind in {"response", "revisit"} for r in records)
        assert not any(r.kind == "response" and r.url.startswith(agency.portal) for r in records)


# --- the rules ---------------------------------------------------------------------------------------


def test_without_procedures_the_rest_is_scaled_up(
    concluded: Mapping[str, Concluded], settings: Settings
) -> None:
    """The set says `rescale`: of 100 points 85 can be had, and 100/85 of what was had is the total."""
    year = concluded[YEAR]
    without = [agency.code for agency in settings.agencies() if not agency.has_procedures]
    for place in (place for bloc in year.standing.blocs for place in bloc.places):
        total, had = place.total, sum((score.low for score in place.total.scores), Fraction(0))
        scale = Fraction(100, 85) if place.agency in without else 1
        assert total.low == had * scale
        assert isinstance(year.score(place.agency, "HD.6").figure.result, NotApplicable) == (
            place.agency in without
        )

    assert len(without) == 5  # two of them were made into one of the three


def test_a_trend_across_the_merger_is_absent_or_the_labelled_mean(
    concluded: Mapping[str, Concluded], settings: Settings, call: Call
) -> None:
    """As the national index of 2024 did: the mean of the former ones in each main index, or nothing."""
    then, now = concluded[HALF], concluded[YEAR]
    maxima = {main.code: Fraction(main.points) for main in now.index_set.main_index}
    told = call("trend", HALF, YEAR, "--mergers", "mean-of-predecessors", "--json").json["trends"]
    absent = trends(then.standing, now.standing, (maxima, maxima), now.registry, "absent")
    before = {
        (place.agency, main): 100 * low / maxima[main]
        for bloc in then.standing.blocs
        for place in bloc.places
        for main, low, high in place.total.main_indices
        if low == high
    }

    merged = [row for row in told if settings.agency(row["agency"]).predecessors]
    assert {row["basis"] for row in merged} == {"mean-of-predecessors", "absent"} - (
        set() if any(row["before"] is None for row in merged) else {"absent"}
    )
    for row in merged:
        former = settings.agency(row["agency"]).predecessors
        known = [before.get((code, row["main_index"])) for code in former]
        if None in known:
            assert (row["before"], row["basis"], row["predecessors"]) == (None, "absent", [])
            continue
        mean = sum((each for each in known if each is not None), Fraction(0)) / len(known)
        assert (row["before"], row["predecessors"]) == (str(mean), list(former))
    for one in absent:
        if settings.agency(one.agency).predecessors:
            assert (one.before, one.basis) == (None, "absent")
        else:
            assert one.before == before.get((one.agency, one.main_index))
    assert len(merged) > 30


# --- what is said ------------------------------------------------------------------------------------


def test_the_annex_names_everybody_and_the_archive_is_whole(
    concluded: Mapping[str, Concluded], call: Call, demo: Demonstration
) -> None:
    """Two tables of places; everything says that it is simulated; `check` finds nothing."""
    text = render(concluded[YEAR], "csv").decode("utf-8-sig")
    cells = {cell for row in csv.reader(io.StringIO(text)) for cell in row}

    names = {agency.name for agency in told_apart(concluded[YEAR].registry)}

    assert names <= cells
    assert len(names) == len(concluded[YEAR].registry)
    assert {f"Sở Tài chính tỉnh Ban Trắng ({days})" for days in ("đến 30/06/2021", "từ 01/07/2021")} <= names
    assert "mô phỏng" in text.casefold()
    assert "--round 2021" in demo.out
    assert call("check").code == 0
