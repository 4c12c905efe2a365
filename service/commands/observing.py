"""`observe`: what a person saw, countersigned by a second one, shown, given up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.commands.options import AsJson, RoundName, session_of
from service.session import OK, UNSETTLED, Session, tell, write, write_json

if TYPE_CHECKING:
    from service.sighting_records import Sitting

Name = Annotated[str, typer.Argument(metavar="SIGHTING", help="Mã lượt quan sát hoặc mã bản ghi của nó.")]
ById = Annotated[str, typer.Option("--by", help="Người thực hiện, mã trong people.toml.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    observe = typer.Typer(help="Quan sát trực tiếp.", no_args_is_help=True, rich_markup_mode=None)
    observe.callback()(_observe)
    observe.command("countersign")(countersign)
    observe.command("list")(list_)
    observe.command("show")(show)
    observe.command("abandon")(abandon)
    app.add_typer(observe, name="observe")


def _observe() -> None:
    """Quan sát trực tiếp: điều chỉ người mới xem được, niêm phong và có người thứ hai đồng ký."""


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


def show(context: typer.Context, sighting: Name, round_: RoundName = "", as_json: AsJson = False) -> None:
    """In một lượt quan sát: ai, ở đâu, lúc nào, thấy gì, những trang nào, đã che gì."""
    from service.sightings import find, subject

    session = session_of(context)
    settings = session.settings()
    with session.store(settings) as store:
        chosen = settings.checked_round(round_)
        found = find(store, chosen.id, sighting)
        of = subject(settings, found.begun.agency, found.begun.component, chosen.id)
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
