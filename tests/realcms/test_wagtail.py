"""A portal that is real software and not ours: Wagtail with 200 known items, read as a stranger would."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.realcms.asked import CHECKOUT, config, minhchung

pytestmark = pytest.mark.realcms

SITE = CHECKOUT / "tests" / "env" / "wagtail_site"
STORIES, DOCUMENTS = 150, 50


def known_items() -> list[dict[str, Any]]:
    """The truth: 150 stories and 50 documents that visitors see, and 3 drafts that they do not."""
    items: list[dict[str, Any]] = []
    for n in range(STORIES):
        day = date(2020, 11, 1) + timedelta(days=n * 2)
        items.append(
            {
                "index": "Tin tức",
                "title": f"Bản Thử Nghiệm mở lớp tập huấn số {n + 1} về chuyển đổi số",
                "day": day.isoformat(),
                "intro": f"Lớp số {n + 1} nối tiếp lớp mở ngày {day - timedelta(days=40):%d/%m/%Y} tại bản.",
                "body": f"Nội dung của lớp số {n + 1}, có {n + 20} người dự. " * 6,
                "live": True,
            }
        )
    for n in range(DOCUMENTS):
        issued = date(2021, 1, 4) + timedelta(days=n * 5)
        items.append(
            {
                "index": "Văn bản chỉ đạo điều hành",
                "title": f"Quyết định phê duyệt kế hoạch thử nghiệm đợt {n + 1}",
                "day": (issued + timedelta(days=n % 3)).isoformat(),
                "number": f"{n + 1}/QĐ-STN",
                "issued": issued.isoformat(),
                "issuer": "Sở Thử Nghiệm",
                "abstract": f"Về việc phê duyệt kế hoạch thử nghiệm đợt {n + 1}",
                "live": True,
            }
        )
    drafts = [{**items[n], "title": f"Bản nháp {n}", "live": False} for n in range(3)]
    return items + drafts


@pytest.fixture(scope="module")
def portal(wagtail_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Wagtail portal on a free loopback port; it ends when its standard input closes."""
    folder = tmp_path_factory.mktemp("wagtail") / "site"
    shutil.copytree(SITE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "items.json").write_text(json.dumps(known_items()), encoding="utf-8")
    with subprocess.Popen(
        [str(wagtail_python), "-W", "ignore", "load.py"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "settings", "PYTHONUTF8": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        yield f"http://127.0.0.1:{int(server.stdout.readline())}/"
        server.stdin.close()
        server.wait(timeout=20)


@pytest.mark.parametrize("site", ["", "wagtail-example"])
def test_every_item_of_a_wagtail_portal_is_collected_with_its_exact_day(
    portal: str, site: str, tmp_path: Path
) -> None:
    """The truth is the list that the pages were made from; drafts are not shown and so not collected."""
    config(tmp_path / "config", portal, site)
    minhchung(tmp_path, "collect")
    items = [json.loads(line) for line in minhchung(tmp_path, "items", "--format", "jsonl").splitlines()]
    truth = {item["title"]: item for item in known_items() if item["live"]}
    assert len(items) == len(truth) == STORIES + DOCUMENTS
    assert {item["title"]: item["published"] for item in items} == {
        title: item["day"] for title, item in truth.items()
    }
    for item in items:
        known = truth[item["title"]]
        assert item["kind"] == ("directive" if "number" in known else "news")
        for name in ("number", "issued", "issuer"):
            assert item[name] == known.get(name)
        assert item["summary"] == known.get("abstract", known.get("intro"))
