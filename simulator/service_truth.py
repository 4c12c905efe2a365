"""The truth about the nine service components of every agency, computed from the books and nothing else.

`inputs` is what a perfect observer must conclude; `claim` is what the agency says; `expected` is how the two
compare. Boasters claim more than is true beyond any tolerance, those who err differ a little or understate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any, Final

from simulator.almanac import LAST
from simulator.disagreements import PORTAL, seen_contradictions
from simulator.services import Book, Procedure, books

INPUTS: Final[dict[str, tuple[str, str]]] = {
    "HD.13": ("tthc_co_quy_trinh_dien_tu", "tthc_thuoc_tham_quyen"),
    "HD.14": ("ho_so_tren_mcdt", "tong_ho_so_phat_sinh"),
    "HD.15": ("ho_so_dung_han", "ho_so_da_giai_quyet_va_qua_han"),
    "HD.16": ("dvc_muc_3_4", "tthc_thuoc_tham_quyen"),
    "HD.17": ("dvc_muc_4", "tthc_du_dieu_kien_muc_4"),
    "HD.18": ("dvc_co_phat_sinh", "dvc_muc_3_4"),
    "HD.19": ("ho_so_truc_tuyen", "ho_so_cua_dvc_muc_3_4"),
    "HD.20": ("ho_so_bcci", "ho_so_tiep_nhan"),
    "HD.21": ("ho_so_thanh_toan_truc_tuyen", "ho_so_co_phi"),
}
"""Names of numerator and denominator."""

YOUNG: Final = LAST - timedelta(days=29)
"""A service opened after this day was open for fewer than 30 days of the period."""

_DOSSIERS: Final = frozenset({"HD.14", "HD.15", "HD.18", "HD.19", "HD.20", "HD.21"})
_BOAST: Final = Fraction(8, 100)
_SLIP: Final = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class Fact:
    """One component of one agency: a ratio, or why there is none."""

    num: int = 0
    den: int = 0
    unmeasured: str = ""
    not_applicable: str = ""
    why: str = ""

    @property
    def is_measured(self) -> bool:
        """Tell whether the observer ends with a ratio."""
        return not self.unmeasured and not self.not_applicable


def service_truth(seed: int) -> Mapping[str, Mapping[str, dict[str, Any]]]:
    """Return, by agency and component, what the truth file says."""
    return {
        code: {component: _entry(book, place, component) for component in INPUTS}
        for place, (code, book) in enumerate(books(seed).items())
    }


def _entry(book: Book, place: int, component: str) -> dict[str, Any]:
    fact = observed(book, component)
    claim, expected, said = _claim(book, place, component, fact)
    return {
        "inputs": _named(component, (fact.num, fact.den)) if fact.is_measured else None,
        "claim": _named(component, claim) if claim is not None else None,
        "expected": expected,
        "unmeasured": fact.unmeasured or None,
        "not_applicable": fact.not_applicable or None,
        "why": "; ".join(filter(None, (fact.why, said))),
    }


def _named(component: str, pair: tuple[int, int]) -> dict[str, str]:
    return dict(zip(INPUTS[component], map(str, pair), strict=True))


def service_contradictions(seed: int) -> list[tuple[str, str, str]]:
    """Return (agency, kind, what about) of every contradiction that the systems' answers hold."""
    held = books(seed)
    codes = {code: {"code": book.identifier, **_places(book)} for code, book in held.items()}
    unmapped = {code: book.identifier for code, book in held.items() if book.knows("unmapped")}
    return list(seen_contradictions(codes, unmapped))


def _places(book: Book) -> dict[str, str]:
    """Return the codes that plants speak of: the first procedure in force, the first abolished one."""
    in_force = [p.code for p in book.procedures if p.in_force]
    abolished = sorted(p.code for p in book.procedures if not p.in_force)
    return {
        "first": f"{PORTAL}/{in_force[0]}" if in_force else "",
        "abolished": f"{PORTAL}/{abolished[0]}" if abolished else "",
    }


# --- what a perfect observer concludes ----------------------------------------------------------------


def observed(book: Book, component: str) -> Fact:
    """Return what the definitions make of the book, seen through systems that may hide a part of it."""
    if not book.procedures:
        return Fact(not_applicable="no-procedures", why="the agency has no procedures")
    if book.knows("unmapped"):
        return Fact(unmeasured="mapping-missing", why="the registry maps no identifier")
    if book.knows("dossiers-forbidden") and component in _DOSSIERS:
        return Fact(unmeasured="unauthorised", why="the one-stop-shop answers 403")
    if book.knows("workflows-changed") and component == "HD.13":
        return Fact(unmeasured="schema-changed", why="workflows come under other key names")
    return _hidden(book, component) or _ratio(book, component)


