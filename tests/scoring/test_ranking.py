"""Places: competition ranking, ties, open points; bands."""

from decimal import Decimal
from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from minhchung.rounds import Band
from minhchung.scores import Place, Total
from scoring.bands import band_of
from scoring.ranking import rank
from tests.scoring.making import round_of, total

ROUND = round_of()
TABLE_1 = [
    "89.1",
    "88.7",
    "88.5",
    "88.2",
    "87.2",
    "86.2",
    "86.2",
    "84.9",
    "84.0",
    "80.6",
    "78.9",
    "75.6",
    "74.4",
    "72.8",
    "72.3",
    "72.1",
    "71.2",
    "68.0",
    "61.6",
    "53.4",
]

scores = st.integers(0, 1000).map(lambda tenths: Fraction(tenths, 10))


@st.composite
def blocs(draw: st.DrawFn) -> list[Total]:
    """Draw a bloc of agencies, some with open points."""
    ends = draw(st.lists(st.tuples(scores, scores), min_size=1, max_size=9))
    return [total(f"co-quan-{n}", str(min(pair)), str(max(pair))) for n, pair in enumerate(ends)]


def by_agency(places: tuple[Place, ...]) -> dict[str, tuple[int, int]]:
    return {place.agency: (place.best, place.worst) for place in places}


def test_equals_share_a_rank_and_the_next_is_skipped() -> None:
    """Decision 3234/QĐ-UBND (Sơn La, 2021), Table 1: two at 06, then 08."""
    places = rank([total(f"so-{n}", score) for n, score in enumerate(TABLE_1)], ROUND)

    assert [place.best for place in places] == [1, 2, 3, 4, 5, 6, 6, *range(8, 21)]
    assert not any(place.provisional for place in places)


def test_bands_of_the_published_table() -> None:
    """Decision 3234/QĐ-UBND, Table 1: 7 Tốt, 10 Khá, 3 Trung bình; 84.9 is Khá."""
    places = rank([total(f"so-{n}", score) for n, score in enumerate(TABLE_1)], ROUND)
    bands = [place.band_low for place in places]

    assert [bands.count(code) for code in ("tot", "kha", "trung-binh", "yeu")] == [7, 10, 3, 0]
    assert bands == [place.band_high for place in places]


def test_a_bounds_side_is_declared() -> None:
    """Sơn La 2021: 85 is in; Lào Cai 2023: above 75, so 75 itself is not."""
    son_la = (Band(code="tot", name="Tốt", min=Decimal(85)), Band(code="kha", name="Khá", min=Decimal(0)))
    lao_cai = (
        Band(code="dan-dau", name="Dẫn dắt", min=Decimal(75), inclusive=False),
        Band(code="khac", name="Khác", min=Decimal(0)),
    )

    assert band_of(Decimal("85.0"), son_la).code == "tot"
    assert band_of(Decimal("84.9"), son_la).code == "kha"
    assert band_of(Decimal(75), lao_cai).code == "khac"
    assert band_of(Decimal("75.01"), lao_cai).code == "dan-dau"


def test_a_band_is_taken_on_the_declared_value() -> None:
    """84.95 is published as 85.0: Tốt on the published value, Khá on the raw one."""
    agencies = [total("so-mot", "84.95")]

    assert rank(agencies, ROUND)[0].band_low == "tot"
    assert rank(agencies, round_of(band_on="raw"))[0].band_low == "kha"


def test_among_equals_the_raw_total_then_the_registry_decides_the_line_not_the_place() -> None:
    agencies = [total("so-a", "81.36"), total("so-b", "81.44"), total("so-c", "81.44")]

    places = rank(agencies, ROUND)

    assert [place.agency for place in places] == ["so-b", "so-c", "so-a"]
    assert {place.best for place in places} == {1}
    assert [p.agency for p in rank(agencies, round_of(tie_order=("registry",)))] == ["so-a", "so-b", "so-c"]


def test_anybodys_open_points_make_a_place_provisional() -> None:
    places = by_agency(rank([total("so-a", "80"), total("so-b", "70", "90"), total("so-c", "60")], ROUND))

    assert places == {"so-a": (1, 2), "so-b": (1, 2), "so-c": (3, 3)}


def test_an_unranked_agency_stands_last_and_moves_nobody() -> None:
    """Hải Dương 2023: scored but not ranked."""
    places = rank([total("ban-a", "99", ranked=False), total("so-b", "70")], ROUND)

    assert by_agency(places) == {"so-b": (1, 1), "ban-a": (0, 0)}
    assert places[-1].agency == "ban-a"


@given(blocs(), st.data())
def test_places_do_not_depend_on_the_order_of_the_registry(
    agencies: list[Total], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(agencies))

    assert by_agency(rank(agencies, ROUND)) == by_agency(rank(shuffled, ROUND))


@given(st.lists(scores, min_size=1, max_size=9))
def test_settled_places_follow_the_definition(values: list[Fraction]) -> None:
    """A place is one more than the number of strictly better agencies; so equals share it."""
    places = rank([total(f"so-{n}", str(value)) for n, value in enumerate(values)], ROUND)

    for place in places:
        assert place.best == place.worst == 1 + sum(other > place.total.low for other in values)


@given(st.lists(st.tuples(scores, scores), min_size=1, max_size=4))
def test_best_and_worst_are_reached_by_some_outcome_and_passed_by_none(
    pairs: list[tuple[Fraction, Fraction]],
) -> None:
    """Try every corner: each agency at its low or its high end."""
    ends = [(min(pair), max(pair)) for pair in pairs]
    open_places = by_agency(rank([total(f"so-{n}", str(a), str(b)) for n, (a, b) in enumerate(ends)], ROUND))
    reached: dict[str, set[int]] = {code: set() for code in open_places}
    for corner in product(*ends):
        settled = rank([total(f"so-{n}", str(value)) for n, value in enumerate(corner)], ROUND)
        for place in settled:
            reached[place.agency].add(place.best)

    assert {code: (min(found), max(found)) for code, found in reached.items()} == open_places


@given(blocs(), st.data())
def test_opening_points_never_improves_the_worst_place(agencies: list[Total], data: st.DataObject) -> None:
    """An agency that begins to hide keeps its proven low end and gains no place by it."""
    index = data.draw(st.integers(0, len(agencies) - 1))
    one = agencies[index]
    lower = data.draw(scores.filter(lambda value: value <= one.low))
    hidden = [*agencies]
    hidden[index] = total(one.agency, str(lower), str(one.high))

    before, after = by_agency(rank(agencies, ROUND)), by_agency(rank(hidden, ROUND))

    assert after[one.agency][1] >= before[one.agency][1]
    assert after[one.agency][0] == before[one.agency][0]
