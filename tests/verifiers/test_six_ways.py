"""Every verifier, six ways: pass, half, fail, blocked, an error of ours, not applicable (or never).

The worth is that of the product's own index set; near-misses stand in each verifier's own tests.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from minhchung.measurements import Measurement, NotApplicable, Result, Unmeasured
from tests.verifiers import builders as b
from tests.verifiers import lists as s
from tests.verifiers import services as v
from tests.verifiers import test_compulsory_sections as hd7
from tests.verifiers import test_direction_sections as hd3
from tests.verifiers import test_documents_signed as signed
from tests.verifiers import test_https_certificate as at4
from tests.verifiers import test_introduction_sections as hd1
from tests.verifiers import test_portal_availability as available
from tests.verifiers import test_procedures_on_portal as hd6
from tests.verifiers import test_support_functions as hd8
from tests.verifiers.scenes import Scene
from tests.verifiers.test_questions_answered import asked
from tests.verifiers.test_questions_answered import judge as judge_questions
from verifiers import (
    documents_complete,
    documents_on_time,
    dossiers_in_system,
    dossiers_on_time,
    dossiers_online,
    dossiers_paid_online,
    dossiers_postal,
    news_cadence,
    procedures_with_workflow,
    publicity_items,
    questions_answered,
    services_level_3_4,
    services_level_4,
    services_used,
)
from verifiers.interface import Verifier

OURS = {"incident", "layout-changed", "not-read", "schema-changed"}
"""Reasons that are our own failure, or nobody's."""

Make = Callable[[], Result]


@dataclass(frozen=True, kw_only=True)
class Ways:
    """One verifier's six fixtures; `applies_not` None: it is never not applicable."""

    code: str
    passes: Make
    half: Make
    fails: Make
    blocked: Make
    error: Make
    applies_not: Make | None = None


BLOCKED = [b.visit(day, state="blocked") for day in b.CLOSE]
SICK = [b.visit(day, canaries=False) for day in b.CLOSE]


# --- lists -----------------------------------------------------------------------------------------


def documents(good: int, bad: int, *, layout: bool = False) -> s.Shelf:
    """Own documents: complete and posted at once, or without a type and posted months later."""
    shelf = s.Shelf()
    for n in range(good + bad):
        day, late = date(2021, 3, 1), n >= good
        url = b.HOME + f"van-ban/{n}.pdf"
        shelf.item(
            f"vb-{n}", date(2021, 6, 1) if late else day, kind="legal_document", list_url=b.HOME + "van-ban",
            heading="Văn bản", issued=day, number=f"{n + 1}/QĐ-STD", issuer="Sở Thí dụ",
            summary="" if late else f"Về việc thứ {n} của ngành trong năm",
            title=f"{n + 1}/QĐ-STD", attachments=() if late else (url,), text=f"Văn bản {n}",
        )  # fmt: skip
        if not late:
            shelf.file(url)
    shelf.captures(**({"ended": "layout", "empty_marker": False} if layout else {}))
    return shelf


def items(count: int, *, layout: bool = False) -> s.Shelf:
    """Items about digital transformation, spread over the weeks."""
    shelf = s.Shelf()
    for n, day in enumerate(s.every_week(count)):
        shelf.item(f"t{n}", day, title=f"Chuyển đổi số, việc thứ {n}")
    if not count:
        shelf.item("cu", date(2019, 1, 1))
    shelf.captures(**({"ended": "layout", "empty_marker": False} if layout else {}))
    return shelf


def few(count: int) -> s.Shelf:
    shelf = s.Shelf()
    for n in range(count):
        shelf.item(f"t{n}", date(2021, 3, 1 + n), title=f"Chuyển đổi số, việc thứ {n}")
    shelf.captures()
    return shelf


def of_lists(code: str, verifier: Verifier[Any], passes: Any, half: Any, fails: Any, error: Any) -> Ways:
    def of(shelf: s.Shelf, state: str = "ok") -> Result:
        return s.measure(verifier, code, shelf.held(state=state))

    return Ways(
        code=code,
        passes=lambda: of(passes()),
        half=lambda: of(half()),
        fails=lambda: of(fails()),
        blocked=lambda: of(passes(), "blocked"),
        error=lambda: of(error()),
    )


