"""Reads any published statistics page by a profile: which table, which headings mean which figure.

`settings.page` is a list of profiles (docs/reference/service-drivers.md); each is asked once an agency, or
once for the province. Numbers are read with a thousands dot, percentages stay as printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from collectors.decode import text as characters
from collectors.interface import Answer, Ask, Capabilities, ServiceDriver
from collectors.meanings import COVERAGE, by_basis, rates_of
from collectors.profiled import Profile, of_province, profiles, question, spans, topic_of
from collectors.service_answers import Answered, count, refusal, tallies
from collectors.service_tables import Definition, GridRow, column_key, definitions, lines, tables
from minhchung.agencies import PROVINCE, Agency
from minhchung.dossiers import Topic
from minhchung.errors import UnrecognisedError
from minhchung.evidence import EvidenceRecord
from minhchung.observations import CoverageTally
from minhchung.periods import Period, local_day
from minhchung.sources import Source
from minhchung.text_keys import k1, k2

_EMPTY: Final = ("khong co du lieu", "khong tim thay du lieu", "chua co so lieu")


class ByTable:
    """Asks for the pages of a profile and reads their tables."""

    def capabilities(self, source: Source) -> Capabilities:
        """Return the topics of the profiles."""
        topics: set[Topic] = {topic_of(profile) for _, profile in profiles(source, "page")}
        return Capabilities(topics=frozenset(topics), shape="hồ sơ đọc do người vận hành khai cho trang này")

    def asks(self, source: Source, agency: Agency, period: Period) -> Iterator[Ask]:
        """Yield a question for each profile that is of one agency."""
        if agency.identifier(source.key) is None:
            return
        for number, profile in profiles(source, "page"):
            if not of_province(profile):
                for span in spans(profile, period):
                    yield question(source, number, profile, agency, span, 1, 1)

    def surveys(self, source: Source, period: Period) -> Iterator[Ask]:
        """Yield a question for each profile that is of the province."""
        for number, profile in profiles(source, "page"):
            if of_province(profile):
                for span in spans(profile, period):
                    yield question(
                        source, number, profile, Agency(code=PROVINCE, name="", bloc=""), span, 1, 1
                    )

    def read(
        self, source: Source, agency: Agency, record: EvidenceRecord, body: bytes, ask: Ask
    ) -> Iterator[Answer]:
        """Yield the rows of the profile's table and the health of the topic."""
        answered = Answered(source=source, agency=agency, record=record, topic=ask.topic)
        trouble = refusal(record)
        if trouble is not None:
            yield answered.health(*trouble)
            return
        try:
            profile = dict(profiles(source, "page"))[ask.profile]
            text = characters(body, record.content_type)
            found = list(_read(answered, profile, body, text, ask))
        except UnrecognisedError as error:
            yield answered.health("schema-changed", str(error))
            return
        except (KeyError, TypeError, AttributeError) as error:
            yield answered.health("schema-changed", f"hồ sơ đọc thiếu hoặc sai mục {error}")
            return
        yield from found
        yield answered.health("ok" if found else "empty")


def _read(answered: Answered, profile: Profile, body: bytes, text: str, ask: Ask) -> Iterator[Answer]:
    told = {k2(f"{d.parent} {d.label}"): d for d in definitions(text)} if profile.get("definitions") else {}
    rows = list(_grid(profile, body, text))
    if not rows and not any(words in k2(text) for words in _EMPTY):
        raise UnrecognisedError(
            "không còn bảng nào dưới tiêu đề đã khai, cũng không có chữ báo không có dữ liệu"
        )
    totals = {k2(each) for each in profile.get("total", ("Tổng", "Tổng cộng", "Tổng số"))}
    for row in rows:
        if not row.label and not any(row.cells.values()):
            continue
        yield from _row(answered, profile, row, ask, told, is_total=k2(row.label) in totals)


def _grid(profile: Profile, body: bytes, text: str) -> Iterator[GridRow]:
    """Yield the rows of the one table that has the profile's columns, or of its lines of text."""
    if profile.get("lines"):
        order = list(profile["lines"])
        for label, tokens, number in lines(text, list(profile["rows"])):
            if len(tokens) != len(order):
                raise UnrecognisedError(f"dòng {label!r} có {len(tokens)} số, hồ sơ đọc khai {len(order)}")
            yield GridRow(
                label,
                {column_key(name): token for name, token in zip(order, tokens, strict=True)},
                f"line {number}",
            )
        return
    needed = {column_key(name) for name in profile["columns"].values()}
    fitting = []
    lacking: set[str] = set()
    for rows in tables(body, str(profile.get("heading", "")), int(profile.get("header_rows", 0))):
        missing = needed - set(rows[0].cells)
        if missing:
            lacking = missing
        else:
            fitting.append(rows)
    if len(fitting) > 1:
        raise UnrecognisedError(f"{len(fitting)} bảng cùng có các cột đã khai; khai thêm heading")
    if lacking and not fitting:
        raise UnrecognisedError(f"cột không còn, hoặc có hai cột cùng tên: {', '.join(sorted(lacking))}")
    yield from fitting[0] if fitting else ()


def _row(
    answered: Answered,
    profile: Profile,
    row: GridRow,
    ask: Ask,
    told: Mapping[str, Definition],
    *,
    is_total: bool,
) -> Iterator[Answer]:
    first = str(profile.get("row", "group"))
    who = answered.agency.identifier(answered.source.key) or ""
    if first == "agency" and not is_total and k1(row.label) != k1(who):
        return  # another body's row: a name that only holds the agency's is another body
    columns: Mapping[str, str] = profile["columns"]
    printed = tuple(
        (label, row.cells[column_key(label)])
        for label in profile.get("printed", {})
        if row.cells.get(column_key(label))
    )
    shared: dict[str, Any] = {
        "printed": printed,
        "definition": _definition(profile, columns, told),
    }
    values = {name: row.cells.get(column_key(name)) for name in columns.values()}
    if set(columns) <= COVERAGE:
        yield CoverageTally(
            **answered.carried(row.path),
            **shared,
            as_of=local_day(answered.record.captured_at),
            labels=tuple(columns.items()),
            figures=tuple((meaning, count(values[name], name)) for meaning, name in columns.items()),
        )
        return
    if ask.first is None or ask.last is None:
        raise UnrecognisedError("trang thống kê được hỏi mà không có khoảng ngày")
    yield from tallies(
        answered,
        values,
        by_basis(columns),
        path=row.path,
        span=(ask.first, ask.last),
        **shared,
        rates=rates_of(profile.get("printed", {})),
        group=row.label if first == "group" and not is_total else "",
        procedure=row.label if first == "procedure" and not is_total else "",
        whose="province" if first == "agency" and is_total else "agency",
        is_total=is_total,
        report=str(profile.get("report", "")),
    )


def _definition(profile: Profile, columns: Mapping[str, str], told: Mapping[str, Definition]) -> str:
    """Return what source or profile says the figures mean."""
    said = [str(profile["definition"])] if profile.get("definition") else []
    for name in (*columns.values(), *profile.get("printed", {})):
        known = told.get(k2(name.replace(" / ", " "))) or told.get(k2(name))
        if known is not None:
            said.append(f"{name}: {known.text}")
    return "; ".join(said)


BY_TABLE: Final[ServiceDriver] = ByTable()
