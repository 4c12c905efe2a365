"""The running order of the annex: what every form prints, in one sequence and with the same words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from scoring.annex import Annex, AnnexTable
from service.render.characters import plain

NATION = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
BODY = ("ỦY BAN NHÂN DÂN", "TỈNH ………………")
"""Who issues the decision; filled in by hand, as number and day are."""

ENCLOSED = "(Kèm theo Quyết định số ………/QĐ-UBND ngày … tháng … năm …… của Chủ tịch Ủy ban nhân dân tỉnh)"

HEAD_LABEL = "Điểm kiểm của nhật ký minh chứng trước khi lập phụ lục"
"""Before the log's head: who keeps the paper can tell later whether the log was rewritten."""

STANDING_HEAD = ("STT", "Tên cơ quan", "Xếp hạng (Tổng điểm)", "Đo được", "Theo báo cáo", "Chưa xác định")
SIMULATED = "MÔ PHỎNG"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table ready to be drawn: text only, already fit for a document."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """A row of one cell is a heading that spans the whole width."""

    widths: tuple[int, ...]
    """Relative column widths, adding up to 100."""

    numbers: frozenset[int] = frozenset()
    """Columns set in the middle."""

    caption: str = ""


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
    head = ("Cơ quan", "Chỉ số thành phần", "Kết luận", "Chênh lệch", "Điểm")
    yield (
        "Chênh lệch giữa số tự báo cáo và số xác định",
        "Điểm tính theo số xác định được; khai vượt là chênh lệch có lợi cho cơ quan và lớn hơn dung sai.",
        _grid(
            head,
            [
                (d.name, f"{d.component} {d.title}", d.finding_text, d.text, d.points)
                for d in annex.differences
            ],
            (19, 24, 14, 31, 12),
            {4},
        ),
    )
    yield (
        "Điểm chưa xác định",
        "Chưa đo được không có nghĩa là không có: điểm để mở, tổng điểm ghi thành khoảng.",
        _grid(
            ("Cơ quan", "Chỉ số thành phần", "Lý do", "Điểm"),
            [(o.name, f"{o.component} {o.title}", o.text, o.points) for o in annex.open_points],
            (22, 30, 34, 14),
            {3},
        ),
    )
    yield (
        "Điểm mất do nền tảng dùng chung",
        "Vẫn tính vào điểm của cơ quan, liệt kê riêng vì không thuộc trách nhiệm của cơ quan.",
        _grid(
            ("Cơ quan", "Chỉ số thành phần", "Mục", "Điểm mất"),
            [(p.name, f"{p.component} {p.title}", p.items, p.points) for p in annex.platform_losses],
            (22, 32, 34, 12),
            {3},
        ),
    )


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
