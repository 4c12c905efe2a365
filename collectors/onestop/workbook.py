"""Reads what the owner of a system exported and sent with a letter: rows that were sealed for one body.

Nobody is asked. `service.exports` takes the owner's file apart by a mapping that a person confirmed and
seals, for each agency and for the province, the rows as they stand; this reads them. Headings, letter,
mapping and period are in the sealed rows, so they can be read again with no configuration at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from collectors.interface import Answer, Ask, Capabilities, ServiceDriver
from collectors.meanings import by_basis, rates_of
from collectors.service_answers import Answered, as_printed, national_code, rows_of, tallies
from minhchung.agencies import Agency
from minhchung.errors import UnrecognisedError
from minhchung.evidence import EvidenceRecord
from minhchung.periods import Period
from minhchung.sources import Source

VERSION: Final = "minhchung-export/1"
_SIGNATURES: Final[Mapping[str, str]] = {
    "valid": "chữ ký số hợp lệ theo người nhập",
    "invalid": "chữ ký số không hợp lệ theo người nhập",
    "none": "không có chữ ký số",
    "unknown": "chữ ký số chưa được kiểm tra",
}


class Workbook:
    """Reads sealed rows of an owner's export."""

    def capabilities(self, source: Source) -> Capabilities:
        """Return that it waits for what the owner sends."""
        return Capabilities(
            topics=frozenset({"dossiers"}),
            shape="tệp do chủ quản xuất, cột do người xác nhận",
            queries=False,
        )

    def asks(self, source: Source, agency: Agency, period: Period) -> Iterator[Ask]:
        """Yield nothing: an owner sends, nobody is asked."""
        return iter(())

    def surveys(self, source: Source, period: Period) -> Iterator[Ask]:
        """Yield nothing, as `asks`."""
        return iter(())

    def read(
        self, source: Source, agency: Agency, record: EvidenceRecord, body: bytes, ask: Ask
    ) -> Iterator[Answer]:
        """Yield the figures of the rows and the health of the topic."""
        answered = Answered(source=source, agency=agency, record=record, topic="dossiers")
        try:
            found = list(_rows(answered, json.loads(body)))
        except (UnrecognisedError, ValueError, KeyError, TypeError) as error:
            yield answered.health("schema-changed", str(error))
            return
        yield from found
        yield answered.health("ok" if found else "empty")


def _rows(answered: Answered, sealed: Mapping[str, Any]) -> Iterator[Answer]:
    if sealed["v"] != VERSION:
        raise UnrecognisedError(f"bản ghi không phải {VERSION}")
    letter, columns, printed = sealed["letter"], sealed["columns"], sealed["printed"]
    span = (date.fromisoformat(sealed["first"]), date.fromisoformat(sealed["last"]))
    signature = _SIGNATURES[letter["signature"]]
    told = f"Công văn {letter['number']} ngày {letter['day']}, {letter['signer']} ký ({signature})"
    for row in rows_of(sealed["rows"]):
        cells: Mapping[str, str] = row["cells"]
        given = {heading: cells[heading] for heading in (*columns.values(), *printed) if heading in cells}
        yield from tallies(
            answered,
            given,
            by_basis(columns),
            path=f"{sealed['sheet']}!{row['row']}",
            span=span,
            as_of=span[1],
            whose=row["whose"],
            body=row["body"],
            is_total=row["is_total"],
            procedure=national_code(row["procedure"]) if row["procedure"] else "",
            printed=as_printed(given, printed),
            rates=rates_of(printed),
            definition="; ".join(filter(None, (sealed["definition"], told))),
        )


DRIVER: Final[ServiceDriver] = Workbook()
