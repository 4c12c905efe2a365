"""`sources sample`: a few dossiers of an agency's own list, looked up where that is allowed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.commands.options import AsJson, session_of
from service.commands.owners_files import source_of
from service.session import FAULT, OK, UNSETTLED, Session, write, write_json

if TYPE_CHECKING:
    from service.sampling import Sampled


def sample(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Danh sách hồ sơ của cơ quan, .xlsx hoặc .csv.")
    ],
    agency: Annotated[str, typer.Option(help="Cơ quan có danh sách này.")],
    seed: Annotated[str, typer.Option(help="Hạt giống chọn mẫu, nên là văn bản công bố trước.")],
    source: Annotated[str, typer.Option("--source", help="Khóa của hệ thống trong sources/.")] = "",
    count: Annotated[int, typer.Option(min=1, help="Số hồ sơ chọn, không quá sampling.most.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Chọn vài hồ sơ trong danh sách của cơ quan, tra cứu, so trạng thái và ngày; tắt khi chưa cho phép."""
    import asyncio

    from service import sampling
    from service.workplace import clock_of

    session = session_of(context)
    settings = session.settings()
    chosen, who = source_of(settings, source, queries=True), settings.agency(agency)
    clock = clock_of(settings)
    sampling.authorised(chosen, clock)
    with session.store(settings, writer=True) as store:
        order = sampling.Order(source=chosen, agency=who, path=file, count=count, seed=seed)
        done = asyncio.run(sampling.sample(settings, store, clock, order))
    _tell(session, done, as_json=as_json)
    silent = any(each.trouble for each in done.looked_up)
    raise typer.Exit(FAULT if done.differences else UNSETTLED if silent else OK)


def _tell(session: Session, done: Sampled, *, as_json: bool) -> None:
    if as_json:
        write_json(
            {
                "record": done.record,
                "seed": done.seed,
                "of": done.of,
                "drawn": list(done.drawn),
                "unanswered": {each.code: each.trouble for each in done.looked_up if each.trouble},
                "differences": [
                    {"code": each.code, "what": each.what, "listed": each.listed, "found": each.found}
                    for each in done.differences
                ],
            }
        )
        return
    vi = f"Chọn {len(done.drawn)} trên {done.of} hồ sơ, hạt giống {done.seed}; bản ghi {done.record}"
    write(
        session.say(
            vi, f"Drew {len(done.drawn)} of {done.of} dossiers, seed {done.seed}; record {done.record}"
        )
    )
    for each in done.looked_up:
        if each.trouble:
            write(
                session.say(
                    f"{each.code}: không tra cứu được: {each.trouble}",
                    f"{each.code}: no answer: {each.trouble}",
                )
            )
    for one in done.differences:
        vi = f"{one.code}: {one.what}: danh sách {one.listed!r}, hệ thống {one.found!r}"
        write(session.say(vi, f"{one.code}: {one.what}: list {one.listed!r}, system {one.found!r}"))
    if not done.differences:
        write(session.say("Không có khác biệt.", "No differences."))
