"""What a person is asked to confirm: which heading means which figure, which body is which agency.

Words that are equal are proposed as certain, near ones (rapidfuzz) as a guess with its nearness. Nothing is
taken for granted here, and nothing is ever joined because one text holds another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from rapidfuzz import fuzz

from minhchung.agencies import Agency
from minhchung.text_keys import k1, k2

NEAR: Final = 82
"""Of 100: less alike than this is not proposed at all."""

WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "carried_over": (
        "tồn kỳ trước",
        "tiếp nhận kỳ trước",
        "kỳ trước chuyển qua",
        "hồ sơ kỳ trước chuyển sang",
    ),
    "received": ("tiếp nhận", "tổng tiếp nhận", "đã tiếp nhận", "tiếp nhận trong kỳ", "số hồ sơ tiếp nhận"),
    "received_online": ("tiếp nhận trực tuyến", "tiếp nhận qua mạng", "trực tuyến", "nộp trực tuyến"),
    "received_direct": ("tiếp nhận trực tiếp", "trực tiếp", "nộp trực tiếp"),
    "received_postal": ("tiếp nhận qua bcci", "bưu chính công ích", "qua bưu chính", "bcci"),
    "returned_postal": ("trả kết quả qua bcci", "trả kết quả qua bưu chính"),
    "must_process": ("cần xử lý", "tổng số cần giải quyết", "phải xử lý"),
    "resolved": ("đã xử lý", "đã giải quyết", "tổng đã giải quyết", "tổng đã xử lý"),
    "resolved_early": ("đã xử lý trước hạn", "đã giải quyết trước hạn", "trước hạn"),
    "resolved_on_time": ("đã xử lý đúng hạn", "đã giải quyết đúng hạn", "đúng hạn"),
    "resolved_overdue": ("đã xử lý quá hạn", "đã giải quyết quá hạn", "đã xử lý trễ hạn", "đã xử lý trễ"),
    "open": ("đang xử lý", "đang giải quyết", "chưa xử lý", "tổng đang xử lý"),
    "open_in_time": ("đang xử lý trong hạn", "đang giải quyết trong hạn"),
    "open_overdue": ("đang xử lý quá hạn", "đang giải quyết quá hạn", "đang xử lý trễ"),
    "paused": ("tạm dừng", "dừng xử lý"),
    "supplement": ("yêu cầu bổ sung", "bổ sung hồ sơ"),
    "returned": ("trả lại", "từ chối", "không tiếp nhận"),
    "withdrawn": ("rút hồ sơ", "công dân rút"),
    "fee_bearing": ("có phí lệ phí", "hồ sơ có phí", "phát sinh phí lệ phí"),
    "paid_online": ("thanh toán trực tuyến", "nộp phí trực tuyến"),
    "online_full": ("toàn trình",),
    "online_partial": ("một phần",),
}
BODY: Final = ("đơn vị", "cơ quan", "tên đơn vị", "tên cơ quan", "cơ quan đơn vị", "đơn vị cơ quan")
PROCEDURE: Final = ("mã thủ tục", "mã tthc", "mã thủ tục hành chính")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What one text is taken to stand for, until a person has said so."""

    text: str
    meaning: str
    """Empty: nothing is near."""

    nearness: int
    """0 to 100; 100: the same words."""


def propose_columns(headings: Sequence[str]) -> list[Proposal]:
    """Return for each heading the meaning it is nearest to; each meaning once, for its nearest heading."""
    pairs = [
        (_nearness(heading, phrase), n, meaning)
        for n, heading in enumerate(headings)
        if heading and "%" not in heading and "tỷ lệ" not in heading.casefold()
        for meaning, phrases in (*WORDS.items(), ("body", BODY), ("procedure", PROCEDURE))
        for phrase in phrases
    ]
    chosen: dict[int, tuple[str, int]] = {}
    taken: set[str] = set()
    for nearness, n, meaning in sorted(pairs, key=lambda p: (-p[0], p[1], p[2])):
        if nearness >= NEAR and n not in chosen and meaning not in taken:
            chosen[n] = meaning, nearness
            taken.add(meaning)
    return [
        Proposal(text=heading, meaning=chosen.get(n, ("", 0))[0], nearness=chosen.get(n, ("", 0))[1])
        for n, heading in enumerate(headings)
    ]


def _nearness(heading: str, phrase: str) -> int:
    """Return how near a heading is: by its whole path, or by its last part where that is the same words."""
    key, wanted = k2(heading), k2(phrase)
    if key == wanted:
        return 100
    if k2(heading.rpartition(" / ")[2]) == wanted and " / " not in heading:
        return 100
    return min(99, int(fuzz.ratio(key, wanted)))


def propose_agencies(
    names: Iterable[str], agencies: Sequence[Agency], source: str, day: date
) -> list[Proposal]:
    """Return for each name the agency it is nearest to: by identifier, by whole name, else by nearness.

    Where several bear a name, the one in force on the day is meant; where that leaves two, none is.
    """
    return [_agency(name, agencies, source, day) for name in dict.fromkeys(names)]


def _agency(name: str, agencies: Sequence[Agency], source: str, day: date) -> Proposal:
    same = [agency for agency in agencies if agency.identifier(source) == name or _is_name(name, agency)]
    same = [agency for agency in same if agency.in_force(day)] or same
    if same:
        meant = same[0].code if len(same) == 1 else ""
        return Proposal(text=name, meaning=meant, nearness=100 if meant else 0)
    near = [
        (int(fuzz.ratio(k2(name), k2(known))), agency.code)
        for agency in agencies
        if agency.in_force(day)
        for known in (agency.name, *agency.aliases)
    ]
    best = max(near, default=(0, ""))
    rivals = {code for nearness, code in near if nearness == best[0]}
    if best[0] < NEAR or len(rivals) > 1:
        return Proposal(text=name, meaning="", nearness=best[0])
    return Proposal(text=name, meaning=best[1], nearness=min(99, best[0]))


def _is_name(name: str, agency: Agency) -> bool:
    return k1(name) in map(k1, (agency.name, *agency.aliases))
