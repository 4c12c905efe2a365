"""`rescore`, `whatif`, `sensitivity`, `advise`: what else the evidence could come to; nothing is kept."""

from __future__ import annotations

from typing import Annotated

import typer

from minhchung.errors import UsageError
from service.commands.options import AsJson, Codes, RoundName, session_of
from service.session import OK, write_json


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("rescore")(rescore)
    app.command("whatif")(whatif)
    app.command("sensitivity")(sensitivity)
    app.command("advise")(advise)


def rescore(
    context: typer.Context,
    index_set: Annotated[
        list[str],
        typer.Option(
            "--index-set",
            metavar="[BLOC=]X",
            help="Tên trong index_sets/ hoặc tệp .toml; BLOC= chỉ cho khối đó; lặp lại được.",
        ),
    ],
    round_: RoundName = "",
    as_json: AsJson = False,
) -> None:
    """Chấm lại minh chứng đã lưu theo bộ chỉ số khác, không thu thập lại."""
    _compare(context, round_, as_json, swaps=tuple(index_set))


def whatif(
    context: typer.Context,
    sets: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Ví dụ HD.2.points=4; lặp lại được."),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="COMPONENT", help="Bỏ một thành phần; lặp lại được."),
    ] = None,
    bloc: Annotated[str, typer.Option(help="Chỉ đổi quy tắc của khối này.")] = "",
    round_: RoundName = "",
    as_json: AsJson = False,
) -> None:
    """Nếu quy tắc khác đi thì kết quả đổi thế nào; không ghi lại gì."""
    if not (sets or without):
        msg = "nothing to change: give --set KEY=VALUE or --without COMPONENT"
        raise UsageError(msg)
    _compare(context, round_, as_json, sets=tuple(sets or ()), without=tuple(without or ()), bloc=bloc)


def _compare(
    context: typer.Context,
    round_: str,
    as_json: bool,
    *,
    swaps: tuple[str, ...] = (),
    sets: tuple[str, ...] = (),
    without: tuple[str, ...] = (),
    bloc: str = "",
) -> None:
    from service.altering import Change, judge_of
    from service.measuring import Judge
    from service.outlook import compared
    from service.outlook_tables import show_compared
    from service.standings import conclude_under

    session = session_of(context)
    settings = session.settings()
    changes = [Change.of(text) for text in sets]
    judge = judge_of(settings, round_, swaps=swaps, changes=changes, without=without, bloc=bloc)
    with session.store(settings) as store:
        now = Judge.of(settings, settings.checked_round(round_))
        before, after = conclude_under((now, judge), store)
    told = compared(before, after)
    if as_json:
        write_json(told)
    else:
        show_compared(told, after, session.lang)
    raise typer.Exit(OK)


def sensitivity(
    context: typer.Context,
    draws: Annotated[int, typer.Option(min=1, max=1_000_000, help="Số lần gieo trọng số.")] = 10_000,
    seed: Annotated[int, typer.Option(help="Hạt giống: cùng hạt giống, cùng kết quả.")] = 3234,
    spread: Annotated[int, typer.Option(min=1, max=99, help="Biên thay đổi trọng số, phần trăm.")] = 10,
    round_: RoundName = "",
    as_json: AsJson = False,
) -> None:
    """Thứ hạng vững đến đâu: trọng số ±10 %, bỏ từng thành phần, cơ quan sát ngưỡng."""
    from fractions import Fraction

    from service.outlook import sensitivity as told_of
    from service.outlook_tables import show_sensitivity
    from service.standings import conclude

    session = session_of(context)
    settings = session.settings()
    with session.store(settings) as store:
        concluded = conclude(settings, store, round_)
    told = told_of(concluded, draws, seed, Fraction(spread, 100))
    if as_json:
        write_json(told)
    else:
        show_sensitivity(told, concluded, session.lang)


def advise(
    context: typer.Context,
    agencies: Codes = None,
    most: Annotated[int, typer.Option(min=1, max=50, help="Số việc cho mỗi cơ quan.")] = 3,
    round_: RoundName = "",
    as_json: AsJson = False,
) -> None:
    """Mỗi cơ quan: những việc đáng nhiều điểm nhất, chỉ theo quy tắc."""
    from scoring.advice import advise as advice_of
    from service.outlook import advised
    from service.outlook_tables import show_advice
    from service.standings import conclude

    session = session_of(context)
    settings = session.settings()
    chosen = settings.agencies(tuple(agencies or ()))
    with session.store(settings) as store:
        concluded = conclude(settings, store, round_, only=tuple(agency.code for agency in chosen))
    decimals, set_of = concluded.index_set.component_decimals, concluded.set_of
    told = [
        advised(place.agency, advice_of(place.total, set_of(bloc.code), most), decimals)
        for bloc in concluded.standing.blocs
        for place in bloc.places
    ]
    if as_json:
        write_json({"round": concluded.round.id, "simulated": concluded.standing.simulated, "agencies": told})
    else:
        show_advice(told, concluded.names(), session.lang)
