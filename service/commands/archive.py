"""`check` and `decision check`: faults in what is stored and in what was published."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.commands.options import AsJson, session_of
from service.session import FAULT, OK, Session, write, write_json

if TYPE_CHECKING:
    from storage.home import Home


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("check")(check)
    decision = typer.Typer(help="Quyết định đã công bố.", no_args_is_help=True, rich_markup_mode=None)
    decision.callback()(_decision)
    decision.command("check")(check_decision)
    app.add_typer(decision, name="decision")


def _decision() -> None:
    """Kiểm tra quyết định đã công bố."""


def check(
    context: typer.Context,
    against: Annotated[
        Path | None, typer.Option(help="Văn bản, DOCX hoặc PDF có in điểm kiểm: so với nhật ký.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Kiểm tra toàn vẹn kho minh chứng: từng byte của từng tệp; mã thoát 1 nếu có hư hỏng."""
    from service.printed import anchors_in
    from storage.anchors import compare
    from storage.check import check as faults
    from storage.home import Home
    from storage.log import LogFiles

    session = session_of(context)
    home = Home(session.home)
    printed = anchors_in(against) if against is not None else ()
    findings = [
        {"code": f.code, "severity": f.severity, "where": f.where, "text": session.say(f.text, f.english)}
        for f in faults(home)
    ]
    compared = [
        {"printed": anchor.line(), "verdict": verdict}
        for anchor, verdict in (compare(LogFiles(home.log), printed) if printed else ())
    ]
    bad = sum(f["severity"] == "fault" for f in findings)
    wrong = sum(one["verdict"] != "equal" for one in compared)
    if as_json:
        write_json({"findings": findings, **({"against": compared} if against is not None else {})})
    else:
        _print(findings)
        for one in compared:
            write(f"{_against(session, one['verdict'])}: {one['printed']}")
        write(
            session.say(
                "Kho minh chứng nguyên vẹn." if not bad else f"Kho minh chứng có {bad} hư hỏng.",
                "The archive is whole." if not bad else f"The archive has {bad} faults.",
            )
        )
        if not bad:
            _print_head(session, home)
    raise typer.Exit(FAULT if bad or wrong else OK)


def _against(session: Session, verdict: str) -> str:
    """Return what a printed head comes to, in words."""
    return {
        "equal": session.say("Khớp với bản in", "Agrees with print"),
        "forked": session.say(
            "KHÔNG KHỚP: nhật ký đã bị viết lại, hoặc bản in bị sửa",
            "DOES NOT AGREE: the log was rewritten, or the paper altered",
        ),
        "ahead": session.say(
            "KHÔNG KHỚP: nhật ký ngắn hơn bản in, đã bị lùi lại",
            "DOES NOT AGREE: the log is shorter than the print, it was rolled back",
        ),
        "foreign": session.say("KHÔNG KHỚP: của một nhật ký khác", "DOES NOT AGREE: of another log"),
    }[verdict]


def _print_head(session: Session, home: Home) -> None:
    """Print the signed head as it is printed on papers, and whether it is stamped."""
    from service.commands.stamping import stamped_words
    from storage.anchors import last_anchor
    from storage.log import LogFiles
    from storage.timestamps import fully_stamped

    files = LogFiles(home.log)
    head = last_anchor(files)
    if head is not None:
        write(session.say(f"Điểm kiểm: {head.line()}", f"Checkpoint: {head.line()}"))
        write(stamped_words(session, whole=fully_stamped(files)))


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
