"""The cast of the two-tier province: who there is, from when to when, made of whom, under which address.

15 departments and 75 communes after the reorganisation; before it some of them were two.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Final, Literal

from simulator import words
from simulator.agencies import Agency, Bloc
from simulator.two_tier.almanac import FIRST_OF_NEW, LAST_OF_OLD

PROVINCE: Final = "tỉnh Ban Trắng (mô phỏng)"

HOSTS: Final = 4
"""Hosts that the communes share."""

COMMUNES: Final = 75
MERGED: Final = 12
"""Communes that were made of two."""

Fate = Literal["lasts", "kept", "gone", "moved", "handed"]
"""Of a portal at its agency's end: never ended; stays as it was; answers nobody any more; sends its visitors
to the successor's; is the successor's from then on, with everything that stood there."""

_Former = tuple[str, str, str, Fate]
_DEPARTMENTS: Final[tuple[tuple[str, str, str, tuple[_Former, ...]], ...]] = (
    # code, name, abbreviation, former ones: (code, name, abbreviation, fate)
    ("van-phong-ubnd", "Văn phòng UBND tỉnh Ban Trắng", "VPUB", ()),
    ("thanh-tra-tinh", "Thanh tra tỉnh Ban Trắng", "TTT", ()),
    ("so-tu-phap", "Sở Tư pháp tỉnh Ban Trắng", "STP", ()),
    ("so-cong-thuong", "Sở Công Thương tỉnh Ban Trắng", "SCT", ()),
    ("so-giao-duc", "Sở Giáo dục và Đào tạo tỉnh Ban Trắng", "SGDĐT", ()),
    ("so-y-te", "Sở Y tế tỉnh Ban Trắng", "SYT", ()),
    ("so-van-hoa", "Sở Văn hóa, Thể thao và Du lịch tỉnh Ban Trắng", "SVHTTDL", ()),
    ("so-ngoai-vu", "Sở Ngoại vụ tỉnh Ban Trắng", "SNgV", ()),
    ("ban-quan-ly-khu-cong-nghiep", "Ban Quản lý các khu công nghiệp tỉnh Ban Trắng", "BQLKCN", ()),
    ("so-noi-vu", "Sở Nội vụ tỉnh Ban Trắng", "SNV", (
        ("so-noi-vu-cu", "Sở Nội vụ tỉnh Ban Trắng", "SNV", "handed"),
        ("so-lao-dong", "Sở Lao động - Thương binh và Xã hội tỉnh Ban Trắng", "SLĐTBXH", "gone"))),
    ("so-tai-chinh", "Sở Tài chính tỉnh Ban Trắng", "STC", (
        ("so-tai-chinh-cu", "Sở Tài chính tỉnh Ban Trắng", "STC", "handed"),
        ("so-ke-hoach-dau-tu", "Sở Kế hoạch và Đầu tư tỉnh Ban Trắng", "SKHĐT", "kept"))),
    ("so-nong-nghiep-moi-truong", "Sở Nông nghiệp và Môi trường tỉnh Ban Trắng", "SNNMT", (
        ("so-nong-nghiep", "Sở Nông nghiệp và Phát triển nông thôn tỉnh Ban Trắng", "SNN", "kept"),
        ("so-tai-nguyen-moi-truong", "Sở Tài nguyên và Môi trường tỉnh Ban Trắng", "STNMT", "gone"))),
    ("so-xay-dung", "Sở Xây dựng tỉnh Ban Trắng", "SXD", (
        ("so-xay-dung-cu", "Sở Xây dựng tỉnh Ban Trắng", "SXD", "handed"),
        ("so-giao-thong-van-tai", "Sở Giao thông vận tải tỉnh Ban Trắng", "SGTVT", "moved"))),
    ("so-khoa-hoc-cong-nghe", "Sở Khoa học và Công nghệ tỉnh Ban Trắng", "SKHCN", (
        ("so-khoa-hoc-cong-nghe-cu", "Sở Khoa học và Công nghệ tỉnh Ban Trắng", "SKHCN", "gone"),
        ("so-thong-tin-truyen-thong", "Sở Thông tin và Truyền thông tỉnh Ban Trắng", "STTTT", "kept"))),
    ("so-dan-toc-ton-giao", "Sở Dân tộc và Tôn giáo tỉnh Ban Trắng", "SDTTG", (
        ("ban-dan-toc", "Ban Dân tộc tỉnh Ban Trắng", "BDT", "moved"),
        ("ban-ton-giao", "Ban Tôn giáo tỉnh Ban Trắng", "BTG", "kept"))),
)  # fmt: skip

WITHOUT_PROCEDURES: Final = frozenset({"van-phong-ubnd", "thanh-tra-tinh", "so-dan-toc-ton-giao"})
_FORMER_WITHOUT: Final = frozenset({"ban-dan-toc", "ban-ton-giao"})

_FIRST_NAMES: Final = ("Mường Sim", "Mường Sim Hai", "Nà Ten", "Nà Ten Thượng")
"""Folders of which one begins as another one does."""

_FATES: Final[tuple[tuple[Fate, Fate], ...]] = (("handed", "gone"), ("kept", "moved"), ("gone", "kept"))
"""Of the two former communes, in turn over those that were made of two."""

REFUSED: Final = 7
"""Place of the commune that its host's robots.txt keeps from being read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One agency with its days and its place."""

    agency: Agency
    place: int
    """In the cast; draws of its portal hang on it."""

    door: int
    """Which port answers for it: below `HOSTS` a shared host, else a port of its own."""

    folder: str
    """Path under which its portal stands, without the last slash; empty: the whole host."""

    fate: Fate = "lasts"
    valid_from: date | None = None
    valid_to: date | None = None
    predecessors: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """Return the agency's code."""
        return self.agency.code

    @property
    def is_shared(self) -> bool:
        """Tell whether its portal stands on a host beside others."""
        return self.door < HOSTS

    @property
    def is_refused(self) -> bool:
        """Tell whether robots.txt forbids its portal."""
        return "robots-refuse" in self.agency.temper


