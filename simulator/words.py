"""Vietnamese words, and sentences drawn from them: a year of news without a repeated paragraph."""

from __future__ import annotations

import random
import re
import unicodedata
from typing import Final

_FIRST_SYLLABLES: Final = (
    "Huổi Nà Pá Co Phai Lọng Ít Kéo Bó Hin Cang Nong Púng Sàng Lái Mòn Tông Khoang Hua Piềng "
    "Tà Pom Lùng Sốp Chiên Nặm Văng Cột Đông Thẳm Xuân Háng Mé Pản Buổi Ten Ngùa Lẹo Dủ Phẩy"
)
_SECOND_SYLLABLES: Final = (
    "Lẹng Hoi Chạy Muôn Tát Lót Ngoạng Dua Thín Hặc Bỉa Nhụng Quang Lụa Pừn Xả Cướm Tráng Hiềng Mạt "
    "Sản Khoa Chanh Lương Vạt Tủm Đứa Kẹn Phúc Ỏ Lạnh Giôn Sảng Dòn Nhọt Thanh Bay Hạm Xịa Ngần"
)

_EVENTS: Final = (
    "hội nghị triển khai", "lớp tập huấn về", "đợt ra quân", "buổi làm việc về", "hội thi tìm hiểu",
    "chương trình hỗ trợ", "lễ phát động", "đoàn công tác kiểm tra", "cuộc họp bàn về", "hội thảo về",
    "ngày hội", "kế hoạch thực hiện", "mô hình điểm về", "buổi giao ban về", "chuyến khảo sát",
)  # fmt: skip
_OPENINGS: Final = (
    "Khai mạc", "Tổ chức", "Tổng kết", "Sơ kết", "Chuẩn bị", "Mở", "Duy trì", "Đẩy mạnh", "Hoàn thành",
    "Đổi mới", "Rà soát", "Nhân rộng", "Tăng cường", "Bế mạc", "Khởi động",
)  # fmt: skip
TOPICS: Final = (
    "trồng cây ăn quả trên đất dốc", "phòng chống cháy rừng mùa khô", "vệ sinh môi trường nông thôn",
    "cấp nước sạch vùng cao", "nuôi cá lồng trên hồ", "chăm sóc chè cổ thụ", "phòng bệnh cho đàn gia súc",
    "tu sửa đường liên bản", "bảo tồn nghề dệt thổ cẩm", "tiêm phòng mở rộng", "dạy nghề cho thanh niên",
    "xây dựng nhà văn hóa cộng đồng", "đón khách du lịch mùa hoa", "quản lý chợ phiên", "thu hoạch mận hậu",
    "kiểm kê đất lúa", "an toàn giao thông mùa mưa", "phòng chống sạt lở", "chăm lo người có công",
    "đọc sách trong nhà trường", "giữ gìn tiếng nói các dân tộc", "cải tạo lưới điện bản xa",
    "hỗ trợ hợp tác xã", "chế biến cà phê", "làm đường ống dẫn nước", "khám sức khỏe người cao tuổi",
    "thi đấu bóng chuyền các bản", "giữ rừng đầu nguồn", "đo đạc địa chính", "trao học bổng học sinh nghèo",
    "bồi dưỡng cán bộ cơ sở", "văn hóa công sở", "tiết kiệm điện", "cải cách lề lối làm việc",
    "sắp xếp kho lưu trữ", "dân vận khéo", "vui Tết trồng cây", "hiến máu nhân đạo", "phòng chống dịch bệnh",
    "ứng dụng giống lúa mới", "nuôi ong lấy mật", "phát triển cây dược liệu", "xóa nhà tạm",
    "kiểm tra chất lượng công trình", "bình ổn giá hàng hóa", "an toàn thực phẩm bếp ăn", "hòa giải ở cơ sở",
    "tìm đầu ra cho nông sản", "xây dựng nông thôn mới", "giảm nghèo bền vững",
)  # fmt: skip
_UNITS: Final = (
    "tổ công tác", "đoàn kiểm tra", "bộ phận chuyên môn", "ban tổ chức", "các phòng chuyên môn",
    "chi đoàn cơ quan", "công đoàn cơ sở", "hội phụ nữ", "nhóm hộ tham gia", "đội tình nguyện",
)  # fmt: skip
_DEEDS: Final = (
    "đã rà soát {n} hộ và lập danh sách gửi về trước ngày {d}",
    "phân công {m} cán bộ bám sát địa bàn trong suốt {k} tuần",
    "đã vận động được {n} triệu đồng cùng {m} ngày công",
    "hướng dẫn {n} người dân làm theo đúng quy trình kỹ thuật",
    "ghi nhận {m} ý kiến góp ý, trong đó {k} ý kiến được tiếp thu ngay",
    "bàn giao {k} công trình nhỏ phục vụ {n} nhân khẩu",
    "kiểm tra thực tế tại {k} điểm và nhắc nhở {m} trường hợp",
    "thống nhất tiến độ đến ngày {d} với {k} nội dung trọng tâm",
    "cấp phát {n} bộ tài liệu cho {m} tổ tự quản",
    "đã hoàn thành {n} mét đường và {k} cống thoát nước",
    "nghiệm thu {m} hạng mục, còn {k} hạng mục làm tiếp trong tháng sau",
    "tổ chức {k} buổi nói chuyện với hơn {n} lượt người nghe",
)
_CLAUSES: Final = (
    "Tại bản {p}, {u} {a}.",
    "Nhờ chuẩn bị kỹ, {u} ở bản {p} {a}.",
    "Kết quả bước đầu cho thấy việc {t} ở bản {p} đạt {m} phần trăm so với yêu cầu đề ra.",
    "Trong {k} ngày, {u} {a}, riêng bản {p} làm xong sớm hơn {m} ngày.",
    "Bà con bản {p} cho biết việc {t} giúp thu nhập tăng thêm {n} nghìn đồng mỗi tháng.",
    "Các đại biểu thảo luận {k} giải pháp để {t} phù hợp với điều kiện của bản {p}.",
    "Sau khi nghe báo cáo, cuộc họp giao cho {u} theo dõi {m} chỉ tiêu và nhắc việc hằng tuần tại bản {p}.",
    "Từ đầu năm đến nay, bản {p} có {n} hộ đăng ký {t}, tăng {m} hộ so với cùng kỳ.",
    "Theo số liệu tổng hợp, {u} {a}; bản {p} là nơi làm tốt nhất.",
    "Mưa kéo dài khiến {k} điểm ở bản {p} phải lùi lịch, song {u} vẫn {a}.",
)

