"""`ruling` and `comment`: what appraisers decide and what agencies say, each sealed with its documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from minhchung.errors import UsageError
from minhchung.evidence import AgencyCode
from minhchung.rulings import Answer, Comment, Ruling
from service.commands.options import AsJson, By, DayOf, Number, RoundName, day, session_of
from service.session import OK, UNSETTLED, tell, write, write_json

if TYPE_CHECKING:
    from service.commenting import Thread

Agency = Annotated[str, typer.Argument(metavar="AGENCY", help="Mã cơ quan.")]
Component = Annotated[str, typer.Argument(metavar="COMPONENT", help="Mã thành phần, ví dụ HD.2.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    rulings = typer.Typer(help="Kết luận thẩm định.", no_args_is_help=True, rich_markup_mode=None)
    rulings.callback()(_rulings)
    rulings.command("add")(add_ruling)
    rulings.command("list")(list_rulings)
    app.add_typer(rulings, name="ruling")
    comments = typer.Typer(help="Ý kiến của cơ quan.", no_args_is_help=True, rich_markup_mode=None)
    comments.callback()(_comments)
    comments.command("add")(add_comment)
    comments.command("answer")(answer_comment)
    comments.command("list")(list_comments)
    comments.command("existed")(existed)
    app.add_typer(comments, name="comment")


def _rulings() -> None:
    """Kết luận thẩm định: chỉ ghi thêm, không sửa."""


def _comments() -> None:
    """Ý kiến của cơ quan về kết quả chấm lần một, và trả lời."""


def add_ruling(
    context: typer.Context,
    agency: Agency,
    component: Component,
    inputs: Annotated[list[str], typer.Argument(metavar="NAME=VALUE", help="Số liệu được kết luận.")],
    by: By,
    why: Annotated[str, typer.Option(help="Lý do.")],
    countersign: Annotated[str, typer.Option(help="Người thứ hai đồng ký.")] = "",
    day_: Annotated[str, typer.Option("--day", help="Ngày kết luận; mặc định: hôm nay.")] = "",
    number: Annotated[str, typer.Option(help="Số biên bản hoặc văn bản.")] = "",
    basis: Annotated[list[str] | None, typer.Option("--record", help="Bản ghi làm căn cứ.")] = None,
    comment: Annotated[str, typer.Option(help="Ý kiến mà kết luận này trả lời (mã bản ghi).")] = "",
    round_: RoundName = "",
    as_json: AsJson = False,
) -> None:
    """Ghi một kết luận thẩm định; đổi hạng hoặc mức thì phải có người thứ hai đồng ký."""
    from service.ruling import read_inputs, rule
    from service.workplace import clock_of

    session = session_of(context)
    settings = session.settings()
    chosen = settings.checked_round(round_)
    rated = settings.agency(agency)
    index_set = settings.own_sets(chosen).get(rated.bloc, settings.index_set(chosen))
    try:
        of = index_set.component(component)
    except KeyError as error:
        raise UsageError(f"no component has the code {component!r}") from error
    clock = clock_of(settings)
    ruling = Ruling(
        round=chosen.id,
        agency=AgencyCode(agency),
        component=component,
        inputs=read_inputs(of, inputs),
        by=by,
        countersigned_by=countersign,
        day=day(day_) if day_ else _today(clock.now()),
        why=why,
        number=number,
        records=tuple(basis or ()),
        comment=comment,
    )
    with session.store(settings, writer=True) as store:
        identifier, moves = rule(settings, store, clock, ruling)
    rows = [{"agency": move.agency, "before": move.before, "after": move.after} for move in moves]
    if as_json:
        write_json({"record": identifier, "moves": rows})
        return
    tell(session.say(f"Đã niêm phong {identifier}", f"Sealed {identifier}"))
    for move in moves:
        write(f"{move.agency}: {move.before} → {move.after}")


def _today(now: datetime) -> date:
    from minhchung.periods import local_day

    return local_day(now)


def list_rulings(context: typer.Context, round_: RoundName = "", as_json: AsJson = False) -> None:
    """In mọi kết luận thẩm định của đợt, cũ trước."""
    from service.act_records import acts_of, as_plain

    session = session_of(context)
    settings = session.settings()
    chosen = settings.checked_round(round_)
    with session.store(settings) as store:
        found = list(acts_of(store, Ruling, chosen.id))
    if as_json:
        write_json({"rulings": [{"record": identifier, **as_plain(each)} for identifier, each in found]})
        return
    for identifier, each in found:
        second = f" + {each.countersigned_by}" if each.countersigned_by else ""
        write(f"{each.day} {each.agency} {each.component} ({each.by}{second}): {each.why} {identifier}")


def add_comment(
    context: typer.Context,
    agency: Agency,
    component: Component,
    kind: Annotated[
        str, typer.Option(help="missed, changed, rule-wrong, denominator-wrong hoặc system-fault.")
    ],
    text: Annotated[str, typer.Option(help="Nội dung ý kiến.")],
    number: Number,
    day_: DayOf,
    file: Annotated[list[Path] | None, typer.Option(help="Tài liệu kèm theo; nhiều lần được.")] = None,
    round_: RoundName = "",
) -> None:
    """Ghi ý kiến của một cơ quan về một kết quả, kèm tài liệu."""
    from typing import cast, get_args

    from minhchung.rulings import CommentKind
    from service.commenting import comment
    from service.workplace import clock_of

    if kind not in get_args(CommentKind):
        raise UsageError(f"--kind: {kind!r} is none of {', '.join(get_args(CommentKind))}")
    session = session_of(context)
    settings = session.settings()
    said = Comment(
        round=settings.checked_round(round_).id,
        agency=AgencyCode(agency),
        component=component,
        kind=cast("CommentKind", kind),
        text=text,
        number=number,
        day=day(day_),
        finding="",
    )
    with session.store(settings, writer=True) as store:
        identifier = comment(settings, store, clock_of(settings), said, file or ())
    write(identifier)


def answer_comment(
    context: typer.Context,
    comment: Annotated[str, typer.Argument(metavar="COMMENT", help="Mã bản ghi của ý kiến.")],
    outcome: Annotated[str, typer.Option(help="accepted, partly hoặc rejected.")],
    text: Annotated[str, typer.Option(help="Nội dung trả lời.")],
    by: By,
    day_: DayOf,
) -> None:
    """Ghi trả lời một ý kiến."""
    from typing import Literal, cast

    from service.commenting import answer
    from service.workplace import clock_of

    if outcome not in {"accepted", "partly", "rejected"}:
        raise UsageError(f"--outcome: {outcome!r} is none of accepted, partly, rejected")
    session = session_of(context)
    settings = session.settings()
    said = Answer(
        comment=comment,
        outcome=cast("Literal['accepted', 'partly', 'rejected']", outcome),
        text=text,
        by=by,
        day=day(day_),
    )
    with session.store(settings, writer=True) as store:
        write(answer(store, clock_of(settings), said))


def list_comments(context: typer.Context, round_: RoundName = "", as_json: AsJson = False) -> None:
    """In mọi ý kiến của đợt và trả lời; mã thoát 3 khi còn ý kiến chưa trả lời."""
    from service.act_records import as_plain
    from service.commenting import threads

    session = session_of(context)
    settings = session.settings()
    with session.store(settings) as store:
        found: Sequence[Thread] = threads(store, settings.checked_round(round_).id)
    if as_json:
        rows = [
            {"record": t.record, **as_plain(t.comment), "answers": [as_plain(a) for a in t.answers]}
            for t in found
        ]
        write_json({"comments": rows})
    else:
        for thread in found:
            said = thread.comment
            write(f"{said.day} {said.agency} {said.component} [{said.kind}] {said.text} {thread.record}")
            for each in thread.answers:
                write(f"    {each.day} {each.outcome} ({each.by}): {each.text}")
    raise typer.Exit(UNSETTLED if any(not thread.answers for thread in found) else OK)


def existed(
    context: typer.Context,
    agency: Agency,
    identity: Annotated[str, typer.Argument(metavar="IDENTITY", help="Định danh của tin, văn bản.")],
    stated: Annotated[str, typer.Option(help="Ngày cơ quan nói là đã đăng.")] = "",
    round_: RoundName = "",
    as_json: AsJson = False,
) -> None:
    """Cho biết một tin, văn bản đã có trên cổng trước ngày chốt hay chưa; mã thoát 3 khi không rõ."""
    from service.existence import existed as found_of

    session = session_of(context)
    settings = session.settings()
    chosen = settings.checked_round(round_)
    with session.store(settings) as store:
        holdings = store.holdings(settings.agency(agency))
    found = found_of(holdings, identity, chosen.freeze, day(stated) if stated else None)
    if as_json:
        write_json({"verdict": found.verdict, "text": found.text, "records": list(found.records)})
    else:
        write(f"{found.verdict}: {found.text} {' '.join(found.records)}".rstrip())
    raise typer.Exit(UNSETTLED if found.verdict == "unproven" else OK)
