"""`accuracy`: how right the product is on a province whose truth is known."""

from __future__ import annotations

import typer

from service.commands.options import AsJson, session_of
from service.session import FAULT, OK, write_json


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command("accuracy")(accuracy)


def accuracy(context: typer.Context, as_json: AsJson = False) -> None:
    """Đối chiếu kết luận với sự thật của tỉnh mô phỏng: từng bộ kiểm chứng đúng, sai, sót bao nhiêu."""
    from service.accuracy import accuracy as told_of
    from service.accuracy import truth_of
    from service.accuracy_tables import show_accuracy
    from service.standings import conclude

    session = session_of(context)
    truth = truth_of(session.home)
    settings = session.settings()
    concluded = []
    for _ in range(2):
        # Each time from a store opened anew, so that nothing of the first conclusion helps the second.
        with session.store(settings) as store:
            concluded.append(conclude(settings, store, truth.round))
    told = told_of(truth, *concluded)
    if as_json:
        write_json(told)
    else:
        show_accuracy(told, session.lang)
    right = told["repeatable"] and not told["total"]["mistakes"]
    raise typer.Exit(OK if right else FAULT)
