"""What every service driver needs to read an answer: its state, its numbers as printed, its codes.

Sans-I/O. A missing figure is None and never 0; whatever cannot be read raises UnrecognisedError, which a
driver turns into the state `schema-changed`, so that no half of an answer is kept; people read its text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from minhchung.agencies import Agency
from minhchung.dossiers import HealthState, Topic
from minhchung.errors import UnrecognisedError
from minhchung.evidence import EvidenceRecord, Locator
from minhchung.law import LevelName
from minhchung.observations import DossierTally, ServiceHealth
from minhchung.periods import local_day
from minhchung.sources import Source
from minhchung.text_keys import k2

_GROUPED: Final = re.compile(r"\d{1,3}([.,\u00a0 ])\d{3}(?:\1\d{3})*")
"""Thousands by one and the same mark: two different ones are a thousands mark and a decimal one."""

_NATIONAL: Final = re.compile(r"\d\.\d{6}(?=$|\.)")
_ABSENT: Final = frozenset({"", "-", "--", "n/a", "null"})
_DAY: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:$|[T ])|(\d{1,2})/(\d{1,2})/(\d{4})(?:$| )")
_DIGIT: Final = re.compile(r"(?<!\S)\d(?!\S)")
Basis = Literal["received", "resolved", "snapshot"]
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

    def health(self, state: HealthState, detail: str = "", *, complete: bool = True) -> ServiceHealth:
        """Return how the system answered this question."""
        return ServiceHealth(
            **self.carried(), topic=self.topic, state=state, detail=detail, complete=complete
        )


def refusal(record: EvidenceRecord) -> tuple[HealthState, str] | None:
    """Return the state of an answer whose status says that it is none."""
    if record.status in {401, 403}:
        return "unauthorised", f"HTTP {record.status}"
    if record.status is None or record.status >= _SERVER_ERROR:
        return "unreachable", f"HTTP {record.status}"
    return ("blocked", f"HTTP {record.status}") if record.status != _OK else None


MOST: Final = 10**12
"""No system of a province counts more of anything; what prints more is broken or hostile."""


def payload(record: EvidenceRecord, body: bytes) -> tuple[Any, tuple[HealthState, str] | None]:
    """Return the JSON of an answer, or the state in which it came instead of one."""
    trouble = refusal(record)
    if trouble is not None:
        return None, trouble
    if "html" in record.content_type.casefold() or body.lstrip()[:1] == b"<":
        return None, ("blocked", "trả về trang HTML thay vì JSON")
    try:
        return json.loads(body, object_pairs_hook=_once), None
    except UnrecognisedError as error:
        return None, ("schema-changed", str(error))
    except (ValueError, RecursionError):
        return None, ("schema-changed", "câu trả lời không phải JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; of two values of one name nobody knows which one is meant."""
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise UnrecognisedError(f"khóa lặp lại trong một đối tượng: {', '.join(twice)[:80]}")
    return made


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
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST:
        return value
    if isinstance(value, float) and 0 <= value <= MOST and value.is_integer():
        return int(value)
    if isinstance(value, str):
        text = value.strip()
        if text.casefold() in _ABSENT:
            return None
        digits = re.sub(r"\D", "", text) if _GROUPED.fullmatch(text) else text
        if digits.isascii() and digits.isdecimal() and len(digits.lstrip("0")) <= len(str(MOST)) - 1:
            return int(digits)
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


def figures_of(row: Mapping[str, Any], keys: Mapping[str, str]) -> dict[str, Any]:
    """Return figures and labels of those keys (by meaning) that a row has; for the fields of a tally."""
    given = {meaning: key for meaning, key in keys.items() if key in row}
    return {
        "figures": tuple((meaning, count(row[key], key)) for meaning, key in given.items()),
        "labels": tuple(given.items()),
    }


def as_printed(row: Mapping[str, Any], keys: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the texts that stand beside the figures, as printed: percentages, mostly."""
    return tuple((key, text_of(row[key])) for key in keys if row.get(key) is not None)


def tallies(
    answered: Answered,
    row: Mapping[str, Any],
    keys: Mapping[Basis, Mapping[str, str]],
    *,
    path: str,
    span: tuple[date | None, date | None],
    as_of: date | None = None,
    **shared: Any,
) -> Iterator[DossierTally]:
    """Yield a row's figures, a tally for each basis that it has figures of.

    `keys` gives by basis and meaning the key of a figure; `span` is what was asked for; `as_of` is the day of
    a snapshot, without one the day of the answer. Raises UnrecognisedError for a count that is none.
    """
    first, last = span
    if first is None or last is None:
        raise UnrecognisedError("thống kê được hỏi mà không có khoảng ngày")
    day_of = as_of or local_day(answered.record.captured_at)
    for basis, meant in keys.items():
        fields = figures_of(row, meant)
        if fields["figures"]:
            began, ended = (day_of, day_of) if basis == "snapshot" else (first, last)
            yield DossierTally(
                **answered.carried(path), **fields, **shared, basis=basis, first=began, last=ended
            )


def level_of(words: str, names: Iterable[LevelName]) -> int | None:
    """Return the level that the words name; None where they name none, or two of them.

    Whether a wording was in force on the day is another question: what stands there is read all the same.
    """
    key = k2(words)
    named = {name.level for name in names if any(f" {each} " in f" {key} " for each in name.words)}
    if not named and key in {"1", "2", "3", "4"}:
        return int(key)
    # "Mức độ 3, 4" names one level by its words and another by a bare digit.
    digits = {int(each) for each in _DIGIT.findall(key)}
    return named.pop() if len(named) == 1 and digits <= named else None
