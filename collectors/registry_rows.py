"""A list of agencies as a province keeps it in a workbook, turned into entries; nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from collectors.annex_tables import read_tables
from collectors.claims import read_day
from collectors.sheets import refuse
from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode
from minhchung.text_keys import k2

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "code": ("ma co quan", "ma"),
    "name": ("ten co quan", "ten", "co quan"),
    "bloc": ("khoi",),
    "level": ("cap",),
    "portal": ("cong", "trang", "dia chi", "ten mien"),
    "identifier": ("ma dinh danh", "dinh danh"),
    "valid_from": ("hieu luc tu", "tu ngay", "bat dau"),
    "valid_to": ("hieu luc den", "den ngay", "ket thuc"),
    "predecessors": ("tien than", "hop nhat tu", "co quan truoc"),
    "abbreviation": ("ki hieu", "viet tat"),
    "has_procedures": ("thu tuc", "co thu tuc"),
}
"""By field, how the heading of its column begins, as `k2` has it; the longest fitting one counts."""

_NO: Final = frozenset({"khong", "0", "no"})


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the workbook and the entry that it became."""

    line: int
    agency: Agency


def read_registry(data: bytes, file: str, source: str) -> tuple[Listed, ...]:
    """Return the agencies of a workbook; `source` is the key of the system whose identifiers it lists.

    Raises SubmissionError for a line that is none, naming it.
    """
    for where, rows in read_tables(data, file):
        for number, row in enumerate(rows, start=1):
            columns = _columns(row)
            if {"name", "bloc"} <= set(columns):
                found = tuple(_listed(file, where, rows[number:], number + 1, columns, source))
                if found:
                    return found
    raise refuse(
        file, "bảng", "không có cột tên cơ quan và cột khối", "ghi tiêu đề: Mã, Tên cơ quan, Khối, Cổng…"
    )


def _columns(row: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for column, text in enumerate(row):
        heading = k2(text)
        fitting = [
            (len(word), field)
            for field, words in COLUMNS.items()
            for word in words
            if heading == word or heading.startswith(f"{word} ")
        ]
        if fitting:
            found.setdefault(max(fitting)[1], column)
    return found


def _listed(
    file: str, where: str, rows: Sequence[Sequence[str]], first: int, columns: dict[str, int], source: str
) -> Iterator[Listed]:
    for line, row in enumerate(rows, start=first):
        said = {field: row[n].strip() if n < len(row) else "" for field, n in columns.items()}
        if said["name"]:
            yield Listed(line, _agency(file, f"{where}, dòng {line}", said, source))


def _agency(file: str, where: str, said: dict[str, str], source: str) -> Agency:
    identifier = said.get("identifier", "")
    if identifier and not source:
        fault, remedy = "có mã định danh mà không rõ của hệ thống nào", "chạy lại với --source KHÓA-HỆ-THỐNG"
        raise refuse(file, where, fault, remedy)
    return Agency(
        code=AgencyCode(said.get("code") or k2(said["name"]).replace(" ", "-")),
        name=" ".join(said["name"].split()),
        bloc=said["bloc"],
        level=said.get("level", ""),
        portal=_portal(said.get("portal", "")),
        abbreviation=said.get("abbreviation", ""),
        has_procedures=k2(said.get("has_procedures", "")) not in _NO,
        identifiers=((source, identifier),) if identifier else (),
        valid_from=_day(file, where, said.get("valid_from", "")),
        valid_to=_day(file, where, said.get("valid_to", "")),
        predecessors=tuple(
            AgencyCode(each.strip()) for each in said.get("predecessors", "").split(";") if each.strip()
        ),
        note="" if said.get("portal") else "cổng chưa xác nhận",
    )


def _portal(text: str) -> str:
    """Return an address with its path; a bare host is taken as https."""
    if not text:
        return ""
    return text if urlsplit(text).scheme else f"https://{text}"


def _day(file: str, where: str, text: str) -> date | None:
    return read_day(text, file, where) if text else None
