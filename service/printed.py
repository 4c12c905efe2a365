"""The text of a paper that bears a printed head: PDF, Word, or anything that is text already."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Final

from minhchung.errors import UsageError
from storage.anchors import Anchor, read_anchors

CAP: Final = 64 * 1024 * 1024
"""Bytes of a file, or of the document inside one, at most."""

SECONDS: Final = 90
"""A PDF may take as long."""

_TAGS: Final = re.compile(r"<[^<>]*>")


def anchors_in(path: Path) -> tuple[Anchor, ...]:
    """Return every head printed in a file; raises UsageError where there is none."""
    found = read_anchors(text_of(path))
    if not found:
        raise UsageError(
            f"{path}: bears no checkpoint that can be read; give the page with the line of groups"
        )
    return found


def text_of(path: Path) -> str:
    """Return what can be read in a file; raises UsageError where nothing can."""
    try:
        if path.stat().st_size > CAP:
            raise UsageError(f"{path}: is larger than {CAP} bytes; give the page that bears the head")
        content = path.read_bytes()
    except OSError as exc:
        raise UsageError(f"{path}: cannot be read ({exc.strerror})") from exc
    if content.startswith(b"%PDF-"):
        return pdf_text(path)
    if content.startswith(b"PK\x03\x04"):
        return _word(path)
    return content.decode("utf-8", "replace")


def pdf_text(path: Path) -> str:
    """Return the text of a PDF, read by a child that has little to lose; raises UsageError."""
    command = [sys.executable, "-m", "service.pdf_text", str(path.resolve())]
    room = Path(__file__).resolve().parent.parent
    try:
        done = subprocess.run(
            command, cwd=room, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as exc:
        raise UsageError(f"{path}: takes too long to read; give its text instead") from exc
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise UsageError(f"{path}: is a PDF that cannot be read ({said[-1] if said else done.returncode})")
    return done.stdout.decode("utf-8", "replace")


def _word(path: Path) -> str:
    """Return the text of a DOCX file: its main part, tags left out."""
    try:
        with zipfile.ZipFile(path) as packed, packed.open("word/document.xml") as part:
            content = part.read(CAP + 1)
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, RuntimeError) as exc:
        raise UsageError(f"{path}: is no Word document that can be read ({exc})") from exc
    if len(content) > CAP:
        raise UsageError(f"{path}: unpacks to more than {CAP} bytes; give its text instead")
    return _TAGS.sub("", content.decode("utf-8", "replace"))
