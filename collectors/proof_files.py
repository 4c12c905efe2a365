"""Proof files that come with a self-report: a folder or a zip, every file bound to a component by its path.

`HD.5/12-BC-STT.pdf`, `HD.5 - bao cao.pdf` and `HD.5_1.docx` are proof of HD.5. Paths are written by others:
they name, they never lead anywhere.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from collectors.sheets import refuse
from collectors.sniff import kind_of

MAX_FILES: Final = 500
MAX_FILE_BYTES: Final = 20_000_000
MAX_TOTAL_BYTES: Final = 200_000_000
ALLOWED: Final = frozenset({"pdf", "docx", "xlsx", "doc", "xls", "odt", "ods", "rtf", "text", "png", "jpg"})

_ENCRYPTED: Final = 0x1
_AFTER: Final = re.compile(r"[\s_\-–.].*|$")
_IMAGES: Final = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"))
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class ProofFile:
    """One file that came in, and what it is proof of."""

    component: str
    name: str
    """Its path in the folder or zip, as written."""

    kind: str
    body: bytes


def read_proofs(place: Path, components: Collection[str]) -> tuple[ProofFile, ...]:
    """Return the proof files of a folder or a zip; raises SubmissionError for what is refused, by name."""
    found: list[ProofFile] = []
    names: set[str] = set()
    total = 0
    for written, body in _folder(place) if place.is_dir() else _zipped(place):
        name = _fit(place.name, written)
        if name in names:
            raise refuse(place.name, name, "có hai lần", "bỏ một trong hai tệp cùng tên")
        names.add(name)
        total += len(body)
        if len(found) >= MAX_FILES or total > MAX_TOTAL_BYTES:
            limit = f"{MAX_FILES} tệp hoặc {MAX_TOTAL_BYTES // 1_000_000} MB"
            raise refuse(place.name, name, f"vượt {limit}", "chia làm nhiều lần gửi")
        found.append(_proof(place.name, name, body, components))
    if not found:
        raise refuse(
            place.name, "tệp", "không có tệp minh chứng nào", "đặt tệp trong thư mục tên là mã thành phần"
        )
    return tuple(found)


def _fit(place: str, written: str) -> str:
    """Return a path as it is kept: NFC; one that leads outside or holds what nobody sees is refused."""
    name = unicodedata.normalize("NFC", written)
    shown = "".join(c for c in name if unicodedata.category(c)[0] != "C")
    parts = PurePosixPath(shown.replace("\\", "/")).parts
    if shown != name or ".." in parts or (parts and (parts[0] == "/" or parts[0].endswith(":"))):
        raise refuse(place, shown, "tên tệp dẫn ra ngoài hoặc có ký tự ẩn", "đổi tên tệp rồi gửi lại")
    return name


def _proof(place: str, name: str, body: bytes, components: Collection[str]) -> ProofFile:
    component = component_of(name, components)
    if component is None:
        remedy = "đặt tệp trong thư mục tên là mã thành phần, ví dụ HD.5/, hoặc bắt đầu tên tệp bằng mã"
        raise refuse(place, name, "không rõ là minh chứng của thành phần nào", remedy)
    if not body:
        raise refuse(place, name, "tệp rỗng", "gửi lại tệp đầy đủ")
    kind = next((word for head, word in _IMAGES if body.startswith(head)), "") or kind_of(body)
    if kind not in ALLOWED:
        raise refuse(
            place, name, f"loại tệp {kind!r} không nhận", f"gửi một trong: {', '.join(sorted(ALLOWED))}"
        )
    return ProofFile(component, name, kind, body)


def component_of(name: str, components: Collection[str]) -> str | None:
    """Return the component that a path names, by one of its folders or the beginning of the file's name."""
    parts = PurePosixPath(name).parts
    for part in parts[:-1]:
        if part in components:
            return part
    last = parts[-1] if parts else ""
    fitting = [code for code in components if last.startswith(code) and _AFTER.fullmatch(last[len(code) :])]
    return max(fitting, key=len, default=None)


def _folder(place: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(place.rglob("*")):
        name = path.relative_to(place).as_posix()
        if path.is_symlink():
            raise refuse(place.name, name, "là liên kết", "đặt chính tệp đó vào thư mục")
        if path.is_file():
            if path.stat().st_size > MAX_FILE_BYTES:
                raise _too_large(place.name, name)
            yield name, path.read_bytes()


def _zipped(place: Path) -> Iterator[tuple[str, bytes]]:
    try:
        if place.stat().st_size > MAX_TOTAL_BYTES:
            raise refuse(
                place.name, "tệp", f"lớn hơn {MAX_TOTAL_BYTES // 1_000_000} MB", "chia làm nhiều lần gửi"
            )
        with zipfile.ZipFile(place) as archive:
            for member in archive.infolist():
                if not member.is_dir():
                    yield member.filename, _member(archive, member, place.name)
    except _BROKEN as error:
        fault = f"không đọc được ({type(error).__name__})"
        raise refuse(
            place.name, "tệp", fault, "nén lại thành .zip không mật khẩu, hoặc gửi thư mục"
        ) from error


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, place: str) -> bytes:
    if member.flag_bits & _ENCRYPTED:
        raise refuse(place, member.filename, "có mật khẩu", "bỏ mật khẩu rồi gửi lại")
    # What a zip states of itself is not believed: no more than the limit is ever unpacked.
    with archive.open(member) as stream:
        body = stream.read(MAX_FILE_BYTES + 1)
    if len(body) > MAX_FILE_BYTES:
        raise _too_large(place, member.filename)
    return body


def _too_large(place: str, name: str) -> Exception:
    return refuse(place, name, f"lớn hơn {MAX_FILE_BYTES // 1_000_000} MB", "nén hoặc tách tệp")
