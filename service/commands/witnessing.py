"""`witness follow` and `witness show`: this home as the witness of another one's log."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.commands.options import AsJson, session_of
from service.session import FAULT, OK, Session, write, write_json

if TYPE_CHECKING:
    from storage.home import Home
    from storage.witness import Followed


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    witness = typer.Typer(help="Đối chứng nhật ký của nơi khác.", no_args_is_help=True, rich_markup_mode=None)
    witness.callback()(_witness)
    witness.command("follow")(follow)
    witness.command("show")(show)
    app.add_typer(witness, name="witness")


def _witness() -> None:
    """Theo dõi, đồng ký nhật ký của một kho khác."""


def follow(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Kho khác, hoặc địa chỉ công bố nhật ký.")],
    as_json: AsJson = False,
) -> None:
    """Đọc nhật ký của một kho khác, đồng ký nếu nó nối tiếp điểm kiểm trước; mã thoát 1 nếu bị rẽ nhánh."""
    from service.workplace import SystemClock
    from storage.home import Home
    from storage.witness import follow as followed
    from storage.witness import log_at

    session = session_of(context)
    home, clock = Home(session.home), SystemClock()
    if source.startswith(("http://", "https://")):
        found = _follow_address(session, home, source)
    else:
        found = followed(home, log_at(Path(source)), str(Path(source).resolve()), clock.now)
    _report(session, found, as_json=as_json)


def _follow_address(session: Session, home: Home, source: str) -> Followed:
    from service.stamping import courier
    from service.workplace import SystemClock
    from storage.witness import fetch_log
    from storage.witness import follow as followed

    clock = SystemClock()
    with tempfile.TemporaryDirectory(prefix="minhchung-witness-") as scratch:
        files = fetch_log(source, courier(session.settings(), clock), Path(scratch))
        return followed(home, files, source, clock.now)


def _report(session: Session, found: Followed, *, as_json: bool) -> None:
    from storage.witness import FAULTS

    if as_json:
        before = found.before.line() if found.before is not None else None
        said = {
            "verdict": found.verdict,
            "head": found.head.line(),
            "before": before,
            "kept": str(found.kept),
        }
        write_json(said)
    else:
        words = {
            "first": session.say("Bắt đầu theo dõi; đã đồng ký.", "First seen; cosigned."),
            "continues": session.say("Nối tiếp; đã đồng ký.", "Continues; cosigned."),
            "same": session.say("Không có gì mới.", "Nothing new."),
            "forked": session.say(
                "NHẬT KÝ BỊ RẼ NHÁNH hoặc viết lại; không đồng ký.",
                "THE LOG FORKED or was rewritten; not cosigned.",
            ),
            "rolled-back": session.say(
                "NHẬT KÝ BỊ LÙI LẠI; không đồng ký.", "THE LOG WAS ROLLED BACK; not cosigned."
            ),
            "another-log": session.say(
                "MỘT NHẬT KÝ KHÁC ở cùng chỗ; không đồng ký.", "ANOTHER LOG at the same place; not cosigned."
            ),
        }
        write(words[found.verdict])
        if found.before is not None:
            write(session.say(f"  trước: {found.before.line()}", f"  before: {found.before.line()}"))
        write(session.say(f"  nay: {found.head.line()}", f"  now: {found.head.line()}"))
        write(session.say(f"  lưu tại {found.kept}", f"  kept in {found.kept}"))
    raise typer.Exit(FAULT if found.verdict in FAULTS else OK)


def show(context: typer.Context, as_json: AsJson = False) -> None:
    """In khóa công khai dùng để đồng ký và các nhật ký đang theo dõi."""
    from storage.cosigning import load_cosigner
    from storage.home import Home
    from storage.witness import heads

    home = Home(session_of(context).home)
    home.prepare()
    key = load_cosigner(home.keys / "witness.key").public.text().strip()
    found = [
        {"head": head.line(), "cosigned_at": at.isoformat(), "source": source}
        for head, at, source in heads(home)
    ]
    if as_json:
        write_json({"key": key, "logs": found})
        return
    write(key)
    for one in found:
        write(f"{one['cosigned_at']}  {one['head']}  {one['source']}")
