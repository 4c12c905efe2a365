"""The command line: parse, one call, print, exit code. Every import of weight waits for its command."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal, cast

import typer

from minhchung import VERSION, errors
from service.commands import (
    accuracy,
    appraising,
    archive,
    bundle,
    collecting,
    configuring,
    demonstration,
    incidents,
    index_sets,
    keys,
    ledger,
    observing,
    outlook,
    proving,
    registries,
    reporting,
    rounds,
    serving,
    sites,
    snapshots,
    sources,
    stamping,
    storage,
    witnessing,
)
from service.session import FAULT, UNSETTLED, USAGE, Session, default_home, tell

app = typer.Typer(
    name="minhchung",
    help="Kiểm chứng mức độ Chính quyền số: từ danh sách cơ quan đến bảng xếp hạng có minh chứng.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"minhchung {VERSION}")
        raise typer.Exit


@app.callback()
def begin(
    context: typer.Context,
    home: Annotated[Path | None, typer.Option(help="Thư mục lưu minh chứng (hoặc MINHCHUNG_HOME).")] = None,
    config: Annotated[Path | None, typer.Option(help="Thư mục cấu hình (hoặc MINHCHUNG_CONFIG).")] = None,
    lang: Annotated[str, typer.Option(help="Ngôn ngữ kết quả: vi hoặc en.")] = "vi",
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="In phiên bản rồi thoát.")
    ] = False,
) -> None:
    """Kiểm chứng mức độ Chính quyền số: từ danh sách cơ quan đến bảng xếp hạng có minh chứng."""
    if lang not in {"vi", "en"}:
        message = f"--lang: {lang!r} is neither vi nor en"
        raise typer.BadParameter(message)
    language = cast("Literal['vi', 'en']", lang)
    context.obj = Session(home=home or default_home(), config=config, lang=language)


for _room in (
    demonstration,
    collecting,
    sites,
    reporting,
    ledger,
    incidents,
    outlook,
    accuracy,
    snapshots,
    sources,
    archive,
    bundle,
    index_sets,
    registries,
    rounds,
    configuring,
    appraising,
    observing,
    serving,
    storage,
    keys,
    proving,
    stamping,
    witnessing,
):
    _room.register(app)


def _hoist(arguments: list[str]) -> list[str]:
    """Move `--lang X` to the front, so that it may stand anywhere."""
    found: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word == "--lang":
            value = next(words, None)
            if value is None:
                return [word]  # alone, so that what is said is that its value is missing
            found += [word, value]
        elif word.startswith("--lang="):
            found.append(word)
        else:
            rest.append(word)
    return found + rest


def exit_code(error: errors.MinhChungError) -> int:
    """Return the exit code of a deliberate error: usage 2, damage 1, could not say 3."""
    match error:
        case errors.ConfigError() | errors.UsageError() | errors.SubmissionError():
            return USAGE
        case errors.CollectionError():
            return UNSETTLED
        case _:
            return FAULT


def run(arguments: list[str]) -> None:
    """Run the command line; every deliberate error is one sentence on stderr and a fitting exit code."""
    try:
        app(args=_hoist(arguments), prog_name="minhchung")
    except errors.MinhChungError as error:
        tell(f"minhchung: {error}")
        sys.exit(exit_code(error))
    except KeyboardInterrupt:
        tell("minhchung: dừng theo yêu cầu (interrupted)")
        sys.exit(130)
