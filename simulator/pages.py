"""The static pages of one portal: who they are, what they do, how to reach them, what they offer."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Final

from simulator import words
from simulator.agencies import Agency
from simulator.gateway_pages import SERVICES_PATH
from simulator.model import Page
from simulator.services import PROVINCE_CODE, Book, books

Block = tuple[str, str]

ABOUT: Final = "Giới thiệu"
UPDATING: Final = "Nội dung đang được cập nhật"
CHART: Final = "chart"
ATTACHMENT: Final = "attachment"
SERVICE_PORTAL: Final = "service-portal"
"""Block tags that a look turns into a picture, a file, a link to the public-service portal."""

LEADER: Final = "lanh-dao-1"
FAQ: Final = "cau-hoi-thuong-gap"

_CHART_HEADINGS: Final = ("Sơ đồ tổ chức", "Cơ cấu tổ chức", "Tổ chức bộ máy", "Sơ đồ tổ chưc bộ máy")
_DUTY_HEADINGS: Final = ("Chức năng, nhiệm vụ", "Chức năng nhiệm vụ và quyền hạn", "Vị trí chức năng")
_CONTACT_HEADINGS: Final = ("Liên hệ", "Thông tin liên hệ", "Đầu mối liên hệ", "Danh bạ điện thoại")
_PROCEDURE_HEADINGS: Final = (
    "Thủ tục hành chính",
    "Bộ thủ tục hành chính",
    "Danh mục TTHC",
    "Thủ tục hành chánh",
)
_LEADERS: Final = ("Quàng Văn Mô Phỏng", "Tòng Thị Ví Dụ", "Lường Văn Giả Định")
_ONLINE: Final = 3
_SHOWN_SERVICES: Final = 9
_FEW_SERVICES: Final = 4
"""Fewer than a list of procedures needs."""

_LISTED: Final = frozenset({"codes", "attachment"})
_FIELDS: Final = ("đất đai", "văn hóa", "xây dựng", "lao động", "tư pháp", "nông nghiệp", "giáo dục")


def write_pages(agency: Agency, index: int, seed: int, plan: Mapping[str, str]) -> tuple[Page, ...]:
    """Return the static pages that the plan asks for, in menu order."""
    draw = random.Random(f"{seed}/{agency.code}/pages")
    book = books(seed)[agency.code]
    pages = [
        *introduce(agency, index, draw, plan),
        *_procedures(agency, index, book, plan["danh_muc_tthc"]),
        *_services(agency, book, plan),
    ]
    if plan["hoi_dap"] == "faq":
        pages.append(_faq(draw))
    if plan["tieng_anh"] == "page":
        pages.append(_english(agency))
    return tuple(pages)


def introduce(agency: Agency, index: int, draw: random.Random, plan: Mapping[str, str]) -> list[Page]:
    """Return the pages that introduce the agency, in menu order."""
    return [
        *_structure(agency, index, draw, plan["so_do_co_cau"]),
        *_duties(index, draw, plan["chuc_nang_nhiem_vu"]),
        *_leaders(agency, index, draw, plan["lanh_dao_nhiem_vu"]),
        *_units(agency, index, draw, plan["don_vi_truc_thuoc"]),
        *_contact(agency, index, draw, plan["lien_he_dau_moi"]),
    ]


def _structure(agency: Agency, index: int, draw: random.Random, way: str) -> list[Page]:
    if way == "absent":
        return []
    heading = _CHART_HEADINGS[index % len(_CHART_HEADINGS)]
    intro: Block = ("p", "Hình dưới đây thể hiện cách sắp xếp các bộ phận.")
    blocks: tuple[Block, ...] = {
        "chart": (intro, (CHART, f"{heading} của {agency.name}")),
        "units": tuple(("li", name) for name in _unit_names(agency, draw, 6)),
        "attachment": (("p", "Tải tệp để xem cách sắp xếp các bộ phận."), (ATTACHMENT, heading)),
    }.get(way, ())
    return [Page(key="so-do", heading=heading, group=ABOUT, blocks=blocks)]


def _duties(index: int, draw: random.Random, way: str) -> list[Page]:
    if way == "absent":
        return []
    heading = _DUTY_HEADINGS[index % len(_DUTY_HEADINGS)]
    blocks: tuple[Block, ...] = {
        "text": tuple(("p", words.paragraph(draw, 3)) for _ in range(4)),
        "attachment": (("p", "Xem tệp kèm theo."), (ATTACHMENT, heading)),
    }.get(way, ())
    return [Page(key="chuc-nang", heading=heading, group=ABOUT, blocks=blocks)]


def _leaders(agency: Agency, index: int, draw: random.Random, way: str) -> list[Page]:
    if way == "absent":
        return []
    heading, head, deputy = _leader_words(agency, index)
    lines = tuple(
        ("p", f"{deputy if n else head}: {name}. Phụ trách {draw.choice(_FIELDS)}, theo dõi {n + 3} bản.")
        for n, name in enumerate(_LEADERS)
    )
    if way == "page":
        return [Page(key="lanh-dao", heading=heading, group=ABOUT, blocks=lines)]
    if way == "below":
        links = tuple(("child", f"{LEADER}|{name}") for name in _LEADERS[:1])
        return [
            Page(key="lanh-dao", heading=heading, group=ABOUT, blocks=links),
            Page(key=LEADER, heading=f"Ông {_LEADERS[0]}", group="", blocks=lines),
        ]
    return [Page(key="lanh-dao", heading=heading, group=ABOUT, blocks=())]


def _leader_words(agency: Agency, index: int) -> tuple[str, str, str]:
    """Return the page's heading and the titles of the head and of the deputies."""
    if agency.bloc != "provincial":
        heading = ("Lãnh đạo Ủy ban", "Thường trực UBND")[index % 2]
        return heading, "Chủ tịch", "Phó Chủ tịch"
    if agency.name.startswith("Sở"):
        return ("Lãnh đạo Sở", "Ban Giám đốc")[index % 2], "Giám đốc", "Phó Giám đốc"
    head = {"V": "Chánh Văn phòng", "T": "Chánh Thanh tra"}.get(agency.name[0], "Trưởng ban")
    return "Ban lãnh đạo", head, f"Phó {head}"


