"""The cast: 32 agencies of an invented province, what their portals look like and how each of them behaves.

Roles are fixed, so that every situation of the rules occurs under every seed; the seed draws volumes.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final, Literal

PROVINCE: Final = "tỉnh Hoa Ban (mô phỏng)"
PROVINCE_SHORT: Final = "Hoa Ban"

Bloc = Literal["provincial", "district", "commune"]
Look = Literal["vnpt", "sharepoint", "nukeviet", "liferay", "wordpress", "webforms"]
Temper = Literal[
    "dark",  # answers nobody, at any visit
    "dark-second-quarter",
    "robots-refuse",
    "platform-robots",  # whoever runs the platform it stands on forbids crawlers for all its tenants
    "slow",  # has to wake up in the morning, and takes its time with every page
    "block-page",
    "publishes-late",
    "back-dates",
    "withdraws",
    "duplicates",
    "boasts",  # claims more than is true, beyond any tolerance
    "pads",  # fills the count with reposts and empty pages, and claims them
    "bursts",  # posts much of the year's news in its last two weeks
    "busy-close",  # the same, because something happened then
    "hides-dates",  # takes the day off most of its news
    "errs",  # honest errors: understates, or differs a little
]
Tls = Literal["valid", "expired", "wrong-name", "none"]
PlainHttp = Literal["301", "meta-refresh", "closed", "same"]
"""What the plain http port does: a redirect, a script-like refresh, nothing at all, the same pages."""


VOLUMES: Final[dict[str, tuple[int, int]]] = {
    "daily": (264, 272),
    "brisk": (163, 178),
    "steady": (62, 82),
    "sparse": (28, 44),
    "even": (73, 73),
}
"""Own news of the period, lowest and highest: `even` makes 7 x 73 / 365 a finite decimal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """One agency of the simulated province."""

    code: str
    name: str
    bloc: Bloc
    abbreviation: str
    """Unique in the province."""

    doc_symbol: str
    """Body part of its documents' numbers; districts share UBND."""

    aliases: tuple[str, ...]
    has_procedures: bool
    look: Look
    temper: frozenset[Temper]
    tls: Tls
    plain_http: PlainHttp

    volume: str
    own_news: int
    """Own news items of the period, duplicates and reposts left out."""

    @property
    def is_readable(self) -> bool:
        """Tell whether a polite crawler can read the portal at the period's close."""
        return not self.temper & {"dark", "robots-refuse", "platform-robots", "block-page"}


_Role = tuple[str, str, str, str, Look, Tls, PlainHttp, str, tuple[Temper, ...]]

