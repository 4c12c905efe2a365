"""Which checklist item stands on which portal, and in which way: fixed turns over the agencies."""

from __future__ import annotations

from typing import Final

from simulator.agencies import Agency

_TURNS: Final[dict[str, tuple[str, ...]]] = {
    # HD.1
    "so_do_co_cau": ("chart", "units", "chart", "empty", "chart", "attachment", "absent"),
    "chuc_nang_nhiem_vu": ("text", "text", "attachment", "text", "empty", "text", "text", "absent"),
    "lanh_dao_nhiem_vu": ("page", "page", "below", "page", "empty", "page", "page", "absent"),
    "don_vi_truc_thuoc": ("page", "page", "empty", "page", "hidden", "page", "absent", "page"),
    "lien_he_dau_moi": ("page", "page", "page", "form", "page", "absent"),
    # HD.3
    "y_kien_chi_dao": ("list", "list", "renamed", "list", "stale", "empty"),
    "xu_ly_kien_nghi": ("list", "stale", "list", "unanswered", "absent", "list", "empty"),
    "khen_thuong_xu_phat": ("list", "list", "absent", "list", "stale", "empty"),
    "lich_lam_viec_lanh_dao": ("list", "absent", "list", "stale", "list", "empty"),
    # HD.6
    "danh_muc_tthc": ("codes", "codes", "attachment", "empty", "codes", "absent"),
    "lien_ket_cong_dvc_va_muc_do": ("levels", "banner", "levels", "levels", "absent"),
    # HD.7
    "tuyen_truyen_phap_luat": ("list", "list", "empty", "list", "stale", "list", "absent"),
    "thong_ke_bao_cao": ("list", "stale", "list", "list", "absent", "list", "empty"),
    "chien_luoc_quy_hoach": ("list", "list", "hidden", "list", "absent", "stale", "list"),
    "du_an_dau_thau_mua_sam": ("absent", "list", "list", "empty", "list", "stale", "list"),
    "lay_y_kien_gop_y": ("list", "poll", "list", "list", "empty", "list", "absent"),
    # HD.8
    "tim_kiem": ("works", "works", "returns-home", "works", "absent"),
    "so_do_trang_rss": ("page", "sitemap", "named-rss", "feed", "stale-feed", "page feed", "foreign-sitemap"),
    "tieng_anh": ("page", "widget", "page", "flag-home", "page", "absent"),
    "tiep_can_nguoi_khuyet_tat": ("accessible", "accessible", "bare", "accessible", "bare"),
    # HD.9
    "hoi_dap": ("list", "list", "absent", "list", "none-in-period", "list", "faq"),
}

MET: Final[dict[str, frozenset[str]]] = {
    "so_do_co_cau": frozenset({"chart", "units", "attachment"}),
    "chuc_nang_nhiem_vu": frozenset({"text", "attachment"}),
    "lanh_dao_nhiem_vu": frozenset({"page", "below"}),
    "danh_muc_tthc": frozenset({"codes", "attachment"}),
    "lien_ket_cong_dvc_va_muc_do": frozenset({"levels"}),
    "tim_kiem": frozenset({"works"}),
    "so_do_trang_rss": frozenset({"page", "sitemap", "feed", "page feed", "sitemap feed"}),
    "tieng_anh": frozenset({"page"}),
    "tiep_can_nguoi_khuyet_tat": frozenset({"accessible"}),
}
"""Ways of standing that meet an item; for every other item they are `page` and `list`."""

_USUAL: Final = frozenset({"page", "list"})
_ROBOTS_SHUT_SEARCH: Final = "huyen-ban-dao"


def plan_portal(agency: Agency, index: int, has_papers: bool) -> dict[str, str]:
    """Return the way in which every checklist item stands on this portal."""
    plan = {
        item: turns[(index * 3 + place * 5) % len(turns)]
        for place, (item, turns) in enumerate(_TURNS.items())
    }
    if not has_papers and plan["y_kien_chi_dao"] == "list":
        plan["y_kien_chi_dao"] = "no-papers"
    if agency.look == "wordpress":
        plan["so_do_trang_rss"] = "sitemap feed"
    if agency.code == _ROBOTS_SHUT_SEARCH:
        plan["tim_kiem"] = "robots"
    if "page" not in plan["so_do_trang_rss"]:
        # a page that only the site map links to needs a site map
        plan = {item: "absent" if way == "hidden" else way for item, way in plan.items()}
    return plan


def is_met(item: str, way: str) -> bool:
    """Tell whether standing in this way meets the item."""
    return way in MET.get(item, _USUAL)
