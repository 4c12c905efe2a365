"""AT.4, as docs/reference/verifiers/https_certificate.md defines it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minhchung.evidence import TlsVerdict
from minhchung.holdings import VisitReport
from minhchung.measurements import Reason, Result
from minhchung.observations import RedirectChain, TlsCheck
from tests.verifiers.builders import (
    AGENCY,
    CLOSE,
    HOME,
    at,
    component,
    context,
    holdings,
    measured,
    met_items,
    place,
    run_on,
    settings,
    unmeasured,
    visit,
)
from verifiers.https_certificate import INPUT, VERIFIER

POINTS = {"https": "1", "chung_thu_hop_le": "0.5", "chuyen_huong_http": "0.5"}
AT4 = component("AT.4", "2", **POINTS)
ALL = frozenset(POINTS)
SECURE = HOME.replace("http:", "https:")
GOOD: dict[str, Any] = {"state": "answered", "verdict": TlsVerdict.VALID, "is_portal": True}
LED: dict[str, Any] = {"state": "answered", "hops": ((301, SECURE),), "ends_on_https": True}


def tls(day: date, **said: Any) -> TlsCheck:
    """The handshake of a day."""
    run = run_on(day)
    return TlsCheck(
        agency=AGENCY.code, run=run, seen=place(SECURE, run), url=SECURE, checked_at=at(day), **said
    )


def chain(day: date, **said: Any) -> RedirectChain:
    """Where plain http led on a day."""
    told: dict[str, Any] = {"hops": ()} | said
    run = run_on(day)
    return RedirectChain(
        agency=AGENCY.code, run=run, seen=place(HOME, run), url=HOME, checked_at=at(day), **told
    )


def judge(
    checks: Iterable[dict[str, Any]],
    chains: Iterable[dict[str, Any]],
    visits: Iterable[VisitReport] = (),
    **changes: Any,
) -> Result:
    """Measure what each of the two days showed."""
    seen = [tls(day, **said) for day, said in zip(CLOSE, checks, strict=False)]
    led = [chain(day, **said) for day, said in zip(CLOSE, chains, strict=False)]
    return VERIFIER.measure(holdings(*seen, *led, visits=visits), context(AT4), settings(VERIFIER, **changes))


def test_a_valid_portal_that_is_led_to_meets_all() -> None:
    """Result, pass: 2."""
    result = measured(judge([GOOD] * 2, [LED] * 2))

    assert result.inputs[INPUT].value == ALL
    assert len(result.basis) == 3


def test_the_example_of_the_definition_is_one_and_a_half() -> None:
    """https answers with the portal (1), certificate expired on both days (0), 301 to https (0.5)."""
    expired = GOOD | {"verdict": TlsVerdict.EXPIRED}

    result = measured(judge([expired] * 2, [LED] * 2))

    assert result.inputs[INPUT].value == ALL - {"chung_thu_hop_le"}
    assert any("thời hạn" in note.text for note in result.notes)


def test_a_portal_on_plain_http_alone_meets_nothing() -> None:
    """Result, fail: 0; without https the certificate item is not met."""
    result = measured(judge([{"state": "no-https"}] * 2, [{"state": "answered"}] * 2))

    assert result.inputs[INPUT].value == frozenset()


@pytest.mark.parametrize(
    ("check", "led", "expected"),
    [
        (GOOD | {"verdict": TlsVerdict.INCOMPLETE_CHAIN}, LED, {"https", "chuyen_huong_http"}),
        (GOOD | {"verdict": TlsVerdict.WRONG_NAME}, LED, {"https", "chuyen_huong_http"}),
        (GOOD | {"verdict": TlsVerdict.UNTRUSTED}, LED, {"https", "chuyen_huong_http"}),
        (GOOD | {"is_portal": False}, {"state": "answered"}, set()),
        (GOOD, LED | {"ends_on_https": False}, {"https", "chung_thu_hop_le"}),
        (GOOD, LED | {"hops": tuple((302, SECURE) for _ in range(6))}, {"https", "chung_thu_hop_le"}),
        (GOOD, {"state": "answered", "ends_on_https": True}, {"https", "chung_thu_hop_le"}),
        (GOOD, {"state": "refused"}, ALL),
        ({"state": "no-https"}, {"state": "refused"}, set()),
        ({"state": "failed"}, {"state": "answered"}, set()),
        ({"state": "timeout"}, {"state": "answered"}, set()),
    ],
)
def test_each_way_of_serving_meets_its_own_items(
    check: dict[str, Any], led: dict[str, Any], expected: set[str]
) -> None:
    """Must not count: a default page, another's certificate, http again; a closed port 80 is fine."""
    assert measured(judge([check] * 2, [led] * 2)).inputs[INPUT].value == expected


