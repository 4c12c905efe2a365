"""A portal that is real software and not ours, made by its scripts: Vue and Quasar, read by a stranger."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

CHECKOUT = Path(__file__).resolve().parents[2]
SITE = CHECKOUT / "tests" / "env" / "vue_site"
NEWS, DOCUMENTS, DIRECTIVES = 26, 24, 20


def known_items() -> list[dict[str, Any]]:
    """The truth, newest first: stories behind a button, documents without end, directives by number."""
    items: list[dict[str, Any]] = []
    for n in range(NEWS):
        day = date(2021, 11, 12) - timedelta(days=n * 3)
        items.append(
            {
                "id": f"tin-{900 - n}",
                "list": "news",
                "title": f"Sở Thử Nghiệm mở lớp tập huấn số {n + 1} về chuyển đổi số",
                "day": day.isoformat(),
                "body": [f"Lớp số {n + 1} nối tiếp lớp mở ngày {day - timedelta(days=40):%d/%m/%Y}. " * 5]
                * 2,
            }
        )
    for n in range(DOCUMENTS + DIRECTIVES):
        issued = date(2021, 11, 10) - timedelta(days=n * 4)
        form, sign = ("Quyết định", "QĐ-UBND") if n < DOCUMENTS else ("Công văn", "STN-VP")
        items.append(
            {
                "id": f"vb-{500 - n}",
                "list": "document" if n < DOCUMENTS else "directive",
                "title": f"{form} về việc phê duyệt kế hoạch thử nghiệm đợt {n + 1}",
                "day": (issued + timedelta(days=n % 3)).isoformat(),
                "number": f"{n + 1}/{sign}",
                "issued": issued.isoformat(),
                "issuer": "Sở Thử Nghiệm",
                "body": [f"Kế hoạch đợt {n + 1} được phê duyệt như sau. " * 8],
            }
        )
    return items


@pytest.fixture(scope="module")
def portal(vue_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The portal on a free loopback port; it ends when its standard input closes."""
    folder = tmp_path_factory.mktemp("vue") / "site"
    shutil.copytree(SITE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "items.json").write_text(json.dumps(known_items()), encoding="utf-8")
    with subprocess.Popen(
        [str(vue_python), "serve.py"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONUTF8": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        yield f"http://127.0.0.1:{int(server.stdout.readline())}"
        server.stdin.close()
        server.wait(timeout=20)


def minhchung(folder: Path, *words: str) -> str:
    """Run a command of the product as a user would."""
    places = ["--home", str(folder / "home"), "--config", str(folder / "config")]
    done = subprocess.run(
        [sys.executable, "-m", "service.cli", *places, *words],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
        timeout=250,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def configure(folder: Path, home: str) -> None:
    """Write a configuration of one agency of which only the home address is known."""
    (folder / "config" / "agencies").mkdir(parents=True)
    (folder / "config" / "agencies" / "thu-nghiem.toml").write_text(
        f"""
[[agency]]
code = "so-thu-nghiem"
name = "Sở Thử Nghiệm"
bloc = "so"
portal = "{home}"

[network]
allow = ["{home.removeprefix("http://").partition("/")[0]}"]
delay = 0.0
""",
        encoding="utf-8",
    )


def collected(folder: Path) -> dict[str, Any]:
    """Collect what the lists hold and return the account of the visit."""
    (account,) = json.loads(minhchung(folder, "collect", "--scope", "lists", "--json"))["agencies"]
    assert account["state"] == "ok"
    return dict(account)


@pytest.mark.parametrize("entrance", ["/", "/hash/"])
def test_every_item_of_a_portal_made_by_scripts_is_collected_with_its_exact_day(
    portal: str, entrance: str, tmp_path: Path
) -> None:
    """The truth is what the portal was given; routes in the path or after "#", only the address is known."""
    configure(tmp_path, portal + entrance)
    first = collected(tmp_path)
    items = [json.loads(line) for line in minhchung(tmp_path, "items", "--format", "jsonl").splitlines()]
    truth = {item["title"]: item for item in known_items()}
    kinds = {"news": "news", "document": "legal_document", "directive": "directive"}

    assert len(items) == len(truth) == NEWS + DOCUMENTS + DIRECTIVES
    assert {item["title"]: item["published"] for item in items} == {t: i["day"] for t, i in truth.items()}
    for item in items:
        known = truth[item["title"]]
        assert item["kind"] == kinds[known["list"]]
        for name in ("number", "issued", "issuer"):
            assert item[name] == known.get(name)
    # What is known is not opened again, also where the server is asked for one address only.
    assert collected(tmp_path)["attempts"] * 4 < first["attempts"]
