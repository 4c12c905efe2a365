"""`export` and `recompute`: what outsiders verify without us, and what we verify from the sealed bytes up."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, cast, get_args

import typer

from minhchung.errors import UsageError
from service.commands.options import AsJson, RoundName, session_of
from service.session import FAULT, OK, tell, write, write_json


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("export")(export)
    app.command("recompute")(recompute)


def export(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", metavar="FILE.wacz", help="Tệp sẽ ghi.")],
    kind: Annotated[str, typer.Option("--class", help="full, party hoặc public.")],
    agency: Annotated[str, typer.Option("--agency", help="Chỉ một cơ quan.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Mọi cơ quan của đợt.")] = False,
    round_: RoundName = "",
) -> None:
    """Xuất gói minh chứng để người ngoài tự kiểm chứng bằng minhchung-verify, không cần máy chủ của ta."""
    from service.bundle import BundleClass
    from service.bundle import export as write_bundle
    from service.files import whole_file
    from service.workplace import clock_of
    from storage.access import note_access

    session = session_of(context)
    if bool(agency) == everything:
        raise UsageError("export needs one of --agency CODE and --all")
    if kind not in get_args(BundleClass):
        raise UsageError(f"--class: {kind!r} is none of full, party, public")
    settings = session.settings()
    if kind != "public":
        # Sealed payloads leave as they are: that is written down first.
        at, who = clock_of(settings).now(), str(os.getuid())
        note_access(settings.home, at, way="export", who=who, what=str(out), shown=kind)
    with session.store(settings) as store, whole_file(out) as stream:
        done = write_bundle(
            settings, store, stream, kind=cast("BundleClass", kind), agency=agency, round_name=round_
        )
    tell(
        session.say(
            f"{out}: {done.agencies} cơ quan, {done.members} bản ghi, {done.withheld} được giữ lại, "
            f"dưới điểm niêm phong {done.checkpoint_size}.",
            f"{out}: {done.agencies} agencies, {done.members} records, {done.withheld} withheld, "
            f"under the checkpoint of size {done.checkpoint_size}.",
        )
    )
    if done.secret:
        names, number = ", ".join(done.secret), len(done.secret)
        tell(
            session.say(
                f"Có dấu độ mật, không xuất ra khỏi kho: {number} bản ghi: {names}.",
                f"Under a stamp of state secrecy, kept in the house: {number} records: {names}.",
            )
        )


def recompute(context: typer.Context, round_: RoundName = "", as_json: AsJson = False) -> None:
    """Đọc lại mọi bản ghi đã niêm phong và tính lại tất cả; mã thoát 1 nếu có sai khác."""
    from service.recomputing import recompute as recomputed

    session = session_of(context)
    settings = session.settings()
    with session.store(settings) as store:
        done = recomputed(settings, store, round_)
    different = bool(done.differences)
    if as_json:
        write_json(
            {
                "verdict": "different" if different else "reproduced",
                "records": done.records,
                "agencies": done.agencies,
                "differences": [asdict(each) for each in done.differences],
            }
        )
        raise typer.Exit(FAULT if different else OK)
    for each in done.differences:
        where = ", ".join(part for part in (each.agency, each.component, each.path) if part)
        old, new = str(each.printed)[:200], str(each.recomputed)[:200]
        write(
            session.say(f"{where}: đã lưu {old}; tính lại {new}", f"{where}: stored {old}; recomputed {new}")
        )
    count, agencies = done.records, done.agencies
    if different:
        write(session.say("Có sai khác.", "There are differences."))
    else:
        write(
            session.say(
                f"Đã tái lập từ {count} bản ghi: quan sát, điểm, thứ hạng của {agencies} cơ quan đều khớp.",
                f"Reproduced from {count} records: what was seen, points, places of {agencies} agencies.",
            )
        )
    raise typer.Exit(FAULT if different else OK)
