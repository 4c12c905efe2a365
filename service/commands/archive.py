"""`check` and `decision check`: faults in what is stored and in what was published."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from service.commands.options import AsJson, session_of
from service.session import FAULT, OK, write, write_json


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("check")(check)
    decision = typer.Typer(help="Quyết định đã công bố.", no_args_is_help=True, rich_markup_mode=None)
    decision.callback()(_decision)
    decision.command("check")(check_decision)
    app.add_typer(decision, name="decision")


def _decision() -> None:
    """Kiểm tra quyết định đã công bố."""


def check(context: typer.Context, as_json: AsJson = False) -> None:
    """Kiểm tra toàn vẹn kho minh chứng: từng byte của từng tệp; mã thoát 1 nếu có hư hỏng."""
    from storage.check import check as faults
    from storage.home import Home

    session = session_of(context)
    findings = [
        {"code": f.code, "severity": f.severity, "where": f.where, "text": session.say(f.text, f.english)}
        for f in faults(Home(session.home))
    ]
    bad = sum(f["severity"] == "fault" for f in findings)
    if as_json:
        write_json({"findings": findings})
    else:
        _print(findings)
        write(
            session.say(
                "Kho minh chứng nguyên vẹn." if not bad else f"Kho minh chứng có {bad} hư hỏng.",
                "The archive is whole." if not bad else f"The archive has {bad} faults.",
            )
        )
    raise typer.Exit(FAULT if bad else OK)


def check_decision(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="Quyết định, như đã in.")],
    as_json: AsJson = False,
) -> None:
    """Tính lại một quyết định từ chính các bảng của nó; mã thoát 1 nếu có sai khác."""
    from scoring.decision import check as recompute
    from scoring.decision_printed import Decision
    from service.config_files import parse, read_bytes

    session = session_of(context)
    decision = parse(str(file), read_bytes(file), Decision)
    findings = [
        {
            "code": f.code,
            "severity": f.severity,
            "where": f.where,
            "printed": f.printed,
            "recomputed": f.recomputed,
            "text": f.text,
        }
        for f in recompute(decision, str(file))
    ]
    bad = sum(f["severity"] == "fault" for f in findings)
    if as_json:
        write_json({"findings": findings})
    else:
        _print(findings)
        remarks = len(findings) - bad
        write(session.say(f"Sai khác: {bad}; lưu ý: {remarks}.", f"Faults: {bad}; remarks: {remarks}."))
    raise typer.Exit(FAULT if bad else OK)


def _print(findings: list[dict[str, Any]]) -> None:
    for finding in findings:
        write(f"{finding['severity']:<6}  {finding['code']}  {finding['where']}: {finding['text']}")
