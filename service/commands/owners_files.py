"""`sources map` and `sources import`: what the owner of a system exported, read as a person has confirmed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from minhchung.errors import UsageError
from service.commands.options import AsJson, session_of
from service.session import FAULT, OK, UNSETTLED, Session, show, write, write_json

if TYPE_CHECKING:
    from collectors.proposals import Proposal
    from minhchung.mappings import CoveringLetter
    from minhchung.sources import Source
    from service.export_mappings import Proposed
    from service.exports import Imported
    from service.settings import Settings

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="Tệp .xlsx hoặc .csv của chủ quản.")]
SourceKey = Annotated[str, typer.Option("--source", help="Khóa của hệ thống trong sources/.")]
Sheet = Annotated[str, typer.Option(help="Tên trang tính; mặc định: trang đầu tiên có bảng số liệu.")]
STATES = ("valid", "invalid", "none", "unknown")


def source_of(settings: Settings, key: str, *, queries: bool) -> Source:
    """Return a source whose driver asks, or waits for what is sent; raises UsageError for another one."""
    from service.plugins import driver

    fitting = [
        source
        for source in settings.sources.values()
        if driver(source.kind, source.driver).capabilities(source).queries is queries
    ]
    known = ", ".join(source.key for source in fitting) or "chưa có"
    chosen = [source for source in fitting if source.key == key] if key else fitting
    if len(chosen) != 1:
        message = f"--source: {key!r} không chỉ đúng một hệ thống dùng được ở đây; dùng một trong: {known}"
        raise UsageError(message)
    return chosen[0]


def map_(
    context: typer.Context,
    file: FileArgument,
    source: SourceKey = "",
    sheet: Sheet = "",
    said: Annotated[
        list[str] | None, typer.Option("--set", help="'Tên cột=nghĩa'; để trống nghĩa: bỏ cột. Lặp lại được.")
    ] = None,
    bodies: Annotated[
        list[str] | None, typer.Option("--agency", help="'Tên đơn vị=mã cơ quan'. Lặp lại được.")
    ] = None,
    printed: Annotated[
        list[str] | None, typer.Option("--rate", help="'Tên cột tỷ lệ=tử/mẫu' bằng các nghĩa. Lặp lại được.")
    ] = None,
    definition: Annotated[str, typer.Option(help="Định nghĩa số liệu theo chủ quản.")] = "",
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Xác nhận và ghi nhớ theo dòng tiêu đề.")
    ] = False,
    by: Annotated[str, typer.Option(help="Người xác nhận.")] = "",
    as_json: AsJson = False,
) -> None:
    """Đề xuất cột nào là số liệu nào; có người --confirm mới ghi nhớ, theo mã băm của dòng tiêu đề."""
    from minhchung.periods import local_day
    from service import export_mappings
    from service.workplace import clock_of

    session = session_of(context)
    settings = session.settings()
    today = local_day(clock_of(settings).now())
    proposed = export_mappings.propose(
        settings, source_of(settings, source, queries=False), file, _end_of(settings, today), sheet
    )
    kept = ""
    if confirm:
        if not by.strip():
            message = "--confirm cần --by: ai xác nhận cách hiểu các cột này"
            raise UsageError(message)
        agencies = _pairs(bodies, "--agency")
        for code in filter(None, agencies.values()):
            settings.agency(code)
        mapping = export_mappings.confirmed(
            proposed,
            _pairs(said, "--set"),
            agencies,
            printed=_pairs(printed, "--rate"),
            title=file.name,
            definition=definition,
            confirmed_by=by.strip(),
            confirmed_on=today,
        )
        kept = str(export_mappings.keep_mapping(settings, mapping))
    _tell(session, proposed, kept, as_json=as_json)
    open_ = [p for p in (*proposed.columns, *proposed.bodies) if p.text and p.nearness < 100]
    raise typer.Exit(OK if confirm or proposed.known or not open_ else UNSETTLED)


def _end_of(settings: Settings, today: date) -> date:
    """Return the last day of the only round's period, else today: whose names a file speaks of."""
    rounds = settings.round_ids()
    return settings.checked_round(rounds[0]).period.last if len(rounds) == 1 else today


def _pairs(given: list[str] | None, option: str) -> dict[str, str]:
    pairs = {}
    for each in given or ():
        name, equals, value = each.rpartition("=")
        if not equals or not name.strip():
            message = f"{option}: {each!r} không có dạng 'Tên=giá trị'"
            raise UsageError(message)
        pairs[name.strip()] = value.strip()
    return pairs


def _row(proposal: Proposal) -> dict[str, Any]:
    return {"text": proposal.text, "meaning": proposal.meaning, "nearness": proposal.nearness}


def _tell(session: Session, proposed: Proposed, kept: str, *, as_json: bool) -> None:
    known = proposed.known
    if as_json:
        write_json(
            {
                "sheet": proposed.export.sheet,
                "digest": proposed.export.digest,
                "columns": [_row(each) for each in proposed.columns if each.text],
                "agencies": [_row(each) for each in proposed.bodies],
                "confirmed_by": known.confirmed_by if known else None,
                "written": kept or None,
            }
        )
        return
    from rich.table import Table

    for title, proposals in (
        (session.say("Cột", "Column"), proposed.columns),
        (session.say("Đơn vị", "Body"), proposed.bodies),
    ):
        table = Table(show_edge=False)
        for heading in (title, session.say("Đề xuất", "Proposed"), session.say("Độ gần", "Nearness")):
            table.add_column(heading, overflow="fold")
        for each in proposals:
            if each.text:
                near = f"{each.nearness}" if each.meaning else "—"
                table.add_row(each.text, each.meaning or "?", near)
        show(table)
    if kept:
        write(session.say(f"Đã ghi {kept}", f"Wrote {kept}"))
    elif known:
        vi = f"Tiêu đề này đã được {known.confirmed_by} xác nhận ngày {known.confirmed_on}"
        write(session.say(vi, f"Confirmed by {known.confirmed_by} on {known.confirmed_on}"))
    else:
        vi = (
            "Chưa ghi nhớ gì. Độ gần 100 được nhận; mục khác nói bằng --set, --agency; rồi --confirm --by TÊN"
        )
        en = "Nothing kept. Nearness 100 counts; say the rest by --set, --agency; then --confirm --by NAME"
        write(session.say(vi, en))


