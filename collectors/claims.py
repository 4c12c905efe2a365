"""What a workbook's cell must hold for each input of the index set, and how it becomes a value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final, Literal

from collectors.sheets import Fault, Formula, Value, refuse
from minhchung import measurements
from minhchung.errors import SubmissionError
from minhchung.index_set import Component, InputSpec
from minhchung.text_keys import k2

LARGEST: Final = 10**12
"""A count above it is a slip of the keyboard."""

YES: Final = "có"
NO: Final = "không"
_RATIO: Final = re.compile(r"(\d{1,12}) ?/ ?(\d{1,12})")
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_VIETNAMESE: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_YEARS: Final = range(1990, 2101)


@dataclass(frozen=True, slots=True)
class Expected:
    """What one row of the workbook asks for."""

    input: str
    kind: Literal["number", "yes-no", "option", "day"]
    title: str
    item: str = ""
    """For checklists: the item whose row it is."""

    options: tuple[tuple[str, str], ...] = ()
    """For choices: (id, name) of each option."""


def expectations(component: Component) -> Mapping[str, Expected]:
    """Return what the rows of a component ask for, by Mã số liệu, in printed order."""
    asked: dict[str, Expected] = {}
    for spec in component.inputs:
        if spec.role == "items":
            for item in component.formula_of(spec.name).items:
                asked[f"{spec.name}.{item.id}"] = Expected(spec.name, "yes-no", item.name or item.id, item.id)
        else:
            asked[spec.name] = _expected(component, spec)
    return asked


def _expected(component: Component, spec: InputSpec) -> Expected:
    title = spec.title or spec.name
    if spec.role in {"date", "due"}:
        return Expected(spec.name, "day", title)
    formula = component.formula_of(spec.name)
    if spec.role == "value" and formula.type == "boolean":
        return Expected(spec.name, "yes-no", title)
    if spec.role == "value" and formula.type == "choice":
        options = tuple((option.id, option.name or option.id) for option in formula.options)
        return Expected(spec.name, "option", title, options=options)
    return Expected(spec.name, "number", title)


def read_value(value: Value, expected: Expected, file: str, where: str) -> measurements.Value:
    """Return the value of a filled cell; one that is not what is asked for raises SubmissionError."""
    match expected.kind:
        case "number":
            return read_number(value, file, where)
        case "day":
            return read_day(value, file, where).isoformat()
        case "yes-no":
            return _yes_or_no(value, file, where)
        case "option":
            return _option(value, expected, file, where)


def read_number(value: Value, file: str, where: str) -> Fraction:
    """Return a number of 0 or more: a number cell, or a ratio written as text such as 1309/365."""
    match value:
        case Fraction():
            number = value
        case str() if (ratio := _RATIO.fullmatch(value)) and int(ratio[2]):
            number = Fraction(int(ratio[1]), int(ratio[2]))
        case date():
            raise refuse(file, where, "là ngày, không phải số", "đổi định dạng ô thành Số rồi nhập lại")
        case _:
            raise _other(value, "số", file, where)
    if not 0 <= number <= LARGEST:
        raise refuse(file, where, f"{_shown(value)} là số âm hoặc quá lớn", f"nhập số từ 0 đến {LARGEST}")
    return number


def read_day(value: Value, file: str, where: str) -> date:
    """Return a day: a date cell, or text as yyyy-mm-dd or dd/mm/yyyy."""
    match value:
        case date():
            day = value
        case str() if iso := _ISO.fullmatch(value):
            day = _calendar_day(int(iso[1]), int(iso[2]), int(iso[3]), value, file, where)
        case str() if vietnamese := _VIETNAMESE.fullmatch(value):
            day = _calendar_day(
                int(vietnamese[3]), int(vietnamese[2]), int(vietnamese[1]), value, file, where
            )
        case _:
            raise _other(value, "ngày", file, where)
    if day.year not in _YEARS:
        raise refuse(file, where, f"năm {day.year} không hợp lý", "nhập lại ngày, ví dụ 2021-10-28")
    return day


def _calendar_day(year: int, month: int, day: int, text: str, file: str, where: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise _other(text, "ngày", file, where) from None


def _yes_or_no(value: Value, file: str, where: str) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and k2(value) in {k2(YES), k2(NO)}:
        return k2(value) == k2(YES)
    raise _other(value, f'"{YES}" hoặc "{NO}"', file, where)


def _option(value: Value, expected: Expected, file: str, where: str) -> str:
    known = [option for option, _ in expected.options]
    if isinstance(value, str) and value in known:
        return value
    raise _other(value, f"một trong: {', '.join(known)}", file, where)


def _other(value: Value, wanted: str, file: str, where: str) -> SubmissionError:
    if isinstance(value, Formula):
        return refuse(file, where, "là công thức", "chép rồi dán dạng giá trị (Paste Values)")
    if isinstance(value, Fault):
        return refuse(file, where, f"là ô lỗi {value.text}", f"nhập lại {wanted}")
    return refuse(file, where, f"{_shown(value)} không phải {wanted}", f"nhập {wanted} vào ô này")


def _shown(value: Value) -> str:
    if isinstance(value, Fraction):
        return str(value if value.denominator == 1 else float(value))
    return repr(value[:40]) if isinstance(value, str) else str(value)