def _unit_names(agency: Agency, draw: random.Random, count: int) -> list[str]:
    if agency.bloc == "district":
        return [f"UBND xã {words.village(draw)}" for _ in range(count)]
    kinds = ("Phòng", "Trung tâm", "Chi cục", "Phòng", "Văn phòng", "Phòng")
    return [f"{kinds[n % len(kinds)]} {draw.choice(words.TOPICS).capitalize()}" for n in range(count)]


def _units(agency: Agency, index: int, draw: random.Random, way: str) -> list[Page]:
    if way == "absent":
        return []
    district = ("Xã, phường, thị trấn", "Đơn vị trực thuộc", "Cơ quan chuyên môn")
    provincial = ("Phòng ban", "Đơn vị trực thuộc", "Phòng chuyên môn")
    heading = (district if agency.bloc == "district" else provincial)[index % 3]
    blocks: tuple[Block, ...] = ()
    if way in ("page", "hidden"):
        blocks = tuple(("li", name) for name in _unit_names(agency, draw, 7))
    return [Page(key="don-vi", heading=heading, group=ABOUT, blocks=blocks, hidden=way == "hidden")]


def _contact(agency: Agency, index: int, draw: random.Random, way: str) -> list[Page]:
    if way == "absent":
        return []
    heading = _CONTACT_HEADINGS[index % len(_CONTACT_HEADINGS)]
    street = f"số {draw.randint(2, 98)} đường Hoa Ban, thành phố Sông Mây (mô phỏng)"
    phone = f"0212.3.{draw.randint(100, 999)}.{draw.randint(100, 999)}"
    blocks: tuple[Block, ...] = (
        ("p", f"Địa chỉ: {street}"),
        ("p", f"Điện thoại bộ phận văn thư: {phone}"),
        ("p", f"Hộp thư: vanthu@{agency.code}.hoaban.example"),
    )
    if way == "form":
        blocks = (("form", "Gửi thư cho cơ quan"),)
    return [Page(key="lien-he", heading=heading, group="Tương tác", blocks=blocks)]


def _procedures(agency: Agency, index: int, book: Book, way: str) -> list[Page]:
    if way == "absent" or not agency.has_procedures:
        return []
    heading = _PROCEDURE_HEADINGS[index % len(_PROCEDURE_HEADINGS)]
    blocks: tuple[Block, ...] = (("p", "Không có dữ liệu"),)
    if way == "codes":
        valid = [procedure for procedure in book.procedures if procedure.in_force]
        blocks = tuple(("row", f"{p.code}.{PROVINCE_CODE}|{p.name}") for p in valid)
    elif way == "attachment":
        blocks = (("p", "Danh mục đầy đủ nằm trong tệp."), (ATTACHMENT, "Danh mục thủ tục hành chính"))
    return [Page(key="tthc", heading=heading, group="Công khai", blocks=blocks)]


def _services(agency: Agency, book: Book, plan: Mapping[str, str]) -> list[Page]:
    """Show services with their level; where no procedures are shown, nothing here may stand in for them."""
    if plan["lien_ket_cong_dvc_va_muc_do"] != "levels" or not agency.has_procedures:
        return []
    offered = [(p, offer.level) for p in book.procedures for offer in p.offers if offer.level >= _ONLINE]
    is_listed = plan["danh_muc_tthc"] in _LISTED
    shown = offered[: _SHOWN_SERVICES if is_listed else _FEW_SERVICES]
    rows = tuple(("row", f"{p.code}.{PROVINCE_CODE}|{p.name}|Mức độ {level}") for p, level in shown)
    filtered = f"{SERVICES_PATH}?co-quan={book.identifier}" if is_listed else "/"
    blocks: tuple[Block, ...] = (*rows, (SERVICE_PORTAL, f"{filtered}|Nộp hồ sơ trên Cổng dịch vụ công"))
    return [Page(key="dich-vu-cong", heading="Dịch vụ công trực tuyến", group="Công khai", blocks=blocks)]


def _faq(draw: random.Random) -> Page:
    blocks = tuple(("p", f"Hỏi: {words.sentence(draw)} Đáp: {words.sentence(draw)}") for _ in range(5))
    return Page(key=FAQ, heading="Câu hỏi thường gặp", group="Tương tác", blocks=blocks)


def _english(agency: Agency) -> Page:
    office = agency.code.replace("-", " ").title()
    blocks: tuple[Block, ...] = (
        ("h2", "Organization and contact"),
        (
            "p",
            f"This is the page of the office known as {office} in the simulated province of Hoa Ban. "
            "The office advises the committee of the province and helps the districts in the daily work of "
            "the state, and it reports to the council of the province on the state of the works.",
        ),
        (
            "p",
            "The structure of the office consists of the board of leaders, the divisions and the units. It "
            "is in charge of the planning, the guidance and the inspection of the works for the people.",
        ),
        ("p", "Contact address: Hoa Ban street, in the city of Song May, to the left of the market."),
    )
    return Page(key="english", heading="About the office", group="", blocks=blocks, is_english=True)
