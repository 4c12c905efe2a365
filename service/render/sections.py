"""The running order of the annex: what every form prints, in one sequence and with the same words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

from scoring.annex import Annex, AnnexTable
from scoring.annex_findings import OpenPoint, points_of
from scoring.version_changes import VersionChanges, comparison_said, comparison_title
from service.render.characters import plain

NATION = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
BODY = ("ỦY BAN NHÂN DÂN", "TỈNH ………………")
"""Who issues the decision; filled in by hand, as number and day are."""

ENCLOSED = "(Kèm theo Quyết định số ………/QĐ-UBND ngày … tháng … năm …… của Chủ tịch Ủy ban nhân dân tỉnh)"

HEAD_LABEL = "Điểm kiểm của nhật ký minh chứng trước khi lập phụ lục"
"""Before the log's head: who keeps the paper can tell later whether the log was rewritten."""

STANDING_HEAD = ("STT", "Tên cơ quan", "Xếp hạng (Tổng điểm)", "Đo được", "Theo báo cáo", "Chưa xác định")
SIMULATED = "MÔ PHỎNG"

_COMPARED = (
    (
        "false_claim",
        "Khai vượt",
        "Chênh lệch có lợi cho cơ quan và quá dung sai; điểm tính theo số xác định.",
    ),
    (
        "honest_error",
        "Sai lệch nhỏ hoặc không có lợi cho cơ quan",
        "Chênh lệch trong dung sai, hoặc số tự báo cáo thấp hơn; điểm tính theo số xác định.",
    ),
)
"""Finding, heading and explanation of each list of differences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table ready to be drawn: text only, already fit for a document."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """A row of one cell under several columns is a heading that spans the whole width."""

    widths: tuple[int, ...]
    """Relative column widths, adding up to 100."""

    numbers: frozenset[int] = frozenset()
    """Columns set in the middle."""

    caption: str = ""

    def spans(self, row: tuple[str, ...]) -> bool:
        """Say whether a row is such a heading."""
        return len(row) == 1 < len(self.head)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with paragraphs and tables under it."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = field(default=())


def is_simulated(annex: Annex) -> bool:
    """Say whether the annex is of a province that never was."""
    return any(warning.startswith(SIMULATED) for warning in annex.warnings)


def sections(annex: Annex) -> Iterator[Section]:
    """Yield the annex in the order of print."""
    for table in annex.tables:
        yield Section(heading=plain(table.title), grids=(_standing(table),))
    number = len(annex.tables) + 1
    yield _overall(annex, number)
    for heading, paragraph, grid in _lists(annex):
        if grid.rows:
            number += 1
            yield Section(heading=f"{number}. {heading}", paragraphs=(paragraph,), grids=(grid,))
    if annex.changes is not None:
        compared = _changes(annex.changes)
        yield replace(compared, heading=f"{number + 1}. {compared.heading}")


def _standing(table: AnnexTable) -> Grid:
    rows: list[tuple[str, ...]] = []
    for group in table.groups:
        rows.append((group.heading,))
        rows += [(str(r.number), r.name, r.cell, r.measured, r.claimed, r.open) for r in group.rows]
    return _grid(STANDING_HEAD, rows, (8, 31, 28, 11, 11, 11), {0, 2, 3, 4, 5}, caption=table.caption)


def _overall(annex: Annex, number: int) -> Section:
    means = [f"+ {_named(table)}: {table.mean}{table.unit}" for table in annex.tables]
    level = " – ".join(name[:1].lower() + name[1:] for name in annex.overall_band.split(" – "))
    said = f"Đạt {level} với điểm trung bình chung {annex.overall}{annex.unit}, trong đó:"
    if not annex.overall:
        said = "Đợt đánh giá không tính điểm trung bình chung của các khối:"
    names = list(dict.fromkeys(name for table in annex.tables for name, _, _ in table.shares))
    by_name = [{name: f"{share} ({count})" for name, count, share in t.shares} for t in annex.tables]
    grid = _grid(
        ("Mức độ", *(_named(table) for table in annex.tables)),
        [(name, *(shares.get(name, "–") for shares in by_name)) for name in names],
        (30, *_even(70, len(annex.tables))),
        set(range(1, len(annex.tables) + 1)),
        caption="Tỷ lệ cơ quan theo mức độ, trong ngoặc là số cơ quan",
    )
    return Section(
        heading=f"{number}. Đánh giá tổng thể",
        paragraphs=(plain(said), *map(plain, means)),
        grids=(grid,),
    )


def _named(table: AnnexTable) -> str:
    return table.title.partition(". ")[2] or table.title


def _even(whole: int, parts: int) -> tuple[int, ...]:
    return tuple(whole // parts + (n < whole % parts) for n in range(parts))


def _lists(annex: Annex) -> Iterator[tuple[str, str, Grid]]:
    for code, heading, paragraph in _COMPARED:
        told = [d for d in annex.differences if d.finding == code]
        rows = ((d.name, (f"{d.component} {d.title}", d.text, d.points)) for d in told)
        head = ("Chỉ số thành phần", "Chênh lệch", "Điểm")
        yield heading, paragraph, _grid(head, _by_agency(rows), (36, 46, 18), {2})
    yield (
        "Điểm chưa xác định",
        "Chưa đo được không có nghĩa là không có: điểm để mở, tổng điểm ghi thành khoảng.",
        _grid(("Chỉ số thành phần", "Lý do", "Điểm"), _by_agency(_open(annex)), (30, 49, 21), {2}),
    )
    losses = ((p.name, (f"{p.component} {p.title}", p.items, p.points)) for p in annex.platform_losses)
    yield (
        "Điểm mất do nền tảng dùng chung",
        "Vẫn tính vào điểm của cơ quan, liệt kê riêng vì không thuộc trách nhiệm của cơ quan.",
        _grid(("Chỉ số thành phần", "Mục", "Điểm mất"), _by_agency(losses), (42, 44, 14), {2}),
    )
    yield (
        "Xung đột lợi ích và kết luận thẩm định",
        "Không ai kết luận về chính cơ quan mình hoặc hệ thống mình vận hành.",
        _grid(("Nội dung",), [(said,) for said in annex.conflicts], (100,), set()),
    )
    yield (
        "Trình đọc chưa được chứng minh trên hệ thống thật",
        "Số liệu vẫn tính như đã đọc; chưa ai đối chiếu trình đọc với màn hình của hệ thống.",
        _grid(("Nội dung",), [(said,) for said in annex.unproven], (100,), set()),
    )
    yield (
        "Sự cố trong lúc thu thập",
        "Lượt thu thập hỏng do hệ thống thu thập hoặc nền tảng dùng chung không tính cho cơ quan nào.",
        _grid(("Nội dung",), [(said,) for said in annex.incidents], (100,), set()),
    )


def _changes(changes: VersionChanges) -> Section:
    rows: list[tuple[str, ...]] = []
    for one in changes.changed:
        rows.append((f"{one.name}: {one.before} → {one.after}",))
        rows += [(f"{c.component} {c.title}".strip() or "–", c.before, c.after, c.why) for c in one.causes]
    grid = _grid(("Chỉ số thành phần", "Trước", "Sau", "Do"), rows, (32, 14, 14, 40), {1, 2})
    return Section(
        heading=comparison_title(changes),
        paragraphs=(plain(comparison_said(changes)),),
        grids=(grid,) if rows else (),
    )


def _by_agency(rows: Iterable[tuple[str, tuple[str, ...]]]) -> list[tuple[str, ...]]:
    """Return the rows under a heading for each agency."""
    grouped: dict[str, list[tuple[str, ...]]] = {}
    for name, row in rows:
        grouped.setdefault(name, []).append(row)
    return [line for name, mine in grouped.items() for line in ((name,), *mine)]


def _open(annex: Annex) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the open points; components of an agency that one cause leaves open stand in one row."""
    grouped: dict[tuple[str, str], list[OpenPoint]] = {}
    for point in annex.open_points:
        grouped.setdefault((point.name, point.text), []).append(point)
    for (name, text), mine in grouped.items():
        one = mine[0]
        which = f"{one.component} {one.title}" if len(mine) == 1 else ", ".join(p.component for p in mine)
        low, high = sum((p.low for p in mine), Fraction(0)), sum((p.high for p in mine), Fraction(0))
        yield name, (which, text, points_of(low, high, sum((p.maximum for p in mine), Fraction(0))))


def _grid(
    head: tuple[str, ...],
    rows: list[tuple[str, ...]],
    widths: tuple[int, ...],
    numbers: set[int],
    *,
    caption: str = "",
) -> Grid:
    return Grid(
        head=tuple(map(plain, head)),
        rows=tuple(tuple(map(plain, row)) for row in rows),
        widths=widths,
        numbers=frozenset(numbers),
        caption=plain(caption),
    )
