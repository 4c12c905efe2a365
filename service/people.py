"""People of `people.toml`: each named once, and nobody's agency hidden behind another way to write it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from minhchung.agencies import Agency
from minhchung.bodies import meant, same
from minhchung.errors import ConfigError, UsageError
from minhchung.rulings import PeopleFile, Person
from minhchung.text_keys import look


def check_people(file: str, people: PeopleFile, agencies: Iterable[Agency], systems: Iterable[str]) -> None:
    """Raise ConfigError for a person who stands twice, or whose agency or systems are not named as elsewhere.

    Who may rule on what is decided by equal codes, so that another spelling would let an official rule on
    their own agency.
    """
    listed, known = tuple(agencies), tuple(systems)
    ids: set[str] = set()
    names: set[tuple[str, str]] = set()
    for n, person in enumerate(people.person, start=1):
        key = f"person[{n}]"
        if not look(person.id) or look(person.id) in ids:
            raise ConfigError(file, f"{key}.id", f"{person.id!r} is empty or stands twice", "give another id")
        if not look(person.name) or (look(person.name), look(person.unit)) in names:
            fault = f"{person.name!r} is empty, or stands twice in the same unit"
            raise ConfigError(
                file, f"{key}.name", fault, "one person signs once; tell two people apart by `unit`"
            )
        ids.add(look(person.id))
        names.add((look(person.name), look(person.unit)))
        for what, fault, remedy in _misnamed(person, listed, known):
            raise ConfigError(file, f"{key}.{what}", fault, remedy)


def _misnamed(
    person: Person, agencies: tuple[Agency, ...], systems: tuple[str, ...]
) -> Iterator[tuple[str, str, str]]:
    codes = {agency.code for agency in agencies}
    if person.agency and person.agency not in codes:
        near = meant(person.agency, agencies)
        remedy = (
            f"write {near.code!r}" if near is not None else "write a code of agencies/, or leave it empty"
        )
        yield "agency", f"{person.agency!r} is no code of an agency", remedy
    unit = meant(person.unit, agencies)
    if unit is not None and not person.agency:
        yield (
            "agency",
            f"is empty, and unit {person.unit!r} names {unit.code}",
            f"write agency = {unit.code!r}",
        )
    for each in person.runs:
        alike = next((one for one in (*systems, *codes) if same(one, each) and one != each), None)
        if alike is not None:
            yield "runs", f"{each!r} is not written as elsewhere", f"write {alike!r}"


def known_person(people: PeopleFile | None, person: str) -> Person:
    """Return a person of people.toml; raises UsageError."""
    found = people.get(person) if people is not None else None
    if found is None:
        known = ", ".join(each.id for each in people.person) if people is not None else "none, no people.toml"
        raise UsageError(f"no person has the id {person!r}; people.toml names: {known}")
    return found
