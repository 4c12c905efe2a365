"""The two-tier province on disk: truth, configuration, and the list of agencies as the province keeps it."""

from __future__ import annotations

import io
import shutil
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from xlsxwriter import Workbook

from simulator.ports import HOST, Ports
from simulator.two_tier.cast import PROVINCE, Member, members
from simulator.two_tier.truth import truth_text
from simulator.two_tier.world import origin_of, port_of
from simulator.write import Toml, agency_table, lines, site_profile, write_file

REGISTRY: Final = "hai-cap"
LIST: Final = "danh-sach-co-quan.xlsx"
_HEADINGS: Final = (
    "TT", "Mã", "Tên cơ quan", "Khối", "Cấp", "Cổng thông tin", "Ký hiệu", "Thủ tục", "Hiệu lực từ",
    "Hiệu lực đến", "Tiền thân",
)  # fmt: skip
_LEVELS: Final = {"provincial": "tỉnh", "commune": "xã"}
_WRITTEN: Final = datetime(2021, 7, 1, 8, tzinfo=UTC)
_CONFIG: Final = Path(__file__).parent / "config"


def write_two_tier(seed: int, ports: Ports, out: Path) -> None:
    """Write everything that the province knows about itself into a folder."""
    config = out / "config"
    shutil.copytree(_CONFIG, config, dirs_exist_ok=True)
    write_file(out / "truth.json", truth_text(seed).encode())
    write_file(out / LIST, workbook(members(seed), ports))
    write_file(config / "agencies" / f"{REGISTRY}.toml", _registry(members(seed), ports).encode())
    for look in ("vnpt", "nukeviet"):
        write_file(config / "sites" / f"mo-phong-{look}.toml", site_profile(look).encode())


def portal_of(member: Member, ports: Ports) -> str:
    """Return the address of an agency's home page."""
    return f"{origin_of(ports, member.door)}{member.folder}/"


def _registry(cast: Sequence[Member], ports: Ports) -> str:
    doors = sorted({port_of(ports, member.door) for member in cast})
    head = lines(
        {
            "title": "Các cơ quan của một tỉnh hai cấp mô phỏng",
            "province": PROVINCE,
            "simulated": True,
            "canaries": [f"http://{HOST}:{ports.control}/health"],
            "note": "Tỉnh, cơ quan, số liệu và tên người trong tệp này đều là mô phỏng.",
        }
    )
    network = lines(
        {
            "allow": [f"{HOST}:{port}" for port in (ports.control, *doors)],
            "delay": 0.0,
            "concurrency": 32,
            "concurrency_per_host": 4,
            "timeout_connect": 5.0,
            "timeout_read": 10.0,
        }
    )
    return "\n".join([head, f"[network]\n{network}", *(_entry(member, ports) for member in cast)])


def _entry(member: Member, ports: Ports) -> str:
    agency = member.agency
    fields: dict[str, Toml] = {
        "code": agency.code,
        "name": agency.name,
        "bloc": agency.bloc,
        "level": _LEVELS[agency.bloc],
        "portal": portal_of(member, ports),
        "site": f"mo-phong-{agency.look}",
        "abbreviation": agency.abbreviation,
        "has_procedures": agency.has_procedures,
        "predecessors": list(member.predecessors),
    }
    days = {"valid_from": member.valid_from, "valid_to": member.valid_to}
    return agency_table(fields) + "".join(f"{key} = {day}\n" for key, day in days.items() if day is not None)


def workbook(cast: Sequence[Member], ports: Ports) -> bytes:
    """Return the list of agencies as a workbook, the same bytes every time."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_urls": False}) as book:
        book.set_properties({"author": "mô phỏng", "created": _WRITTEN})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet("DanhSach")
        sheet.write(0, 0, f"Danh sách cơ quan của {PROVINCE}")
        sheet.write_row(2, 0, _HEADINGS)
        for number, member in enumerate(cast, start=1):
            for column, cell in enumerate(_row(number, member, ports)):
                if isinstance(cell, date):
                    sheet.write_datetime(2 + number, column, cell, day)
                else:
                    sheet.write(2 + number, column, cell)
    return out.getvalue()


def _row(number: int, member: Member, ports: Ports) -> tuple[str | int | date, ...]:
    agency = member.agency
    return (
        number,
        agency.code,
        agency.name,
        agency.bloc,
        _LEVELS[agency.bloc],
        portal_of(member, ports),
        agency.abbreviation,
        "có" if agency.has_procedures else "không",
        member.valid_from or "",
        member.valid_to or "",
        "; ".join(member.predecessors),
    )
