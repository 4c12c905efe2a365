"""Digital signatures on published PDFs, as docs/reference/verifiers/documents_signed.md defines it."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from minhchung.files import FileFacts, FileSignature
from minhchung.measurements import Result, Unmeasured
from minhchung.observations import Attachment
from scoring.rules import points, worth
from tests.verifiers import builders as b
from tests.verifiers import lists as s
from verifiers.documents_signed import VERIFIER

VAN_BAN = b.HOME + "van-ban"
HELD = FileSignature(intact=True, valid=True, trusted=None, whole=True)
BROKEN = replace(HELD, intact=False, valid=False)


def facts(*signatures: FileSignature) -> FileFacts:
    return FileFacts(signatures=signatures)


def portal(*said: FileFacts | None, days: tuple[date, ...] = b.CLOSE, **more: Any) -> s.Shelf:
    """One own document for each of these looks into its PDF; None: the file was not looked into."""
    shelf = s.Shelf(days=days)
    looked: dict[str, FileFacts | None] = {}
    for n, each in enumerate(said):
        day, file = date(2021, 3, 1) + timedelta(days=n), f"{VAN_BAN}/{n}.pdf"
        told: dict[str, Any] = {"issued": day, "number": f"{n + 1}/QĐ-STD", "issuer": "Sở Thí dụ", **more}
        shelf.item(
            f"vb-{n}",
            day,
            kind="legal_document",
            list_url=VAN_BAN,
            heading="Văn bản",
            attachments=(file,),
            **told,
        )
        shelf.file(file)
        looked[file] = each
    shelf.observations = [
        replace(o, facts=looked[o.url]) if isinstance(o, Attachment) else o for o in shelf.observations
    ]
    shelf.captures()
    return shelf


def judge(shelf: s.Shelf, *, state: str = "ok", **changes: Any) -> Result:
    spec = s.component("HD.4")
    told = b.context(spec, worth=partial(worth, spec))
    return VERIFIER.measure(shelf.held(state=state), told, b.settings(VERIFIER, **changes))


def score(result: Result) -> Any:
    return points(replace(s.component("HD.4")), dict(s.measured(result).inputs)).low


def test_every_document_signed_passes() -> None:
    result = judge(portal(*[facts(HELD)] * 10))

    assert s.values(result) == [10, 10]
    assert score(result) == 3


def test_half_of_them_is_half() -> None:
    result = judge(portal(*[facts(HELD)] * 5, *[facts()] * 5))

    assert s.values(result) == [5, 10]
    assert s.note(result, "file-unsigned") == 5


def test_none_of_them_twice_is_a_zero_and_once_is_not_yet() -> None:
    unsigned = [facts()] * 10

    assert score(judge(portal(*unsigned))) == 0
    assert s.reason(judge(portal(*unsigned, days=b.CLOSE[:1]))) == "single-measurement"


def test_a_signature_that_does_not_hold_is_none_and_is_asked_about() -> None:
    """Near-miss: a file altered after signing, or a scanner that rewrote it."""
    result = s.measured(judge(portal(facts(HELD), facts(BROKEN))))

    assert s.values(result) == [1, 2]
    assert [q.key for q in result.questions] == ["question-broken-signature"]


def test_another_bodys_documents_are_not_the_agencys_to_sign() -> None:
    result = judge(portal(facts(), issuer="Bộ Mô phỏng", number="1/QĐ-BMP"))

    assert s.values(result) == [0, 0]
    assert s.values(judge(portal(facts(HELD), issuer="Bộ Mô phỏng"), own_only=False)) == [1, 1]


def test_where_a_trusted_chain_is_asked_for_an_unknown_one_is_open() -> None:
    known = replace(HELD, trusted=True)

    assert s.values(judge(portal(facts(known)), require_trusted=True)) == [1, 1]
    other = facts(replace(HELD, trusted=False))
    assert s.values(judge(portal(other, facts(known)), require_trusted=True)) == [
        1, 2,
    ]  # fmt: skip
    assert s.reason(judge(portal(facts(HELD)), require_trusted=True)) == "not-read"


@pytest.mark.parametrize("look", [None, FileFacts(), facts(replace(BROKEN, fault="hỏng"))])
def test_files_that_were_not_looked_into_are_our_error_and_settle_nothing(look: FileFacts | None) -> None:
    result = judge(portal(facts(HELD), look))

    assert isinstance(result, Unmeasured)
    assert result.reason.value == "not-read"
    assert [given.value for given in (result.low or {}).values()] == [1, 2]
    assert [given.value for given in (result.high or {}).values()] == [2, 2]


@pytest.mark.parametrize("state", ["blocked", "unreachable", "robots-refused"])
def test_a_portal_that_refuses_us_measures_nothing(state: str) -> None:
    assert s.reason(judge(portal(facts(HELD)), state=state)) == state


def test_it_is_never_not_applicable() -> None:
    """No document in whole readings on two days is 0 of 0, which the set's own rule is for."""
    shelf = portal(facts(HELD), issued=date(2019, 1, 2))

    assert s.values(judge(shelf)) == [0, 0]
