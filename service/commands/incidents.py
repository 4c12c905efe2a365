"""`incidents`: when several agencies could not be seen at once, whose matter it was, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from service.commands.options import AsJson, RoundName, session_of
from service.session import FAULT, OK, Session, write, write_json

if TYPE_CHECKING:
    from minhchung.incidents import Incident

_OUTCOMES: Final = {
    "left-out": "none of its visits counts",
    "told": "told only, points stay open",
    "charged": "the agency's own",
    "once": "nobody's yet",
}


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command("incidents")(incidents)


def incidents(
    context: typer.Context,
    agency: Annotated[str, typer.Option(help="Chỉ sự cố chạm tới cơ quan này.")] = "",
    kind: Annotated[str, typer.Option(help="Chỉ loại này: ours, platform hoặc portal.")] = "",
    round_: RoundName = "",
    as_json: AsJson = False,
) -> None:
    """Sự cố trong lúc thu thập: của ta, của nền tảng chung hay của riêng một cổng."""
    from scoring.printed import printed_incident
    from service.measuring import Judge, until

    session = session_of(context)
    if kind and kind not in ("ours", "platform", "portal"):
        message = f"--kind: {kind!r} is none of ours, platform, portal"
        raise typer.BadParameter(message)
    settings = session.settings()
    if agency:
        settings.agency(agency)
    judge = Judge.of(settings, settings.checked_round(round_))
    with session.store(settings) as store:
        found = judge.incidents(store.accounts(until(judge.round)))
    shown = [
        each for each in found if (not kind or each.kind == kind) and (not agency or agency in each.agencies)
    ]
    if as_json:
        write_json({"round": judge.round.id, "incidents": list(map(printed_incident, shown))})
    else:
        _show(session, shown)
    raise typer.Exit(FAULT if shown else OK)


def _show(session: Session, shown: list[Incident]) -> None:
    from scoring.wording import OUTCOMES, days_of

    if not shown:
        write(session.say("Không có sự cố nào.", "There is no incident."))
    for each in shown:
        came = session.say(OUTCOMES[each.outcome], _OUTCOMES[each.outcome])
        write(f"{each.id}  {days_of(each)}  {came}")
        write(f"  {each.ground}")
        write(f"  {', '.join(each.agencies)}")
