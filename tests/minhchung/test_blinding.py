"""Marks under salts: they bind to every text, and say nothing of one to who has no salt."""

from __future__ import annotations

import json
from typing import Any

import pytest

from minhchung.blinding import blinded, mark_told, seed_of, told, words_of

SEED = seed_of(("urn:uuid:1", "urn:uuid:2"))
WHOLE: dict[str, Any] = {
    "kind": "question",
    "url": "https://cong.example/hoi?id=7",
    "asked": "2021-10-04",
    "phone": "0912345678",
    "card": "012345678901",
    "mail": "a.b@example.org",
    "text": 'Xin hỏi: bao giờ có "kết quả"?\n',
    "cells": ["Người hỏi", "Nguyễn\u00a0Văn Thử", ""],
    "count": 3,
}
MASKED = {**WHOLE, "phone": "**********", "cells": ["Người hỏi", "******\u00a0*** ***", ""]}


def words(said: dict[str, Any], key: str = "") -> str:
    """Return an observation as it is marked."""
    return words_of(key, json.dumps(said, ensure_ascii=False, separators=(",", ":")))


def test_who_is_given_salts_and_commitments_comes_to_the_mark_that_was_sealed() -> None:
    """The mark is the same from the secret, from what is shown whole, and from what is shown masked."""
    sealed = blinded(SEED, 7, "question", words(WHOLE))

    for shown in (WHOLE, MASKED):
        entries = json.loads(json.dumps(told(SEED, 7, words(WHOLE), words(shown))))
        assert mark_told(entries, 7, "question", words(shown)) == sealed


def test_a_masked_text_is_in_nothing_that_is_told() -> None:
    """What stands for it is a digest under 128 bits that nobody is given; what is not masked has its salt."""
    entries = told(SEED, 7, words(WHOLE), words(MASKED))
    shut = [entry for entry in entries if len(entry) == 3]

    assert len(shut) == 2
    assert not {entry[2] for entry in shut} & {
        entry[2] for entry in told(seed_of(("guessed",)), 7, words(WHOLE), words(MASKED)) if len(entry) == 3
    }


@pytest.mark.parametrize(
    "change",
    [
        {"asked": "2021-10-05"},
        {"count": 4},
        {"text": "Xin hỏi: bao giờ?"},
        {"url": "https://cong.example/hoi?id=8"},
        {"cells": ["Người gửi", "******\u00a0*** ***", ""]},
    ],
)
def test_nothing_that_is_shown_can_be_shown_otherwise(change: dict[str, Any]) -> None:
    """Numbers, days and addresses stand in the open; a text that is not masked is held by its salt."""
    entries = told(SEED, 7, words(WHOLE), words(MASKED))

    assert mark_told(entries, 7, "question", words({**MASKED, **change})) != blinded(
        SEED, 7, "question", words(WHOLE)
    )


def test_place_kind_and_word_for_look_up_belong_to_the_mark() -> None:
    """The same words seen in another record are another observation."""
    sealed = blinded(SEED, 7, "question", words(WHOLE, "khóa"))

    assert sealed != blinded(SEED, 8, "question", words(WHOLE, "khóa"))
    assert sealed != blinded(SEED, 7, "page", words(WHOLE, "khóa"))
    assert sealed != blinded(SEED, 7, "question", words(WHOLE, "khác"))


def test_a_commitment_stands_for_masked_texts_alone() -> None:
    """Else any text could be shown otherwise, under the commitment of the true one."""
    entries = told(SEED, 7, words(WHOLE), words(MASKED))
    forged = {**MASKED, "phone": "0900000000"}

    with pytest.raises(ValueError, match="opens nothing"):
        mark_told(entries, 7, "question", words(forged))


@pytest.mark.parametrize("entry", [None, [0], [99, "00" * 16], [0, "zz"], [0, "", "00"], ["0", "00" * 16]])
def test_entries_that_open_nothing_are_refused(entry: Any) -> None:
    """A bundle is somebody else's words."""
    with pytest.raises(ValueError, match=r"opens nothing|hexadecimal"):
        mark_told([entry], 7, "question", words(MASKED))


def test_masking_more_than_texts_is_an_error_of_ours() -> None:
    """An address or a day that was masked could not be held against anything: no bundle is made."""
    with pytest.raises(ValueError, match="more was masked"):
        told(SEED, 7, words(WHOLE), words({**WHOLE, "asked": "****-**-**"}))
