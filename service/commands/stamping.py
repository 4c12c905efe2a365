"""`timestamp run` and `timestamp list`: tokens of time-stamping authorities on the log's heads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from service.commands.options import AsJson, session_of
from service.session import FAULT, OK, UNSETTLED, Session, write, write_json

if TYPE_CHECKING:
    from storage.log import LogFiles
    from storage.timestamps import Token


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    timestamp = typer.Typer(help="Dấu thời gian của nhật ký.", no_args_is_help=True, rich_markup_mode=None)
    timestamp.callback()(_timestamp)
    timestamp.command("run")(run)
    timestamp.command("list")(show)
    app.add_typer(timestamp, name="timestamp")


def _timestamp() -> None:
    """Xin và xem dấu thời gian RFC 3161 trên điểm kiểm của nhật ký."""


def run(context: typer.Context, as_json: AsJson = False) -> None:
    """Xin dấu thời gian cho điểm kiểm cuối và mọi điểm kiểm còn chờ; chưa có thì vẫn chờ."""
    from service.stamping import authorities, courier
    from service.workplace import clock_of
    from storage.log import LogFiles
    from storage.timestamps import run as asked

    session = session_of(context)
    settings = session.settings()
    known, clock = authorities(settings), clock_of(settings)
    with session.store(settings, writer=True) as store:
        done = asked(store, known, courier(settings, clock), clock.now)
        files = LogFiles(store.home.log)
    _report(session, files, done, as_json=as_json)


def show(context: typer.Context, as_json: AsJson = False) -> None:
    """Liệt kê dấu thời gian, kiểm tra lại từng dấu tại thời điểm ghi trên dấu."""
    from service.stamping import authorities
    from storage.home import Home
    from storage.log import LogFiles
    from storage.timestamps import tokens

    session = session_of(context)
    settings = session.settings()
    home = Home(session.home)
    home.require()
    files = LogFiles(home.log)
    _report(session, files, tuple(tokens(files, authorities(settings))), as_json=as_json)


def _report(session: Session, files: LogFiles, found: tuple[Token, ...], *, as_json: bool) -> None:
    from storage.timestamps import fully_stamped

    whole = fully_stamped(files)
    if as_json:
        write_json({"stamped": whole, "tokens": [_plain(token) for token in found]})
    else:
        for token in found:
            write(f"{token.size:>9}  {token.authority}  {_words(session, token)}")
        write(stamped_words(session, whole=whole))
    if any(token.state == "refused" for token in found):
        raise typer.Exit(FAULT)
    raise typer.Exit(OK if whole else UNSETTLED)


def _plain(token: Token) -> dict[str, Any]:
    at = token.at.isoformat() if token.at is not None else None
    return {
        "size": token.size,
        "authority": token.authority,
        "state": token.state,
        "at": at,
        "detail": token.detail,
    }


def _words(session: Session, token: Token) -> str:
    if token.at is not None:
        return session.say(f"đóng dấu lúc {token.at.isoformat()}", f"stamped at {token.at.isoformat()}")
    state = {
        "queued": session.say("chưa đóng dấu thời gian", "not yet stamped"),
        "refused": session.say("dấu thời gian không được chấp nhận", "the timestamp is refused"),
        "stamped": "",
    }[token.state]
    return f"{state}: {token.detail}" if token.detail else state


def stamped_words(session: Session, *, whole: bool) -> str:
    """Return whether the log's last head bears a timestamp, in a sentence."""
    if whole:
        return session.say("Nhật ký đã được đóng dấu thời gian.", "The log is stamped.")
    return session.say("Nhật ký chưa đóng dấu thời gian.", "The log is not yet stamped.")
