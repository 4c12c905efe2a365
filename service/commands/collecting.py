"""`collect`, `items` and `submissions`: what comes in from the world."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from minhchung.errors import UsageError
from service.commands.options import AsJson, Codes, RoundName, session_of
from service.session import OK, UNSETTLED, Session, show, tell, write, write_json

if TYPE_CHECKING:
    from minhchung.agencies import Agency
    from minhchung.clock import Clock
    from minhchung.holdings import VisitReport
    from minhchung.periods import Period
    from service.collecting import Scope
    from service.settings import Settings
    from storage.store import Store


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("collect")(collect)
    app.command("items")(items)
    submissions = typer.Typer(
        help="Bản tự đánh giá: mẫu và nhập.", no_args_is_help=True, rich_markup_mode=None
    )
    submissions.command("template")(template)
    submissions.command("import")(import_)
    app.add_typer(submissions, name="submissions")


def collect(
    context: typer.Context,
    agency: Codes = None,
    scope: Annotated[
        str, typer.Option(help="lists: các danh sách; host: toàn bộ trang; whole: lưu giữ mọi trang.")
    ] = "host",
    services: Annotated[bool, typer.Option(help="Hỏi cả các hệ thống dịch vụ.")] = True,
    plan: Annotated[
        bool,
        typer.Option("--plan", help="Chỉ in số yêu cầu, số giờ từng nhóm máy chủ; mã 2: lịch không vừa."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Thu thập cổng thông tin và hỏi các hệ thống dịch vụ; mọi lần hỏi đều được niêm phong."""
    import asyncio

    from minhchung.periods import local_day
    from service.collecting import collect as go
    from service.commands.foreseeing import show_plan
    from service.progress import watched
    from service.visited import to_visit
    from service.workplace import clock_of

    session = session_of(context)
    known: dict[str, Scope] = {"lists": "lists", "host": "host", "whole": "whole"}
    if scope not in known:
        message = f"--scope: {scope!r} is none of {', '.join(known)}"
        raise typer.BadParameter(message)
    settings = session.settings()
    clock = clock_of(settings)
    # Whoever is named is visited: a person may look at a portal on any day.
    named = tuple(agency or ())
    agencies = settings.agencies(named) if named else to_visit(settings, local_day(clock.now()))
    settings.touch()  # a fault in any file is said before a home is made
    if plan:
        raise typer.Exit(show_plan(session, settings, agencies, known[scope], as_json=as_json))
    visits = len(agencies) * (1 + len(settings.sources) * (services and scope != "whole"))
    with session.store(settings, writer=True) as store, watched("collect", visits, lines=True) as seen:
        reports = asyncio.run(
            go(
                settings,
                store,
                clock,
                agencies,
                scope=known[scope],
                services=services and scope != "whole",
                period=_period(settings),
                progress=seen,
            )
        )
        if settings.network.snapshots.after_collect and scope != "whole":
            _snapshots(session, settings, store, clock, agencies)
    _show(session, reports, as_json=as_json)
    whole = all(report.state == "ok" for report in reports)
    raise typer.Exit(OK if whole else UNSETTLED)


def _snapshots(
    session: Session, settings: Settings, store: Store, clock: Clock, agencies: tuple[Agency, ...]
) -> None:
    """Capture what findings cite now, and say how many pages; after the freeze say that and go on."""
    from service.commands.snapshots import captured

    try:
        kept = captured(settings, store, clock, agencies)
    except UsageError as error:
        tell(session.say(f"không chụp trang được viện dẫn: {error}", f"no page captured: {error}"))
        return
    total = sum(map(len, kept.values()))
    tell(session.say(f"đã chụp {total} trang được viện dẫn", f"{total} cited pages captured"))


def _period(settings: Settings) -> Period | None:
    return settings.round().period if len(settings.round_ids()) == 1 else None


_COLUMNS = ("attempts", "fetched", "not_modified", "refused", "failed", "items")


def _row(report: VisitReport) -> dict[str, Any]:
    seconds = round((report.ended_at - report.began_at).total_seconds(), 3)
    counts = {name: getattr(report, name) for name in _COLUMNS}
    return {
        "agency": report.agency,
        "source": report.source,
        "state": report.state,
        **counts,
        "seconds": seconds,
        "detail": report.detail,
    }


