"""Everything `check` may find, each with its words: what is damaged and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["fault", "remark"]

RESTORE_VI: Final = "khôi phục từ bản sao lưu"
RESTORE_EN: Final = "restore it from a backup"

_CATALOGUED: Final[dict[str, tuple[Severity, str, str]]] = {
    "format": (
        "fault",
        f"tệp ghi phiên bản kho bị hỏng; {RESTORE_VI}",
        f"the format file is damaged; {RESTORE_EN}",
    ),
    "key": (
        "fault",
        f"khóa công khai của nhật ký bị hỏng hoặc mất; {RESTORE_VI}",
        f"the log's public key is damaged or gone; {RESTORE_EN}",
    ),
    "private-key": (
        "fault",
        "khóa riêng không khớp với khóa công khai của nhật ký",
        "the private key does not belong to the log's public key",
    ),
    "key-rights": (
        "remark",
        "người khác đọc được khóa riêng; đặt quyền 0600",
        "others can read the private key; set its mode to 0600",
    ),
    "checkpoint": (
        "fault",
        f"điểm kiểm của nhật ký không mang chữ ký đúng; {RESTORE_VI}",
        f"the log's checkpoint does not bear its signature; {RESTORE_EN}",
    ),
    "checkpoint-missing": (
        "fault",
        f"nhật ký không có điểm kiểm đã ký; {RESTORE_VI}",
        f"the log has no signed checkpoint; {RESTORE_EN}",
    ),
    "root": (
        "fault",
        "các mục của nhật ký không cho ra gốc đã ký",
        "the log's entries do not hash to the signed root",
    ),
    "log-short": (
        "fault",
        f"nhật ký thiếu mục so với điểm kiểm đã ký; {RESTORE_VI}",
        f"the log has fewer entries than were signed; {RESTORE_EN}",
    ),
    "entry": ("fault", f"mục nhật ký bị sửa; {RESTORE_VI}", f"the log entry was altered; {RESTORE_EN}"),
    "entry-unsigned": (
        "fault",
        "mục nhật ký chưa được ký: lần ghi trước bị ngắt, hoặc có người chèn thêm",
        "the log entry is under no signature: a writer was cut off, or somebody added it",
    ),
    "tile": (
        "fault",
        f"ô băm của nhật ký bị sửa hoặc mất; {RESTORE_VI}",
        f"the log's tile is altered or gone; {RESTORE_EN}",
    ),
    "index": (
        "fault",
        "chỉ mục nhật ký sai; xóa tệp, lần ghi sau sẽ dựng lại",
        "the log's index is wrong; delete it, the next command that writes makes it anew",
    ),
    "member": ("fault", "bản ghi minh chứng bị sửa", "the record was altered"),
    "member-missing": ("fault", "bản ghi minh chứng đã mất", "the record is gone"),
    "member-moved": (
        "fault",
        "bản ghi minh chứng không còn ở vị trí của nó",
        "the record is out of its place",
    ),
    "member-duplicated": (
        "fault",
        "bản ghi minh chứng bị chép thêm lần nữa",
        "the record stands there once more",
    ),
    "bytes-unlogged": (
        "fault",
        "có dữ liệu không thuộc bản ghi nào trong nhật ký",
        "there are bytes that belong to no leaf of the log",
    ),
    "unfinished-tail": (
        "remark",
        "phần cuối dở dang của một lần ghi bị ngắt, chưa từng niêm phong; lần ghi sau sẽ cắt bỏ",
        "the unfinished end of a writer that was cut off, never sealed; the next command that writes cuts it",
    ),
    "file-missing": ("fault", f"tệp lưu trữ đã mất; {RESTORE_VI}", f"the archive file is gone; {RESTORE_EN}"),
    "digest": (
        "fault",
        "bản ghi mâu thuẫn với mã băm của chính nó",
        "the record contradicts its own digests",
    ),
    "leaf": (
        "fault",
        "bản ghi không khớp với mục nhật ký của nó",
        "the record and its log entry do not agree",
    ),
    "config": (
        "fault",
        f"tệp cấu hình lưu giữ bị sửa; {RESTORE_VI}",
        f"the kept configuration file was altered; {RESTORE_EN}",
    ),
    "config-missing": (
        "fault",
        f"tệp cấu hình lưu giữ đã mất; {RESTORE_VI}",
        f"the kept configuration file is gone; {RESTORE_EN}",
    ),
    "config-unwritten": (
        "remark",
        "tệp cấu hình đã niêm phong nhưng chưa kịp chép ra vì lần ghi bị ngắt; lần ghi sau sẽ chép từ kho",
        "the configuration file was sealed but not put in place by a writer that was cut off; "
        "the next command that writes takes it from the archive",
    ),
    "stray": ("fault", "tệp lạ trong kho", "the file does not belong here"),
    "leftover": (
        "remark",
        "tệp dở dang của một lần ghi bị ngắt; có thể xóa",
        "a half-written file of a writer that was cut off; it may be deleted",
    ),
    "catalogue": (
        "fault",
        "danh mục không đọc được; xóa tệp rồi dựng lại",
        "the catalogue cannot be read; delete it and rebuild it",
    ),
    "catalogue-missing": (
        "remark",
        "chưa có danh mục; dựng lại từ kho và nhật ký",
        "there is no catalogue; rebuild it from archive and log",
    ),
    "catalogue-behind": (
        "remark",
        "danh mục chậm hơn nhật ký; lần ghi sau sẽ bổ sung",
        "the catalogue is behind the log; the next command that writes tops it up",
    ),
    "catalogue-ahead": (
        "fault",
        f"nhật ký ngắn hơn danh mục: nhật ký bị lùi lại; {RESTORE_VI}",
        f"the catalogue knows more than the log: the log was rolled back; {RESTORE_EN}",
    ),
    "catalogue-row": (
        "fault",
        "dòng danh mục không khớp với nhật ký; dựng lại danh mục",
        "the catalogue's row does not agree with the log; rebuild the catalogue",
    ),
    "observations-differ": (
        "fault",
        "điều đã đọc được trong danh mục khác với lúc niêm phong lượt thu thập (niêm phong | danh mục); "
        "dựng lại danh mục bằng đúng phiên bản đã niêm phong",
        "what readers saw is not in the catalogue as it was when the visit was sealed (sealed | catalogue); "
        "rebuild the catalogue with the version that sealed it",
    ),
    "observations-unread": (
        "remark",
        "bản ghi chưa được đọc lại sau khi danh mục bị mất; dựng lại danh mục",
        "records were not read again after the catalogue was lost; rebuild the catalogue",
    ),
    "rotation": (
        "fault",
        f"chuỗi thay khóa của nhật ký bị hỏng; {RESTORE_VI}",
        f"the chain of the log's keys is broken; {RESTORE_EN}",
    ),
    "timestamp": (
        "fault",
        f"dấu thời gian không khớp với điểm kiểm của nó; {RESTORE_VI}",
        f"the timestamp does not fit its checkpoint; {RESTORE_EN}",
    ),
    "pruned": (
        "remark",
        "bản ghi đã được gỡ (có thẩm quyền)",
        "records were pruned (authorised)",
    ),
    "pruning-unfinished": (
        "remark",
        "lần gỡ bản ghi trước bị ngắt; lần ghi sau sẽ làm nốt",
        "taking records out was cut off; the next command that writes ends it",
    ),
    "in-flight": (
        "remark",
        "một tiến trình đang ghi; phần chưa ký không được xét",
        "a process is writing; what it has not signed yet was left out",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that `check` found."""

    code: str
    severity: Severity
    where: str
    """File, and record, line or byte in it."""

    text: str
    """For people, Vietnamese."""

    english: str


def fault(code: str, where: object, detail: str = "") -> Fault:
    """Return the finding of a code; the detail names the object and is said in both languages."""
    severity, vi, en = _CATALOGUED[code]
    suffix = f" ({detail})" if detail else ""
    return Fault(code=code, severity=severity, where=str(where), text=vi + suffix, english=en + suffix)
