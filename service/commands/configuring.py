"""`config`: what was approved, by whom, and what of it stands otherwise now."""

from __future__ import annotations

from typing import Annotated

import typer

from service.commands.options import AsJson, day, session_of
from service.session import OK, UNSETTLED, tell, write, write_json


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    config = typer.Typer(help="Phê duyệt cấu hình.", no_args_is_help=True, rich_markup_mode=None)
    config.callback()(_config)
    config.command("approve")(approve)
    config.command("status")(status)
    config.command("list")(list_)
    app.add_typer(config, name="config")


def _config() -> None:
    """Phê duyệt cấu hình: mỗi lần là một lá của nhật ký, có người, có dòng trước và sau."""


def approve(
    context: typer.Context,
    by: Annotated[str, typer.Option(help="Người phê duyệt, mã trong people.toml.")],
    why: Annotated[str, typer.Option(help="Lý do.")],
    number: Annotated[str, typer.Option(help="Số văn bản, nếu có.")] = "",
    day_: Annotated[str, typer.Option("--day", help="Ngày phê duyệt; mặc định: hôm nay.")] = "",
    as_json: AsJson = False,
) -> None:
    """Phê duyệt cấu hình đang có; điều khác với lần phê duyệt trước được niêm phong kèm."""
    from minhchung.approvals import ConfigApproval
    from minhchung.periods import local_day
    from service.approving import approve as seal
    from service.workplace import clock_of

    session = session_of(context)
    settings = session.settings()
    clock = clock_of(settings)
    on = day(day_) if day_ else local_day(clock.now())
    with session.store(settings, writer=True) as store:
        said = ConfigApproval(by=by, day=on, why=why, number=number)
        record, act = seal(settings, store, clock, said)
    if as_json:
        write_json({"record": record, "changed": list(act.changed), "diff": act.diff})
        return
    for name in act.changed:
        write(name)
    tell(session.say(f"Đã niêm phong {record}", f"Sealed {record}"))


def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Cho biết tệp cấu hình nào khác với lần phê duyệt cuối, từng dòng; mã thoát 3 khi có."""
    from service.config_drift import drift

    session = session_of(context)
    settings = session.settings()
    with session.store(settings) as store:
        found = drift(settings, store)
    if as_json:
        rows = [{"file": each.name, "how": each.how, "lines": list(each.lines)} for each in found or ()]
        write_json({"approved": found is not None, "drift": rows})
    elif found is None:
        write(session.say("Chưa ai phê duyệt cấu hình nào.", "No configuration was ever approved."))
    else:
        for each in found:
            write(f"{each.name}: {_how(session.lang, each.how)}")
            for line in each.lines[2:]:
                write(f"    {line}")
        if not found:
            write(session.say("Cấu hình đúng như đã phê duyệt.", "The configuration is as approved."))
    raise typer.Exit(OK if found == () else UNSETTLED)


def _how(lang: str, how: str) -> str:
    return {"changed": "đã sửa", "new": "mới", "gone": "đã bỏ"}[how] if lang == "vi" else how


def list_(context: typer.Context, as_json: AsJson = False) -> None:
    """In mọi lần phê duyệt cấu hình, cũ trước."""
    from minhchung.approvals import ConfigApproval
    from service.act_records import acts_of, as_plain

    session = session_of(context)
    settings = session.settings()
    with session.store(settings) as store:
        found = list(acts_of(store, ConfigApproval))
    if as_json:
        write_json({"approvals": [{"record": record, **as_plain(each)} for record, each in found]})
        return
    for record, each in found:
        number = f" {each.number}" if each.number else ""
        write(f"{each.day}{number} ({each.by}): {each.why} [{', '.join(each.changed)}] {record}")
