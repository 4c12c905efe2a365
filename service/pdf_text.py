"""A child process that reads the text of one PDF: what is in it may be hostile, so it has little to lose.

`python -m service.pdf_text FILE` writes UTF-8 to stdout; exit 1 where the file cannot be read.
"""

from __future__ import annotations

import resource
import sys
import unicodedata
from typing import Final

MEMORY: Final = 1024 * 1024 * 1024
"""Bytes that the child may use."""

SECONDS: Final = 60
"""Processor time that the child may use."""


def main(path: str) -> int:
    """Write the text of every page."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        pages = [page.extract_text() for page in PdfReader(path).pages]
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, MemoryError) as exc:
        sys.stderr.write(f"{type(exc).__name__}: {exc}\n")
        return 1
    sys.stdout.buffer.write(unicodedata.normalize("NFC", "\n".join(pages)).encode("utf-8", "replace"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
