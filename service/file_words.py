"""What was found in a file, in Vietnamese words; the same for `explain`, `items` and the web app."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from minhchung.files import FileFacts, FileSignature, Unread
from minhchung.observations import Attachment
from minhchung.periods import local_day

UNREAD: Final[dict[Unread, str]] = {
    "": "đọc được chữ",
    "scanned": "bản quét, chưa đọc được chữ",
    "encrypted": "có mật khẩu, không đọc được",
    "damaged": "tệp hỏng hoặc sai định dạng",
    "limits": "vượt giới hạn khi đọc, không đọc tiếp",
    "no-reader": "chưa có bộ đọc cho loại tệp này",
    "old-format": "định dạng cũ, không đọc chữ",
}


def rows(file: Attachment) -> Iterator[tuple[str, str]]:
    """Yield (label, words) of everything that a file tells."""
    yield "Loại tệp", file.type or "không nhận được tệp"
    facts = file.facts
    if facts is None:
        return
    yield "Chữ trong tệp", _text(facts)
    if facts.stamp:
        yield "Dấu độ mật", f"{facts.stamp}: không xuất ra khỏi kho"
    if facts.pages is not None:
        yield "Số trang", str(facts.pages)
    if facts.producer:
        yield "Phần mềm tạo (tệp tự khai)", facts.producer
    if facts.created:
        yield "Tạo lúc (tệp tự khai)", facts.created
    if facts.text_sha256:
        yield "SHA-256 của chữ", facts.text_sha256
    if facts.signatures is None:
        return
    for signature in facts.signatures:
        yield "Chữ ký số", signed(signature)
    if not facts.signatures and file.type == "pdf":
        yield "Chữ ký số", "không có"


def sentence(file: Attachment) -> str:
    """Return what a file tells in one line; empty where it was not looked into."""
    facts = file.facts
    if facts is None:
        return ""
    said = [f"tệp {file.type}", _text(facts)]
    if facts.pages is not None:
        said.append(f"{facts.pages} trang")
    said += [f"chữ ký số: {signed(signature)}" for signature in facts.signatures or ()]
    return ", ".join(said)


def signed(signature: FileSignature) -> str:
    """Return the three answers on a signature, each in its own words."""
    if signature.fault:
        return f"không kiểm tra được ({signature.fault})"
    trusted = {
        True: "thuộc tổ chức chứng thực đã cấu hình",
        False: "không thuộc tổ chức chứng thực đã cấu hình",
        None: "chưa cấu hình tổ chức chứng thực nào để đối chiếu",
    }[signature.trusted]
    said = [
        "nội dung còn nguyên vẹn" if signature.intact else "nội dung đã bị thay đổi",
        "chữ ký hợp lệ" if signature.valid else "chữ ký không hợp lệ",
        trusted,
    ]
    if not signature.whole:
        said.append("không bao trùm toàn bộ tệp")
    if signature.signed_at is not None:
        said.append(f"tự khai ký ngày {local_day(signature.signed_at):%d/%m/%Y}")
    return f"{signature.signer or 'không rõ người ký'}: {', '.join(said)}"


def plain(file: Attachment) -> dict[str, Any]:
    """Return what a file tells as plain data."""
    facts = file.facts or FileFacts()
    return {
        "url": file.url,
        "type": file.type or None,
        "record": file.seen.record,
        "read": file.facts is not None and not facts.unread,
        "unread": facts.unread or None,
        "ocr": facts.ocr,
        "pages": facts.pages,
        "chars": facts.chars,
        "text_sha256": facts.text_sha256 or None,
        "producer": facts.producer or None,
        "created": facts.created or None,
        "signatures": None
        if facts.signatures is None
        else [plain_signature(signature) for signature in facts.signatures],
    }


def plain_signature(signature: FileSignature) -> dict[str, Any]:
    """Return the answers on a signature as plain data."""
    return {
        "intact": signature.intact,
        "valid": signature.valid,
        "trusted": signature.trusted,
        "whole": signature.whole,
        "signer": signature.signer or None,
        "signed_at": signature.signed_at.isoformat() if signature.signed_at else None,
        "fault": signature.fault or None,
    }


def _text(facts: FileFacts) -> str:
    if facts.unread:
        return UNREAD[facts.unread]
    how = "nhận dạng từ ảnh" if facts.ocr else UNREAD[""]
    return f"{how}, {facts.chars or 0} chữ và số"
