"""What the agencies report of themselves where no system can look: 25 components, by how able each one is."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from simulator.agencies import Agency, agencies
from simulator.service_roles import STRENGTH

Said = str | bool | date | Sequence[str]
"""A number or option as text, a yes or no, a day, or the claimed items of a checklist."""

Claims = Mapping[str, Mapping[str, Said]]
"""By component, by name of its input."""

DUE: Final = date(2021, 10, 30)
"""Last day for reports."""

PLAN_DUE: Final = date(2021, 1, 31)

CHECKLISTS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "HT.5": ("he_thong_dung_chung", ("qlvb", "mcdt", "bao_cao", "thu_cong_vu")),
    "HD.1": (
        "muc_gioi_thieu",
        ("so_do_co_cau", "chuc_nang_nhiem_vu", "lanh_dao_nhiem_vu", "don_vi_truc_thuoc", "lien_he_dau_moi"),
    ),
    "HD.3": (
        "muc_chi_dao_dieu_hanh",
        ("y_kien_chi_dao", "xu_ly_kien_nghi", "khen_thuong_xu_phat", "lich_lam_viec_lanh_dao"),
    ),
    "HD.6": ("muc_tthc_dvc", ("danh_muc_tthc", "lien_ket_cong_dvc_va_muc_do")),
    "HD.7": (
        "chuyen_muc",
        (
            "tuyen_truyen_phap_luat",
            "chien_luoc_quy_hoach",
            "du_an_dau_thau_mua_sam",
            "lay_y_kien_gop_y",
            "thong_ke_bao_cao",
        ),
    ),
    "HD.8": ("chuc_nang", ("tim_kiem", "so_do_trang_rss", "tieng_anh", "tiep_can_nguoi_khuyet_tat")),
    "AT.4": ("kiem_tra_https", ("https", "chung_thu_hop_le", "chuyen_huong_http")),
    "AT.5": ("bien_phap", ("tuong_lua", "sao_luu")),
    "TC.5": ("van_ban", ("quy_che_cong", "ban_bien_tap")),
}
"""Input and items of every checklist, in printed order."""


def submitted_claims(seed: int) -> Mapping[str, Claims]:
    """Return what every agency reports on the 25 components that only it can report on."""
    return {agency.code: _claims(agency, seed) for agency in agencies(seed)}


def sent_on(agency: Agency, seed: int) -> date:
    """Return the day on which an agency sends its workbook: the weakest are late."""
    draw = random.Random(f"sent/{seed}/{agency.code}")
    if STRENGTH[agency.code] < 0.15:
        return DUE + timedelta(days=9)
    if STRENGTH[agency.code] < 0.4:
        return DUE + timedelta(days=draw.randint(1, 4))
    return DUE - timedelta(days=draw.randint(0, 6))


def _claims(agency: Agency, seed: int) -> Claims:
    draw = random.Random(f"submitted/{seed}/{agency.code}")
    able = STRENGTH[agency.code]
    staff, units = draw.randint(38, 120), draw.randint(3, 16)
    sent = draw.randint(900, 4200)
    electronic = _part(draw, sent, 0.2 + 0.78 * able)

    def share(of: int, low: float, high: float) -> str:
        return str(_part(draw, of, low + (high - low) * able))

    def pair(num: str, den: str, of: int, low: float, high: float) -> Mapping[str, Said]:
        return {num: share(of, low, high), den: str(of)}

    return {
        "HT.1": pair("may_tinh_ket_noi_internet", "tong_cbcc", staff, 0.55, 1),
        "HT.2": pair("don_vi_ket_noi_tslcd", "tong_don_vi_truc_thuoc", units, 0.1, 1),
        "HT.3": {"co_hntt": able > 0.2},
        "HT.4": {"he_thong_ket_noi_lgsp": str(round(2.2 * able))},
        "HT.5": {"he_thong_dung_chung": _systems(agency, able)},
        "HT.6": {"so_ung_dung_co_ban": str(round(4.4 * able))},
        "HT.7": {"so_csdl_chuyen_nganh": str(round(2.3 * able))},
        "HT.8": pair("tai_khoan_hoat_dong", "tong_cbcc", staff, 0.3, 0.97),
        "HD.10": {"vb_di_dien_tu": str(electronic), "vb_di": str(sent)},
        "HD.11": {"vb_di_ky_so": share(electronic, 0.05, 0.99), "vb_di_dien_tu": str(electronic)},
        "HD.12": _units_signing(agency, draw, units, able),
        "AT.1": pair("may_tinh_cai_pcmd", "tong_may_tinh", staff + 6, 0.15, 1),
        "AT.2": pair("httt_phe_duyet_cap_do", "tong_httt", 0 if agency.code == "ban-dan-toc" else 4, 0, 1),
        "AT.3": {"co_quy_che_attt": able > 0.3},
        "AT.5": {"bien_phap": _first(("tuong_lua", "sao_luu"), able, (0.25, 0.6))},
        "AT.6": pair("canh_bao_da_xu_ly", "canh_bao", draw.choice((0, 5, 12, 20)), 0.3, 1),
        "NL.1": {"can_bo_cntt": _choice(able, "chuyen_trach_dai_hoc", "phu_trach")},
        "NL.2": pair("cbcc_tap_huan", "tong_cbcc", staff, 0.04, 0.6),
        "NL.3": pair("tai_khoan_hoat_dong", "cbcc_can_tai_khoan", staff - 5, 0.35, 0.98),
        "TC.1": {"truong_ban": _choice(able, "nguoi_dung_dau", "cap_pho")},
        "TC.2": {"ngay_ban_hanh_ke_hoach": _plan_day(draw, able), "han_ban_hanh": PLAN_DUE},
        "TC.3": pair("nhiem_vu_hoan_thanh", "nhiem_vu", draw.randint(12, 30), 0.6, 1),
        "TC.4": pair("vb_nguoi_dung_dau_ky", "vb_chi_dao_chuyen_de", draw.randint(2, 9), 0.1, 1),
        "TC.5": {"van_ban": _first(("quy_che_cong", "ban_bien_tap"), able, (0.2, 0.5))},
        "TC.7": {"ngay_gui_bao_cao": sent_on(agency, seed)},
    }


def _part(draw: random.Random, of: int, share: float) -> int:
    return max(0, min(of, round(of * (share + draw.uniform(-0.03, 0.03)))))


def _units_signing(agency: Agency, draw: random.Random, units: int, able: float) -> Mapping[str, Said]:
    if agency.code == "thanh-tra-tinh":  # it has no subordinate units
        return {"don_vi_ky_so": "0", "tong_don_vi_truc_thuoc": "0"}
    return {"don_vi_ky_so": str(_part(draw, units, able)), "tong_don_vi_truc_thuoc": str(units)}


def _systems(agency: Agency, able: float) -> Sequence[str]:
    bounds = {"qlvb": 0.0, "mcdt": 0.2 if agency.has_procedures else 2.0, "bao_cao": 0.5, "thu_cong_vu": 0.3}
    return [item for item, bound in bounds.items() if able > bound]


def _first(items: Sequence[str], able: float, bounds: Sequence[float]) -> Sequence[str]:
    return [item for item, bound in zip(items, bounds, strict=True) if able > bound]


def _choice(able: float, best: str, second: str) -> str:
    return best if able > 0.6 else second if able > 0.3 else "khong"


def _plan_day(draw: random.Random, able: float) -> date:
    late = 0 if able > 0.5 else 20 if able > 0.25 else 60
    return PLAN_DUE + timedelta(days=late - draw.randint(0, 12))