def import_(
    context: typer.Context,
    file: FileArgument,
    number: Annotated[str, typer.Option("--letter", help="Số, ký hiệu công văn của chủ quản.")],
    day: Annotated[str, typer.Option("--letter-date", help="Ngày công văn, YYYY-MM-DD.")],
    signer: Annotated[str, typer.Option(help="Người ký công văn.")],
    first: Annotated[str, typer.Option("--from", help="Ngày đầu của số liệu, YYYY-MM-DD.")],
    last: Annotated[str, typer.Option("--to", help="Ngày cuối của số liệu, YYYY-MM-DD.")],
    signature: Annotated[
        str, typer.Option(help="Chữ ký số đã kiểm tra: valid, invalid, none; unknown: chưa ai kiểm tra.")
    ] = "unknown",
    letter_file: Annotated[Path | None, typer.Option(help="Tệp công văn, được niêm phong cùng.")] = None,
    source: SourceKey = "",
    sheet: Sheet = "",
    as_json: AsJson = False,
) -> None:
    """Nhập tệp chủ quản xuất ra, kèm công văn; tệp, công văn và từng dòng của mỗi cơ quan được niêm phong."""
    import hashlib

    from minhchung.mappings import CoveringLetter, SignatureState
    from minhchung.periods import Period
    from service.exports import Delivery, import_export
    from service.workplace import clock_of

    session = session_of(context)
    if signature not in STATES:
        message = f"--signature: {signature!r} is none of {', '.join(STATES)}"
        raise UsageError(message)
    settings = session.settings()
    body = _letter(letter_file)
    letter = CoveringLetter(
        number=number.strip(),
        day=_day(day, "--letter-date"),
        signer=signer.strip(),
        signature=cast("SignatureState", signature),
        file_sha256=hashlib.sha256(body).hexdigest() if body else "",
        marked=b"/ByteRange" in body,
    )
    sent = Delivery(
        source=source_of(settings, source, queries=False),
        path=file,
        letter=letter,
        letter_file=body,
        period=Period(*_checked(letter, _day(first, "--from"), _day(last, "--to"))),
        sheet=sheet,
    )
    with session.store(settings, writer=True) as store:
        imported = import_export(settings, store, clock_of(settings), sent)
    _report(session, imported, as_json=as_json)
    raise typer.Exit(
        FAULT if imported.totals or imported.contradiction else UNSETTLED if imported.unmapped else OK
    )


def _checked(letter: CoveringLetter, first: date, last: date) -> tuple[date, date]:
    """Return the span of the figures; raises UsageError where the letter cannot be what binds them."""
    if not letter.number or not letter.signer:
        message = "--letter, --signer: số liệu phải gắn với số công văn và người ký"
    elif last < first:
        message = f"--to {last} đứng trước --from {first}"
    elif letter.day < last:
        message = f"--letter-date {letter.day}: công văn có trước ngày cuối của số liệu ({last})"
    else:
        return first, last
    raise UsageError(message)


def _letter(path: Path | None) -> bytes:
    try:
        return path.read_bytes() if path is not None else b""
    except OSError as error:
        message = f"--letter-file {path}: không đọc được ({error.strerror})"
        raise UsageError(message) from error


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        message = f"{option}: {text!r} không phải ngày dạng YYYY-MM-DD"
        raise UsageError(message) from error


def _report(session: Session, imported: Imported, *, as_json: bool) -> None:
    if as_json:
        write_json(
            {
                "record": imported.record or None,
                "new": imported.new,
                "rows": imported.rows,
                "agencies": list(imported.agencies),
                "unmapped": list(imported.unmapped),
                "totals": [
                    {"meaning": meaning, "printed": printed, "summed": summed}
                    for meaning, printed, summed in imported.totals
                ],
                "letter_file": imported.look.plain() if imported.look is not None else None,
                "contradiction": imported.contradiction or None,
            }
        )
        return
    state = session.say(
        "đã nhập" if imported.new else "đã có, không đổi", "imported" if imported.new else "known"
    )
    write(f"{state}: {imported.rows} dòng, {len(imported.agencies)} cơ quan")
    if imported.contradiction:
        write(session.say("Mâu thuẫn", "Contradiction") + f": {imported.contradiction}")
    elif imported.look is not None:
        from service.letters import words

        write(words(imported.look))
    for meaning, printed, summed in imported.totals:
        write(
            session.say(
                f"Tổng {meaning} in {printed}, cộng các dòng được {summed}",
                f"Total {meaning}: printed {printed}, rows add up to {summed}",
            )
        )
    for name in imported.unmapped:
        vi = f"Chưa gắn với cơ quan nào, không tính: {name}"
        write(session.say(vi, f"Nobody is confirmed for, and it counts nowhere: {name}"))