def questions() -> Result:
    shelf = asked(1)
    for day in b.CLOSE:
        told: dict[str, Any] = {"heading": "Hỏi đáp", "item_kind": "question", "empty_marker": False}
        shelf.capture(day, [], list_url=b.HOME + "hoi-dap", ended="layout", **told)
    return s.measure(questions_answered.VERIFIER, "HD.9", shelf.held())


def no_questions() -> Result:
    shelf = s.Shelf()
    shelf.question("cu", date(2019, 5, 1), date(2019, 5, 2))
    return judge_questions(shelf)


# --- checklists ------------------------------------------------------------------------------------


def checklist(code: str, judge: Any, passes: Any, half: Any, *, inapplicable: Make | None = None) -> Ways:
    return Ways(
        code=code,
        passes=lambda: judge(passes()),
        half=lambda: judge(half()),
        fails=lambda: judge(Scene().fill()),
        blocked=lambda: judge(passes(), visits=BLOCKED),
        error=lambda: judge(passes(), visits=SICK),
        applies_not=inapplicable,
    )


# --- service systems -------------------------------------------------------------------------------

Said = Callable[[date, int], list[Any]]
NO_PROCEDURES = replace(b.AGENCY, has_procedures=False)
BOTH_DAYS = (v.DAY, v.AGAIN)


def of_systems(code: str, verifier: Verifier[Any], topics: tuple[str, ...], said: Said, **more: Any) -> Ways:
    """`said` returns what a harvest of a day prints when so many of ten are good."""

    def of(good: int, state: str = "ok", **held: Any) -> Result:
        rows = [row for day in BOTH_DAYS for row in said(day, good)] if state == "ok" else []
        healths = [v.health(topic, day, state) for day in BOTH_DAYS for topic in topics]
        return v.measure(verifier, code, v.holdings(healths, rows, **{**more, **held}))

    return Ways(
        code=code,
        passes=lambda: of(10),
        half=lambda: of(MORE_THAN_NONE[code]),
        fails=lambda: of(0),
        blocked=lambda: of(10, "blocked"),
        error=lambda: of(10, "schema-changed"),
        applies_not=lambda: of(10, agency=NO_PROCEDURES),
    )


MORE_THAN_NONE = {
    "HD.13": 5, "HD.14": 5, "HD.15": 9, "HD.16": 2, "HD.17": 5, "HD.18": 2, "HD.19": 2, "HD.20": 0,
    "HD.21": 1,
}  # fmt: skip
"""How many of ten are worth more than nothing and less than all."""


def _tally(day: date, **figures: int) -> Any:
    return v.tally(dict(figures), day=day)


def _postal(day: date, good: int) -> list[Any]:
    return [v.tally({"received": 1000, "postal_either": good * 10}, day=day)]


def _resolved(day: date, good: int) -> list[Any]:
    figures = {"resolved_early": 0, "resolved_on_time": good * 10, "resolved_overdue": (10 - good) * 10}
    return [v.tally(dict(figures), "resolved", day), v.tally({"open_overdue": 0}, "snapshot", day)]


def _levels(level: int) -> Callable[[date, int], list[Any]]:
    def said(day: date, good: int) -> list[Any]:
        return [*v.procedures(10, day), *v.offers(dict.fromkeys(range(1, good + 1), level), day)]

    return said


def _per_code(day: date, good: int) -> list[Any]:
    rows: list[Any] = v.offers(dict.fromkeys(range(1, 11), 3), day)
    for n in range(1, 11):
        figures = {"received": 10, "received_online": 10 if n <= good else 0}
        rows.append(v.tally(dict(figures), day=day, procedure=v.code(n)))
    return rows


def _workflows(day: date, good: int) -> list[Any]:
    return [*v.procedures(10, day), *v.workflows(range(1, good + 1), day)]


ELIGIBLE = [v.owner("HD.17", "tthc_du_dieu_kien_muc_4", None, *(v.code(n) for n in range(1, 11)))]
REGISTER = [v.owner("HD.14", "tong_ho_so_phat_sinh", 100)]

