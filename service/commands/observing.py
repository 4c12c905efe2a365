"""`observe`: what a person saw, countersigned by a second one, shown, given up."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from minhchung.errors import UsageError
from service.commands.options import AsJson, RoundName, session_of
from service.session import OK, UNSETTLED, Session, tell, write, write_json

if TYPE_CHECKING:
    from minhchung.sightings import SightingBegun
    from service.observing import Looking
    from service.settings import Settings
    from service.sighting_records import Sitting

Name = Annotated[str, typer.Argument(metavar="SIGHTING", help="Mã lượt quan sát hoặc mã bản ghi của nó.")]
ById = Annotated[str, typer.Option("--by", help="Người thực hiện, mã trong people.toml.")]


Place = Annotated[str, typer.Option(help="Địa điểm ngồi quan sát.")]
Url = Annotated[str, typer.Option(help="Địa chỉ mở đầu tiên; mặc định: cổng của cơ quan.")]
Values = Annotated[
    Path | None, typer.Option(help="Tệp TOML ghi kết quả; không có thì hỏi trên màn hình lệnh.")
]


class _StartByDefault(TyperGroup):
    """`observe AGENCY COMPONENT` is `observe start AGENCY COMPONENT`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put in the command that is meant where none is named."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = ["start", *args]
        return super().parse_args(ctx, args)


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    observe = typer.Typer(
        cls=_StartByDefault, help="Quan sát trực tiếp.", no_args_is_help=True, rich_markup_mode=None
    )
    observe.callback()(_observe)
    observe.command("start")(start)
    observe.command("resume")(resume)
    observe.command("countersign")(countersign)
    observe.command("list")(list_)
    observe.command("show")(show)
    observe.command("abandon")(abandon)
    app.add_typer(observe, name="observe")


def _observe() -> None:
    """Quan sát trực tiếp: điều chỉ người mới xem được, niêm phong và có người thứ hai đồng ký."""


def start(
    context: typer.Context,
    agency: Annotated[str, typer.Argument(metavar="AGENCY", help="Mã cơ quan.")],
    component: Annotated[str, typer.Argument(metavar="COMPONENT", help="Mã thành phần, ví dụ HD.2.")],
    by: ById,
    place: Place,
    url: Url = "",
    values: Values = None,
    round_: RoundName = "",
    as_json: AsJson = False,
) -> None:
    """Mở trình duyệt để thẩm định viên tự đăng nhập và xem; niêm phong điều đã xem, đã che dữ liệu riêng."""
    from service.observing import Looking, begin
    from service.sightings import subject
    from service.workplace import clock_of

    session = session_of(context)
    settings = session.settings()
    _refuse_without_screen(values)
    of = subject(settings, agency, component, round_)
    looking = Looking(subject=of, by=by, place=place, url=url)
    with session.store(settings, writer=True) as store:
        begun = begin(settings, store, clock_of(settings), looking)
    _look(session, settings, begun, looking, values, sealed=False, as_json=as_json)


def resume(
    context: typer.Context,
    sighting: Name,
    by: ById,
    url: Url = "",
    values: Values = None,
    sealed: Annotated[
        bool, typer.Option("--sealed", help="Không mở trình duyệt: kết luận trên những trang đã niêm phong.")
    ] = False,
    round_: RoundName = "",
    as_json: AsJson = False,
) -> None:
    """Làm tiếp một lượt quan sát dở dang; những trang đã niêm phong vẫn được giữ."""
    from service.observing import Looking
    from service.sightings import find, subject, witness

    session = session_of(context)
    settings = session.settings()
    _refuse_without_screen(values, browser=not sealed)
    chosen = settings.checked_round(round_)
    with session.store(settings) as store:
        found = find(store, chosen.id, sighting)
        begun = found.begun
        of = subject(settings, begun.agency, begun.component, chosen.id)
        if found.state != "unfinished":
            raise UsageError(f"{sighting} is {found.state}: only an unfinished sighting goes on")
        if witness(settings, store, of, by).id != begun.by.id:
            raise UsageError(f"{sighting} was begun by {begun.by.id}, who alone goes on with it")
    looking = Looking(subject=of, by=by, place=begun.place, url=url)
    _look(session, settings, begun, looking, values, sealed=sealed, as_json=as_json)


def _refuse_without_screen(values: Path | None, *, browser: bool = True) -> None:
    """Refuse what could not be finished here, before anything is sealed."""
    from collectors.manual.sitting import without_screen

    why = without_screen(os.environ) if browser else ""
    if why:
        raise UsageError(why)
    if values is None and not sys.stdin.isatty():
        raise UsageError("there is no terminal to ask on; give what was seen in a file (--values)")
    if values is not None and not values.parent.is_dir():
        raise UsageError(f"{values}: there is no such folder; name the file that will hold what was seen")


