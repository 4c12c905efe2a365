"""A score explained: the tree reaches records, and its text is reviewed."""

from collections.abc import Callable, Iterator

from minhchung.scores import Derivation, Place
from scoring.explain import as_text, derive, derive_total
from tests.scoring.small_round import HOME, LIST, RECORDS, SET, small_standing

Golden = Callable[[str, str | bytes], None]
PLACES: dict[str, Place] = {place.agency: place for bloc in small_standing().blocs for place in bloc.places}


def tree(agency: str, component: str) -> Derivation:
    score = next(s for s in PLACES[agency].total.scores if s.component == component)
    return derive(score, SET, RECORDS)


def walk(node: Derivation) -> Iterator[Derivation]:
    yield node
    for child in node.children:
        yield from walk(child)


def test_a_measured_component_is_the_reviewed_tree(golden: Golden) -> None:
    golden("explain-component.txt", as_text(tree("so-ban", "HD.2")))


def test_an_agency_is_the_reviewed_tree(golden: Golden) -> None:
    total = PLACES["so-mo"].total

    golden("explain-agency.txt", as_text(derive_total(total, "Sở Mơ", SET, RECORDS)))


def test_the_leaves_are_records_with_digest_address_time_and_place() -> None:
    leaves = [node for node in walk(tree("so-ban", "HD.2")) if node.record]
    listed = next(leaf for leaf in leaves if leaf.record == LIST)

    assert {HOME, LIST} <= {leaf.record for leaf in leaves}
    assert "sha256:" + "ab" * 32 in listed.text
    assert "http://127.0.0.1:8104/tin-tuc?trang=1 2021-11-02T13:02:00Z" in listed.text
    assert "ul > li:nth-child(1); ul > li:nth-child(2)" in listed.text
    assert all(not leaf.children for leaf in leaves)


def test_what_could_not_be_measured_shows_the_attempts() -> None:
    nodes = list(walk(tree("so-mo", "HD.2")))

    assert any(node.text.startswith("Chưa đo được (không truy cập được): 0 trên 5 lượt") for node in nodes)
    assert [node.record for node in nodes if node.record][-1] == HOME


def test_a_record_that_is_not_held_is_still_named() -> None:
    score = next(s for s in PLACES["so-ban"].total.scores if s.component == "HD.2")

    leaves = [node for node in walk(derive(score, SET, {})) if node.record == LIST]

    assert leaves
    assert leaves[0].text.startswith(LIST)


def test_what_does_not_apply_is_shown_with_the_rescaling() -> None:
    text = as_text(derive_total(PLACES["thanh-tra"].total, "Thanh tra", SET, RECORDS))

    assert "Quy đổi: tổng điểm × 20/16, vì không tính HD.15" in text
    assert "không tính / 4,00 điểm" in text


def test_text_of_others_cannot_move_the_cursor() -> None:
    """A proof or an address may hold anything."""
    assert as_text(Derivation(text="a\x1b[2J\nb")) == "a [2J b\n"
