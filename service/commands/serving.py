"""`schedule`, `serve` and `doctor`: the machine that works by itself, and whether it can."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.commands.options import AsJson, RoundName, session_of
from service.session import FAULT, OK, UNSETTLED, USAGE, Session, show, tell, write, write_json

if TYPE_CHECKING:
    from service.due_runs import Ran, Say
    from service.schedule import Planned
    from service.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    schedule = typer.Typer(help="Lịch thu thập.", no_args_is_help=True, rich_markup_mode=None)
    schedule.command("list")(list_)
    schedule.command("run")(run)
    app.add_typer(schedule, name="schedule")
    app.command("serve")(serve)
    app.command("doctor")(doctor)


def _teller(session: Session) -> Say:
    return lambda vi, en: tell(session.say(vi, en))


# --- schedule --------------------------------------------------------------------------------------


def list_(context: typer.Context, as_json: AsJson = False) -> None:
    """In lịch thu thập: lần chạy gần nhất, lần tới, lần nào đã lỡ."""
    from service import schedule
    from service.due_runs import kept_claims
    from service.workplace import clock_of

    session = session_of(context)
    settings = session.settings()
    timetable = settings.timetable
    schedule.check(timetable, str(settings.place.directory / "timetable.toml"))
    planned = schedule.planned(timetable, kept_claims(settings), clock_of(settings).now())
    if as_json:
        write_json({"schedule": [_planned_row(each) for each in planned]})
    elif planned:
        _show_planned(session, planned)
        if settings.simulated:
            _tell_still(session)
    else:
        write(session.say("Cấu hình không có timetable.toml.", "The configuration has no timetable.toml."))


def _planned_row(planned: Planned) -> dict[str, Any]:
    entry, overdue, lapsed = planned.entry, planned.overdue, planned.lapsed
    return {
        "key": entry.key,
        "title": entry.title,
        "cron": entry.cron,
        "scope": entry.scope,
        "services": entry.services,
        "agencies": list(entry.agencies),
        "last": _iso(planned.last_at),
        "next": _iso(planned.next_at),
        "due": _iso(overdue.fire_at) if overdue else None,
        "missed": overdue.missed if overdue else 0,
        "lapsed": lapsed.count if lapsed else 0,
    }


def _iso(instant: datetime | None) -> str | None:
    from minhchung.periods import VIETNAM

    return None if instant is None else instant.astimezone(VIETNAM).isoformat(timespec="minutes")


def _show_planned(session: Session, planned: tuple[Planned, ...]) -> None:
    from rich.table import Table

    from service.due_runs import lapse, lateness

    table = Table(show_edge=False)
    headings = session.say("Mã|Việc|Giờ chạy|Lần gần nhất|Lần tới|Ghi chú", "Key|What|Cron|Last|Next|Remark")
    for heading in headings.split("|"):
        table.add_column(heading)
    for each in planned:
        said = []
        if each.overdue is not None:
            vi, en = lateness(each.overdue)
            said.append(session.say(f"đến lượt chạy{vi}", f"due{en}"))
        if each.lapsed is not None:
            said.append(session.say(*lapse(each.lapsed)))
        table.add_row(
            each.entry.key,
            each.entry.title,
            each.entry.cron,
            _iso(each.last_at) or session.say("chưa chạy", "never"),
            _iso(each.next_at) or session.say("không còn lần nào", "never again"),
            "; ".join(said),
        )
    show(table)


def run(context: typer.Context, as_json: AsJson = False) -> None:
    """Chạy ngay, một lần, những việc trong lịch đã đến lượt mà chưa ai chạy."""
    from service.due_runs import lapse, name_of, run_due
    from service.due_runs import plan as due_plan
    from service.serving import outcome
    from service.workplace import clock_of

    session = session_of(context)
    settings = session.settings()
    if due_plan(settings, clock_of(settings)).due:
        _refuse_misfits(session, settings)
    plan, ran = run_due(settings, _teller(session))
    if as_json:
        lapsed = [{"key": each.entry.key, "count": each.count} for each in plan.lapsed]
        write_json({"ran": [_ran_row(each) for each in ran], "lapsed": lapsed})
    else:
        for one in ran:
            write(session.say(*outcome(one)))
        for late in plan.lapsed:
            vi, en = lapse(late)
            write(session.say(f"{name_of(late)}: {vi}", f"{late.entry.key}: {en}"))
        if not ran:
            write(session.say("Chưa có việc nào đến lượt.", "Nothing is due."))
    raise typer.Exit(_exit_code(ran))


def _exit_code(ran: list[Ran]) -> int:
    if any(one.outcome == "busy" for one in ran):
        return USAGE
    unread = any(report.state != "ok" for one in ran for report in one.reports)
    return UNSETTLED if unread or any(one.outcome == "stopped" for one in ran) else OK


def _ran_row(ran: Ran) -> dict[str, Any]:
    return {
        "key": ran.due.entry.key,
        "due": _iso(ran.due.fire_at),
        "late_seconds": int(ran.due.late.total_seconds()),
        "missed": ran.due.missed,
        "outcome": ran.outcome,
        "detail": ran.detail,
        "visits": len(ran.reports),
        "attempts": sum(report.attempts for report in ran.reports),
        "unread": [f"{r.agency} [{r.source}] {r.state}" for r in ran.reports if r.state != "ok"],
    }


# --- serve -----------------------------------------------------------------------------------------


def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Cổng; 0: cổng trống bất kỳ.")] = 8765,
    host: Annotated[str, typer.Option(help="Địa chỉ của chính máy này: 127.0.0.1 hoặc ::1.")] = "127.0.0.1",
    round_: RoundName = "",
) -> None:
    """Chạy lịch thu thập và trang web chỉ để đọc trong một tiến trình; dừng bằng Ctrl-C."""
    from service import serving

    session = session_of(context)
    settings = session.settings()
    if round_:
        settings.round(round_)  # one that is not there is said now, not on every page
    ticking = _ticks(session, settings)
    listener = serving.listen(host, port)
    write(serving.address_of(listener))
    _flush()
    tell(session.say("Dừng bằng Ctrl-C.", "Stop with Ctrl-C."))
    serving.serve(session.settings, listener, _teller(session), round_name=round_, timetable=ticking)
    tell(session.say("Đã dừng.", "Stopped."))


def _ticks(session: Session, settings: Settings) -> bool:
    """Say whether the timetable runs by itself here, and tell when not."""
    if settings.simulated:
        _tell_still(session)
        return False
    if not settings.timetable.schedule:
        tell(session.say("Không có timetable.toml: chỉ có trang web.", "No timetable.toml: web pages only."))
        return False
    from service.due_runs import plan
    from service.workplace import clock_of

    plan(settings, clock_of(settings))  # a timetable that cannot be is said now, not at the first tick
    _refuse_misfits(session, settings)
    return True


def _refuse_misfits(session: Session, settings: Settings) -> None:
    """End here where the timetable asks more of a server than it has time for, as `collect --plan` says."""
    import asyncio

    from service import planning
    from service.workplace import clock_of

    now, lines = asyncio.run(planning.plan(settings, clock_of(settings), (), "lists"))
    misfits = planning.misfits(settings, now, lines)
    for each in misfits:
        tell(session.say(*each))
    if misfits:
        raise typer.Exit(USAGE)


def _tell_still(session: Session) -> None:
    tell(
        session.say(
            "Tỉnh mô phỏng: lịch thu thập không tự chạy (minhchung schedule run để chạy).",
            "Simulated province: the timetable does not run by itself (minhchung schedule run does it).",
        )
    )


def _flush() -> None:
    import sys

    sys.stdout.flush()


# --- doctor ----------------------------------------------------------------------------------------


def doctor(
    context: typer.Context,
    reach: Annotated[
        bool,
        typer.Option("--reach", help="Hỏi thử mọi cổng và hệ thống: tới được không, vì sao, cách chữa."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Khám máy, cấu hình, kho lưu, trình duyệt, đồng hồ: sai ở đâu và cách chữa."""
    from service.commands.foreseeing import show_reach
    from service.doctor import examine

    session = session_of(context)
    if reach:
        raise typer.Exit(show_reach(session, as_json=as_json))
    found = examine(session.home, session.config)
    if as_json:
        write_json(
            {
                "findings": [
                    {
                        "key": each.key,
                        "level": each.level,
                        "text": session.say(*each.text),
                        "remedy": session.say(*each.remedy),
                    }
                    for each in found
                ]
            }
        )
    else:
        labels = {"ok": ("tốt", "ok"), "remark": ("lưu ý", "remark"), "fault": ("LỖI", "FAULT")}
        for each in found:
            remedy = session.say(*each.remedy)
            line = f"{session.say(*labels[each.level]):<8}{each.key}: {session.say(*each.text)}"
            write(f"{line}; {remedy}" if remedy else line)
    faults = [each for each in found if each.level == "fault"]
    unusable = any(each.key == "config" for each in faults)
    raise typer.Exit(USAGE if unusable else FAULT if faults else OK)
