"""A configuration of three invented agencies under the product's own round, and a home made with it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

PRODUCT: Final = Path(__file__).resolve().parents[2] / "config"
FOLDERS: Final = ("index_sets", "rounds", "calendars", "verifiers")
REGISTRY: Final = """
title = "Danh sách thử"

[[agency]]
code = "so-thu"
name = "Sở Thử"
bloc = "provincial"
portal = "{portal}"

[[agency]]
code = "so-mau"
name = "Sở Mẫu"
bloc = "provincial"
portal = ""
has_procedures = false

[[agency]]
code = "huyen-thu"
name = "UBND huyện Thử"
bloc = "district"
portal = ""

[network]
allow = [{allow}]
delay = 0.0
timeout_connect = 2.0
timeout_read = 5.0
"""


def write_small_config(folder: Path, portal: str = "", allow: str = "") -> Path:
    """Write the configuration; `so-thu` has the portal, `allow` is its `host:port`. Returns the folder."""
    for name in FOLDERS:
        shutil.copytree(PRODUCT / name, folder / name)
    round_ = folder / "rounds" / "2021.toml"
    text = round_.read_text("utf-8")
    assert 'registry = "son-la-2021"' in text
    round_.write_text(text.replace('registry = "son-la-2021"', 'registry = "thu"'), "utf-8")
    (folder / "agencies").mkdir()
    allowed = f'"{allow}"' if allow else ""
    (folder / "agencies" / "thu.toml").write_text(REGISTRY.format(portal=portal, allow=allowed), "utf-8")
    return folder
