"""`accuracy`: how right the product is, where the truth is known and on findings that people labelled."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from minhchung.errors import UsageError
from service.commands.options import AsJson, By, RoundName, session_of
from service.session import FAULT, OK, UNSETTLED, tell, write, write_json

Most = Annotated[int, typer.Option("--most", min=1, max=500, help="Nhiều nhất bao nhiêu phát hiện mỗi tầng.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    whole = typer.Typer(invoke_without_command=True, rich_markup_mode=None)
    whole.callback()(accuracy)
    field = typer.Typer(
        help="Trên phát hiện thật, do hai người gán nhãn.", no_args_is_help=True, rich_markup_mode=None
    )
    field.callback()(_field)
    field.command("draw")(draw)
    field.command("read")(read)
    field.command("show")(show_)
    whole.add_typer(field, name="field")
    app.add_typer(whole, name="accuracy")


def accuracy(context: typer.Context, as_json: AsJson = False) -> None:
    """Đối chiếu kết luận với sự thật của tỉnh mô phỏng: từng bộ kiểm chứng đúng, sai, sót bao nhiêu."""
    if context.invoked_subcommand is not None:
        return
    from service.accuracy import accuracy as told_of
    from service.accuracy import truth_of
    from service.accuracy_tables import show_accuracy
    from service.standings import conclude

    session = session_of(context)
    truth = truth_of(session.home)
    settings = session.settings()
    concluded = []
    for _ in range(2):
        # Each time from a store opened anew, so that nothing of the first conclusion helps the second.
        with session.store(settings) as store:
            concluded.append(conclude(settings, store, truth.round))
    told = told_of(truth, *concluded)
    if as_json:
        write_json(told)
    else:
        show_accuracy(told, session.lang)
    right = told["repeatable"] and not told["total"]["mistakes"]
    raise typer.Exit(OK if right else FAULT)


def _field() -> None:
    """Độ chính xác trên phát hiện thật: rút mẫu, hai người gán nhãn riêng, độ thống nhất, khoảng tin cậy."""


def draw(
    context: typer.Context,
    first: Annotated[str, typer.Option("--first", help="Mã người gán nhãn thứ nhất, trong people.toml.")],
    second: Annotated[str, typer.Option("--second", help="Mã người gán nhãn thứ hai.")],
    by: By,
    out: Annotated[Path, typer.Option(help="Thư mục ghi hai phiếu .xlsx.")],
    most: Most = 20,
    seed: Annotated[str, typer.Option(help="Hạt giống; mặc định: mã đợt.")] = "",
    round_: RoundName = "",
    as_json: AsJson = False,
) -> None:
    """Rút mẫu phát hiện của từng bộ kiểm chứng, niêm phong, ghi cho mỗi người một phiếu không lộ kết quả."""
    from service.files import whole_file
    from service.label_sheets import write_sheet
    from service.labelling import draw_sample, seal_draw
    from service.people import known_person
    from service.standings import conclude
    from service.workplace import clock_of

    session = session_of(context)
    settings = session.settings()
    people = known_person(settings.people, first), known_person(settings.people, second)
    if not out.is_dir():
        raise UsageError(f"--out: {out} is no folder; make it first")
    with session.store(settings, writer=True) as store:
        concluded = conclude(settings, store, round_)
        clock = clock_of(settings)
        drawn = draw_sample(
            [s for b in concluded.standing.blocs for p in b.places for s in p.total.scores],
            round_id=concluded.round.id,
            inputs_digest=concluded.standing.inputs_digest,
            people=people,
            by=by,
            seed=seed or concluded.round.id,
            most=most,
            clock=clock,
        )
        record = seal_draw(store, clock, drawn)
    sheets = [out / f"gan-nhan-{person}.xlsx" for person in drawn.people]
    for person, path in zip(drawn.people, sheets, strict=True):
        with whole_file(path) as stream:
            stream.write(write_sheet(drawn, record, person, concluded))
    if as_json:
        write_json({"draw": record, "findings": len(drawn.items), "sheets": [str(path) for path in sheets]})
        return
    told = ", ".join(map(str, sheets))
    write(
        session.say(
            f"{record}: {len(drawn.items)} phát hiện; {told}",
            f"{record}: {len(drawn.items)} findings; {told}",
        )
    )


def read(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Phiếu .xlsx đã gán nhãn.")],
) -> None:
    """Đọc lại phiếu đã gán nhãn; nhãn của mỗi người được niêm phong một lần."""
    from service.label_sheets import register_sheet
    from service.workplace import clock_of

    session = session_of(context)
    settings = session.settings()
    with session.store(settings, writer=True) as store:
        for path in files:
            by, new = register_sheet(store, clock_of(settings), path)
            state = session.say("đã nhập" if new else "đã có", "registered" if new else "known")
            tell(f"{path.name}: {by}, {state}")


def show_(context: typer.Context, round_: RoundName = "", as_json: AsJson = False) -> None:
    """Độ thống nhất của hai người (kappa), độ chính xác, độ đầy đủ của từng bộ kiểm chứng, khoảng 95 %."""
    from service.field_tables import field_json, show_field
    from service.labelling import labelled

    session = session_of(context)
    settings = session.settings()
    chosen = settings.checked_round(round_)
    with session.store(settings) as store:
        found = labelled(store, chosen.id)
    if as_json:
        write_json([field_json(each) for each in found])
    elif not found:
        tell(session.say(f"Đợt {chosen.id} chưa rút mẫu nào", f"Round {chosen.id} has no draw yet"))
    for each in () if as_json else found:
        show_field(each, session.lang)
    raise typer.Exit(OK if found and all(each.pair() for each in found) else UNSETTLED)
