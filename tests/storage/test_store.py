"""What is kept comes back as it was, from a store that was closed in between."""

from typing import Any

from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode

AGENCY = AgencyCode("so-xay-dung")
OWNER = Agency(code=AGENCY, name="Sở Xây dựng", bloc="so")


def test_a_page_comes_back_with_its_body_and_what_was_seen_in_it(
    open_store: Any, captures: Any, mine: Any
) -> None:
    store = open_store()
    run = store.begin_run("quý một")
    record = store.exchange(captures.exchange(body="<p>Xin chào</p>".encode()), **mine(run))
    store.observe([captures.page(record), captures.news(record, "1")])
    store.close()

    again = open_store(writer=False)

    assert again.record(record.id) == record
    assert again.body(record.id).decode() == "<p>Xin chào</p>"
    assert again.observations_of(record.id) == (captures.page(record), captures.news(record, "1"))
    assert [(r.id, r.note) for r in again.runs()] == [(run, "quý một")]
