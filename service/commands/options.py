"""Options that several commands share."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from minhchung.errors import UsageError
from service.session import Session

AsJson = Annotated[bool, typer.Option("--json", help="Kết quả dạng JSON trên stdout.")]
RoundName = Annotated[str, typer.Option("--round", help="Đợt đánh giá; mặc định: đợt duy nhất.")]
Codes = Annotated[list[str] | None, typer.Argument(metavar="AGENCY", help="Mã cơ quan; bỏ trống: tất cả.")]


Number = Annotated[str, typer.Option(help="Số văn bản, ví dụ 1379/STTTT-CNTT.")]
DayOf = Annotated[str, typer.Option("--day", help="Ngày văn bản, ví dụ 2021-10-11.")]
By = Annotated[str, typer.Option(help="Người thực hiện.")]


def day(text: str) -> date:
    """Return the day of an ISO text; raises UsageError."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no day such as 2021-10-11") from error


def session_of(context: typer.Context) -> Session:
    """Return what the call was told before the command's own words."""
    session: Session = context.obj
    return session
