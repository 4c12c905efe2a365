"""`snapshot`: the pages that findings cite, captured with their parts and a picture before the freeze."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from service.commands.options import AsJson, RoundName, session_of
from service.session import OK, UNSETTLED, Session, write, write_json

if TYPE_CHECKING:
    from minhchung.agencies import Agency
    from minhchung.clock import Clock
    from minhchung.snapshots import PageCapture
    from service.settings import Settings
    from storage.store import Store


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command("snapshot")(snapshot)


def snapshot(
    context: typer.Context,
    agency: Annotated[
        str, typer.Argument(metavar="[AGENCY]", help="Mã cơ quan; bỏ trống: mọi cơ quan.")
    ] = "",
    round_: RoundName = "",
    as_json: AsJson = False,
) -> None:
    """Chụp lại các trang mà kết luận trừ điểm, vắng mặt hay chênh lệch viện dẫn; phải trước ngày chốt."""
    from service.workplace import clock_of

    session = session_of(context)
    settings = session.settings()
    chosen = settings.agencies((agency,) if agency else ())
    with session.store(settings, writer=True) as store:
        kept = captured(settings, store, clock_of(settings), chosen, round_)
    show(session, kept, as_json=as_json)
    missing = any(each.form == "none" for captures in kept.values() for each in captures)
    raise typer.Exit(UNSETTLED if missing else OK)


def captured(
    settings: Settings, store: Store, clock: Clock, chosen: tuple[Agency, ...], round_: str = ""
) -> dict[str, tuple[PageCapture, ...]]:
    """Conclude on what is stored and capture what that cites; raises UsageError after the freeze."""
    import asyncio

    from service.snapshots import capture, check_before_freeze
    from service.standings import conclude

    codes = tuple(each.code for each in chosen)
    concluded = conclude(settings, store, round_, only=codes)
    check_before_freeze(concluded, clock)
    present = {place.agency for bloc in concluded.standing.blocs for place in bloc.places}
    return asyncio.run(capture(settings, store, clock, concluded, [a for a in chosen if a.code in present]))


def show(session: Session, kept: dict[str, tuple[PageCapture, ...]], *, as_json: bool) -> None:
    """Print what was kept."""
    if as_json:
        from collectors.snapshots import said_of

        write_json({"agencies": {code: [said_of(each) for each in found] for code, found in kept.items()}})
        return
    forms = {
        "picture": session.say("ảnh cả trang", "picture of the whole page"),
        "parts": session.say("trang và các phần, không có ảnh", "page and its parts, no picture"),
        "text-only": session.say("chỉ có chữ", "text only"),
        "none": session.say("không nhận được trang", "the page did not answer"),
    }
    same = {
        True: session.say("như đã viện dẫn", "as cited"),
        False: session.say("đã khác so với khi viện dẫn", "no longer as cited"),
        None: "",
    }
    for code, captures in kept.items():
        for each in captures:
            told = "; ".join(filter(None, (forms[each.form], same[each.same], each.why)))
            write(f"{code} {','.join(each.cited.components)} {each.cited.url}: {told}")
    total = sum(map(len, kept.values()))
    write(session.say(f"Đã chụp {total} trang được viện dẫn.", f"{total} cited pages were captured."))
