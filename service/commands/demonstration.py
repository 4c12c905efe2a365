"""`demo` and `simulate`: the whole job on a province that never was."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.commands.options import session_of
from service.session import OK, Session, tell, write

if TYPE_CHECKING:
    from service.courses import Course
    from service.demo import Step
    from service.settings import Settings
    from service.workplace import Simulation


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("demo")(demo)
    app.command("simulate")(simulate)


def demo(
    context: typer.Context,
    seed: Annotated[int, typer.Option(help="Hạt giống của tỉnh mô phỏng.")] = 3234,
    base_port: Annotated[int, typer.Option(help="Cổng mạng đầu tiên của tỉnh mô phỏng.")] = 8100,
    province: Annotated[
        str, typer.Option(help="hoa-ban: 32 cơ quan; two-tier: tỉnh hai cấp, 90 cơ quan, sắp xếp lại 01/7.")
    ] = "hoa-ban",
) -> None:
    """Chạy toàn bộ công việc trên một tỉnh mô phỏng: thu thập, đo, đối chiếu, chấm, xếp hạng."""
    from service.courses import course_of
    from service.demo import prepare, run_demo
    from service.standings import conclude
    from service.tables import show_differences, show_standing

    session = session_of(context)
    simulation, before = prepare(session.home, seed, base_port, province)
    if before:
        _tell_what_is_there(session, simulation)
    settings = run_demo(session.home, simulation, lambda step: _told(session, step))
    course = course_of(simulation.province)
    with session.store(settings) as store:
        concluded = conclude(settings, store, course.round)
    show_standing(concluded, session.lang)
    show_differences(concluded, session.lang)
    _next(session, settings, course)


def _tell_what_is_there(session: Session, simulation: Simulation) -> None:
    from service.demo import missing_passes

    there = (
        f"{session.home}: đã có tỉnh mô phỏng (seed {simulation.seed})",
        f"{session.home}: holds a simulated province (seed {simulation.seed})",
    )
    rest = ("đã xong mọi lượt.", "every pass is made.")
    if left := len(missing_passes(simulation)):
        rest = (f"làm tiếp {left} lượt còn thiếu.", f"going on with the {left} passes that are missing.")
    tell(session.say(f"{there[0]}; {rest[0]}", f"{there[1]}; {rest[1]}"))


def _told(session: Session, step: Step) -> None:
    if not step.reports:
        tell(f"{step.day}  {step.title}: {step.workbooks}")
        return
    total = [sum(getattr(r, name) for r in step.reports) for name in _COUNTS]
    words = session.say(
        "yêu cầu {0} = tải mới {1} + không đổi {2} + bị từ chối {3} + lỗi {4}; tin, văn bản {5}",
        "attempts {0} = fetched {1} + not modified {2} + refused {3} + failed {4}; items {5}",
    )
    tell(f"{step.day}  {step.title}: {words.format(*total)}")


_COUNTS = ("attempts", "fetched", "not_modified", "refused", "failed", "items")


def _next(session: Session, settings: Settings, course: Course) -> None:
    home = f"--home {shlex.quote(str(session.home))}"
    lines = session.say(
        "Gõ tiếp (mọi số liệu trên đây là MÔ PHỎNG):", "Type next (every figure above is SIMULATED):"
    )
    named = f" --round {course.round}" if len(settings.round_ids()) > 1 else ""
    write("")
    write(lines)
    for command, vi, en in (
        (
            f"explain {course.agency} {course.component}{named}",
            "vì sao được điểm này, đến từng bản ghi",
            "why these points, down to records",
        ),
        (f"verify {course.agency}{named}", "kiểm chứng một cơ quan", "verify one agency"),
        (f"annex --format docx --out phu-luc.docx{named}", "phụ lục quyết định", "the decision's annex"),
        ("check", "tính toàn vẹn của kho minh chứng", "the archive's integrity"),
        (f"serve{named}", "xem bằng trình duyệt", "look at it in a browser"),
    ):
        write(f"  {_program()} {home} {command}".ljust(88) + f"  # {session.say(vi, en)}")


def _program() -> str:
    """Return how this program was called, so that what is printed can be typed."""
    called = Path(sys.argv[0])
    if called.name != "minhchung":
        return "minhchung"
    if shutil.which("minhchung"):
        return "minhchung"
    near = called.is_absolute() and called.is_relative_to(Path.cwd())
    return shlex.quote(str(called.relative_to(Path.cwd()) if near else called))


def simulate(context: typer.Context) -> None:
    """Dựng lại tỉnh mô phỏng của thư mục này, để `verify --fresh` có nơi mà hỏi; Ctrl+C để dừng."""
    import signal
    import threading
    from datetime import datetime

    from minhchung.errors import UsageError
    from minhchung.periods import local_day
    from service.province import running
    from service.workplace import Simulation

    session = session_of(context)
    simulation = Simulation.of(session.home)
    if simulation is None:
        message = f"{session.home}: holds no simulated province; run `minhchung demo` first"
        raise UsageError(message)
    day = local_day(datetime.fromisoformat(simulation.instant))
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with running(session.home, simulation, day):
        tell(
            session.say(
                f"Tỉnh mô phỏng đang chạy, ngày {day}; Ctrl+C để dừng.",
                f"The simulated province is up, day {day}; Ctrl+C ends it.",
            )
        )
        stop.wait()
    raise typer.Exit(OK)
