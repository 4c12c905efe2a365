"""What a checklist judges: the items of the index set, whatever the configuration has terms for."""

from dataclasses import replace

from minhchung.index_set import ChecklistItem
from tests.verifiers import builders as b
from tests.verifiers import test_compulsory_sections as hd7
from tests.verifiers.scenes import Scene, row
from verifiers.compulsory_sections import VERIFIER


def test_an_item_without_terms_is_open_and_never_not_met() -> None:
    """Absence of a configuration is ours: the item of another decree has no terms yet."""
    items = (*hd7.HD7.formula.items, ChecklistItem(id="bao_cao_nam", points=hd7.HD7.points))
    asked = replace(hd7.HD7, formula=replace(hd7.HD7.formula, items=items))

    result = b.unmeasured(VERIFIER.measure(hd7.scene().held(), b.context(asked), b.settings(VERIFIER)))

    assert result.reason.value == "mapping-missing"
    assert b.met_items(result) == frozenset(hd7.ITEMS)


def test_items_that_the_set_does_not_ask_for_are_not_judged() -> None:
    """A set of another year may ask for fewer: what it leaves out leaves nothing open."""
    fewer = replace(hd7.HD7, formula=replace(hd7.HD7.formula, items=hd7.HD7.formula.items[:2]))
    built = hd7.scene("lay_y_kien_gop_y")

    result = b.measured(VERIFIER.measure(built.held(), b.context(fewer), b.settings(VERIFIER)))

    assert b.met_items(result) == frozenset(hd7.ITEMS[:2])
    assert len(result.notes) == 2


def test_a_set_under_the_later_decree_asks_for_its_own_items() -> None:
    """Decree 42/2022, article 4: yearly reports and statistics; the terms are there, the set says when."""
    later = ("bao_cao_hang_nam", "so_lieu_thong_ke")
    asked = b.component("HD.7", "1", **dict.fromkeys(later, "0.5"))
    built = Scene().fill().listed("bc", "Báo cáo thường niên", (row("bc-1", hd7.SPRING),))

    result = b.measured(VERIFIER.measure(built.held(), b.context(asked), b.settings(VERIFIER)))

    assert b.met_items(result) == {"bao_cao_hang_nam"}
