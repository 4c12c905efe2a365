"""Pages in the shape of a Spring slice: counted from 0, and the last one says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_LARGEST_PAGE: Final = 200


def sliced(rows: list[dict[str, Any]], asked: Mapping[str, str]) -> dict[str, Any]:
    """Return one page in the shape of a Spring slice; pages are counted from 0."""
    size = max(1, min(_LARGEST_PAGE, _whole(asked.get("size"), 10)))
    page = max(0, _whole(asked.get("page"), 0))
    content = rows[page * size : (page + 1) * size]
    return {
        "content": content,
        "number": page,
        "size": size,
        "numberOfElements": len(content),
        "first": page == 0,
        "last": (page + 1) * size >= len(rows),
        "empty": not content,
    }


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and text.isascii() and text.isdecimal() else otherwise