WAYS: dict[str, Ways] = {
    "introduction_sections": checklist(
        "HD.1", hd1.judge, hd1.scene, lambda: hd1.scene(["don_vi_truc_thuoc"])
    ),
    "direction_sections": checklist("HD.3", hd3.judge, hd3.scene, lambda: hd3.scene("khen_thuong_xu_phat")),
    "compulsory_sections": checklist("HD.7", hd7.judge, hd7.scene, lambda: hd7.scene("thong_ke_bao_cao")),
    "support_functions": replace(
        checklist("HD.8", hd8.judge, hd8.scene, lambda: hd8.scene("tieng_anh")),
        fails=lambda: hd8.judge(_bare()),
    ),
    "procedures_on_portal": checklist(
        "HD.6",
        hd6.judge,
        hd6.scene,
        lambda: hd6.scene(level=""),
        inapplicable=lambda: hd6.judge(hd6.scene(), agency=NO_PROCEDURES),
    ),
    "https_certificate": Ways(
        code="AT.4",
        passes=lambda: at4.judge([at4.GOOD] * 2, [at4.LED] * 2),
        half=lambda: at4.judge([at4.GOOD] * 2, [{"state": "answered"}] * 2),
        fails=lambda: at4.judge([{"state": "no-https"}] * 2, [{"state": "answered"}] * 2),
        blocked=lambda: at4.judge([], [], visits=BLOCKED),
        error=lambda: at4.judge([at4.GOOD] * 2, [at4.LED] * 2, visits=SICK),
    ),
    "news_cadence": of_lists(
        "HD.2", news_cadence.VERIFIER, lambda: items(6), lambda: items(2), lambda: items(0),
        lambda: items(2, layout=True),
    ),
    "publicity_items": of_lists(
        "TC.6", publicity_items.VERIFIER, lambda: few(10), lambda: few(4), lambda: items(0),
        lambda: _partly(),
    ),
    "documents_complete": of_lists(
        "HD.4", documents_complete.VERIFIER, lambda: documents(10, 0), lambda: documents(5, 5),
        lambda: documents(0, 10), lambda: documents(10, 0, layout=True),
    ),
    "documents_on_time": of_lists(
        "HD.5", documents_on_time.VERIFIER, lambda: documents(10, 0), lambda: documents(5, 5),
        lambda: documents(0, 10), lambda: documents(10, 0, layout=True),
    ),
    "questions_answered": Ways(
        code="HD.9",
        passes=lambda: judge_questions(asked(1, 2)),
        half=lambda: judge_questions(asked(1, 30)),
        fails=lambda: judge_questions(asked(30, None)),
        blocked=lambda: judge_questions(asked(1), state="blocked"),
        error=questions,
        applies_not=no_questions,
    ),
    "procedures_with_workflow": of_systems(
        "HD.13", procedures_with_workflow.VERIFIER, ("procedures", "workflows"), _workflows
    ),
    "dossiers_in_system": of_systems(
        "HD.14", dossiers_in_system.VERIFIER, ("dossiers",),
        lambda day, good: [_tally(day, received=good * 10)], owners=REGISTER,
    ),
    "dossiers_on_time": of_systems("HD.15", dossiers_on_time.VERIFIER, ("dossiers",), _resolved),
    "services_level_3_4": of_systems(
        "HD.16", services_level_3_4.VERIFIER, ("procedures", "services"), _levels(3)
    ),
    "services_level_4": of_systems(
        "HD.17", services_level_4.VERIFIER, ("procedures", "services"), _levels(4), owners=ELIGIBLE
    ),
    "services_used": of_systems("HD.18", services_used.VERIFIER, ("services", "dossiers"), _per_code),
    "dossiers_online": of_systems("HD.19", dossiers_online.VERIFIER, ("services", "dossiers"), _per_code),
    "dossiers_postal": replace(
        of_systems("HD.20", dossiers_postal.VERIFIER, ("dossiers",), _postal),
        half=lambda: _half_by_post(),
    ),
    "dossiers_paid_online": of_systems(
        "HD.21", dossiers_paid_online.VERIFIER, ("dossiers",),
        lambda day, good: [_tally(day, received=100, fee_bearing=100, paid_online=good * 10)],
    ),
    "documents_signed": Ways(
        code="HD.4",
        passes=lambda: signed.judge(signed.portal(*[signed.facts(signed.HELD)] * 10)),
        half=lambda: signed.judge(signed.portal(*[signed.facts(signed.HELD), signed.facts()] * 5)),
        fails=lambda: signed.judge(signed.portal(*[signed.facts()] * 10)),
        blocked=lambda: signed.judge(signed.portal(signed.facts(signed.HELD)), state="blocked"),
        error=lambda: signed.judge(signed.portal(signed.facts(signed.HELD), None)),
    ),
    "portal_availability": Ways(
        code="HD.4",
        passes=lambda: available.judge(available.visits("ok")),
        half=lambda: available.judge(
            available.visits("ok", days=available.MONDAYS[::2]),
            available.visits("unreachable", "unreachable", days=available.MONDAYS[1::2]),
        ),
        fails=lambda: available.judge(available.visits("unreachable", "unreachable")),
        blocked=lambda: available.judge(available.visits("blocked", "blocked")),
        error=lambda: available.judge([replace(v, canaries=False) for v in available.visits("ok")]),
    ),
}  # fmt: skip


