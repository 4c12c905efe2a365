"""Looking after the archive: `storage rebuild`, `backup`, `restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.commands.options import AsJson, session_of
from service.session import FAULT, OK, write, write_json


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("backup")(backup)
    app.command("restore")(restore)
    storage = typer.Typer(help="Danh mục của kho.", no_args_is_help=True, rich_markup_mode=None)
    storage.callback()(_storage)
    storage.command("rebuild")(rebuild)
    app.add_typer(storage, name="storage")


def _storage() -> None:
    """Danh mục của kho minh chứng."""


def rebuild(context: typer.Context, as_json: AsJson = False) -> None:
    """Dựng lại danh mục chỉ từ kho và nhật ký; danh mục cũ còn nguyên cho đến khi danh mục mới xong."""
    from service.rereading import Rereader
    from storage.home import Home
    from storage.rebuild import rebuild as rebuilt

    session = session_of(context)
    home = Home(session.home)
    home.require()
    settings = session.settings()
    rounds = settings.round_ids()
    period = settings.round(rounds[0]).period if len(rounds) == 1 else None
    leaves = rebuilt(home, Rereader(settings, period))
    if as_json:
        write_json({"leaves": leaves})
        return
    write(
        session.say(
            f"Đã dựng lại danh mục từ {leaves} mục của nhật ký.",
            f"The catalogue was made anew from {leaves} leaves of the log.",
        )
    )


def backup(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Thư mục sao lưu.")],
    keys: Annotated[
        Path | None, typer.Option("--keys", help="Chép khóa riêng vào thư mục này, tách khỏi bản sao lưu.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Sao lưu kho: chỉ chép phần chưa có; ngắt lúc nào cũng được, chạy lại là tiếp tục."""
    from storage.backup import back_up
    from storage.home import Home

    session = session_of(context)
    done = back_up(Home(session.home), folder, keys)
    if as_json:
        write_json({"leaves": done.leaves, "copied": done.copied, "bytes": done.copied_bytes})
        return
    write(
        session.say(
            f"Đã sao lưu {done.leaves} mục: chép {done.copied} tệp, {done.copied_bytes} byte.",
            f"Backed up {done.leaves} leaves: {done.copied} files copied, {done.copied_bytes} bytes.",
        )
    )
    if keys is None:
        write(
            session.say(
                "Khóa riêng không nằm trong bản sao lưu; chép riêng bằng --keys.",
                "The private key is not in the backup; copy it apart with --keys.",
            )
        )


def restore(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Thư mục sao lưu.")],
    keys: Annotated[
        Path | None, typer.Option("--keys", help="Thư mục chứa khóa riêng; không có thì chỉ đọc được kho.")
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Kiểm tra toàn bộ bản phục hồi; mã thoát 1 nếu có hư hỏng.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Phục hồi kho từ bản sao lưu vào thư mục --home trống."""
    from storage.backup import restore as restored
    from storage.check import check
    from storage.home import Home

    session = session_of(context)
    home = Home(session.home)
    done = restored(folder, home, keys)
    found = list(check(home)) if verify else []
    bad = [fault for fault in found if fault.severity == "fault"]
    if as_json:
        write_json(
            {
                "leaves": done.leaves,
                "copied": done.copied,
                "findings": [{"code": f.code, "severity": f.severity, "where": f.where} for f in found],
            }
        )
    else:
        write(
            session.say(
                f"Đã phục hồi {done.leaves} mục, {done.copied} tệp.",
                f"Restored {done.leaves} leaves, {done.copied} files.",
            )
        )
        for each in found:
            write(f"{each.severity:<6}  {each.code}  {each.where}: {session.say(each.text, each.english)}")
        if verify:
            write(
                session.say(
                    "Bản phục hồi nguyên vẹn." if not bad else f"Bản phục hồi có {len(bad)} hư hỏng.",
                    "What was restored is whole." if not bad else f"It has {len(bad)} faults.",
                )
            )
    raise typer.Exit(FAULT if bad else OK)