# fmt: off
_ROLES: Final[tuple[_Role, ...]] = (
    # code, name, abbreviation, alias, look, tls, plain http, volume, temper
    ("van-phong-ubnd", "Văn phòng UBND tỉnh Hoa Ban", "VPUB",
     "Văn phòng UBND tỉnh", "liferay", "valid", "301", "daily", ("busy-close",)),
    ("so-noi-vu", "Sở Nội vụ tỉnh Hoa Ban", "SNV",
     "Sở Nội vụ", "sharepoint", "valid", "301", "brisk", ("back-dates",)),
    ("so-tu-phap", "Sở Tư pháp tỉnh Hoa Ban", "STP",
     "Sở Tư pháp", "vnpt", "valid", "301", "steady", ()),
    ("so-ke-hoach-dau-tu", "Sở Kế hoạch và Đầu tư tỉnh Hoa Ban", "SKHĐT",
     "Sở Kế hoạch và Đầu tư", "nukeviet", "valid", "301", "steady", ("boasts",)),
    ("so-tai-chinh", "Sở Tài chính tỉnh Hoa Ban", "STC",
     "Sở Tài chính", "webforms", "valid", "closed", "even", ()),
    ("so-cong-thuong", "Sở Công Thương tỉnh Hoa Ban", "SCT",
     "Sở Công Thương", "wordpress", "valid", "301", "brisk", ("withdraws",)),
    ("so-nong-nghiep", "Sở Nông nghiệp và Phát triển nông thôn tỉnh Hoa Ban", "SNN",
     "Sở Nông nghiệp và PTNT", "vnpt", "expired", "301", "brisk", ()),
    ("so-giao-thong-van-tai", "Sở Giao thông vận tải tỉnh Hoa Ban", "SGTVT",
     "Sở Giao thông vận tải", "webforms", "none", "same", "steady", ("errs",)),
    ("so-xay-dung", "Sở Xây dựng tỉnh Hoa Ban", "SXD",
     "Sở Xây dựng", "sharepoint", "valid", "301", "steady", ("errs",)),
    ("so-tai-nguyen-moi-truong", "Sở Tài nguyên và Môi trường tỉnh Hoa Ban", "STNMT",
     "Sở Tài nguyên và Môi trường", "nukeviet", "wrong-name", "same", "brisk", ("boasts",)),
    ("so-thong-tin-truyen-thong", "Sở Thông tin và Truyền thông tỉnh Hoa Ban", "STTTT",
     "Sở Thông tin và Truyền thông", "liferay", "valid", "301", "daily", ()),
    ("so-lao-dong", "Sở Lao động - Thương binh và Xã hội tỉnh Hoa Ban", "SLĐTBXH",
     "Sở Lao động - Thương binh và Xã hội", "vnpt", "valid", "same", "steady", ("duplicates",)),
    ("so-van-hoa", "Sở Văn hóa, Thể thao và Du lịch tỉnh Hoa Ban", "SVHTTDL",
     "Sở Văn hóa, Thể thao và Du lịch", "wordpress", "valid", "301", "even", ()),
    ("so-khoa-hoc-cong-nghe", "Sở Khoa học và Công nghệ tỉnh Hoa Ban", "SKHCN",
     "Sở Khoa học và Công nghệ", "nukeviet", "expired", "same", "steady", ("publishes-late",)),
    ("so-giao-duc", "Sở Giáo dục và Đào tạo tỉnh Hoa Ban", "SGDĐT",
     "Sở Giáo dục và Đào tạo", "vnpt", "valid", "301", "daily", ("boasts",)),
    ("so-y-te", "Sở Y tế tỉnh Hoa Ban", "SYT",
     "Sở Y tế", "sharepoint", "valid", "301", "daily", ("errs",)),
    ("so-ngoai-vu", "Sở Ngoại vụ tỉnh Hoa Ban", "SNgV",
     "Sở Ngoại vụ", "webforms", "valid", "meta-refresh", "sparse", ("slow",)),
    ("ban-dan-toc", "Ban Dân tộc tỉnh Hoa Ban", "BDT",
     "Ban Dân tộc", "wordpress", "none", "same", "sparse", ("dark-second-quarter",)),
    ("ban-quan-ly-khu-cong-nghiep", "Ban Quản lý các khu công nghiệp tỉnh Hoa Ban", "BQLKCN",
     "Ban Quản lý các khu công nghiệp", "webforms", "wrong-name", "301", "steady", ("robots-refuse",)),
    ("thanh-tra-tinh", "Thanh tra tỉnh Hoa Ban", "TTT",
     "Thanh tra tỉnh", "liferay", "none", "same", "sparse", ("bursts",)),
    ("thanh-pho-song-may", "UBND thành phố Sông Mây", "TPSM",
     "thành phố Sông Mây", "wordpress", "valid", "301", "brisk", ()),
    ("huyen-nam-suong", "UBND huyện Nậm Sương", "HNS",
     "huyện Nậm Sương", "nukeviet", "valid", "301", "brisk", ()),
    ("huyen-phieng-may", "UBND huyện Phiêng Mây", "HPM",
     "huyện Phiêng Mây", "vnpt", "valid", "same", "steady", ("boasts",)),
    ("huyen-muong-thong", "UBND huyện Mường Thông", "HMT",
     "huyện Mường Thông", "sharepoint", "none", "same", "steady", ("platform-robots",)),
    ("huyen-ban-dao", "UBND huyện Bản Đào", "HBĐ",
     "huyện Bản Đào", "nukeviet", "none", "same", "steady", ("pads",)),
    ("huyen-suoi-tram", "UBND huyện Suối Trầm", "HST",
     "huyện Suối Trầm", "vnpt", "expired", "same", "brisk", ("errs",)),
    ("huyen-cao-sim", "UBND huyện Cao Sim", "HCS",
     "huyện Cao Sim", "liferay", "valid", "301", "steady", ("dark",)),
    ("huyen-pha-lua", "UBND huyện Pha Lúa", "HPL",
     "huyện Pha Lúa", "webforms", "valid", "301", "brisk", ("boasts",)),
    ("huyen-thung-ngan", "UBND huyện Thung Ngàn", "HTN",
     "huyện Thung Ngàn", "wordpress", "wrong-name", "301", "steady", ("platform-robots",)),
    ("huyen-deo-gio", "UBND huyện Đèo Gió", "HĐG",
     "huyện Đèo Gió", "nukeviet", "valid", "301", "steady", ("block-page",)),
    ("huyen-khau-bac", "UBND huyện Khau Bạc", "HKB",
     "huyện Khau Bạc", "liferay", "none", "same", "even", ("platform-robots",)),
    ("huyen-ta-van-son", "UBND huyện Tà Vân Sơn", "HTVS",
     "huyện Tà Vân Sơn", "sharepoint", "expired", "301", "sparse", ("hides-dates",)),
)
# fmt: on


def agencies(seed: int) -> tuple[Agency, ...]:
    """Return the 32 agencies in the order that fixes their ports."""
    draw = random.Random(f"agencies/{seed}")
    cast: list[Agency] = []
    for code, name, abbreviation, alias, look, tls, plain_http, volume, temper in _ROLES:
        lowest, highest = VOLUMES[volume]
        is_district = name.startswith("UBND")
        cast.append(
            Agency(
                code=code,
                name=name,
                bloc="district" if is_district else "provincial",
                abbreviation=abbreviation,
                doc_symbol="UBND" if is_district else abbreviation,
                aliases=(alias,),
                has_procedures=code != "thanh-tra-tinh",
                look=look,
                temper=frozenset(temper),
                tls=tls,
                plain_http=plain_http,
                volume=volume,
                own_news=draw.randint(lowest, highest),
            )
        )
    return tuple(cast)
