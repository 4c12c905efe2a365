"""A portal made by Pelican, a generator of static sites from PyPI, in the looks that it brings."""

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.realcms.asked import config, minhchung

pytestmark = pytest.mark.realcms

STORIES, DOCUMENTS, LETTERS = 120, 40, 40
KINDS = {"Tin tức": "news", "Văn bản pháp luật": "legal_document", "Chỉ đạo điều hành": "directive"}
SETTINGS = """
AUTHOR, SITENAME, SITEURL, PATH = "Ban Biên tập", "Sở Thử Nghiệm", "", "content"
TIMEZONE, DEFAULT_LANG, DEFAULT_PAGINATION, DISPLAY_CATEGORIES_ON_MENU = "Asia/Ho_Chi_Minh", "vi", 10, True
"""
PAGE = """<html><head><title>{title}</title><meta name="date" content="{day} 08:30">
<meta name="category" content="{category}"><meta name="slug" content="bai-{n}">
<meta name="summary" content="{summary}"></head><body>{body}</body></html>"""


def known_items() -> list[dict[str, Any]]:
    """The truth: stories whose texts name other days, decisions and letters with a table of attributes."""
    items: list[dict[str, Any]] = []
    for n in range(STORIES):
        day = date(2021, 1, 3) + timedelta(days=2 * n)
        summary = f"Lớp số {n + 1} nối tiếp lớp mở ngày {day - timedelta(days=40):%d/%m/%Y} tại bản."
        title = f"Bản Thử Nghiệm mở lớp tập huấn số {n + 1} về chuyển đổi số"
        items.append({"category": "Tin tức", "title": title, "day": day, "summary": summary})
    for n in range(DOCUMENTS + LETTERS):
        issued = date(2021, 2, 1) + timedelta(days=5 * (n % DOCUMENTS))
        category, number, what = (
            ("Văn bản pháp luật", f"{n + 5}/2021/QĐ-UBND", "Ban hành Quy chế thử nghiệm đợt")
            if n < DOCUMENTS
            else ("Chỉ đạo điều hành", f"{n + 5}/STN-VP", "Về việc tăng cường nhiệm vụ thử nghiệm")
        )
        title = f"Văn bản {number}: {what.lower()} {n + 1}"
        items.append(
            {"category": category, "title": title, "day": issued + timedelta(days=n % 3), "number": number,
             "issued": issued, "summary": f"{what} {n + 1} trên địa bàn tỉnh"}
        )  # fmt: skip
    return items


def page(n: int, item: dict[str, Any]) -> str:
    """The source of one item."""
    body = f"<p>{item['summary']}</p><p>Chi tiết xem tại trụ sở từ ngày 31/12/2021.</p>"
    if "number" in item:
        told = (("Số ký hiệu", item["number"]), ("Ngày ban hành", f"{item['issued']:%d/%m/%Y}"))
        body += "<table>" + "".join(f"<tr><td>{k}</td><td>{v}</td></tr>" for k, v in told) + "</table>"
    return PAGE.format(**item, n=n, body=body)


@pytest.fixture(params=["notmyidea", "simple"])
def portal(request: pytest.FixtureRequest, pelican_python: Path, tmp_path: Path) -> Iterator[str]:
    """The site in one of the looks, served on a free loopback port."""
    (tmp_path / "site" / "content").mkdir(parents=True)
    (tmp_path / "site" / "pelicanconf.py").write_text(SETTINGS, encoding="utf-8")
    for n, item in enumerate(known_items()):
        (tmp_path / "site" / "content" / f"{n}.html").write_text(page(n, item), encoding="utf-8")
    subprocess.run(
        [str(pelican_python), "-m", "pelican", "-t", request.param, "-q"],
        cwd=tmp_path / "site",
        env={"PATH": os.environ["PATH"], "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"},
        check=True,
        timeout=60,
    )
    handler = partial(Quiet, directory=str(tmp_path / "site" / "output"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def test_every_item_of_a_static_site_is_collected_with_its_exact_day(portal: str, tmp_path: Path) -> None:
    """With nothing but the home page's address; the truth is the list that the pages were made from."""
    config(tmp_path / "config", portal, "")
    minhchung(tmp_path, "collect")
    items = [json.loads(line) for line in minhchung(tmp_path, "items", "--format", "jsonl").splitlines()]

    assert {
        item["title"]: (item["kind"], item["published"], item["number"], item["issued"]) for item in items
    } == {
        item["title"]: (
            KINDS[item["category"]],
            item["day"].isoformat(),
            item.get("number"),
            item["issued"].isoformat() if "issued" in item else None,
        )
        for item in known_items()
    }
    assert len(items) == STORIES + DOCUMENTS + LETTERS
