"""`sites`: what is learnt of a portal from its address alone, and what a changed profile would read."""

from __future__ import annotations

from typing import Annotated

import typer

from service.commands.options import AsJson, session_of
from service.session import FAULT, OK, UNSETTLED, write, write_json


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    sites = typer.Typer(help="Mô tả cổng thông tin.", no_args_is_help=True, rich_markup_mode=None)
    sites.callback()(_sites)
    sites.command("probe")(probe)
    sites.command("test")(reread)
    app.add_typer(sites, name="sites")


def _sites() -> None:
    """Mô tả cổng thông tin: dò một cổng mới, thử lại một mô tả trên các trang đã lưu."""


def probe(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="Địa chỉ trang chủ.")],
    pages: Annotated[int, typer.Option(help="Số yêu cầu nhiều nhất.", min=5, max=500)] = 60,
    as_json: AsJson = False,
) -> None:
    """Dò một cổng chỉ biết địa chỉ: in mô tả sẵn dùng (TOML), độ tin cậy từng trường và lý do."""
    from minhchung.addresses import host_of
    from service.probed import as_json as told
    from service.probed import as_toml
    from service.probing import probe as look

    session = session_of(context)
    if not url.startswith(("http://", "https://")) or not host_of(url):
        message = f"URL: {url!r} is no web address; it begins with http:// or https://"
        raise typer.BadParameter(message)
    found = look(session.settings(), url, pages)
    if as_json:
        write_json(told(found, url, session.say))
    else:
        for line in as_toml(found, url, session.say):
            write(line)
    raise typer.Exit(OK if found.report.state == "ok" and found.learned.lists else UNSETTLED)


def reread(
    context: typer.Context,
    site: Annotated[str, typer.Argument(metavar="SITE", help="Khóa của mô tả, hoặc mã cơ quan.")],
    as_json: AsJson = False,
) -> None:
    """Đọc lại các trang đã lưu bằng mô tả hiện tại; in từng tin, văn bản đọc khác đi (mã 1 nếu có)."""
    from service.site_test import compare, in_words

    session = session_of(context)
    settings = session.settings()
    with session.store(settings) as store:
        found = compare(settings, store, site)
    if as_json:
        write_json(found.as_json())
    else:
        for line in in_words(found, session.say):
            write(line)
    raise typer.Exit(FAULT if found.differences else OK)
