"""How able each agency is and what is peculiar about it in the service systems: fixed, under every seed."""

from __future__ import annotations

from typing import Final, Literal

Situation = Literal[
    "unmapped",  # the systems know it, the registry holds no identifier for it
    "dossiers-forbidden",  # the one-stop-shop answers 403 about its dossiers
    "totals-only",  # the one-stop-shop gives no rows by procedure
    "workflows-changed",  # its workflows come under other key names
    "overdue-hidden",  # open overdue dossiers are not printed
    "two-postal-counts",  # both ways by post, never their union
    "fees-unheld",  # the one-stop-shop holds no fees; the treasury does
    "fees-unknown",  # the one-stop-shop holds no fees, and nobody else says
    "no-fees",  # nothing it does costs anything, and the system says so
    "level-2-only",  # nothing can be sent online
    "no-dossiers",  # nobody came in the whole year, and the system says so
    "no-post",  # nothing by post, and the system says so
    "no-register",  # the owner of the register of all dossiers does not list it
    "register-short",  # that register holds fewer dossiers than the system
    "no-eligible-list",  # the plan's annex does not list it
]

SITUATIONS: Final[dict[str, frozenset[Situation]]] = {
    "huyen-cao-sim": frozenset({"unmapped"}),
    "huyen-deo-gio": frozenset({"dossiers-forbidden", "no-eligible-list"}),
    "ban-quan-ly-khu-cong-nghiep": frozenset({"totals-only", "overdue-hidden", "no-eligible-list"}),
    "huyen-khau-bac": frozenset({"workflows-changed"}),
    "huyen-ban-dao": frozenset({"two-postal-counts"}),
    "so-y-te": frozenset({"fees-unheld"}),
    "huyen-nam-suong": frozenset({"fees-unheld"}),
    "so-ngoai-vu": frozenset({"no-fees", "level-2-only", "no-register"}),
    "ban-dan-toc": frozenset({"no-dossiers"}),
    "huyen-thung-ngan": frozenset({"no-post", "fees-unknown"}),
    "huyen-muong-thong": frozenset({"register-short"}),
    "huyen-ta-van-son": frozenset({"no-register"}),
}

STRENGTH: Final[dict[str, float]] = {
    "so-thong-tin-truyen-thong": 0.99,
    "van-phong-ubnd": 0.97,
    "so-y-te": 0.95,
    "so-noi-vu": 0.92,
    "so-giao-duc": 0.86,
    "so-cong-thuong": 0.88,
    "so-nong-nghiep": 0.84,
    "so-tai-nguyen-moi-truong": 0.74,
    "so-tai-chinh": 0.78,
    "so-tu-phap": 0.80,
    "so-xay-dung": 0.70,
    "so-ke-hoach-dau-tu": 0.62,
    "so-van-hoa": 0.66,
    "so-lao-dong": 0.58,
    "so-khoa-hoc-cong-nghe": 0.54,
    "so-giao-thong-van-tai": 0.46,
    "ban-quan-ly-khu-cong-nghiep": 0.50,
    "thanh-tra-tinh": 0.42,
    "so-ngoai-vu": 0.22,
    "ban-dan-toc": 0.12,
    "thanh-pho-song-may": 0.98,
    "huyen-nam-suong": 0.90,
    "huyen-suoi-tram": 0.82,
    "huyen-pha-lua": 0.72,
    "huyen-phieng-may": 0.64,
    "huyen-ban-dao": 0.68,
    "huyen-thung-ngan": 0.52,
    "huyen-muong-thong": 0.56,
    "huyen-khau-bac": 0.44,
    "huyen-deo-gio": 0.40,
    "huyen-cao-sim": 0.34,
    "huyen-ta-van-son": 0.08,
}
"""0 to 1: drives what an agency reports of itself and what its service systems hold."""


def situations(code: str) -> frozenset[Situation]:
    """Return what is peculiar about one agency."""
    return SITUATIONS.get(code, frozenset())