def _show(session: Session, reports: list[VisitReport], *, as_json: bool) -> None:
    rows = [_row(report) for report in reports]
    if as_json:
        write_json({"agencies": rows})
        return
    from rich.table import Table

    table = Table(show_edge=False)
    headings = session.say(
        "Cơ quan|Nguồn|Tình trạng|Yêu cầu|Tải mới|Không đổi|Bị từ chối|Lỗi|Tin, văn bản|Giây",
        "Agency|Source|State|Attempts|Fetched|Not modified|Refused|Failed|Items|Seconds",
    )
    for n, heading in enumerate(headings.split("|")):
        table.add_column(heading, justify="left" if n < 3 else "right")
    for row in rows:
        counts = [str(row[name]) for name in _COLUMNS]
        table.add_row(row["agency"], row["source"], row["state"], *counts, f"{row['seconds']:.1f}")
    show(table)
    for row in rows:
        if row["detail"]:
            write(f"{row['agency']} [{row['source']}] {row['state']}: {row['detail']}")


def items(
    context: typer.Context,
    agency: Annotated[str, typer.Option(help="Mã cơ quan; bỏ trống: tất cả.")] = "",
    kind: Annotated[str, typer.Option(help="news, legal_document hoặc directive; bỏ trống: tất cả.")] = "",
    format_: Annotated[str, typer.Option("--format", help="jsonl hoặc csv.")] = "jsonl",
) -> None:
    """In các tin, văn bản, chỉ đạo đã thu thập, kèm bản ghi và vị trí đọc được."""
    from service.items import KINDS, as_csv, as_jsonl, rows

    session = session_of(context)
    for value, known, option in (
        (kind or KINDS[0], KINDS, "--kind"),
        (format_, ("jsonl", "csv"), "--format"),
    ):
        if value not in known:
            message = f"{option}: {value!r} is none of {', '.join(known)}"
            raise typer.BadParameter(message)
    settings = session.settings()
    with session.store(settings) as store:
        found = rows(
            store,
            settings.agencies((agency,) if agency else ()),
            (kind,) if kind else KINDS,
            settings.personal,
        )
        for line in as_csv(found) if format_ == "csv" else as_jsonl(found):
            write(line)


def template(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="Tệp mẫu sẽ được ghi.")],
    agency: Annotated[str, typer.Option(help="Điền sẵn cho cơ quan này.")] = "",
    round_: RoundName = "",
) -> None:
    """Ghi mẫu bản tự đánh giá (XLSX) theo bộ chỉ số của đợt."""
    from collectors.template import write_template
    from service.files import whole_file

    session = session_of(context)
    if out.suffix.casefold() != ".xlsx":
        message = f"{out}: the template is a workbook; give it a name that ends in .xlsx"
        raise typer.BadParameter(message)
    settings = session.settings()
    chosen = settings.checked_round(round_)
    who = settings.agency(agency) if agency else None
    with whole_file(out) as stream:
        own = settings.own_sets(chosen)
        index_set = own.get(who.bloc) if who else None
        write_template(index_set or settings.index_set(chosen), chosen, who, stream)
    tell(session.say(f"Đã ghi {out}", f"Wrote {out}"))


def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="Bản tự đánh giá hoặc số liệu chủ quản.")],
    proofs: Annotated[Path | None, typer.Option(help="Thư mục hoặc .zip minh chứng, theo mã.")] = None,
    round_: RoundName = "",
    as_json: AsJson = False,
) -> None:
    """Nhập bản tự đánh giá hoặc số liệu chủ quản; tệp được niêm phong, tệp mới thay tệp cũ."""
    from service.importing import counts, import_workbook
    from service.workplace import clock_of

    session = session_of(context)
    settings = session.settings()
    with session.store(settings, writer=True) as store:
        submission, new = import_workbook(settings, store, clock_of(settings), file, round_, proofs)
    figures = len(submission.figures) + len(submission.owner_figures)
    in_time = counts(settings, submission, round_)
    if as_json:
        write_json(
            {
                "agency": submission.agency,
                "sha256": submission.sha256,
                "record": submission.record,
                "figures": figures,
                "new": new,
                "counts": in_time,
            }
        )
        return
    words = session.say("đã nhập" if new else "đã có, không đổi", "imported" if new else "already there")
    write(f"{submission.agency}: {words}; {figures}; sha256 {submission.sha256}")
    if not in_time:
        said = session.say(
            "nhập sau khi chốt minh chứng của vòng: không được tính", "came after the freeze: does not count"
        )
        tell(f"{submission.agency}: {said}")
