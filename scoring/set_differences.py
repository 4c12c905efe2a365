"""Two index sets side by side, in words: what came, what went, what counts otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final

from minhchung.index_set import Component, IndexSet, MainIndex

_PARTS: Final = frozenset({"main_index", "component", "id"})
"""Compared on their own, not as a field."""

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("tên", "title"),
    "points": ("điểm tối đa", "maximum"),
    "scale": ("thang điểm", "scale"),
    "status": ("tình trạng", "status"),
    "decision": ("quyết định", "decision"),
    "kind": ("loại", "kind"),
    "formula": ("cách tính", "rule"),
    "inputs": ("số liệu", "inputs"),
    "verifier": ("bộ kiểm chứng", "verifier"),
    "requires_procedures": ("chỉ áp dụng khi có thủ tục hành chính", "only with procedures"),
    "on_unmeasured": ("khi chưa đo được", "when unmeasured"),
    "tolerance": ("dung sai", "tolerance"),
    "attributable_to": ("thuộc trách nhiệm của", "attributable to"),
    "not_applicable": ("khi không áp dụng", "when not applicable"),
    "component_decimals": ("số chữ số thập phân của điểm thành phần", "decimals of components"),
    "evidence": ("minh chứng yêu cầu", "proof asked for"),
    "basis": ("căn cứ", "basis"),
    "section": ("phần", "section"),
    "confirmed": ("đã xác nhận", "confirmed"),
    "method": ("cách xác định ghi trong phụ lục", "method as printed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SetChange:
    """One difference."""

    where: str
    """Code of the main index or component; `set` for the whole."""

    vi: str
    en: str


def changes(old: IndexSet, new: IndexSet) -> Iterator[SetChange]:
    """Yield what differs from the old set to the new one, in the new one's order."""
    yield from _fields("set", "Bộ chỉ số", "The set", old, new)
    mains, before = {m.code: m for m in new.main_index}, {m.code: m for m in old.main_index}
    for code, main in mains.items():
        if code not in before:
            yield _came(code, main)
        else:
            yield from _fields(code, f"Chỉ số chính {code}", f"Main index {code}", before[code], main)
    yield from (_went(code, main) for code, main in before.items() if code not in mains)
    now, was = _placed(new), _placed(old)
    for code, (main_code, component) in now.items():
        if code not in was:
            yield _came(code, component)
            continue
        old_main, former = was[code]
        if old_main != main_code:
            vi = f"Thành phần {code} chuyển từ {old_main} sang {main_code}"
            yield SetChange(where=code, vi=vi, en=f"Component {code} moves from {old_main} to {main_code}")
        yield from _fields(code, f"Thành phần {code}", f"Component {code}", former, component)
    yield from (_went(code, component) for code, (_, component) in was.items() if code not in now)


def _placed(index_set: IndexSet) -> dict[str, tuple[str, Component]]:
    return {c.code: (main.code, c) for main in index_set.main_index for c in main.component}


def _came(code: str, what: MainIndex | Component) -> SetChange:
    return SetChange(
        where=code,
        vi=f"Thêm {code} {what.title}, tối đa {_shown(what.points)} điểm",
        en=f"New: {code} {what.title}, at most {_shown(what.points)} points",
    )


def _went(code: str, what: MainIndex | Component) -> SetChange:
    return SetChange(
        where=code,
        vi=f"Bỏ {code} {what.title}, tối đa {_shown(what.points)} điểm",
        en=f"Gone: {code} {what.title}, at most {_shown(what.points)} points",
    )


def _fields(where: str, vi: str, en: str, old: Any, new: Any) -> Iterator[SetChange]:
    for one in fields(new):
        before, after = getattr(old, one.name), getattr(new, one.name)
        if one.name in _PARTS or before == after:
            continue
        words = _WORDS.get(one.name, (one.name, one.name))
        first, last = _pair(before, after)
        yield SetChange(
            where=where,
            vi=f"{vi}: {words[0]} từ {first} thành {last}",
            en=f"{en}: {words[1]} from {first} to {last}",
        )


def _pair(before: Any, after: Any) -> tuple[str, str]:
    """Return two values in words; of two rules only what differs in them."""
    if is_dataclass(before) and type(before) is type(after):
        names = [f.name for f in fields(before) if getattr(before, f.name) != getattr(after, f.name)]
        first, last = (
            ", ".join(f"{name} {_shown(getattr(each, name))}" for name in names) for each in (before, after)
        )
        return first, last
    return _shown(before), _shown(after)


def _shown(value: Any) -> str:
    match value:
        case str():
            return f"«{value}»" if value else "(trống)"
        case tuple():
            return f"[{'; '.join(_shown(each) for each in value)}]"
        case _ if is_dataclass(value):
            return ", ".join(
                f"{one.name} {_shown(getattr(value, one.name))}"
                for one in fields(value)
                if getattr(value, one.name) not in ("", (), None)
            )
        case _:
            return str(value)
