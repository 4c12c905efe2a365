"""`prove`: one record's place in the log, as a file that can be checked alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from minhchung.errors import UsageError
from service.commands.options import session_of
from service.session import tell

if TYPE_CHECKING:
    from storage.log import LogFiles


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("prove")(prove)


def prove(
    context: typer.Context,
    record: Annotated[str, typer.Argument(metavar="RECORD", help="Mã bản ghi (urn:uuid:…) hoặc số mục.")],
    out: Annotated[Path, typer.Option(help="Tệp chứng minh (.tlog-proof).")],
) -> None:
    """Ghi chứng minh rằng một bản ghi nằm trong nhật ký đã ký; kiểm tra được mà không cần kho."""
    from service.files import whole_file
    from storage.home import Home
    from storage.log import LogFiles
    from storage.proofs import prove as proof_of
    from storage.proofs import proven
    from storage.rotation import keys_of, read_signed

    session = session_of(context)
    home = Home(session.home)
    home.require()
    files = LogFiles(home.log)
    content = proof_of(files, _leaf_of(files, record)).text()
    keys = keys_of(files)
    proof = proven(content, lambda signed: read_signed(signed, keys))
    with whole_file(out) as stream:
        stream.write(content)
    tell(session.say(f"Đã ghi {out}: mục {proof.index}", f"Wrote {out}: leaf {proof.index}"))


def _leaf_of(files: LogFiles, record: str) -> int:
    """Return the number of the leaf that names a record; the log alone is asked, not the catalogue."""
    if record.isdigit():
        return int(record)
    wanted = f'"id":"{record}"'.encode()
    for number, entry in enumerate(files.lines(files.entries)):
        if wanted in entry:
            return number
    message = f"{record}: the log has no such record; `minhchung explain` names those that a score rests on"
    raise UsageError(message)
