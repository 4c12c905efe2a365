"""A zero stands when lists were read to their end on two days; what was seen once is not yet absent (G10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from minhchung.measurements import Input, Reason, Unmeasured
from verifiers.captures import History
from verifiers.interface import Context
from verifiers.passes import apart


def seen_once(
    lists: Iterable[History], context: Context, low: Mapping[str, Input] | None = None
) -> Unmeasured | None:
    """Return why a zero may not stand yet, or None when every list was complete on two days."""
    for history in lists:
        complete = list(history.complete())
        if not apart([c.captured_at for c in complete], context.common):
            return Unmeasured(
                reason=Reason.SINGLE_MEASUREMENT,
                detail=f"Danh sách {history.url} mới đọc trọn vẹn trong một ngày.",
                basis=tuple(c.seen for c in complete),
                low=low,
            )
    return None
