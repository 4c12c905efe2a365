"""One portal's visit is not every portal's: what breaks while one is read is told, and the run goes on."""

from __future__ import annotations

from collections.abc import Awaitable
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Final

from minhchung.errors import CollectionError

if TYPE_CHECKING:
    from collectors.first_look import State

READER_FAULTS: Final = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What a reader may raise on a page made to break it."""

_FAULTS: Final = (CollectionError, *READER_FAULTS, ArithmeticError)
_LONGEST: Final = 300


async def contained(visit: Awaitable[tuple[State, str]]) -> tuple[State, str]:
    """Return how a visit went; a fault of ours makes it an incident, from which nothing is concluded.

    Raises what is no portal's doing: a store that cannot keep, a task that is cancelled.
    """
    try:
        return await visit
    except _FAULTS as exc:
        return "incident", f"lỗi của bộ thu thập: {_said(exc)}"


def _said(exc: BaseException) -> str:
    frames = extract_tb(exc.__traceback__)
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return f"{type(exc).__name__}: {exc}"[:_LONGEST] + place
