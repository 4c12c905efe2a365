"""Values built with the standard library alone are those that the validating library builds."""

import json
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import pytest

from minhchung.index_set import IndexSet
from minhchung.periods import Period
from minhchung.rounds import Round, YearCalendar
from minhchung.sites import SiteProfile
from minhchung.sources import AgenciesFile
from offline.building import MisfitError, build
from offline.codec import held
from service.config_files import parse
from service.held_lines import lines
from service.measuring import until
from service.plugins import names, verifier
from service.workplace import RandomIds, SystemClock
from storage.codec import dump_figures
from storage.home import Home
from storage.store import Store
from tests.service.bundled import SmallHome
from tests.service.small_home import PRODUCT
from verifiers.interface import CommonSettings

KINDS: dict[str, Any] = {
    "index_sets": IndexSet,
    "rounds": Round,
    "agencies": AgenciesFile,
    "calendars": YearCalendar,
    "sites": SiteProfile,
}


def files() -> list[tuple[Path, Any]]:
    """Every configuration file of the product that decides a score, with its type."""
    found = [(path, kind) for folder, kind in KINDS.items() for path in (PRODUCT / folder).glob("*.toml")]
    found += [
        (PRODUCT / "verifiers" / f"{name}.toml", verifier(name).settings)
        for name in names("verifiers", "VERIFIER")
    ]
    return [*found, (PRODUCT / "verifiers" / "common.toml", CommonSettings)]


@pytest.mark.parametrize(("path", "kind"), files(), ids=[path.stem for path, _ in files()])
def test_a_rule_is_read_as_the_product_reads_it(path: Path, kind: Any) -> None:
    """The product's reader is the oracle."""
    table = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)

    assert build(kind, table) == parse(str(path), path.read_bytes(), kind)


def test_holdings_come_back_as_the_store_has_them(small: SmallHome) -> None:
    """Everything that a verifier is given, revisits repeated, in its order."""
    settings = small.settings()
    with Store(Home(small.home), SystemClock(), RandomIds(), writer=False) as store:
        for agency in settings.agencies():
            kept = store.holdings(agency, until(settings.round()))
            told = store.said_of(agency.code, until(settings.round()))
            said = [json.loads(json.dumps(line)) for line in lines(kept, told)]
            figures = json.loads(json.dumps(dump_figures(kept.submitted, kept.owner_figures)))

            assert held(agency, said, figures, "x").holdings == kept
            if agency.code == "so-thu":
                assert {line["is"] for line in said} == {"record", "visit", "observation", "again"}
                assert kept.submitted


@dataclass(frozen=True)
class Sample:
    """One field of each shape."""

    word: Literal["a", "b"]
    pairs: tuple[tuple[str, int], ...] = ()
    both: tuple[str, int] = ("", 0)
    share: Fraction | None = None
    at: datetime | None = None
    words: frozenset[str] = frozenset()


def test_every_shape_is_built() -> None:
    """One of each."""
    said = {"word": "a", "pairs": [["x", 1]], "both": ["y", 2], "share": "1/3", "at": "2021-10-04T01:02:03Z"}

    assert build(Sample, {**said, "words": ["b", "a"]}) == Sample(
        word="a",
        pairs=(("x", 1),),
        both=("y", 2),
        share=Fraction(1, 3),
        at=datetime(2021, 10, 4, 1, 2, 3, tzinfo=UTC),
        words=frozenset({"a", "b"}),
    )


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"word": "c"},
        {"word": "a", "more": 1},
        {"word": "a", "pairs": [["x", True]]},
        {"word": "a", "pairs": "x"},
        {"word": "a", "both": ["x"]},
        {"word": "a", "share": "1/0"},
        {"word": "a", "at": "2021-10-04T01:02:03"},
        [],
        None,
    ],
)
def test_what_does_not_fit_its_type_is_refused(said: Any) -> None:
    """A bundle is hostile until it fits."""
    with pytest.raises(MisfitError):
        build(Sample, said)


def test_a_value_that_its_own_type_refuses_is_a_misfit() -> None:
    """A period cannot end before it begins."""
    with pytest.raises(MisfitError):
        build(Period, {"first": date(2021, 1, 2), "last": date(2021, 1, 1)})


@pytest.mark.parametrize("kind", [Decimal, Fraction])
@pytest.mark.parametrize("said", ["1e999999999", "-1E-999999999", "9" * 1001])
def test_a_number_made_to_stop_the_reader_is_refused(kind: type, said: str) -> None:
    """A bundle comes from whom one doubts: ten to the power of a milliard would fill the memory."""
    with pytest.raises(MisfitError):
        build(kind, said)
    assert build(kind, "-0.5" if kind is Decimal else "-1/2") == kind("-0.5")