REPOST_LINES: Final = (
    "Nguồn: Báo Hoa Ban điện tử",
    "Theo Cổng thông tin Chính phủ",
    "(Nguồn: Thông tấn xã)",
    "Nguồn tin: Đài Truyền thanh Mường Xa",
    "Sưu tầm: Tạp chí Bản làng",
    "Theo báo Nông dân Miền ngược",
    "Trích nguồn: Trang tin ngành",
)
"""Declared sources that name another body."""

_MARKS: Final = re.compile(r"[\u0300-\u036f]")


def fold(text: str) -> str:
    """Return the text without accents, in lower case."""
    bare = _MARKS.sub("", unicodedata.normalize("NFD", text.casefold()))
    return bare.replace("đ", "d")


def slug(text: str, longest: int = 80) -> str:
    """Return an address part made of the text's folded words."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:longest].rstrip("-")


def village(draw: random.Random) -> str:
    """Return the invented name of a village."""
    return f"{draw.choice(_FIRST_SYLLABLES.split())} {draw.choice(_SECOND_SYLLABLES.split())}"


def headline(draw: random.Random, taken: set[str]) -> str:
    """Return a title that `taken` does not hold yet, and add it."""
    while True:
        title = (
            f"{draw.choice(_OPENINGS)} {draw.choice(_EVENTS)} {draw.choice(TOPICS)} tại bản {village(draw)}"
        )
        if title not in taken:
            taken.add(title)
            return title


def sentence(draw: random.Random) -> str:
    """Return one sentence with numbers and a village of its own."""
    numbers = {
        "n": draw.randint(101, 989),
        "m": draw.randint(12, 98),
        "k": draw.randint(2, 9),
        "d": f"{draw.randint(1, 28)}/{draw.randint(1, 12)}",
    }
    deed = draw.choice(_DEEDS).format(**numbers)
    text = draw.choice(_CLAUSES).format(
        p=village(draw), u=draw.choice(_UNITS), t=draw.choice(TOPICS), a=deed, **numbers
    )
    return text[0].upper() + text[1:]


def paragraph(draw: random.Random, sentences: int = 3) -> str:
    """Return a paragraph of some sentences, about 90 letters each."""
    return " ".join(sentence(draw) for _ in range(sentences))


def body(draw: random.Random) -> tuple[str, ...]:
    """Return the paragraphs of a full article, well above 400 letters."""
    return tuple(paragraph(draw, draw.choice((2, 3, 3))) for _ in range(draw.choice((3, 4, 5))))
