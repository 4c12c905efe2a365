"""Names of invented procedures and of the fields they belong to."""

from __future__ import annotations

import random
from typing import Final

_ACTS: Final = (
    "Cấp", "Cấp lại", "Gia hạn", "Điều chỉnh", "Thu hồi", "Thẩm định", "Xác nhận", "Công nhận", "Đăng ký",
    "Phê duyệt", "Chấp thuận", "Thông báo",
)  # fmt: skip
_THINGS: Final = (
    "giấy phép hoạt động", "chứng chỉ hành nghề", "giấy chứng nhận đủ điều kiện", "hồ sơ dự án đầu tư",
    "kế hoạch bảo vệ môi trường", "giấy phép xây dựng", "đăng ký hộ kinh doanh", "giấy phép vận tải",
    "hợp đồng lao động ngoài tỉnh", "danh mục thiết bị", "bản sao từ sổ gốc", "quyền sử dụng đất",
)  # fmt: skip
_ENDS: Final = (
    "lĩnh vực nông thôn", "đối với tổ chức", "đối với hộ gia đình", "thuộc thẩm quyền cấp tỉnh",
    "thuộc thẩm quyền cấp huyện", "cho hợp tác xã", "cho cơ sở dạy nghề", "trên địa bàn tỉnh Hoa Ban",
)  # fmt: skip

FIELDS: Final = ("Đất đai", "Xây dựng", "Lao động", "Tư pháp", "Kinh doanh", "Môi trường")


def procedure_names(seed: int) -> tuple[str, ...]:
    """Return every name once, shuffled by the seed."""
    names = [f"{act} {thing} {end}" for act in _ACTS for thing in _THINGS for end in _ENDS]
    random.Random(f"procedures/{seed}").shuffle(names)
    return tuple(names)