def test_an_incomplete_chain_is_accepted_only_by_config() -> None:
    """`accept_incomplete_chain = false`, ours."""
    incomplete = GOOD | {"verdict": TlsVerdict.INCOMPLETE_CHAIN}

    assert met_items(judge([incomplete] * 2, [LED] * 2, accept_incomplete_chain=True)) == ALL


def test_a_certificate_renewed_between_the_passes_is_met_and_asked_about() -> None:
    """Questions: expired at one pass and renewed at the next is intermittent, met."""
    result = measured(judge([GOOD | {"verdict": TlsVerdict.EXPIRED}, GOOD], [LED] * 2))

    assert result.inputs[INPUT].value == ALL
    assert [q.key for q in result.questions] == ["intermittent"]


def test_one_failing_test_is_not_enough() -> None:
    """G10: two passes on two days."""
    result = unmeasured(judge([GOOD | {"verdict": TlsVerdict.EXPIRED}], [LED]))

    assert result.reason is Reason.SINGLE_MEASUREMENT
    assert result.low is not None
    assert result.low[INPUT].value == ALL - {"chung_thu_hop_le"}


@pytest.mark.parametrize(
    ("check", "led", "reason"),
    [
        ({"state": "dns"}, {"state": "failed"}, Reason.UNREACHABLE),
        ({"state": "timeout"}, {"state": "failed"}, Reason.UNREACHABLE),
        (GOOD, {"state": "no-port"}, Reason.MAPPING_MISSING),
        (GOOD | {"verdict": None}, LED, Reason.NOT_READ),
    ],
)
def test_what_could_not_be_tested_is_open(check: dict[str, Any], led: dict[str, Any], reason: Reason) -> None:
    """Unmeasured: DNS, both ports silent; a port that config does not name."""
    assert unmeasured(judge([check] * 2, [led] * 2)).reason is reason


def test_a_blocked_page_is_no_foreign_page() -> None:
    """A block page on https says nothing of whose portal it is."""
    visits = [visit(day, state="blocked") for day in CLOSE]

    result = unmeasured(judge([GOOD | {"is_portal": False}] * 2, [LED] * 2, visits))

    assert result.reason is Reason.BLOCKED
    assert met_items(result) == {"chuyen_huong_http"}


def test_a_portal_that_blocks_us_on_http_and_stays_silent_on_https_proves_nothing() -> None:
    """A block page that does not redirect says nothing of where visitors are led."""
    visits = [visit(day, state="blocked") for day in CLOSE]

    result = unmeasured(judge([{"state": "timeout"}] * 2, [{"state": "answered"}] * 2, visits))

    assert result.reason is Reason.BLOCKED
    assert met_items(result) == frozenset()


def test_an_inspected_connection_is_an_incident() -> None:
    """Unmeasured: an inspection certificate seen on canaries."""
    visits = [visit(day, canaries=False) for day in CLOSE]

    assert unmeasured(judge([GOOD] * 2, [LED] * 2, visits)).reason is Reason.INCIDENT


def test_nothing_tested_is_not_collected_and_never_not_applicable() -> None:
    """AT.4 is never not applicable."""
    assert unmeasured(judge([], [], [visit(CLOSE[0])])).reason is Reason.NOT_COLLECTED


@given(st.lists(st.sampled_from(["ok", "blocked", "unreachable"]), min_size=2, max_size=2), st.booleans())
def test_refusing_the_collector_never_adds_a_point(states: list[str], portal: bool) -> None:
    """Property: beginning to refuse the collector never adds a point."""
    check = GOOD | {"verdict": TlsVerdict.EXPIRED, "is_portal": portal}
    before = met_items(judge([check] * 2, [{"state": "answered"}] * 2))
    hidden = [check if state == "ok" else {"state": "timeout"} for state in states]
    visits = [visit(day, state=state) for day, state in zip(CLOSE, states, strict=True)]

    assert met_items(judge(hidden, [{"state": "failed"}] * 2, visits)) <= before


def test_a_portal_that_refuses_connections_on_both_ports_is_unreachable_not_insecure() -> None:
    """Unmeasured, never 0: a dark host shows nothing about how it would be served."""
    dark = [visit(day, state="unreachable") for day in CLOSE]

    result = unmeasured(judge([{"state": "no-https"}] * 2, [{"state": "refused"}] * 2, visits=dark))

    assert result.reason is Reason.UNREACHABLE
