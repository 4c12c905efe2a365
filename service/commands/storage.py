"""Looking after the archive: `storage rebuild`, `backup`, `restore`, `retain`, `erase`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer

from service.commands.options import AsJson, session_of
from service.session import FAULT, OK, write, write_json

WHY_KEPT: Final = {
    "hold": ("đang bị giữ theo yêu cầu pháp lý", "on legal hold"),
    "hand-over": ("chờ nộp lưu", "to be handed over to the archive"),
    "open-round": ("đợt đánh giá chưa khép", "may count in a round that is not closed"),
    "counted": ("là căn cứ của điểm", "a score refers to them"),
    "revisited": ("bản ghi khác dẫn chiếu đến", "revisits refer to them"),
}


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("backup")(backup)
    app.command("restore")(restore)
    app.command("retain")(retain)
    app.command("erase")(erase)
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


def retain(
    context: typer.Context,
    by: Annotated[str, typer.Option("--by", help="Người thực hiện; được niêm phong cùng việc gỡ.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ nói sẽ gỡ gì, không gỡ.")] = False,
    as_json: AsJson = False,
) -> None:
    """Gỡ bản ghi hết thời hạn theo retention.toml; việc gỡ được ghi vào nhật ký và ký."""
    from minhchung.errors import UsageError
    from service.retaining import retain as retained

    session = session_of(context)
    settings = session.settings()
    policy = settings.retention
    if policy is None:
        raise UsageError("there is no retention.toml in config; write one, or nothing is ever taken out")
    if not by and not dry_run:
        raise UsageError("--by is missing: who takes the records out is sealed with the act")
    found, members = retained(settings, policy, by=by, dry_run=dry_run)
    if as_json:
        going = [record.id for record in found.going]
        write_json({"policy": policy.policy, "going": going, "kept": found.kept, "members": members})
        return
    for record in found.going:
        write(f"{record.captured_at:%Y-%m-%d}  {record.kind}  {record.agency}  {record.url}  {record.id}")
    for why, count in found.kept.items():
        vi, en = WHY_KEPT[why]
        write(session.say(f"Giữ lại {count}: {vi}.", f"Kept {count}: {en}."))
    count = len(found.going)
    write(
        session.say(
            f"{'Sẽ gỡ' if dry_run else 'Đã gỡ'} {count} bản ghi.",
            f"{'To be taken out' if dry_run else 'Taken out'}: {count} records.",
        )
    )


def erase(
    context: typer.Context,
    record: Annotated[str, typer.Argument(metavar="RECORD", help="Mã bản ghi, urn:uuid:…")],
    order: Annotated[str, typer.Option("--order", help='Quyết định hoặc yêu cầu: "số, ngày".')],
    by: Annotated[str, typer.Option("--by", help="Người thực hiện.")],
    reason: Annotated[str, typer.Option("--reason", help="Lý do.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ nói ảnh hưởng, không xóa.")] = False,
    as_json: AsJson = False,
) -> None:
    """Xóa một bản ghi theo lệnh; nói rõ điểm thành phần nào mất căn cứ."""
    from service.retaining import erase as erased
    from service.retaining import loss

    session = session_of(context)
    settings = session.settings()
    lost = loss(settings, record, settings.retention)
    members = 0 if dry_run else erased(settings, lost, order=order, by=by, reason=reason)
    if as_json:
        write_json(
            {
                "records": [each.id for each in lost.records],
                "members": members,
                "components": [list(each) for each in lost.components],
                "moved": [asdict(each) for each in lost.moved],
                "same": [each.id for each in lost.same],
            }
        )
        return
    for round_id, agency, component in lost.components:
        write(
            session.say(
                f"Mất căn cứ: {agency} {component} (đợt {round_id}).",
                f"Loses evidence: {agency} {component} (round {round_id}).",
            )
        )
    if not lost.components:
        write(session.say("Không điểm nào mất căn cứ.", "No score loses evidence."))
    for each in lost.moved:
        where = f"{each.agency} {each.component} ({each.round}): {each.before} → {each.after}"
        write(session.say(f"Đo được khác đi: {where}.", f"Measured otherwise: {where}."))
    for same in lost.same:
        write(
            session.say(
                f"Cùng nội dung, còn lại trong kho: {same.id} ({same.url}).",
                f"Holds the same and stays: {same.id} ({same.url}).",
            )
        )
    count = len(lost.records)
    write(
        session.say(
            f"{'Sẽ xóa' if dry_run else 'Đã xóa'} {count} bản ghi.",
            f"{'To be erased' if dry_run else 'Erased'}: {count} records.",
        )
    )
