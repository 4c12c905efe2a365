"""What rests on a driver that nobody has proven says so, wherever it is shown, and scores as before."""

from __future__ import annotations

from typing import Any

from minhchung.evidence import PORTAL
from minhchung.scores import Place
from scoring.annex import annex
from scoring.annex_csv import as_csv
from scoring.explain import as_text, derive, derive_total
from service.render.sections import sections
from tests.scoring.small_round import RECORDS, REGISTRY, ROUND, SET, small_standing

MARK = "Một cửa (trình đọc igate2) chưa được chứng minh trên hệ thống thật"
MARKS = {str(PORTAL): MARK}
PLACES: dict[str, Place] = {place.agency: place for bloc in small_standing().blocs for place in bloc.places}


def test_a_component_that_rests_on_the_driver_says_so_once_and_no_other_does() -> None:
    """docs/reference/cli.md, `explain`: a line under the component; points stay."""
    scores = {score.component: score for score in PLACES["so-ban"].total.scores}

    resting = derive(scores["HD.2"], SET, RECORDS, MARKS)
    claimed = as_text(derive(scores["HT.1"], SET, RECORDS, MARKS))

    assert [child.text for child in resting.children].count(f"Lưu ý: {MARK}") == 1
    assert as_text(resting).replace(f"Lưu ý: {MARK}", "").count(MARK) == 0
    assert resting.text == derive(scores["HD.2"], SET, RECORDS).text
    assert MARK not in claimed
    assert MARK in as_text(derive_total(PLACES["so-ban"].total, "Sở Bàn", SET, RECORDS, MARKS))
    assert MARK not in as_text(derive(scores["HD.2"], SET, RECORDS, {"another": MARK}))


def test_the_annex_names_the_driver_and_what_rests_on_it_in_every_form() -> None:
    """A sentence for each driver; without one there is no such section, and the digest is the same."""
    told: dict[str, Any] = {"records": RECORDS, "marks": MARKS}

    plain = annex(small_standing(), SET, ROUND, REGISTRY)
    marked = annex(small_standing(), SET, ROUND, REGISTRY, **told)

    (sentence,) = marked.unproven
    assert sentence.startswith(f"{MARK}: HD.2")
    assert sentence.endswith(" cơ quan)")
    assert sentence in as_csv(marked)
    assert list(sections(marked))[-1].grids[0].rows == ((sentence,),)
    assert plain.unproven == ()
    assert list(sections(marked))[:-1] == list(sections(plain))
    assert (marked.tables, marked.inputs_digest) == (plain.tables, plain.inputs_digest)
