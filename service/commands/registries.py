"""`registry import` and `trend`: who is assessed, taken in from a workbook; and how they moved."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from minhchung.errors import UsageError
from service.commands.options import AsJson, session_of
from service.session import FAULT, OK, tell, write, write_json


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    registries = typer.Typer(help="Danh sách cơ quan.", no_args_is_help=True, rich_markup_mode=None)
    registries.callback()(_registries)
    registries.command("import")(import_)
    app.add_typer(registries, name="registry")
    app.command("trend")(trend)


def _registries() -> None:
    """Danh sách cơ quan được đánh giá: nhập từ bảng tính, xem trước và kiểm tra."""


def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Danh sách .xlsx hoặc .docx.")],
    out: Annotated[Path | None, typer.Option(help="Tệp .toml kết quả; bỏ trống: chỉ xem trước.")] = None,
    title: Annotated[str, typer.Option(help="Tên danh sách.")] = "",
    source: Annotated[str, typer.Option(help="Khóa của hệ thống mà cột mã định danh thuộc về.")] = "",
    bloc: Annotated[list[str] | None, typer.Option(help="Mã khối được phép; nhiều lần được.")] = None,
    as_json: AsJson = False,
) -> None:
    """Xem trước, kiểm tra và ghi danh sách cơ quan từ một bảng; có lỗi thì không ghi."""
    from service.files import whole_file
    from service.registries import preview

    session = session_of(context)
    found = preview(file, source=source, blocs=bloc or ())
    agencies = [one.agency for one in found.listed]
    if as_json:
        rows: list[dict[str, Any]] = [
            {"line": one.line, "code": one.agency.code, "bloc": one.agency.bloc, "portal": one.agency.portal}
            for one in found.listed
        ]
        write_json({"agencies": rows, "findings": [{"line": f.line, "text": f.text} for f in found.findings]})
    else:
        for agency in agencies:
            span = f"{agency.valid_from or '…'} – {agency.valid_to or '…'}"
            write(f"{agency.code}  {agency.bloc}  {agency.portal or '–'}  {span}  {agency.name}")
        for each in found.findings:
            write(session.say(f"Lỗi, dòng {each.line}: {each.text}", f"Fault, line {each.line}: {each.text}"))
    if found.findings:
        raise typer.Exit(FAULT)
    if out is not None:
        with whole_file(out) as stream:
            stream.write(found.toml(title or file.stem).encode())
        count = len(agencies)
        tell(session.say(f"Đã ghi {out}: {count} cơ quan", f"Wrote {out}: {count} agencies"))
    raise typer.Exit(OK)


def trend(
    context: typer.Context,
    before: Annotated[str, typer.Argument(metavar="ROUND", help="Đợt trước.")],
    after: Annotated[str, typer.Argument(metavar="ROUND", help="Đợt sau.")],
    rule: Annotated[
        str, typer.Option("--mergers", help="Cơ quan hợp nhất: absent hoặc mean-of-predecessors.")
    ] = "absent",
    as_json: AsJson = False,
) -> None:
    """So từng chỉ số chính giữa hai đợt, theo phần trăm điểm tối đa; cơ quan hợp nhất theo quy tắc."""
    from fractions import Fraction
    from typing import cast

    from scoring.numerals import rounded
    from scoring.trend import MergerRule, trends
    from service.standings import conclude

    if rule not in {"absent", "mean-of-predecessors"}:
        raise UsageError(f"--mergers: {rule!r} is neither absent nor mean-of-predecessors")
    session = session_of(context)
    settings = session.settings()
    with session.store(settings) as store:
        then, now = conclude(settings, store, before), conclude(settings, store, after)
    maxima = tuple(
        {main.code: Fraction(main.points) for main in each.index_set.main_index} for each in (then, now)
    )
    found = list(
        trends(then.standing, now.standing, (maxima[0], maxima[1]), now.registry, cast("MergerRule", rule))
    )
    if as_json:
        rows = [
            {
                "agency": one.agency,
                "main_index": one.main_index,
                "before": None if one.before is None else str(one.before),
                "after": str(one.after),
                "basis": one.basis,
                "predecessors": list(one.predecessors),
            }
            for one in found
        ]
        write_json({"before": before, "after": after, "trends": rows})
        return
    for one in found:
        was = "–" if one.before is None else f"{rounded(one.before)}%"
        label = f" (trung bình của {', '.join(one.predecessors)})" if one.predecessors else ""
        write(f"{one.agency} {one.main_index}: {was} → {rounded(one.after)}%{label}")
