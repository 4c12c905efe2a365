"""A sample of real findings, labelled by two people apart: drawn and sealed first, read back, registered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from minhchung.clock import Clock
from minhchung.errors import UsageError
from minhchung.evidence import RecordId
from minhchung.labels import Drawn, FieldAccuracy, LabelDraw, Labels
from minhchung.measurements import Measurement
from minhchung.periods import local_day
from minhchung.rulings import Person
from minhchung.scores import Finding, Score
from scoring.field_accuracy import drawn, field_accuracy
from service.act_records import Desk, acts_of
from storage.store import Store

COMPARED = frozenset({Finding.FALSE_CLAIM, Finding.HONEST_ERROR, Finding.AGREED})
"""Findings that compare a claim with a measurement."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A draw with what was registered for it so far."""

    record: RecordId
    draw: LabelDraw
    labels: Mapping[str, Labels]
    """By person."""

    def pair(self) -> tuple[Labels, Labels] | None:
        """Return what both people said, in the order of the draw; None while one is missing."""
        one, other = (self.labels.get(person) for person in self.draw.people)
        return None if one is None or other is None else (one, other)


def population(scores: Sequence[Score]) -> tuple[Drawn, ...]:
    """Return the findings of a result that a sample may be drawn from: claims that a measurement met."""
    return tuple(
        Drawn(
            agency=score.agency,
            component=score.component,
            verifier=score.figure.result.verifier,
            accused=score.figure.finding is Finding.FALSE_CLAIM,
        )
        for score in scores
        if isinstance(score.figure.result, Measurement) and score.figure.finding in COMPARED
    )


def draw_sample(
    scores: Sequence[Score],
    *,
    round_id: str,
    inputs_digest: str,
    people: tuple[Person, Person],
    by: str,
    seed: str,
    most: int,
    clock: Clock,
) -> LabelDraw:
    """Draw findings, at most so many accusing ones and others of each verifier; raises UsageError."""
    one, other = people
    if one.id == other.id:
        raise UsageError(f"{one.id} cannot be both; two people label, each alone")
    for person in people:
        if person.agency or person.runs:
            where = person.agency or ", ".join(person.runs)
            raise UsageError(f"{person.id} belongs to or runs {where}, which is rated; name somebody else")
    found = population(scores)
    if not found:
        raise UsageError(f"round {round_id} holds no measured claim to draw from; collect and import first")
    counts = Counter((item.verifier, item.accused) for item in found)
    order = {item: _turn(f"{seed}/{item.agency}/{item.component}") for item in found}
    return LabelDraw(
        round=round_id,
        seed=seed,
        day=local_day(clock.now()),
        by=by,
        people=(one.id, other.id),
        inputs_digest=inputs_digest,
        items=drawn(found, order, most),
        populations={
            verifier: (counts[verifier, True], counts[verifier, False])
            for verifier in sorted({item.verifier for item in found})
        },
    )


def _turn(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def order_for(draw: LabelDraw, person: str) -> tuple[int, ...]:
    """Return the places of the draw's items in the order of one person's sheet: each has another one."""
    return tuple(sorted(range(len(draw.items)), key=lambda n: slip(draw, person, n)))


def slip(draw: LabelDraw, person: str, place: int) -> str:
    """Return what one person's sheet calls an item: nothing that the other's sheet shares."""
    item = draw.items[place]
    return _turn(f"{draw.seed}/{draw.inputs_digest}/{person}/{item.agency}/{item.component}")[:12]


def seal_draw(store: Store, clock: Clock, draw: LabelDraw) -> RecordId:
    """Seal a draw before anybody sees it."""
    record = Desk.begin(store, clock).seal(draw)
    store.commit()
    return record.id


def register(store: Store, clock: Clock, said: Labels) -> bool:
    """Seal what one person said, once; returns whether it is new. Raises UsageError for a second opinion."""
    found = next((each for each in labelled(store) if each.record == said.draw), None)
    if found is None or said.by not in found.draw.people:
        raise UsageError(f"draw {said.draw} does not exist here, or {said.by} is not one of its people")
    known = found.labels.get(said.by)
    if known is not None:
        if known.labels == said.labels:
            return False
        raise UsageError(f"{said.by} has labelled draw {said.draw} already; another opinion is a new draw")
    Desk.begin(store, clock).seal(said)
    store.commit()
    return True


def labelled(store: Store, round_id: str = "") -> tuple[Labelled, ...]:
    """Return every draw of a round with its labels, oldest first."""
    labels = [each for _, each in acts_of(store, Labels)]
    return tuple(
        Labelled(record, draw, {each.by: each for each in labels if each.draw == record})
        for record, draw in acts_of(store, LabelDraw, round_id)
    )


def accuracies_of(store: Store, round_id: str) -> dict[str, FieldAccuracy]:
    """Return what labels tell of each verifier, by its name and version: the last whole draw speaks."""
    found: dict[str, FieldAccuracy] = {}
    for accuracy in _accuracies(store, round_id):
        found[accuracy.verifier] = accuracy
    return found


def _accuracies(store: Store, round_id: str) -> Iterator[FieldAccuracy]:
    for each in labelled(store, round_id):
        pair = each.pair()
        if pair is not None:
            yield from field_accuracy(each.draw, *pair).values()
