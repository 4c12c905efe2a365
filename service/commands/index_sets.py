"""`index-set`: check, compare, take in from an annex, export, schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.commands.options import AsJson, session_of
from service.session import FAULT, OK, UNSETTLED, Session, tell, write, write_json

if TYPE_CHECKING:
    from service.index_sets import Taken

SetFile = Annotated[Path, typer.Argument(metavar="FILE.toml", help="Tệp bộ chỉ số.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    sets = typer.Typer(help="Bộ chỉ số.", no_args_is_help=True, rich_markup_mode=None)
    sets.callback()(_sets)
    sets.command("check")(check)
    sets.command("diff")(diff)
    sets.command("import")(import_)
    sets.command("export")(export)
    sets.command("schema")(schema)
    app.add_typer(sets, name="index-set")


def _sets() -> None:
    """Bộ chỉ số: kiểm tra, so sánh, nhập từ phụ lục, xuất."""


def check(context: typer.Context, file: SetFile, as_json: AsJson = False) -> None:
    """Kiểm tra một bộ chỉ số: tổng điểm, cách tính, bộ kiểm chứng, ai cung cấp từng số liệu."""
    from service.index_sets import findings, read_set

    session = session_of(context)
    index_set = read_set(file)
    found = findings(index_set)
    faults = sum(each.severity == "fault" for each in found)
    if as_json:
        rows = [
            {"severity": one.severity, "where": one.where, "text": one.text, "remedy": one.remedy}
            for one in found
        ]
        write_json({"id": index_set.id, "status": index_set.status, "findings": rows})
    else:
        for one in found:
            write(f"{one.severity}: {one.where}: {one.text}; {one.remedy}")
        count, scale = len(index_set.components()), index_set.scale
        vi = f"{index_set.id}: {count} chỉ số thành phần, thang {scale}; {faults} lỗi"
        write(session.say(vi, f"{index_set.id}: {count} components, scale {scale}; {faults} faults"))
    raise typer.Exit(FAULT if faults else OK)


def diff(
    context: typer.Context,
    old: Annotated[Path, typer.Argument(metavar="OLD.toml", help="Bộ chỉ số trước.")],
    new: Annotated[Path, typer.Argument(metavar="NEW.toml", help="Bộ chỉ số sau.")],
    as_json: AsJson = False,
) -> None:
    """So sánh hai bộ chỉ số bằng lời; mã thoát 1 khi khác nhau."""
    from scoring.set_differences import changes
    from service.index_sets import read_set

    session = session_of(context)
    found = tuple(changes(read_set(old), read_set(new)))
    if as_json:
        write_json({"changes": [{"where": one.where, "vi": one.vi, "en": one.en} for one in found]})
    else:
        for one in found:
            write(session.say(one.vi, one.en))
        if not found:
            write(session.say("Hai bộ chỉ số như nhau.", "The two sets are equal."))
    raise typer.Exit(FAULT if found else OK)


def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="ANNEX", help="Phụ lục .xlsx hoặc .docx.")],
    out: Annotated[Path, typer.Option(help="Tệp .toml kết quả.")],
    set_id: Annotated[str, typer.Option("--id", help="Mã bộ chỉ số; mặc định: tên tệp kết quả.")] = "",
    title: Annotated[str, typer.Option(help="Tên bộ chỉ số.")] = "",
    as_json: AsJson = False,
) -> None:
    """Nhập bộ chỉ số từ phụ lục; cách tính chỉ là đề xuất, phải có người xác nhận."""
    from service.files import whole_file
    from service.index_sets import take_in

    session = session_of(context)
    taken = take_in(file, set_id=set_id or out.stem, title=title or file.stem)
    with whole_file(out) as stream:
        stream.write(taken.toml.encode())
    rows = _proposals(taken)
    if as_json:
        write_json({"id": taken.index_set.id, "proposals": rows, "skipped": _skipped(taken)})
    else:
        _tell(session, taken, rows, out)
    raise typer.Exit(UNSETTLED if any(not row["recognised"] for row in rows) else OK)


def _proposals(taken: Taken) -> list[dict[str, Any]]:
    proposals = taken.imported.proposals if taken.imported else ()
    return [
        {"component": code, "type": one.formula.type, "why": one.why, "recognised": one.recognised}
        for code, one in proposals
    ]


def _skipped(taken: Taken) -> list[str]:
    return list(taken.imported.skipped) if taken.imported else []


def _tell(session: Session, taken: Taken, rows: list[dict[str, Any]], out: Path) -> None:
    for row in rows:
        write(f"{'?' if not row['recognised'] else ' '} {row['component']}: {row['type']} ({row['why']})")
    for line in _skipped(taken):
        write(session.say(f"Bỏ qua dòng: {line}", f"Skipped line: {line}"))
    count = len(taken.index_set.components())
    vi = f"Đã ghi {out}: {count} chỉ số thành phần; cần người xác nhận: {len(rows)}"
    tell(session.say(vi, f"Wrote {out}: {count} components; to be confirmed by a person: {len(rows)}"))


def export(
    context: typer.Context,
    file: SetFile,
    out: Annotated[Path, typer.Option(help="Tệp .xlsx hoặc .docx kết quả.")],
) -> None:
    """Xuất bộ chỉ số thành phụ lục .xlsx hoặc .docx; nhập lại được nguyên vẹn."""
    from service.files import whole_file
    from service.index_sets import as_workbook, read_set

    session = session_of(context)
    kind = out.suffix.casefold()
    if kind not in (".xlsx", ".docx"):
        message = f"{out}: the annex is a workbook or a document; give it a name that ends in .xlsx or .docx"
        raise typer.BadParameter(message)
    from service.render.index_set_docx import as_docx

    index_set = read_set(file)
    made = as_workbook(index_set) if kind == ".xlsx" else as_docx(index_set)
    with whole_file(out) as stream:
        stream.write(made)
    tell(session.say(f"Đã ghi {out}", f"Wrote {out}"))


def schema() -> None:
    """In lược đồ JSON (JSON schema) của tệp bộ chỉ số."""
    from service.index_sets import schema as made

    write_json(made())
