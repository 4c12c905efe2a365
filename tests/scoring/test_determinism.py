"""One digest, one result: whatever the machine's zone, its hash seed or the order in which things came."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from minhchung.evidence import AgencyCode
from minhchung.rulings import Ruling
from minhchung.scores import Standing
from scoring.annex import annex
from scoring.annex_csv import as_csv
from scoring.printed import printed_standing, printed_total
from scoring.standing import stand
from tests.scoring.making import YEAR, component, given, index_set_2021, measured, round_of, set_of
from tests.scoring.small_round import REGISTRY, ROUND, SET, small_standing

CHECKOUT: Final = Path(__file__).resolve().parents[2]
SAY: Final = "from tests.scoring.test_determinism import said; import sys; sys.stdout.write(said())"


def said() -> str:
    """Return everything that the small round concludes, and its annex."""
    standing = small_standing()
    totals = [printed_total(place.total) for bloc in standing.blocs for place in bloc.places]
    result = json.dumps([printed_standing(standing), totals], ensure_ascii=False, sort_keys=True)
    return result + as_csv(annex(standing, SET, ROUND, REGISTRY))


@pytest.mark.parametrize(
    ("zone", "seed"), [("UTC", "0"), ("Pacific/Kiritimati", "1"), ("America/Adak", "4242")]
)
def test_any_process_in_any_zone_says_the_same_bytes(zone: str, seed: str) -> None:
    environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed}
    done = subprocess.run(
        [sys.executable, "-c", SAY], cwd=CHECKOUT, env=environment, capture_output=True, check=True
    )

    assert done.stdout.decode() == said()


X, Y = (component("ratio", "50", code=code) for code in ("X.1", "Y.1"))
INDEX_SET = set_of([X, Y])


def concluded(order: random.Random | None = None, **changed: Any) -> Standing:
    """Return a standing of three agencies, what goes in shuffled by `order`."""

    def shuffled(items: Mapping[Any, Any]) -> dict[Any, Any]:
        pairs = list(items.items())
        if order is not None:
            order.shuffle(pairs)
        return dict(pairs)

    results = {
        AgencyCode(code): shuffled(
            {"X.1": measured(given(num=n, den=9)), "Y.1": measured(given(num=1, den=n))}
        )
        for n, code in enumerate(("so-a", "so-b", "so-c"), start=1)
    }
    parts: dict[str, Any] = {
        "index_set": INDEX_SET,
        "round_": round_of(),
        "registry": [replace(REGISTRY[0], code=code, bloc="provincial") for code in results],
        "results": shuffled(results),
        "claims": {},
        "owner_figures": {},
        **changed,
    }
    return stand(**parts)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_in_which_things_came_is_not_in_the_digest(seed: int) -> None:
    assert concluded(random.Random(seed)) == concluded()


RULING: Final = Ruling(
    round="thu",
    agency=AgencyCode("so-a"),
    component="X.1",
    inputs={"num": given(num=1)["num"].value, "den": given(den=2)["den"].value},
    by="an",
    day=YEAR.last,
    why="x",
)


@pytest.mark.parametrize(
    "changed",
    [
        {"round_": round_of(unmeasured="exclude-rescale")},
        {"round_": round_of(bands=round_of().bands[1:])},
        {"index_set": replace(INDEX_SET, component_decimals=3)},
        {"index_set": set_of([replace(X, tolerance=Decimal("0.1")), Y])},
        {"own_sets": {"district": index_set_2021()}},
        {"rulings": {AgencyCode("so-a"): {"X.1": RULING}}},
        {"stage": "second"},
        {"simulated": True},
    ],
)
def test_whatever_can_move_a_point_is_in_the_digest(changed: dict[str, Any]) -> None:
    assert concluded(**changed).inputs_digest != concluded().inputs_digest


def test_who_ruled_and_why_explains_a_point_and_does_not_move_it() -> None:
    other = replace(RULING, by="binh", why="y")
    one, two = ({AgencyCode("so-a"): {"X.1": each}} for each in (RULING, other))

    assert concluded(rulings=one).inputs_digest == concluded(rulings=two).inputs_digest
