"""`verify`, `score`, `rank`, `annex` and `explain`: what a round concludes, from what is stored."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from minhchung.errors import UsageError
from service.commands.options import AsJson, RoundName, session_of
from service.session import FAULT, OK, UNSETTLED, Session, tell, write, write_json

if TYPE_CHECKING:
    from minhchung.index_set import IndexSet
    from service.settings import Settings
    from service.standings import Concluded

AgencyCodeArgument = Annotated[str, typer.Argument(metavar="AGENCY", help="Mã cơ quan.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("verify")(verify)
    app.command("score")(score)
    app.command("rank")(rank)
    app.command("annex")(annex)
    app.command("explain")(explain)


AsOf = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], help="Chỉ dùng minh chứng đến hết ngày này."),
]


def _conclude(session: Session, round_: str, as_of: datetime | None = None) -> Concluded:
    from service.measuring import Judge
    from service.standings import conclude_under

    settings = session.settings()
    judge = Judge.of(settings, settings.checked_round(round_))
    with session.store(settings) as store:
        (concluded,) = conclude_under((judge if as_of is None else judge.as_of(as_of.date()),), store)
    return concluded


def verify(
    context: typer.Context,
    agency: AgencyCodeArgument,
    fresh: Annotated[bool, typer.Option("--fresh", help="Thu thập lại ngay bây giờ.")] = False,
    round_: RoundName = "",
    as_json: AsJson = False,
) -> None:
    """Kiểm chứng một cơ quan: số đo, số báo cáo, chênh lệch, căn cứ, điểm và minh chứng."""
    from service.standings import conclude
    from service.tables import show_agency
    from service.verdicts import verdict

    session = session_of(context)
    settings = session.settings()
    chosen = settings.agency(agency)
    if fresh:
        _visit(session, settings, agency, round_)
    with session.store(settings) as store:
        concluded = conclude(settings, store, round_, only=(agency,))
    rows = verdict(concluded, chosen.code)
    if as_json:
        write_json(rows)
    else:
        show_agency(concluded, rows, session.lang)
    raise typer.Exit(UNSETTLED if rows["provisional"] else FAULT if rows["false_claims"] else OK)


def _visit(session: Session, settings: Settings, agency: str, round_: str) -> None:
    import asyncio

    from service.collecting import collect
    from service.workplace import clock_of, keep_instant

    clock = clock_of(settings)
    with session.store(settings, writer=True) as store:
        period = settings.round(round_).period
        reports = asyncio.run(
            collect(settings, store, clock, settings.agencies((agency,)), period=period, note="verify")
        )
    keep_instant(settings, clock)
    for report in reports:
        tell(f"{report.agency} [{report.source}] {report.state}: {report.attempts} {report.detail}".rstrip())


def score(context: typer.Context, round_: RoundName = "", as_json: AsJson = False) -> None:
    """Chấm điểm từng thành phần của mọi cơ quan và liệt kê các chênh lệch."""
    from service.tables import show_differences, show_scores
    from service.verdicts import scores

    session = session_of(context)
    concluded = _conclude(session, round_)
    if as_json:
        write_json(scores(concluded))
        return
    _tell_unapproved(session, concluded)
    show_scores(concluded, session.lang)
    show_differences(concluded, session.lang)


def rank(context: typer.Context, as_of: AsOf = None, round_: RoundName = "", as_json: AsJson = False) -> None:
    """Xếp hạng từng khối; chỗ chưa chốt được in thành khoảng và ghi tạm xếp."""
    from service.tables import show_standing
    from service.verdicts import ranking

    session = session_of(context)
    concluded = _conclude(session, round_, as_of)
    if as_json:
        write_json(ranking(concluded))
        return
    _tell_unapproved(session, concluded)
    show_standing(concluded, session.lang)


def _tell_unapproved(session: Session, concluded: Concluded) -> None:
    files = ", ".join(concluded.standing.unapproved)
    if files:
        tell(session.say(f"Cấu hình chưa được phê duyệt: {files}", f"Configuration not approved: {files}"))


def annex(
    context: typer.Context,
    format_: Annotated[str, typer.Option("--format", help="csv, html, docx hoặc pdf.")],
    out: Annotated[Path, typer.Option(help="Tệp kết quả.")],
    version: Annotated[
        int | None, typer.Option("--version", help="Phiên bản đã công bố, đúng từng byte như đã niêm phong.")
    ] = None,
    round_: RoundName = "",
) -> None:
    """Ghi phụ lục kết quả đánh giá, xếp hạng kèm theo quyết định."""
    from service.annexes import FORMATS
    from service.files import whole_file

    session = session_of(context)
    if format_ not in FORMATS:
        message = f"--format: {format_!r} is none of {', '.join(FORMATS)}"
        raise typer.BadParameter(message)
    content = (
        _annex(session, format_, round_) if version is None else _sealed(session, format_, round_, version)
    )
    with whole_file(out) as stream:
        stream.write(content)
    tell(session.say(f"Đã ghi {out}", f"Wrote {out}"))


def _annex(session: Session, format_: str, round_: str) -> bytes:
    """Return the annex as it stands now, held against the published version that it would replace or did."""
    from service.annexes import render
    from service.round_book import Book
    from service.standings import conclude
    from service.versions import former_of, printed_head
    from storage.home import Home

    settings = session.settings()
    with session.store(settings) as store:
        concluded = conclude(settings, store, round_)
        former = former_of(store, [act for _, act in Book.of(store, concluded.round).acts])
    return render(concluded, format_, printed_head(Home(session.home)), former)


def _sealed(session: Session, format_: str, round_: str, version: int) -> bytes:
    from service.round_book import Book
    from service.versions import sealed_annex

    settings = session.settings()
    chosen = settings.checked_round(round_)
    with session.store(settings) as store:
        return sealed_annex(store, [act for _, act in Book.of(store, chosen).acts], version, format_)


def explain(
    context: typer.Context,
    agency: AgencyCodeArgument,
    component: Annotated[str, typer.Argument(metavar="COMPONENT", help="Mã thành phần, ví dụ HD.2.")] = "",
    every: Annotated[bool, typer.Option("--all", help="In mọi bản ghi, không rút gọn.")] = False,
    round_: RoundName = "",
    as_json: AsJson = False,
) -> None:
    """Giải thích điểm thành cây: điểm <- quy tắc <- số liệu <- số đo <- quan sát <- bản ghi."""
    from service.explaining import explain_agency, explain_component, tree_json, tree_text

    session = session_of(context)
    settings = session.settings()
    chosen = settings.agency(agency)
    with session.store(settings) as store:
        from service.standings import conclude

        concluded = conclude(settings, store, round_, only=(agency,))
    if component:
        _known(concluded.set_of(chosen.bloc), component)
        tree = explain_component(concluded, chosen.code, component)
    else:
        tree = explain_agency(concluded, chosen.code)
    if as_json:
        write_json(tree_json(tree))
    else:
        write(tree_text(tree, 0) if every else tree_text(tree))


def _known(index_set: IndexSet, component: str) -> None:
    codes = [c.code for c in index_set.components()]
    if component not in codes:
        message = f"no component has the code {component!r}; codes run from {codes[0]} to {codes[-1]}"
        raise UsageError(message)