@lru_cache(maxsize=2)
def members(seed: int) -> tuple[Member, ...]:
    """Return everybody, successors after those whom they were made of."""
    return (*_departments(), *_communes(seed))


def _agency(code: str, name: str, bloc: Bloc, abbreviation: str, aliases: tuple[str, ...]) -> Agency:
    return Agency(
        code=code,
        name=name,
        bloc=bloc,
        abbreviation=abbreviation,
        doc_symbol="UBND" if bloc == "commune" else abbreviation,
        aliases=aliases,
        has_procedures=code not in WITHOUT_PROCEDURES | _FORMER_WITHOUT,
        look="vnpt" if bloc == "commune" else "nukeviet",
        temper=frozenset(),
        tls="none",
        plain_http="same",
        volume="",
        own_news=0,
    )


def _departments() -> list[Member]:
    cast: list[Member] = []
    door = HOSTS
    for code, name, abbreviation, former in _DEPARTMENTS:
        handed = None
        for was, its_name, its_abbreviation, fate in former:
            agency = _agency(was, its_name, "provincial", its_abbreviation, (_short(its_name),))
            cast.append(
                Member(agency=agency, place=len(cast), door=door, folder="", fate=fate, valid_to=LAST_OF_OLD)
            )
            handed = door if fate == "handed" else handed
            door += 1
        agency = _agency(code, name, "provincial", abbreviation, (_short(name),))
        cast.append(
            Member(
                agency=agency,
                place=len(cast),
                door=door if handed is None else handed,
                folder="",
                valid_from=FIRST_OF_NEW if former else None,
                predecessors=tuple(was for was, *_ in former),
            )
        )
        door += handed is None
    return cast


def _short(name: str) -> str:
    return name.removesuffix(" tỉnh Ban Trắng").removesuffix(" Ban Trắng")


def _communes(seed: int) -> list[Member]:
    names = _names(seed, COMMUNES + 2 * MERGED)
    cast: list[Member] = []
    first = len(_departments())
    for number in range(COMMUNES):
        door = number % HOSTS
        former = _former(names, number, door, first + len(cast)) if number >= COMMUNES - MERGED else []
        cast += former
        name = names[number]
        agency = _commune(f"xa-{words.slug(name)}", name, refused=number == REFUSED)
        handed = next((one.folder for one in former if one.fate == "handed"), "")
        cast.append(
            Member(
                agency=agency,
                place=first + len(cast),
                door=door,
                folder=handed or f"/{words.slug(name)}",
                valid_from=FIRST_OF_NEW if former else None,
                predecessors=tuple(one.code for one in former),
            )
        )
    return cast


def _former(names: list[str], number: int, door: int, place: int) -> list[Member]:
    turn = number - (COMMUNES - MERGED)
    return [
        Member(
            agency=_commune(f"xa-{words.slug(name)}-cu", name),
            place=place + half,
            door=door,
            folder=f"/{words.slug(name)}",
            fate=fate,
            valid_to=LAST_OF_OLD,
        )
        for half, (name, fate) in enumerate(
            zip(names[COMMUNES + 2 * turn :], _FATES[turn % len(_FATES)], strict=False)
        )
    ]


def _commune(code: str, name: str, *, refused: bool = False) -> Agency:
    agency = _agency(code, f"UBND xã {name}", "commune", "", (f"xã {name}",))
    if not refused:
        return agency
    return replace(agency, temper=frozenset({"robots-refuse"}))


def _names(seed: int, count: int) -> list[str]:
    """Draw so many names of communes, no two of them alike without their accents."""
    draw = random.Random(f"communes/{seed}")
    found = {words.slug(name): name for name in _FIRST_NAMES}
    while len(found) < count:
        name = words.village(draw)
        found.setdefault(words.slug(name), name)
    return list(found.values())
