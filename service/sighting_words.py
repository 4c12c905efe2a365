"""A sighting in words for people, Vietnamese: the same lines on the terminal and in the printed record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from minhchung.periods import VIETNAM
from minhchung.sightings import Witness
from scoring.inputs import told
from service.sighting_records import Sitting
from service.sightings import Subject

KINDS: Final = {
    "credential": "mật khẩu, mã phiên, mã truy cập",
    "name": "họ tên",
    "phone": "số điện thoại",
    "email": "thư điện tử",
    "identity": "số định danh",
    "labelled": "ô, cột dữ liệu cá nhân",
    "field": "ô nhập",
    "script": "mã kịch bản trong trang",
    "picture": "hình, khung nhúng",
    "address": "tham số địa chỉ",
    "body": "nội dung không phải chữ hoặc không đọc được",
}
"""Kinds of what is taken out before sealing."""


def lines(sitting: Sitting, of: Subject) -> Iterator[tuple[str, str]]:
    """Yield (label, words) of everything that the record of a sighting says, pages apart."""
    begun = sitting.begun
    yield "Lượt quan sát", begun.sitting
    yield "Đợt", of.round.title
    yield "Cơ quan", f"{of.agency.name} ({of.agency.code})"
    yield "Chỉ số", f"{of.component.code} {of.component.title}"
    yield "Người quan sát", person(begun.by)
    yield "Địa điểm", begun.place
    yield "Nội dung cần xem", begun.asked
    yield "Bắt đầu", instant(begun.began_at)
    if begun.window == "none":
        yield "Lưu ý", "không có cửa sổ trình duyệt cho người xem"
    yield from _ended(sitting, of)


def _ended(sitting: Sitting, of: Subject) -> Iterator[tuple[str, str]]:
    seen, ended = sitting.witnessed, sitting.abandoned
    if seen is not None:
        done = seen.sighting
        yield "Kết thúc", instant(done.ended_at)
        for spec in of.component.inputs:
            if spec.name in done.inputs:
                value = told(of.component, spec.name, done.inputs[spec.name])
                yield f"Đã thấy: {spec.title or spec.name}", value
        if done.seen:
            yield "Nhận xét", done.seen
        yield "Đã niêm phong", f"{len(done.pages)} trang, {done.exchanges} lượt hỏi đáp HTTP"
        yield "Đã che trước khi niêm phong", redacted(done.redacted)
        yield "Bản ghi", seen.record
        if seen.second is not None:
            yield "Người đồng ký", f"{person(seen.second.by)}, ngày {seen.second.day:%d/%m/%Y}"
            if seen.second.note:
                yield "Ghi chú của người đồng ký", seen.second.note
    if ended is not None:
        yield "Đã bỏ", f"{person(ended.by)}, ngày {ended.day:%d/%m/%Y}: {ended.why}"


def redacted(counts: Mapping[str, int]) -> str:
    """Return what was taken out, in words."""
    said = [f"{KINDS.get(kind, kind)}: {count}" for kind, count in sorted(counts.items())]
    return "; ".join(said) or "không có gì"


def person(who: Witness) -> str:
    """Return a person with their unit."""
    return f"{who.name} ({who.unit})" if who.unit else who.name


def instant(at: datetime) -> str:
    """Return an instant in words, Vietnamese time."""
    return f"{at.astimezone(VIETNAM):%H giờ %M phút %S giây, ngày %d/%m/%Y}"
