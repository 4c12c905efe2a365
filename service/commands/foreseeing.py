"""`collect --plan` and `doctor --reach`: what a run will cost, and who can be reached."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from service.session import FAULT, OK, USAGE, Session, console, tell, write, write_json

if TYPE_CHECKING:
    from minhchung.agencies import Agency
    from service.planning import Planned, Scope
    from service.reaching import Reached
    from service.settings import Settings


def show_plan(
    session: Session, settings: Settings, agencies: Sequence[Agency], scope: Scope, *, as_json: bool
) -> int:
    """Print what a run and each line of the timetable cost; return the exit code."""
    from service import planning
    from service.workplace import clock_of

    now, lines = asyncio.run(planning.plan(settings, clock_of(settings), agencies, scope))
    misfits = planning.misfits(settings, now, lines)
    said = [session.say(*each) for each in misfits]
    if as_json:
        write_json({"runs": [_run(each) for each in (now, *lines)], "misfits": said})
    else:
        for planned in (now, *lines):
            _print(session, planned)
        for each in said:
            tell(each)
    return USAGE if misfits else OK


def _run(planned: Planned) -> dict[str, Any]:
    return {
        "schedule": planned.key,
        "scope": planned.scope,
        "every_hours": round(planned.every.total_seconds() / 3600, 2) if planned.every else None,
        "groups": [
            {
                "group": load.group,
                "hosts": list(load.hosts),
                "agencies": list(load.agencies),
                "requests": load.requests,
                "guessed": load.guessed,
                "delay": load.delay,
                "hours": round(load.seconds / 3600, 2),
                "open_hours": str(load.hours),
            }
            for load in planned.loads
        ],
    }


def _print(session: Session, planned: Planned) -> None:
    from rich.table import Table

    title = planned.key or session.say("lần này", "this run")
    every = ""
    if planned.every is not None:
        hours = planned.every.total_seconds() / 3600
        every = session.say(f", cách nhau {hours:.1f} giờ", f", {hours:.1f} h apart")
    write(f"{title}: {planned.scope}{every}")
    table = Table(show_edge=False)
    headings = session.say(
        "Nhóm|Máy chủ|Cơ quan|Yêu cầu|Ước đoán|Giây|Giờ|Giờ mở",
        "Group|Hosts|Agencies|Requests|Guessed|Seconds|Hours|Open",
    )
    for n, heading in enumerate(headings.split("|")):
        table.add_column(heading, justify="left" if n < 2 else "right")
    for load in planned.loads:
        hosts = ", ".join(load.hosts[:3]) + (f", … ({len(load.hosts)})" if len(load.hosts) > 3 else "")
        counts = [str(len(load.agencies)), str(load.requests), str(load.guessed)]
        table.add_row(
            load.group, hosts, *counts, f"{load.delay:g}", f"{load.seconds / 3600:.1f}", str(load.hours)
        )
    console().print(table)


def show_reach(session: Session, *, as_json: bool) -> int:
    """Print how every portal and service system answers from here; return the exit code."""
    from minhchung.periods import local_day
    from service import reaching
    from service.visited import to_visit
    from service.workplace import clock_of

    settings = session.settings()
    clock = clock_of(settings)
    rows = asyncio.run(reaching.reach(settings, clock, to_visit(settings, local_day(clock.now()))))
    if as_json:
        write_json({"addresses": reaching.as_json(rows, 0 if session.lang == "vi" else 1)})
    else:
        _print_reach(session, rows)
    return FAULT if any(row.level == "fault" for row in rows) else OK


def _print_reach(session: Session, rows: Sequence[Reached]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(show_edge=False)
    headings = session.say(
        "Tên|Địa chỉ|IP|Nội bộ|Proxy|TLS|robots.txt|Trả lời|ms",
        "Name|Address|IP|Private|Proxy|TLS|robots.txt|Answer|ms",
    )
    for heading in headings.split("|"):
        table.add_column(heading, overflow="fold")
    yes = session.say("có", "yes")
    for row in rows:
        answer = row.failure.value if row.failure else str(row.status or "")
        if row.target:
            answer += f" → {row.target}"
        cells = (
            row.name,
            row.url,
            ", ".join(row.addresses),
            yes if row.private else "",
            row.proxy,
            row.tls,
            row.robots,
            answer,
            str(row.milliseconds if row.milliseconds is not None else ""),
        )
        table.add_row(*map(Text, cells))
    console().print(table)
    for row in rows:
        if row.level != "ok":
            detail = f" {row.detail}" if row.detail else ""
            write(f"{row.name}:{detail}; {session.say(*row.remedy)}")
