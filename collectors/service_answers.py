"""What every service driver needs to read an answer: its state, its numbers as printed, its codes.

Sans-I/O. A missing figure is None and never 0; whatever cannot be read raises UnrecognisedError, which a
driver turns into the state `schema-changed`, so that no half of an answer is kept; people read its text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from collectors.interface import Topic
from minhchung.agencies import Agency
from minhchung.errors import UnrecognisedError
from minhchung.evidence import EvidenceRecord, Locator
from minhchung.observations import ServiceHealth
from minhchung.sources import Source

State = Literal["ok", "unauthorised", "blocked", "schema-changed", "unreachable", "mapping-missing", "empty"]

_GROUPED: Final = re.compile(r"\d{1,3}(?:[.,\u00a0 ]\d{3})+")
_NATIONAL: Final = re.compile(r"\d\.\d{6}(?=$|\.)")
_ABSENT: Final = frozenset({"", "-", "--", "n/a", "null"})
_DAY: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:$|[T ])|(\d{1,2})/(\d{1,2})/(\d{4})(?:$| )")
_OK: Final = 200
_SERVER_ERROR: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One answer with everything an observation made from it must carry."""

    source: Source
    agency: Agency
    record: EvidenceRecord
    topic: Topic

    def carried(self, path: str = "") -> dict[str, Any]:
        """Return the fields that every observation of this answer shares; `path` is a JSON pointer."""
        return {
            "agency": self.agency.code,
            "run": self.record.run,
            "seen": Locator(record=self.record.id, path=path),
            "source": self.source.key,
            "taken_at": self.record.captured_at,
        }

    def health(self, state: State, detail: str = "", *, complete: bool = True) -> ServiceHealth:
        """Return how the system answered this question."""
        return ServiceHealth(
            **self.carried(), topic=self.topic, state=state, detail=detail, complete=complete
        )


def payload(record: EvidenceRecord, body: bytes) -> tuple[Any, tuple[State, str] | None]:
    """Return the JSON of an answer, or the state in which it came instead of one."""
    if record.status in {401, 403}:
        return None, ("unauthorised", f"HTTP {record.status}")
    if record.status is None or record.status >= _SERVER_ERROR:
        return None, ("unreachable", f"HTTP {record.status}")
    if record.status != _OK:
        return None, ("blocked", f"HTTP {record.status}")
    if "html" in record.content_type.casefold() or body.lstrip()[:1] == b"<":
        return None, ("blocked", "trả về trang HTML thay vì JSON")
    try:
        return json.loads(body), None
    except (ValueError, RecursionError):
        return None, ("schema-changed", "câu trả lời không phải JSON")


def rows_of(value: Any, where: str = "câu trả lời") -> list[Mapping[str, Any]]:
    """Return a list of objects; anything else raises UnrecognisedError."""
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise UnrecognisedError(f"{where} không phải danh sách đối tượng")
    return value


def part(row: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return a nested object; a missing one raises UnrecognisedError."""
    value = row.get(key)
    if not isinstance(value, dict):
        raise UnrecognisedError(
            f"không có đối tượng {key!r} trong dòng có các khóa {', '.join(sorted(row)[:12])}"
        )
    return value


def demand(row: Mapping[str, Any], keys: frozenset[str]) -> None:
    """Raise UnrecognisedError unless the row has all these keys."""
    if lacking := sorted(keys - row.keys()):
        raise UnrecognisedError(f"khóa không còn: {', '.join(lacking)}")


def count(value: Any, key: str) -> int | None:
    """Return a count printed as a number or a string, with or without a thousands mark; None where absent."""
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    if isinstance(value, float) and value >= 0 and value.is_integer():
        return int(value)
    if isinstance(value, str):
        text = value.strip()
        if text.casefold() in _ABSENT:
            return None
        if text.isascii() and text.isdecimal():
            return int(text)
        if _GROUPED.fullmatch(text):
            return int(re.sub(r"\D", "", text))
    raise UnrecognisedError(f"{key} không phải số đếm: {str(value)[:40]!r}")


def national_code(text: str) -> str:
    """Return a procedure code without the province's suffix; what is no national code stays as it is."""
    match = _NATIONAL.match(text.strip())
    return match.group() if match else text.strip()


def day(value: Any, key: str) -> date | None:
    """Return a local day written as ISO (a Z behind it means nothing) or dd/mm/yyyy; None where absent."""
    if value is None or (isinstance(value, str) and value.strip().casefold() in _ABSENT):
        return None
    match = _DAY.match(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise UnrecognisedError(f"{key} không phải ngày: {str(value)[:40]!r}")
    iso = match.group(1, 2, 3)
    year, month, of_month = iso if iso[0] else match.group(6, 5, 4)
    try:
        return date(int(year), int(month), int(of_month))
    except ValueError as error:
        raise UnrecognisedError(f"{key} không phải ngày: {value!r}") from error


def text_of(value: Any) -> str:
    """Return a text, empty where there is none."""
    return value.strip() if isinstance(value, str) else "" if value is None else str(value)
