"""A portal of five news items with a day each, and the one file of configuration that finds it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

DAYS: Final = tuple(date(2021, 10, 10 + number) for number in range(1, 6))
_PAGE: Final = '<html lang="vi"><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>'


def _title(number: int) -> str:
    return f"Sở Thử làm việc thử lần thứ {number}"


def pages() -> dict[str, str]:
    """Return the portal's pages by path: a home page, a list of news, the items."""
    rows = "".join(
        f'<li><a href="/tin-tuc/bai-{n}">{_title(n)}</a> <span class="date">{day:%d/%m/%Y}</span></li>'
        for n, day in enumerate(DAYS, start=1)
    )
    found = {
        "/": _PAGE.format(title="Sở Thử", body='<nav><a href="/tin-tuc">Tin tức</a></nav>'),
        "/tin-tuc": _PAGE.format(title="Tin tức - Sự kiện", body=f"<ul>{rows}</ul>"),
    }
    for n, day in enumerate(DAYS, start=1):
        body = f'<span class="date">{day:%d/%m/%Y}</span><div><p>Nội dung của bài thử lần thứ {n}.</p></div>'
        found[f"/tin-tuc/bai-{n}"] = _PAGE.format(title=_title(n), body=body)
    return found


def titles() -> dict[str, date]:
    """Return the day of every item by its title."""
    return {_title(n): day for n, day in enumerate(DAYS, start=1)}


MINIMAL: Final = """
[[agency]]
code = "so-thu"
name = "Sở Thử"
bloc = "provincial"
portal = "{portal}"

[network]
allow = ["{allow}"]
delay = 0.0
timeout_connect = 2.0
timeout_read = 5.0
"""


def write_minimal_config(folder: Path, port: int, portal: str = "") -> Path:
    """Write the one file; returns the configuration's folder."""
    (folder / "agencies").mkdir(parents=True)
    address = f"127.0.0.1:{port}"
    text = MINIMAL.format(portal=portal or f"http://{address}/", allow=address)
    (folder / "agencies" / "x.toml").write_text(text, "utf-8")
    return folder
