"""The terminal beside the window: when a page is to be sealed, and what was seen."""

from __future__ import annotations

import asyncio
import sys
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from collectors.manual.sitting import Sitting, WindowError
from minhchung.errors import UsageError
from minhchung.index_set import Component, InputSpec
from minhchung.measurements import Value
from scoring.inputs import complaint
from service.ruling import read_inputs
from service.session import tell

_DONE: Final = frozenset({"x", "xong", "q", "done"})
_HINTS: Final = {
    "items": "các mục cách nhau bằng dấu phẩy",
    "date": "ngày, ví dụ 2021-10-30",
    "due": "ngày, ví dụ 2021-10-30",
}
_ASK: Final = (
    "Mỗi trang mở ra được niêm phong, mật khẩu và dữ liệu của người dân được che trước. "
    "Nhấn Enter để niêm phong thêm trang như đang thấy; gõ x rồi Enter khi xem xong."
)


class Terminal:
    """A person at a terminal, or a file with what they saw."""

    def __init__(self, values: Path | None) -> None:
        """Read `values` when the looking is over; without it, ask."""
        self._values = values

    async def look(self, sitting: Sitting) -> None:
        """Seal a page at each Enter until the person is done, or has closed the window."""
        tell(_ASK)
        while not sitting.gone.is_set():
            line = await asyncio.to_thread(sys.stdin.readline)
            if not line and not sitting.gone.is_set() and not sys.stdin.isatty():
                await sitting.gone.wait()  # nobody types: the window's end is the end
            if not line or line.strip().casefold() in _DONE or sitting.gone.is_set():
                return
            try:
                page = await sitting.seal_page()
            except WindowError as error:
                tell(str(error))
                continue
            told = page.url if page is not None else "không phải trang web"
            bare = f" (không có hình: {page.withheld})" if page and page.withheld else ""
            tell(f"Đã niêm phong: {told}{bare}")

    def say(self, component: Component) -> tuple[Mapping[str, Value], str]:
        """Return what was seen; raises UsageError for a file that does not say it."""
        if self._values is not None:
            return from_file(component, self._values)
        while True:
            words = [f"{spec.name}={input(_question(component, spec))}" for spec in component.inputs]
            try:
                inputs = read_inputs(component, words)
                wrong = complaint(component, inputs)
            except UsageError as error:
                wrong = str(error)
            if not wrong:
                return inputs, input("Nhận xét: ")
            tell(f"{wrong}; xin nhập lại")


def _question(component: Component, spec: InputSpec) -> str:
    formula = component.formula_of(spec.name)
    hint = _HINTS.get(spec.role, "số, ví dụ 31 hoặc 31/40")
    if spec.role == "items":
        hint = ", ".join(item.id for item in component.listed())
    elif spec.role == "value" and formula.type == "boolean":
        hint = "có hoặc không"
    elif spec.role == "value" and formula.type == "choice":
        hint = " | ".join(option.id for option in formula.options)
    return f"{spec.title or spec.name} ({hint}): "


def from_file(component: Component, path: Path) -> tuple[Mapping[str, Value], str]:
    """Return what a TOML file says was seen: `seen = "…"` and a table `[values]`; raises UsageError."""
    try:
        said = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: is no TOML ({error})") from error
    values = said.get("values")
    unknown = set(said) - {"values", "seen"}
    if not isinstance(values, dict) or unknown:
        raise UsageError(f'{path}: holds `seen = "…"` and a table [values], nothing else')
    return read_inputs(component, [f"{name}={_word(value)}" for name, value in values.items()]), str(
        said.get("seen", "")
    )


def _word(value: Any) -> str:
    match value:
        case bool():
            return "có" if value else "không"
        case list():
            return ",".join(map(str, value))
        case _:
            return str(value)
