"""`key new`, `key show` and `key rotate`: the keys that sign the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from minhchung.errors import UsageError
from service.commands.options import AsJson, session_of
from service.session import write, write_json

if TYPE_CHECKING:
    from storage.home import Home


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    key = typer.Typer(help="Khóa ký nhật ký.", no_args_is_help=True, rich_markup_mode=None)
    key.callback()(_key)
    key.command("new")(new)
    key.command("show")(show)
    key.command("rotate")(rotate)
    app.add_typer(key, name="key")


def _key() -> None:
    """Tạo, xem và thay khóa ký nhật ký."""


def new(context: typer.Context, as_json: AsJson = False) -> None:
    """Tạo khóa cho một kho mới; kho đã có khóa thì dùng `key rotate`."""
    from storage.checkpoint import load_signer
    from storage.disk import refusals
    from storage.home import Home, WriterLock

    home = Home(session_of(context).home)
    home.prepare()
    lock = WriterLock(home)
    try:
        if (home.log / "key").exists() or (home.keys / "log.key").exists():
            message = f"{home}: has its key already; change it with `minhchung key rotate`"
            raise UsageError(message)
        with refusals(home.keys):
            load_signer(home.keys / "log.key", home.log / "key")
    finally:
        lock.release()
    _print(home, as_json=as_json)


def show(context: typer.Context, as_json: AsJson = False) -> None:
    """In khóa công khai của nhật ký dạng C2SP (tên+mã+base64); khóa đang dùng ở dòng đầu."""
    from storage.home import Home

    home = Home(session_of(context).home)
    home.require()
    _print(home, as_json=as_json)


def rotate(context: typer.Context, as_json: AsJson = False) -> None:
    """Thay khóa: khóa cũ ký khóa mới, việc thay được ghi vào nhật ký; khóa riêng cũ bị hủy."""
    from service.workplace import RandomIds, SystemClock
    from storage.home import Home
    from storage.rekeying import rotate as rotated
    from storage.store import Store

    home, clock = Home(session_of(context).home), SystemClock()
    rotated(home, clock.now, lambda: Store(home, clock, RandomIds(), writer=True))
    _print(home, as_json=as_json)


def _print(home: Home, *, as_json: bool) -> None:
    """Print the keys, the one in force first."""
    from storage.log import LogFiles
    from storage.rotation import keys_of, read_rotations

    files = LogFiles(home.log)
    if not files.key.exists():
        message = f"{home}: has no key yet; make one with `minhchung key new`"
        raise UsageError(message)
    keys = [key.text().strip() for key in reversed(keys_of(files))]
    if as_json:
        rotations = [
            {"number": r.number, "at": r.at, "old": r.old.text().strip(), "new": r.new.text().strip()}
            for r in read_rotations(files)
        ]
        write_json({"key": keys[0], "earlier": keys[1:], "rotations": rotations})
        return
    for line in keys:
        write(line)