def _hidden(book: Book, component: str) -> Fact | None:
    match component:
        case "HD.14" if book.knows("register-short"):
            return Fact(unmeasured="figures-contradict", why="the register holds fewer than the system")
        case "HD.15" if book.knows("overdue-hidden"):
            return Fact(unmeasured="basis-does-not-fit", why="open overdue dossiers are not printed")
        case "HD.17" if book.knows("no-eligible-list"):
            return Fact(unmeasured="denominator-absent", why="no approved list names the agency")
        case "HD.18" | "HD.19" if book.knows("totals-only"):
            return Fact(unmeasured="basis-does-not-fit", why="only totals over all services")
        case "HD.20" if book.knows("two-postal-counts"):
            return Fact(unmeasured="basis-does-not-fit", why="two counts whose union is not printed")
        case "HD.21" if book.knows("fees-unknown"):
            return Fact(unmeasured="denominator-absent", why="nobody says which dossiers bear a fee")
        case "HD.21" if book.fee_bearing == 0:
            return Fact(not_applicable="no-fees", why="the system prints 0 fee-bearing dossiers")
        case "HD.14" | "HD.15" | "HD.19" | "HD.20" if book.received() == 0:
            return Fact(not_applicable="no-dossiers", why="the system prints 0 received dossiers")
    return None


def _ratio(book: Book, component: str) -> Fact:
    valid = [p for p in book.procedures if p.in_force]
    online = [p for p in valid if p.level() >= 3]
    match component:
        case "HD.13":
            running = sum(p.workflow == "active" for p in valid)
            return Fact(running, len(valid), why="active workflows of procedures in force")
        case "HD.14":
            return Fact(book.received(), book.register, why="received in the system of all that arose")
        case "HD.15":
            good = book.early + book.on_time
            return Fact(good, good + book.late + book.open_overdue, why="open overdue dossiers were due")
        case "HD.16":
            return Fact(len(online), len(valid), why="open services at level 3 or 4, each code once")
        case "HD.17":
            eligible = [p for p in valid if p.is_eligible]
            return Fact(
                sum(p.level() == 4 for p in eligible), len(eligible), why="the list cut to the catalogue"
            )
        case "HD.18":
            grown = [p for p in online if not _is_young(p)]
            return Fact(
                sum(p.online > 0 for p in grown), len(grown), why="services younger than 30 days left out"
            )
        case "HD.19":
            return Fact(
                sum(p.online for p in online),
                sum(p.received for p in online),
                why="of level 3 and 4 codes alone",
            )
        case "HD.20":
            return Fact(book.postal_either, book.received(), why="by post in or out, each dossier once")
        case _:
            return Fact(book.paid_online, book.fee_bearing, why="paid online of fee-bearing dossiers")


def _is_young(procedure: Procedure) -> bool:
    opened = [o.opened for o in procedure.offers if o.is_open and o.level == procedure.level()]
    return all(day is not None and day > YOUNG for day in opened)


# --- what the agency says -----------------------------------------------------------------------------


def _claim(book: Book, place: int, component: str, fact: Fact) -> tuple[tuple[int, int] | None, str, str]:
    """Return the claimed pair, how it compares with the truth, and a word about it."""
    if fact.not_applicable:
        return None, "not_applicable", "nothing is claimed"
    if not fact.is_measured:
        own = _ratio(book, component)
        return (own.num, max(own.den, own.num)), "unverifiable", "claimed, and nobody can see it"
    turn = place + int(component.partition(".")[2])
    if "boasts" in book.agency.temper and turn % 2 == 0:
        claimed = _boast(book, component, fact)
        if claimed is not None:
            return claimed, "false_claim", "claims more than is true"
    if "errs" in book.agency.temper and turn % 3 != 0:
        claimed = _slip(component, fact, turn)
        if claimed is not None:
            return claimed, "honest_error", "differs a little, or to its own disadvantage"
    return (fact.num, fact.den), "agreed", ""


def _boast(book: Book, component: str, fact: Fact) -> tuple[int, int] | None:
    """Return a ratio at least 0.06 above the true one: a larger numerator, the denominator as it is."""
    if fact.den == 0:
        return None
    num = min(fact.den, fact.num + -(-fact.den * _BOAST.numerator // _BOAST.denominator) + 1)
    if Fraction(num - fact.num, fact.den) <= Fraction(6, 100):
        return None
    return num, fact.den


def _slip(component: str, fact: Fact, turn: int) -> tuple[int, int] | None:
    """Return a ratio within 0.01 of the true one where that is possible, else an understated one."""
    if fact.num == 0 or fact.den == 0:
        return None
    more = (fact.num + 1, fact.den)
    if turn % 2 == 0 and fact.num < fact.den and Fraction(1, fact.den) <= _SLIP:
        return more
    return fact.num - 1, fact.den
