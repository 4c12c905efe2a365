"""The product as a user runs it on a portal that a test serves: one agency, its address, nothing else."""

import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


def config(folder: Path, home: str, site: str) -> Path:
    """A configuration of one file with one agency; with `site` also that profile of the product."""
    (folder / "agencies").mkdir(parents=True)
    named = f'site = "{site}"' if site else ""
    (folder / "agencies" / "thu-nghiem.toml").write_text(
        f"""
[[agency]]
code = "so-thu-nghiem"
name = "Sở Thử Nghiệm"
bloc = "so"
portal = "{home}"
{named}

[network]
allow = ["{home.removeprefix("http://").rstrip("/")}"]
delay = 0.0
""",
        encoding="utf-8",
    )
    if site:
        (folder / "sites").mkdir()
        shutil.copy(CHECKOUT / "config" / "sites" / f"{site}.toml", folder / "sites")
    return folder


def minhchung(folder: Path, *words: str) -> str:
    """Run a command of the product as a user would."""
    done = subprocess.run(
        [
            sys.executable, "-m", "service.cli",
            "--home", str(folder / "home"), "--config", str(folder / "config"),
            *words,
        ],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout
