"""`differences`: the ledger of claims, measurements and owners' figures, filtered and exported."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from service.commands.options import AsJson, RoundName, session_of
from service.session import tell, write, write_json

Filter = list[str] | None


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command("differences")(differences)


def differences(
    context: typer.Context,
    agency: Annotated[Filter, typer.Option(help="Chỉ cơ quan này; nhiều lần được.")] = None,
    component: Annotated[Filter, typer.Option(help="Chỉ thành phần này.")] = None,
    finding: Annotated[Filter, typer.Option(help="Chỉ kết luận này, ví dụ false_claim.")] = None,
    ground: Annotated[Filter, typer.Option(help="Chỉ căn cứ này, ví dụ corrected.")] = None,
    cause: Annotated[Filter, typer.Option(help="Chỉ nguyên nhân này, ví dụ duplicate.")] = None,
    crossing: Annotated[bool, typer.Option("--crossing", help="Chỉ chênh lệch qua một bậc, ngưỡng.")] = False,
    out: Annotated[Path | None, typer.Option(help="Ghi ra tệp CSV.")] = None,
    round_: RoundName = "",
    as_json: AsJson = False,
) -> None:
    """Sổ chênh lệch: số tự báo cáo, số đo, số của chủ quản, số nào tính điểm, vì sao khác."""
    from scoring.ledger import Entry, as_csv, ledger
    from service.files import whole_file
    from service.standings import conclude

    session = session_of(context)
    settings = session.settings()
    with session.store(settings) as store:
        concluded = conclude(settings, store, round_)
    places = [place for bloc in concluded.standing.blocs for place in bloc.places]

    def wanted(entry: Entry) -> bool:
        return (
            (not agency or entry.agency in agency)
            and (not component or entry.component in component)
            and (not finding or entry.finding in finding)
            and (not ground or entry.ground in ground)
            and (not cause or bool(set(cause) & set(entry.causes)))
            and (not crossing or entry.crosses)
        )

    found = [entry for entry in ledger(places, concluded.set_of) if wanted(entry)]
    if out is not None:
        with whole_file(out) as stream:
            stream.write(as_csv(found).encode("utf-8-sig"))
        tell(session.say(f"Đã ghi {out}: {len(found)} dòng", f"Wrote {out}: {len(found)} lines"))
    elif as_json:
        write_json({"round": concluded.round.id, "entries": [asdict(entry) for entry in found]})
    else:
        for each in found:
            why = f" [{', '.join(each.causes)}]" if each.causes else ""
            write(f"{each.agency} {each.component} {each.ground}/{each.finding}{why}: {each.difference}")
