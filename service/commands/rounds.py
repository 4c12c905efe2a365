"""`round`: the acts of a round, each sealed with its document."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from minhchung.errors import UsageError
from minhchung.round_acts import Event
from service.commands.options import AsJson, By, DayOf, Number, RoundName, day, session_of
from service.session import Session, tell, write, write_json

if TYPE_CHECKING:
    from service.round_book import Book, Said

File = Annotated[Path | None, typer.Option(help="Tệp văn bản; được niêm phong kèm.")]
Note = Annotated[str, typer.Option(help="Ghi chú.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    rounds = typer.Typer(help="Đợt đánh giá.", no_args_is_help=True, rich_markup_mode=None)
    rounds.callback()(_rounds)
    rounds.command("show")(show)
    rounds.command("open")(open_)
    rounds.command("record")(record)
    app.add_typer(rounds, name="round")


def _rounds() -> None:
    """Đợt đánh giá: mở, ghi nhận từng bước, xem đang ở đâu."""


def show(context: typer.Context, round_: RoundName = "", as_json: AsJson = False) -> None:
    """Cho biết đợt đánh giá đang ở bước nào, đã qua những bước nào, bước nào được phép tiếp theo."""
    from service.round_book import Book

    session = session_of(context)
    settings = session.settings()
    chosen = settings.checked_round(round_)
    with session.store(settings) as store:
        book = Book.of(store, chosen)
    if as_json:
        write_json(_said_of(book))
        return
    kind = session.say("chính thức" if book.official else "thử", "official" if book.official else "trial")
    write(f"{chosen.id}: {book.stage} ({kind}), {session.say('phiên bản', 'version')} {book.version}")
    for identifier, act in book.acts:
        write(f"  {act.day} {act.event} {act.number} ({act.by}) {act.note} {identifier}".rstrip())
    following = ", ".join(_possible(book))
    write(session.say(f"Bước tiếp theo được phép: {following}", f"May follow: {following}"))


def _possible(book: Book) -> list[str]:
    from minhchung.round_acts import possible

    return [event.value for event in possible(book.stage)]


def _said_of(book: Book) -> dict[str, Any]:
    from service.act_records import as_plain

    acts = [{"record": identifier, **as_plain(act)} for identifier, act in book.acts]
    return {
        "round": book.round.id,
        "stage": book.stage.value,
        "official": book.official,
        "version": book.version,
        "possible": _possible(book),
        "acts": acts,
    }


def open_(
    context: typer.Context,
    number: Number,
    day_: DayOf,
    by: By,
    official: Annotated[bool, typer.Option("--official", help="Đợt chính thức, sẽ công bố.")] = False,
    file: File = None,
    note: Note = "",
    round_: RoundName = "",
) -> None:
    """Mở đợt đánh giá; đợt chính thức bị từ chối khi còn điều chưa xác nhận, và liệt kê hết."""
    from service.round_book import Said

    said = Said(
        event=Event.OPEN, number=number, day=day(day_), by=by, file=file, note=note, official=official
    )
    _enter(session_of(context), round_, said)


def record(
    context: typer.Context,
    event: Annotated[Event, typer.Argument(metavar="EVENT", help="Bước; xem `round show`.")],
    number: Number,
    day_: DayOf,
    by: By,
    file: File = None,
    note: Note = "",
    round_: RoundName = "",
) -> None:
    """Ghi nhận bước tiếp theo của đợt, kèm số, ngày và tệp văn bản; bước trái trình tự bị từ chối."""
    from service.round_book import Said

    if event is Event.OPEN:
        raise UsageError("a round is opened with `minhchung round open`")
    said = Said(event=event, number=number, day=day(day_), by=by, file=file, note=note)
    _enter(session_of(context), round_, said)


def _enter(session: Session, round_: str, said: Said) -> None:
    from service.round_book import Book, enter
    from service.workplace import clock_of

    settings = session.settings()
    chosen = settings.checked_round(round_)
    with session.store(settings, writer=True) as store:
        enter(settings, store, clock_of(settings), chosen, said)
        book = Book.of(store, chosen)
    told = session.say(f"Đợt {chosen.id}: {book.stage}", f"Round {chosen.id}: {book.stage}")
    tell(told)
