"""`sources`: the service systems, what they can bring, and what they published that cannot all be true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.commands.options import AsJson, RoundName, session_of
from service.commands.owners_files import import_, map_, source_of
from service.commands.sampling import sample
from service.session import FAULT, OK, UNSETTLED, Session, show, write, write_json

if TYPE_CHECKING:
    from minhchung.contradictions import Contradiction, Said


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    group = typer.Typer(help="Hệ thống một cửa và dịch vụ công.", no_args_is_help=True, rich_markup_mode=None)
    group.command("list")(list_)
    group.command("check")(check)
    group.command("findings")(findings)
    group.command("agencies")(agencies)
    group.command("map")(map_)
    group.command("import")(import_)
    group.command("sample")(sample)
    app.add_typer(group, name="sources")


# --- list ------------------------------------------------------------------------------------------


def list_(context: typer.Context, as_json: AsJson = False) -> None:
    """In các hệ thống đã cấu hình: trình đọc, nội dung đọc được, đã chứng minh trên hệ thống thật chưa."""
    from service.plugins import driver

    session = session_of(context)
    rows = []
    for source in session.settings().sources.values():
        able = driver(source.kind, source.driver).capabilities(source)
        rows.append(
            {
                "key": source.key,
                "title": source.title,
                "driver": source.driver,
                "queries": able.queries,
                "topics": sorted(able.topics),
                "shape": able.shape,
                "proven_live": source.proven_live,
                "unproven": source.unproven or None,
                "valid_from": source.valid_from,
                "valid_to": source.valid_to,
            }
        )
    if as_json:
        write_json({"sources": rows})
        return
    for row in rows:
        _show_source(session, row)
    if not rows:
        write(session.say("Cấu hình không có hệ thống nào.", "The configuration has no source."))


def _show_source(session: Session, row: dict[str, Any]) -> None:
    write(f"{row['key']} [{row['driver']}] {row['title']}")
    write(f"  {session.say('đọc được', 'brings')}: {', '.join(row['topics'])}")
    write(f"  {session.say('hình dạng dữ liệu lấy từ', 'shape taken from')}: {row['shape']}")
    if row["unproven"]:
        vi = f"{row['unproven']}: chạy `minhchung sources check {row['key']}` rồi đối chiếu tay"
        en = f"not proven on a live system: run `minhchung sources check {row['key']}`, then compare by hand"
        write(f"  {session.say(vi, en)}")


# --- check -----------------------------------------------------------------------------------------


def check(
    context: typer.Context,
    key: Annotated[str, typer.Argument(metavar="SOURCE", help="Khóa của hệ thống trong sources/.")],
    agency: Annotated[str, typer.Option(help="Hỏi về cơ quan này; mặc định: cơ quan đầu tiên có mã.")] = "",
    round_: RoundName = "",
    as_json: AsJson = False,
) -> None:
    """Hỏi hệ thống thật về một cơ quan và in số liệu cạnh nhãn của nguồn, để đối chiếu tay với màn hình."""
    import asyncio

    from service.proving_sources import prove
    from service.workplace import clock_of, keep_instant

    session = session_of(context)
    settings = session.settings()
    source = source_of(settings, key, queries=True)
    who = settings.agency(agency) if agency else None
    clock = clock_of(settings)
    with session.store(settings, writer=True) as store:
        period = settings.checked_round(round_).period
        proven = asyncio.run(prove(settings, store, clock, source, who, period))
    keep_instant(settings, clock)
    if as_json:
        write_json(proven)
    else:
        _show_proof(session, proven)
    well = all(topic["state"] in {"ok", "empty"} for topic in proven["topics"])
    raise typer.Exit(OK if well else UNSETTLED)


def _show_proof(session: Session, proven: dict[str, Any]) -> None:
    write(f"{proven['source']} · {proven['agency']} · {proven['first']} – {proven['last']}")
    for topic in proven["topics"]:
        write(f"  {topic['topic']}: {topic['state']} {topic['detail']} [{topic['record']}]".rstrip())
    for row in proven["figures"]:
        span = f"{row['first']}..{row['last']}"
        write(f"  {span} {row['label']} = {row['value']} ({row['meaning']}, {row['basis']})")
    for kind, number in proven["counts"].items():
        write(f"  {kind}: {number}")
    if not proven["unproven"]:
        return
    write(session.say(f"Hệ thống này {proven['unproven']}.", "Not proven on a live system."))
    vi = "Đối chiếu từng số với màn hình của hệ thống; khớp cả thì đặt proven_live = true trong sources/."
    en = "Compare every figure with the system's screens; if all agree, set proven_live = true in sources/."
    write(session.say(vi, en))


# --- agencies --------------------------------------------------------------------------------------


def agencies(
    context: typer.Context,
    key: Annotated[str, typer.Argument(metavar="SOURCE", help="Khóa của hệ thống trong sources/.")],
    as_json: AsJson = False,
) -> None:
    """In các đơn vị mà hệ thống liệt kê và đề xuất cơ quan tương ứng; người xác nhận ghi mã vào agencies/."""
    from collectors.proposals import propose_agencies
    from minhchung.agencies import PROVINCE
    from minhchung.observations import SourceAgency
    from minhchung.periods import local_day

    session = session_of(context)
    settings = session.settings()
    with session.store(settings) as store:
        seen = [o for o in store.kept(PROVINCE, ("source_agency",)) if isinstance(o, SourceAgency)]
    seen = [each for each in seen if each.source == key]
    newest = max((each.run for each in seen), default="")
    rows = []
    for body in (each for each in seen if each.run == newest):
        mapped = next((a.code for a in settings.registry.agency if a.identifier(key) == body.identifier), "")
        day = local_day(body.taken_at)
        (near,) = propose_agencies([body.name], settings.registry.agency, key, day)
        rows.append(
            {
                "identifier": body.identifier,
                "name": body.name,
                "mapped": mapped or None,
                "proposed": None if mapped else near.meaning or None,
                "nearness": near.nearness,
            }
        )
    if as_json:
        write_json({"bodies": rows})
    else:
        for row in rows:
            guess = f"{row['proposed']}? ({row['nearness']})" if row["proposed"] else "?"
            write(f"{row['identifier']}  {row['name']}  ->  {row['mapped'] or guess}")
    raise typer.Exit(OK if rows and all(row["mapped"] for row in rows) else UNSETTLED)


# --- findings --------------------------------------------------------------------------------------


def findings(
    context: typer.Context,
    agency: Annotated[str, typer.Option(help="Chỉ một cơ quan; `tinh` cho toàn tỉnh.")] = "",
    round_: RoundName = "",
    as_json: AsJson = False,
) -> None:
    """In mọi mâu thuẫn giữa các số liệu đã công bố, kèm cả hai số và bản ghi; không số nào bị sửa."""
    from minhchung.agencies import PROVINCE
    from service.contradicting import find

    session = session_of(context)
    settings = session.settings()
    if agency and agency != PROVINCE:
        settings.agency(agency)
    with session.store(settings) as store:
        found = find(settings, store, round_)
    if agency:
        found = [each for each in found if each.agency == agency]
    if as_json:
        write_json({"findings": [_plain(each) for each in found]})
    else:
        _show(session, found)
    raise typer.Exit(FAULT if found else OK)


def _plain(each: Contradiction) -> dict[str, Any]:
    return {
        "kind": each.kind,
        "agency": each.agency,
        "about": each.about,
        "text": each.text,
        "one": _side(each.one),
        "other": _side(each.other),
    }


def _side(said: Said) -> dict[str, Any]:
    return {
        "what": said.what,
        "value": said.value,
        "seen": [{"record": place.record, "path": place.path} for place in said.seen],
    }


def _show(session: Session, found: list[Contradiction]) -> None:
    if not found:
        vi = "Không có mâu thuẫn nào giữa các số liệu đã thu thập."
        write(session.say(vi, "Nothing that was collected contradicts itself."))
        return
    from rich.table import Table

    headings = session.say(
        "Cơ quan|Loại|Về|Một bên|Bên kia|Bản ghi", "Agency|Kind|About|One side|Other side|Records"
    )
    table = Table(show_edge=False)
    for heading in headings.split("|"):
        table.add_column(heading, overflow="fold")
    for each in found:
        records = {
            place.record.rpartition(":")[2][:8] for side in (each.one, each.other) for place in side.seen
        }
        table.add_row(
            each.agency,
            each.kind,
            each.about,
            f"{each.one.what} = {each.one.value}",
            f"{each.other.what} = {each.other.value}",
            " ".join(sorted(records)[:2]) + (" …" if len(records) > 2 else ""),
        )
    show(table)
    write(session.say(f"{len(found)} mâu thuẫn", f"{len(found)} contradictions"))