def _partly() -> s.Shelf:
    """A list that stopped parsing while fewer than ten items were seen."""
    shelf = s.Shelf()
    for n in range(3):
        shelf.item(f"t{n}", date(2021, 3, 1 + n), title=f"Chuyển đổi số, việc thứ {n}")
    shelf.captures(ended="layout", empty_marker=False)
    return shelf


def _half_by_post() -> Result:
    rows = [v.tally({"received": 1000, "postal_either": 50}, day=day) for day in BOTH_DAYS]
    return v.measure(
        dossiers_postal.VERIFIER, "HD.20", v.holdings([v.health("dossiers", day) for day in BOTH_DAYS], rows)
    )


def _bare() -> Scene:
    """A portal that no function helps, in no language it declares."""
    built = hd8.scene("tim_kiem", "so_do_trang_rss", "tieng_anh")
    built.lang = ""
    built.extra.append(hd8.probes(0))
    return built


def test_every_verifier_has_its_six_fixtures() -> None:
    """A verifier is one file that ends in VERIFIER: none of them is without fixtures here."""
    folder = Path(__file__).resolve().parents[2] / "verifiers"
    plugins = {f.stem for f in folder.glob("*.py") if "\nVERIFIER: Final" in f.read_text("utf-8")}

    assert WAYS.keys() == plugins


@pytest.mark.parametrize("name", WAYS)
def test_it_passes_halves_and_fails(name: str) -> None:
    """Pass: all points; half: more than 0 and less than all; fail: 0 (G1)."""
    ways = WAYS[name]
    most = Fraction(s.component(ways.code).points)
    full, half, none = (s.score(ways.code, make()) for make in (ways.passes, ways.half, ways.fails))

    assert full == most
    assert 0 < half < most
    assert none == 0


@pytest.mark.parametrize("name", WAYS)
def test_blocked_and_an_error_of_ours_are_reasons_and_never_a_zero(name: str) -> None:
    """G1: no reason is ever turned into 0 or into the claim."""
    ways = WAYS[name]
    blocked, error = ways.blocked(), ways.error()

    assert isinstance(blocked, Unmeasured)
    assert blocked.reason.value == "blocked"
    assert isinstance(error, Unmeasured)
    assert error.reason.value in OURS


@pytest.mark.parametrize("name", WAYS)
def test_it_is_not_applicable_only_where_its_page_says_so(name: str) -> None:
    """Absence never pays: a verifier without such a case is measured or open, whoever the agency is."""
    ways = WAYS[name]
    page = Path(__file__).resolve().parents[2] / "docs" / "reference" / "verifiers" / f"{name}.md"
    line = next(text for text in page.read_text("utf-8").splitlines() if "**Not applicable:**" in text)

    if ways.applies_not is None:
        assert "never" in line
        assert isinstance(ways.passes(), Measurement)
    else:
        result = ways.applies_not()
        assert isinstance(result, NotApplicable)
        assert result.reason.value in line
