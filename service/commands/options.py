"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from service.session import Session

AsJson = Annotated[bool, typer.Option("--json", help="Kết quả dạng JSON trên stdout.")]
RoundName = Annotated[str, typer.Option("--round", help="Đợt đánh giá; mặc định: đợt duy nhất.")]
Codes = Annotated[list[str] | None, typer.Argument(metavar="AGENCY", help="Mã cơ quan; bỏ trống: tất cả.")]


def session_of(context: typer.Context) -> Session:
    """Return what the call was told before the command's own words."""
    session: Session = context.obj
    return session
