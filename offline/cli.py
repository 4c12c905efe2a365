"""`minhchung-verify BUNDLE --key PUB`: one bundle, one key, one verdict; no server, network or database."""

from __future__ import annotations

import argparse
import base64
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from minhchung import VERSION
from offline.findings import Finding
from offline.note import Key, NoteError, read_key
from offline.verifying import Report, verify

REPRODUCED, FAULT, USAGE, UNSETTLED = 0, 1, 2, 3
CODES: Final = {"reproduced": REPRODUCED, "different": FAULT, "fault": FAULT, "unsettled": UNSETTLED}
VERDICTS: Final = {
    "reproduced": ("ĐÃ TÁI LẬP: minh chứng nguyên vẹn, mọi con số tính lại đều khớp.",
                   "REPRODUCED: the evidence is whole and every number recomputed agrees."),
    "different": ("SAI KHÁC: minh chứng nguyên vẹn, nhưng con số tính lại không khớp.",
                  "DIFFERENT: the evidence is whole, but a number recomputed does not agree."),
    "fault": ("HƯ HỎNG: gói không còn đúng như đã niêm phong.",
              "FAULT: the bundle is not what was sealed."),
    "unsettled": ("CHƯA KẾT LUẬN: không thấy hư hỏng, nhưng gói này không đủ để tính lại tất cả.",
                  "UNSETTLED: no fault was found, but this bundle cannot show everything."),
}  # fmt: skip
MOST_SHOWN: Final = 20
"""Findings of one code that are printed; JSON has all."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="minhchung-verify",
        description="Kiểm chứng một gói minh chứng và tính lại điểm, thứ hạng từ chính gói đó.",
    )
    parser.add_argument("bundle", type=Path, metavar="BUNDLE", help="gói .wacz")
    parser.add_argument(
        "--key", required=True, metavar="PUB", help="khóa công khai của nhật ký: tệp hoặc cả dòng"
    )
    parser.add_argument("--roots", type=Path, metavar="PEM", help="chứng thư gốc của bên cấp dấu thời gian")
    parser.add_argument("--json", action="store_true", dest="as_json", help="kết quả dạng JSON")
    parser.add_argument("--lang", choices=("vi", "en"), default="vi", help="ngôn ngữ kết quả")
    parser.add_argument("--version", action="version", version=f"minhchung-verify {VERSION}")
    return parser


def _key(said: str) -> Key:
    path = Path(said)
    try:
        text = path.read_text("utf-8") if path.is_file() else said
    except (OSError, UnicodeDecodeError) as error:
        raise NoteError(f"{said}: cannot be read ({error})") from error
    return read_key(text)


def main(words: Sequence[str] | None = None) -> int:
    """Verify one bundle; return 0 reproduced, 1 fault or difference, 2 usage, 3 could not say."""
    asked = _parser().parse_args(words)
    try:
        key = _key(asked.key)
    except NoteError as error:
        sys.stderr.write(f"minhchung-verify: --key: {error}\n")
        return USAGE
    if not asked.bundle.is_file():
        sys.stderr.write(f"minhchung-verify: {asked.bundle}: is no file; name a bundle\n")
        return USAGE
    report = verify(asked.bundle, key, asked.roots)
    if asked.as_json:
        sys.stdout.write(json.dumps(_as_json(report), ensure_ascii=False, indent=2) + "\n")
    else:
        _show(report, asked.lang)
    return CODES[report.verdict]


def _as_json(report: Report) -> dict[str, Any]:
    head = report.head
    return {
        "verdict": report.verdict,
        "class": report.about.get("class"),
        "round": report.about.get("round"),
        "agencies": report.about.get("agencies"),
        "checkpoint": head and {"origin": head.origin, "size": head.size, "root": head.root.hex()},
        "leaves": len(report.evidence.leaves),
        "members": report.evidence.members,
        "withheld": len(report.evidence.withheld),
        "findings": [
            {"weight": f.weight, "code": f.code, "where": f.where, "vi": f.vi, "en": f.en}
            for f in report.findings
        ],
    }


def _show(report: Report, lang: str) -> None:
    vi = lang == "vi"
    shown: dict[tuple[str, str], int] = {}
    for finding in report.findings:
        key = (finding.weight, finding.code)
        shown[key] = shown.get(key, 0) + 1
        if shown[key] <= MOST_SHOWN:
            sys.stdout.write(_line(finding, lang))
    for (weight, code), count in shown.items():
        if count > MOST_SHOWN:
            more = count - MOST_SHOWN
            sys.stdout.write(
                f"{weight:<10} {code}: {'và' if vi else 'and'} {more} {'nữa' if vi else 'more'}\n"
            )
    if (head := report.head) is not None:
        # As notices and annexes print it, so that the two can be laid side by side.
        root = base64.b32encode(head.root).decode().rstrip("=")
        groups = " ".join(root[n : n + 4] for n in range(0, len(root), 4))
        sys.stdout.write(f"{head.origin} · {head.size} · {groups}\n")
        counts = (len(report.evidence.leaves), report.evidence.members, len(report.evidence.withheld))
        text = "{} lá, {} bản ghi, {} giữ lại" if vi else "{} leaves, {} records, {} withheld"
        sys.stdout.write(text.format(*counts) + "\n")
    sys.stdout.write(VERDICTS[report.verdict][0 if vi else 1] + "\n")


def _line(finding: Finding, lang: str) -> str:
    text = finding.vi if lang == "vi" else finding.en
    line = f"{finding.weight:<10} {finding.code}  {finding.where}: {text}"
    # What a bundle says of itself is hostile: no control character reaches the terminal.
    return "".join(char if char.isprintable() else "?" for char in line) + "\n"


if __name__ == "__main__":
    sys.exit(main())
