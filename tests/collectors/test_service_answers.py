"""Answers of service systems that only look like figures: a number is a count, or nothing is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from collectors.service_answers import MOST, count, payload
from minhchung.errors import UnrecognisedError
from tests.collectors.service_world import ONESTOP, record


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("6.940", 6940),
        ("6,940", 6940),
        ("1.234.567", 1234567),
        (" 12 ", 12),
        ("0", 0),
        (7.0, 7),
        ("", None),
        (None, None),
    ],
)
def test_a_count_is_read_as_systems_print_it(said: Any, read: int | None) -> None:
    """Numbers as strings, thousands dots and commas; what is absent is not zero."""
    assert count(said, "x") == read


@pytest.mark.parametrize(
    "said",
    [
        "1.23",
        "1,2345",
        "12.34.567",
        "1.234,567",
        "1,234.567",
        "-5",
        -5,
        1.5,
        True,
        float("nan"),
        float("inf"),
        10**400,
        1e300,
        "9" * 13,
        "9" * 5000,
        "1e5",
        "٣",
        "0x10",
        "5 hồ sơ",
        [5],
        {"value": 5},
    ],
    ids=lambda said: str(said)[:12],
)
def test_what_is_no_count_is_never_made_into_one(said: Any) -> None:
    with pytest.raises(UnrecognisedError, match="không phải số đếm"):
        count(said, "x")


def test_the_largest_count_is_still_one() -> None:
    assert count(MOST, "x") == MOST
    assert count("999.999.999.999", "x") == MOST - 1


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'{"received": 5, "received": 50}', "khóa lặp lại trong một đối tượng: received"),
        (b'[{"rows": [{"a": 1, "b": 2, "a": 1}]}]', "khóa lặp lại trong một đối tượng: a"),
        (b"[" * 100_000, "không phải JSON"),
        (b'{"a": ' + b"9" * 5000 + b"}", "không phải JSON"),
        (b'{"a": 1', "không phải JSON"),
        (b"", "không phải JSON"),
        (b"\xff\xfe\x00", "không phải JSON"),
    ],
    ids=["two values", "two equal values deep", "deep", "long number", "cut", "empty", "no text"],
)
def test_an_answer_that_cannot_be_read_in_one_way_is_not_read(body: bytes, says: str) -> None:
    """RFC 8259, 4: what a receiver does with names that are not unique is unpredictable."""
    value, trouble = payload(record(ONESTOP), body)

    assert value is None
    assert trouble is not None
    assert trouble[0] == "schema-changed"
    assert says in trouble[1]


def test_an_answer_with_a_mark_of_order_is_read() -> None:
    body = "\ufeff" + json.dumps([{"a": 1}])

    assert payload(record(ONESTOP), body.encode()) == ([{"a": 1}], None)
