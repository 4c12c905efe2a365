"""The province as a whole: agencies against its row, index scores, bodies against the registry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from minhchung.agencies import PROVINCE, Agency
from minhchung.contradictions import Contradiction, Said
from minhchung.dossiers import IndexScore, SourceAgency
from minhchung.text_keys import holds, k2
from verifiers.contradictions.printed_rows import WORDS, PrintedRow, added
from verifiers.contradictions.within_rows import percentage


def agencies_against_province(
    rows: Mapping[str, Sequence[PrintedRow]], asked: frozenset[str]
) -> Iterator[Contradiction]:
    """Yield where the agencies' rows and the province's row cannot both be true.

    `rows` gives each agency's newest rows, `asked` every agency that should have one. Where one is missing,
    those seen may only not be more than the whole.
    """
    every = [row for mine in rows.values() for row in mine if not (row.procedure or row.group)]
    above: dict[tuple[str, str, date, date], list[PrintedRow]] = {}
    for row in every:
        if row.whose == "province":
            above.setdefault((row.source, row.report, row.first, row.last), []).append(row)
    for (source, report, first, last), copies in above.items():
        yield from _copies_differ(copies)
        own = [
            row
            for row in every
            if row.whose == "agency"
            and (row.source, row.report, row.first, row.last) == (source, report, first, last)
        ]
        whole = asked <= {row.agency for row in own}
        for meaning, value in copies[0].figures.items():
            giving = [row for row in own if meaning in row.figures]
            summed = added(giving, meaning, f"cộng các cơ quan: {WORDS[meaning]}")
            if summed is None:
                continue
            complete = whole and len(giving) == len(own)
            if int(summed.value) > value or (complete and int(summed.value) != value):
                yield Contradiction(
                    kind="agencies-province",
                    agency=PROVINCE,
                    about=f"{source}/{meaning}",
                    text="Cộng các cơ quan không khớp với dòng của toàn tỉnh.",
                    one=copies[0].said(f"toàn tỉnh: {WORDS[meaning]}", value),
                    other=summed,
                )


def _copies_differ(copies: Sequence[PrintedRow]) -> Iterator[Contradiction]:
    """The province's row comes with every agency's: on one day it must be the same row."""
    for meaning, value in copies[0].figures.items():
        other = next(
            (c for c in copies[1:] if c.taken == copies[0].taken and c.figures.get(meaning, value) != value),
            None,
        )
        if other is not None:
            yield Contradiction(
                kind="province-rows-differ",
                agency=PROVINCE,
                about=f"{copies[0].source}/{meaning}",
                text="Dòng của toàn tỉnh khác nhau giữa hai câu trả lời cùng ngày.",
                one=copies[0].said(WORDS[meaning], value),
                other=other.said(WORDS[meaning], other.figures[meaning]),
            )


# --- index scores -------------------------------------------------------------------------------------


def within_scores(scores: Sequence[IndexScore], agencies: Sequence[Agency]) -> Iterator[Contradiction]:
    """Yield totals that are not the sum of their groups, and groups above their maximum."""
    for row in scores:
        owner = _mapped(row.body, row.source, agencies, row.last)
        agency = owner.code if owner is not None else PROVINCE
        about = f"{row.source}/{row.index}/{row.body}"
        maxima = dict(row.maxima)
        read = {group: number for group, text in row.scores if (number := percentage(text)) is not None}
        for group, (value, _) in read.items():
            most = percentage(maxima.get(group, ""))
            if most is not None and value > most[0]:
                yield Contradiction(
                    kind="index-maximum",
                    agency=agency,
                    about=f"{about}/{group}",
                    text=f"Điểm nhóm {group} của chỉ số {row.index} lớn hơn điểm tối đa.",
                    one=Said(what=group, value=dict(row.scores)[group], seen=(row.seen,)),
                    other=Said(what="điểm tối đa", value=maxima[group], seen=(row.seen,)),
                )
        total = percentage(row.total)
        if total is None or len(read) != len(row.scores):
            continue
        summed = sum((value for value, _ in read.values()), Fraction(0))
        slack = sum((unit for _, unit in read.values()), total[1]) / 2
        if abs(summed - total[0]) >= slack:
            yield Contradiction(
                kind="index-total",
                agency=agency,
                about=about,
                text=f"Tổng điểm chỉ số {row.index} không bằng tổng các nhóm.",
                one=Said(what="tổng in", value=row.total, seen=(row.seen,)),
                other=Said(what="cộng các nhóm", value=_decimal(summed), seen=(row.seen,)),
            )


def _decimal(number: Fraction) -> str:
    """Return a sum of printed decimals as it would be printed."""
    digits = 0
    while (number * 10**digits).denominator != 1:
        digits += 1
    whole = str(int(number * 10**digits)).rjust(digits + 1, "0")
    return f"{whole[:-digits]}.{whole[-digits:]}" if digits else whole


# --- bodies -------------------------------------------------------------------------------------------


def bodies_against_registry(
    bodies: Sequence[SourceAgency], agencies: Sequence[Agency], complete: frozenset[str], today: date
) -> Iterator[Contradiction]:
    """Yield bodies that no agency is mapped to, other names, and mapped identifiers that are not there.

    `complete` names the sources whose list was read whole.
    """
    for body in bodies:
        agency = _mapped(body.identifier, body.source, agencies, today)
        seen = (body.seen,)
        here = Said(what=f"tên trong {body.source}", value=body.name, seen=seen)
        if agency is None:
            yield Contradiction(
                kind="body-unmapped",
                agency=PROVINCE,
                about=f"{body.source}/{body.identifier}",
                text="Hệ thống có một đơn vị mà danh sách cơ quan chưa gắn với cơ quan nào.",
                one=here,
                other=Said(what="mã trong hệ thống", value=body.identifier, seen=seen),
            )
            continue
        if not _same_name(body.name, agency):
            yield Contradiction(
                kind="name-differs",
                agency=agency.code,
                about=f"{body.source}/{body.identifier}",
                text="Đơn vị mang mã đã gắn có tên khác tên và các tên gọi khác của cơ quan.",
                one=here,
                other=Said(what="tên trong danh sách cơ quan", value=agency.name, seen=seen),
            )
        if (agency.valid_to is not None and agency.valid_to < today) and (
            body.valid_to is None or body.valid_to >= today
        ):
            yield Contradiction(
                kind="body-outlives-agency",
                agency=agency.code,
                about=f"{body.source}/{body.identifier}",
                text="Cơ quan đã hết hiệu lực mà hệ thống vẫn còn đơn vị này.",
                one=here,
                other=Said(what="cơ quan hết hiệu lực từ sau ngày", value=str(agency.valid_to), seen=seen),
            )
    yield from _gone(bodies, agencies, complete, today)


def _gone(
    bodies: Sequence[SourceAgency], agencies: Sequence[Agency], complete: frozenset[str], today: date
) -> Iterator[Contradiction]:
    for source in sorted(complete):
        listed = [body for body in bodies if body.source == source]
        known = {body.identifier for body in listed}
        seen = tuple({body.seen.record: body.seen for body in listed}.values())
        for agency in agencies:
            identifier = agency.identifier(source)
            gone = agency.valid_to is not None and agency.valid_to < today
            if identifier is not None and listed and identifier not in known and not gone:
                yield Contradiction(
                    kind="identifier-gone",
                    agency=agency.code,
                    about=f"{source}/{identifier}",
                    text="Mã đã gắn cho cơ quan không có trong danh sách đơn vị của hệ thống.",
                    one=Said(what="mã đã gắn", value=identifier, seen=seen),
                    other=Said(what="số đơn vị trong danh sách", value=str(len(listed)), seen=seen),
                )


def _mapped(identifier: str, source: str, agencies: Sequence[Agency], day: date) -> Agency | None:
    """Return whose identifier it is on a day; after a merger a system may go on using an old one."""
    own = [agency for agency in agencies if agency.identifier(source) == identifier]
    return next((agency for agency in own if agency.in_force(day)), own[0] if own else None)


def _same_name(name: str, agency: Agency) -> bool:
    """Say whether a name is the agency's, with or without the province behind it.

    Names are compared whole: only the words `tỉnh …` or `thành phố …` at the end may be more or fewer.
    """
    theirs = k2(name)
    return any(
        theirs == ours or _only_province_more(theirs, ours) or _only_province_more(ours, theirs)
        for ours in map(k2, (agency.name, *agency.aliases))
    )


def _only_province_more(longer: str, shorter: str) -> bool:
    rest = longer.removeprefix(shorter) if shorter and holds(longer, shorter) else ""
    return rest.startswith((" tinh ", " thanh pho "))
