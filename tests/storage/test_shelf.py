"""Holdings are everything known of an agency, in order, up to a freeze."""

from dataclasses import replace
from typing import Any

from minhchung.evidence import Locator


def test_holdings_are_empty_for_an_agency_never_visited(open_store: Any, agency: Any) -> None:
    held = open_store().holdings(agency)

    assert (held.agency, held.visits, held.observations, dict(held.records)) == (agency, (), (), {})


def test_a_304_repeats_observations_under_its_own_run(
    open_store: Any, captures: Any, mine: Any, agency: Any
) -> None:
    store = open_store()
    one = store.begin_run()
    home = store.exchange(captures.exchange("/tin"), **mine(one))
    item = store.exchange(captures.exchange("/tin/1"), **mine(one))
    capture, walk = captures.list_capture(home, "1"), captures.walk(home)
    store.observe([captures.news(home, "1"), captures.tls_check(home)])
    store.observe([captures.news(item, "1")])
    first_visit = store.visit(captures.report(one, fetched=2), [capture], walk)
    two = store.begin_run()
    again = store.exchange(captures.unchanged("/tin"), **mine(two), refers_to=home)
    later = captures.list_capture(again, "1")
    second_visit = store.visit(captures.report(two, fetched=0, not_modified=1), [later], None)

    held = store.holdings(agency)

    repeated = captures.news(replace(home, id=again.id, run=two), "1")
    assert held.observations == (
        captures.news(home, "1"),
        captures.tls_check(home),
        captures.news(item, "1"),
        capture,
        walk,
        repeated,
        later,
    )
    assert repeated.seen == Locator(record=again.id, path="li:nth-child(1)", span=(0, 3))
    assert [v.record for v in held.visits] == [first_visit.id, second_visit.id]
    assert held.records == {r.id: r for r in (home, item, first_visit, again, second_visit)}


def test_nothing_after_the_freeze_is_held(open_store: Any, captures: Any, mine: Any, agency: Any) -> None:
    store = open_store()
    one = store.begin_run()
    early = store.exchange(captures.exchange(), **mine(one))
    store.observe([captures.page(early)])
    store.visit(captures.report(one), [], None)
    freeze = captures.clock.now()
    two = store.begin_run()
    late = store.exchange(captures.unchanged(), **mine(two), refers_to=early)
    store.visit(captures.report(two), [], None)

    held = store.holdings(agency, freeze)

    assert held.observations == (captures.page(early),)
    assert [visit.run for visit in held.visits] == [one]
    assert late.id not in held.records


def test_records_nobody_refers_to_are_not_in_the_way(
    open_store: Any, captures: Any, mine: Any, agency: Any
) -> None:
    store = open_store()
    run = store.begin_run()
    seen = store.exchange(captures.exchange(), **mine(run))
    store.observe([captures.page(seen)])
    store.exchange(captures.exchange("/robots.txt"), **mine(run))

    assert list(store.holdings(agency).records) == [seen.id]
