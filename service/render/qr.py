"""The QR code of a printed head: squares for the web page, a picture for Word; one line, one code."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final

import segno

QUIET: Final = 4
"""Blank modules around a code (ISO/IEC 18004)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Squares:
    """A code as an SVG path."""

    side: int
    """Modules on a side, the blank border included."""

    path: str


def as_squares(line: str) -> Squares:
    """Return the code's dark modules."""
    matrix = segno.make(line, error="m", micro=False).matrix
    path = "".join(
        f"M{column + QUIET} {row + QUIET}h1v1h-1z"
        for row, modules in enumerate(matrix)
        for column, dark in enumerate(modules)
        if dark
    )
    return Squares(side=len(matrix) + 2 * QUIET, path=path)


def as_png(line: str) -> bytes:
    """Return the code as a PNG picture."""
    out = io.BytesIO()
    segno.make(line, error="m", micro=False).save(out, kind="png", scale=6, border=QUIET)
    return out.getvalue()