def _look(
    session: Session,
    settings: Settings,
    begun: SightingBegun,
    looking: Looking,
    values: Path | None,
    *,
    sealed: bool,
    as_json: bool,
) -> None:
    import asyncio

    from collectors.manual.sitting import WindowError
    from service.observing import finish, look
    from service.seat import Terminal
    from service.workplace import clock_of

    seat = Terminal(values)
    with session.store(settings, writer=True) as store:
        clock = clock_of(settings)
        try:
            if not sealed:
                asyncio.run(look(settings, store, clock, begun, looking, seat))
            seen = finish(settings, store, clock, begun, looking.subject, seat.say(looking.subject.component))
        except (WindowError, UsageError) as error:
            told = f"{error}; lượt {begun.sitting} còn dở dang: observe resume {begun.sitting}, hoặc abandon"
            raise UsageError(told) from error
    if as_json:
        write_json({"sighting": begun.sitting, "record": seen.record, "pages": len(seen.sighting.pages)})
        return
    tell(session.say(f"Đã niêm phong {seen.record}", f"Sealed {seen.record}"))
    then = f"minhchung observe countersign {begun.sitting} --by …"
    tell(session.say(f"Chưa tính điểm: cần người thứ hai, {then}", f"Needs a second person: {then}"))


def countersign(
    context: typer.Context,
    sighting: Name,
    by: ById,
    note: Annotated[str, typer.Option(help="Ghi chú của người đồng ký.")] = "",
    round_: RoundName = "",
    as_json: AsJson = False,
) -> None:
    """Người thứ hai đồng ký một lượt quan sát; thiếu chữ ký này thì quan sát không được tính."""
    from service.sightings import countersign as sign
    from service.workplace import clock_of

    session = session_of(context)
    settings = session.settings()
    with session.store(settings, writer=True) as store:
        seen = sign(settings, store, clock_of(settings), round_name=round_, name=sighting, by=by, note=note)
    if as_json:
        write_json({"record": seen.second_record, "sighting": seen.record})
        return
    tell(session.say(f"Đã niêm phong {seen.second_record}", f"Sealed {seen.second_record}"))


def abandon(
    context: typer.Context,
    sighting: Name,
    by: ById,
    why: Annotated[str, typer.Option(help="Lý do.")],
    round_: RoundName = "",
) -> None:
    """Bỏ một lượt quan sát dở dang hoặc rút lại lượt chưa đồng ký; điều đã niêm phong vẫn còn."""
    from service.sightings import abandon as give_up
    from service.workplace import clock_of

    session = session_of(context)
    settings = session.settings()
    with session.store(settings, writer=True) as store:
        record = give_up(
            settings, store, clock_of(settings), round_name=round_, name=sighting, by=by, why=why
        )
    tell(session.say(f"Đã niêm phong {record}", f"Sealed {record}"))


def list_(context: typer.Context, round_: RoundName = "", as_json: AsJson = False) -> None:
    """In mọi lượt quan sát của đợt; mã thoát 3 khi còn lượt dở dang hoặc chưa đồng ký."""
    from service.sighting_records import sittings

    session = session_of(context)
    settings = session.settings()
    with session.store(settings) as store:
        found = sittings(store, settings.checked_round(round_).id)
    if as_json:
        write_json({"sightings": [_said_of(each) for each in found]})
    else:
        for each in found:
            begun = each.begun
            write(
                f"{begun.sitting} {begun.agency} {begun.component} ({begun.by.id}): "
                f"{_state(session, each)} {each.witnessed.record if each.witnessed else ''}".rstrip()
            )
    waiting = any(each.state in ("unfinished", "unsigned") for each in found)
    raise typer.Exit(UNSETTLED if waiting else OK)


def show(
    context: typer.Context,
    sighting: Name,
    docx: Annotated[Path | None, typer.Option(help="Ghi biên bản quan sát ra tệp DOCX này.")] = None,
    round_: RoundName = "",
    as_json: AsJson = False,
) -> None:
    """In một lượt quan sát: ai, ở đâu, lúc nào, thấy gì, những trang nào, đã che gì; --docx: biên bản."""
    from service.sightings import find, subject

    session = session_of(context)
    settings = session.settings()
    with session.store(settings) as store:
        chosen = settings.checked_round(round_)
        found = find(store, chosen.id, sighting)
        of = subject(settings, found.begun.agency, found.begun.component, chosen.id)
    if docx is not None:
        from service.render.sighting_docx import as_docx
        from service.versions import printed_head
        from storage.home import Home

        try:
            docx.write_bytes(
                as_docx(found, of, printed_head(Home(session.home)), simulated=settings.simulated)
            )
        except OSError as error:
            raise UsageError(f"{docx}: cannot be written ({error.strerror})") from error
    if as_json:
        write_json(_said_of(found))
        return
    from service.sighting_words import lines

    write(_state(session, found))
    for label, words in lines(found, of):
        write(f"{label}: {words}")


def _said_of(sitting: Sitting) -> dict[str, Any]:
    from service.sighting_records import as_plain

    seen, ended = sitting.witnessed, sitting.abandoned
    return {
        "state": sitting.state,
        "begun": {"record": sitting.record, **as_plain(sitting.begun)},
        "seen": as_plain(seen) if seen is not None else None,
        "fault": seen.fault() if seen is not None else "",
        "abandoned": as_plain(ended) if ended is not None else None,
    }


def _state(session: Session, sitting: Sitting) -> str:
    words = {
        "unfinished": session.say("dở dang", "unfinished"),
        "abandoned": session.say("đã bỏ", "abandoned"),
        "unsigned": session.say("chưa đồng ký, không tính", "not countersigned, does not count"),
        "countersigned": session.say("đã đồng ký", "countersigned"),
    }
    told = words[sitting.state]
    seen = sitting.witnessed
    fault = seen.fault() if seen is not None and sitting.state == "countersigned" else ""
    return f"{told}; {session.say('không tính', 'does not count')}: {fault}" if fault else told
