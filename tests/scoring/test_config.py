"""The product's own index set, registry, round and calendars say what they claim to say."""

from collections import Counter
from datetime import date
from decimal import Decimal

from minhchung.measurements import Origin
from minhchung.periods import WorkCalendar
from minhchung.rounds import YearCalendar
from minhchung.sources import Network, Timetable
from scoring.soundness import faults
from tests.scoring.making import config, index_set_2021, registry_2021, round_2021

SET = index_set_2021()


def test_the_set_has_45_components_worth_100_points_under_five_main_indices() -> None:
    """Decision 3234/QĐ-UBND, A.III: five main indices, in this order, on a scale of 100."""
    assert [main.code for main in SET.main_index] == ["HT", "HD", "AT", "NL", "TC"]
    assert [len(main.component) for main in SET.main_index] == [8, 21, 6, 3, 7]
    assert list(faults(SET)) == []


def test_points_by_kind_are_those_of_the_settled_reconstruction() -> None:
    """Settlement C6b: with HD.14 cross-checked, 24 + 36 + 21 + 19 = 100."""
    points: Counter[str] = Counter()
    for component in SET.components():
        points[component.kind] += int(component.points)

    assert points == {
        "submitted_proof": 24,
        "submitted_crosschecked": 36,
        "objective_crawl": 21,
        "objective_service_system": 19,
    }


def test_the_set_says_of_itself_that_it_is_a_reconstruction() -> None:
    assert SET.status == "reconstruction"
    assert "tái dựng" in SET.title
    assert "trọng số và ngưỡng do người dựng đặt" in SET.warning


def test_no_objective_component_has_an_input_that_is_only_claimed() -> None:
    """Settlements C4 to C8b: what only the agency says is no measurement."""
    only_claimed = [
        (component.code, spec.name)
        for component in SET.components()
        if component.kind.startswith("objective")
        for spec in component.inputs
        if set(spec.origins) <= {Origin.SUBMITTED}
    ]

    assert only_claimed == []
    assert sum(bool(component.verifier) for component in SET.components()) == 20


def test_documents_are_named_and_no_address_is_kept() -> None:
    for component in SET.components():
        for basis in component.basis:
            assert "http" not in basis
            assert "www" not in basis


def test_the_registry_holds_the_32_agencies_of_the_decision() -> None:
    """Decision 3234/QĐ-UBND: 20 provincial agencies, 12 districts; districts end on 30/6/2025."""
    agencies = registry_2021().agency

    assert Counter(agency.bloc for agency in agencies) == {"provincial": 20, "district": 12}
    assert len({agency.code for agency in agencies}) == 32
    assert {a.valid_to for a in agencies if a.bloc == "district"} == {date(2025, 6, 30)}
    assert [agency.code for agency in agencies if not agency.has_procedures] == ["thanh-tra-tinh"]
    assert sum(bool(agency.portal) for agency in agencies) == 7


def test_an_unconfirmed_portal_is_empty_and_its_note_says_so() -> None:
    for agency in registry_2021().agency:
        assert agency.portal or "cổng chưa xác nhận" in agency.note.casefold(), agency.code


def test_the_round_is_that_of_2021() -> None:
    """Bands 85/70/50 inclusive on the published value, half-up, competition ranking, hold by default."""
    round_ = round_2021()

    assert [(band.min, band.inclusive) for band in round_.bands] == [
        (Decimal(85), True),
        (Decimal(70), True),
        (Decimal(50), True),
        (Decimal(0), True),
    ]
    assert (round_.band_on, round_.unmeasured, len(round_.period)) == ("published", "hold", 365)
    assert round_.report_due == date(2021, 10, 30)


def test_posting_deadlines_of_the_calendar() -> None:
    """Two working days: from Friday 29/1/2021 to 2/2; from 9/2/2021 over the Tết holiday to 18/2."""
    years = [config(YearCalendar, f"calendars/vn-{year}.toml") for year in (2020, 2021)]
    calendar = WorkCalendar(
        years=tuple(year.year for year in years),
        holidays={h.day: h.document for year in years for h in year.holiday},
    )

    assert calendar.add_working_days(date(2021, 1, 29), 2) == date(2021, 2, 2)
    assert calendar.add_working_days(date(2021, 2, 9), 2) == date(2021, 2, 18)
    assert all(holiday.document for year in years for holiday in year.holiday)
    assert all(holiday.day.year == year.year for year in years for holiday in year.holiday)


def test_the_close_looks_twice_on_two_days() -> None:
    timetable = config(Timetable, "timetable.toml")
    close = next(entry for entry in timetable.schedule if entry.key == "chot-ky")

    assert close.cron.split()[2] == "2,4"
    assert close.scope == "host"
    assert close.services


def test_no_private_address_may_be_reached_by_default() -> None:
    network = config(Network, "network.toml")

    assert network.allow == ()
    assert network.robots == "obey"
