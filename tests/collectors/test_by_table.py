"""Statistics pages by profile: tables that are lines of text, definitions, what is offered by level."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from collectors.by_table import BY_TABLE
from collectors.interface import Answer
from collectors.service_tables import definitions
from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode, EvidenceRecord, RecordId, RunId, SourceKey
from minhchung.observations import CoverageTally, DossierTally, ServiceHealth
from minhchung.periods import Period
from minhchung.sources import Source

PERIOD = Period(date(2020, 11, 1), date(2021, 10, 31))
WHO = Agency(code=AgencyCode("so-thu"), name="Sở Thử", bloc="b", identifiers=(("bang", "H1"),))
RESULTS = """<html><title>Thống kê</title><pre>
Mức độ Tổng Đã xử lý Trước hạn Trễ hạn
Tổng %
Mức 1, 2 1.250 1000 620 62% 20 2,0%
Mức 3 80 70 35 50% 7 10%
Mức 30 1 1 1 100% 1 100%
</pre></html>"""
OFFERED = """<html><pre>
Mức độ 3 Mức độ 4
Thủ tục cung cấp trực tuyến 1.856 70,2% 736 27,8%
</pre></html>"""
DEFINED = """
• Tiếp nhận: Số hồ sơ nhận trong tháng
• Đang xử lý: Số hồ sơ chưa xong
• Trễ: Số hồ sơ đang xử lý mà quá ngày hẹn
• Đã xử lý: Số hồ sơ đã xong
• Trễ: Số hồ sơ đã xử lý mà xong sau ngày hẹn
Tỉ lệ = Trễ / Tiếp nhận
"""


def read(profile: dict[str, Any], page: str) -> list[Answer]:
    """Return what the profile's only question brings."""
    source = Source(
        key="bang", title="", kind="onestop", driver="html_table", url="http://127.0.0.1:1",
        settings={"page": [profile]},
    )  # fmt: skip
    (ask,) = BY_TABLE.asks(source, WHO, PERIOD)
    record = EvidenceRecord(
        id=RecordId("urn:uuid:1"),
        agency=WHO.code,
        source=SourceKey("bang"),
        run=RunId("20211102T010000Z-1"),
        url=ask.url,
        captured_at=datetime(2021, 11, 2, 1, tzinfo=UTC),
        kind="response",
        status=200,
        content_type="text/html; charset=utf-8",
    )
    return list(BY_TABLE.read(source, WHO, record, page.encode(), ask))


LINES = {
    "path": "/",
    "rows": ["Mức 1, 2", "Mức 3"],
    "lines": ["Tổng", "Đã xử lý", "Trước hạn", "Trước hạn %", "Trễ hạn", "Trễ hạn %"],
    "columns": {"received": "Tổng", "resolved": "Đã xử lý", "resolved_overdue": "Trễ hạn"},
    "printed": {"Trễ hạn %": "resolved_overdue/resolved"},
}


def test_a_table_that_is_only_lines_is_read_by_their_labels() -> None:
    """Thousands dot in a count, comma in a percentage; `Mức 30` is not `Mức 3`."""
    rows = [each for each in read(LINES, RESULTS) if isinstance(each, DossierTally)]

    assert [(row.group, row.basis, dict(row.figures)) for row in rows] == [
        ("Mức 1, 2", "received", {"received": 1250}),
        ("Mức 1, 2", "resolved", {"resolved": 1000, "resolved_overdue": 20}),
        ("Mức 3", "received", {"received": 80}),
        ("Mức 3", "resolved", {"resolved": 70, "resolved_overdue": 7}),
    ]
    assert {dict(row.printed)["Trễ hạn %"] for row in rows} == {"2,0%", "10%"}


def test_a_line_with_a_number_more_or_less_is_no_answer() -> None:
    """A column that came or went would shift every figure behind it."""
    (said,) = read(LINES, RESULTS.replace("80 70 35", "80 70 12 35"))

    assert isinstance(said, ServiceHealth)
    assert said.state == "schema-changed"


def test_what_is_offered_is_a_figure_of_a_day_and_not_of_dossiers() -> None:
    profile = {
        "path": "/",
        "rows": ["Thủ tục cung cấp trực tuyến"],
        "lines": ["Mức độ 3", "Mức độ 3 %", "Mức độ 4", "Mức độ 4 %"],
        "columns": {"level_3": "Mức độ 3", "level_4": "Mức độ 4"},
        "printed": {"Mức độ 4 %": ""},
    }

    row, health = read(profile, OFFERED)

    assert isinstance(row, CoverageTally)
    assert (row.figure("level_3"), row.figure("level_4"), row.as_of) == (1856, 736, date(2021, 11, 2))
    assert row.printed == (("Mức độ 4 %", "27,8%"),)
    assert isinstance(health, ServiceHealth)
    assert health.state == "ok"


RULED = """<html><title>Thống kê</title>
<ul><li>• Tiếp nhận: Số hồ sơ nhận trong tháng</li></ul><pre>
• Tiếp nhận: Số hồ sơ nhận trong tháng
• Tỉ lệ trễ hạn = (Trễ đang xử lý + Trễ đã xử lý) / Cần xử lý
• Tỉ lệ đúng hạn = 100% - Tỉ lệ trễ hạn
</pre><table><tr><th>Mức độ</th><th>Tiếp nhận</th><th>Tỉ lệ trễ hạn</th><th>Tỉ lệ đúng hạn</th></tr>
<tr><td>Mức 3</td><td>80</td><td>2,5%</td><td>97,5%</td></tr></table></html>"""


def test_the_rule_of_a_ratio_goes_along_with_its_percentage() -> None:
    """Overdue over all that had to be handled is not overdue over what was handled: the page says which."""
    profile = {
        "path": "/",
        "columns": {"received": "Tiếp nhận"},
        "printed": {"Tỉ lệ trễ hạn": "", "Tỉ lệ đúng hạn": ""},
        "definitions": True,
    }

    (row,) = [each for each in read(profile, RULED) if isinstance(each, DossierTally)]

    assert dict(row.printed) == {"Tỉ lệ trễ hạn": "2,5%", "Tỉ lệ đúng hạn": "97,5%"}
    assert row.definition == (
        "Tiếp nhận: Số hồ sơ nhận trong tháng; "
        "Tỉ lệ trễ hạn: = (Trễ đang xử lý + Trễ đã xử lý) / Cần xử lý; "
        "Tỉ lệ đúng hạn: = 100% - Tỉ lệ trễ hạn"
    )


def test_two_figures_of_one_name_are_told_apart_by_their_definitions() -> None:
    """Published definitions call both overdue figures "Trễ"; each says of which figure it is a part."""
    told = [(each.label, each.parent) for each in definitions(DEFINED)]

    assert told == [
        ("Tiếp nhận", ""),
        ("Đang xử lý", ""),
        ("Trễ", "Đang xử lý"),
        ("Đã xử lý", ""),
        ("Trễ", "Đã xử lý"),
    ]
