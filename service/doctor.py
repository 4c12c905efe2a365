"""The examination: can this machine, this configuration and this home do the work, and if not, what helps."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sqlite3
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from minhchung import VERSION
from service.diagnosis import Diagnosis, sound

OUR_NAMES: Final = (
    "minhchung",
    "collectors",
    "verifiers",
    "scoring",
    "storage",
    "service",
    "auditor",
    "simulator",
)
"""Top-level packages; another distribution with one of them would overwrite ours."""

PYTHON: Final = (3, 11)
SQLITE: Final = (3, 35)
"""Oldest that has what the catalogue asks for."""

SANE_YEARS: Final = range(2024, 2100)
_NAME: Final = re.compile(r"[A-Za-z0-9._-]+")
BROWSERS: Final = ("google-chrome", "chromium", "chromium-browser")


def examine(home: Path, config: Path | None) -> list[Diagnosis]:
    """Look at everything; never raises for what it finds."""
    machine = [*_python(), *_packages(), *_names(), *_database(), *_clock(), *_browser()]
    if any(each.key == "packages" and each.level == "fault" for each in machine):
        return machine
    # Imported here: without its packages the product could not even say what is missing.
    from service import doctor_config, doctor_home

    return [*machine, *doctor_config.examine(home, config), *doctor_home.examine(home)]


def _python() -> Iterator[Diagnosis]:
    text = f"Python {platform.python_version()}"
    if sys.version_info[:2] < PYTHON:
        remedy = (
            f"cài Python {PYTHON[0]}.{PYTHON[1]} trở lên",
            f"install Python {PYTHON[0]}.{PYTHON[1]} or newer",
        )
        yield Diagnosis(key="python", level="fault", text=(text, text), remedy=remedy)
    else:
        yield sound("python", f"{text}, minhchung {VERSION}", f"{text}, minhchung {VERSION}")


def _packages() -> Iterator[Diagnosis]:
    missing = missing_packages(_required(), _is_installed)
    if not missing:
        yield sound("packages", "đủ các gói phụ thuộc", "every package it stands on is installed")
        return
    told = ", ".join(missing)
    yield Diagnosis(
        key="packages",
        level="fault",
        text=(f"thiếu gói: {told}", f"packages are missing: {told}"),
        remedy=("cài lại từ requirements/base.txt", "install again from requirements/base.txt"),
    )


def _required() -> list[str]:
    """Return what the product says it needs: as installed, else as the checkout's project file says."""
    try:
        return metadata.requires("minhchung") or []
    except metadata.PackageNotFoundError:
        project = Path(__file__).resolve().parent.parent / "pyproject.toml"
        if not project.is_file():
            return []
        needed: list[str] = tomllib.loads(project.read_text("utf-8"))["project"]["dependencies"]
        return needed


def missing_packages(wanted: Iterable[str], installed: Callable[[str], bool]) -> list[str]:
    """Return the required distributions that are not installed; extras and markers are nobody's duty here."""
    plain = [line for line in wanted if ";" not in line]
    names = [_NAME.match(line) for line in plain]
    return [found[0] for found in names if found is not None and not installed(found[0])]


def _is_installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _names() -> Iterator[Diagnosis]:
    intruders = foreign_owners(metadata.packages_distributions())
    if not intruders:
        names = f"{len(OUR_NAMES)} gói của phần mềm không trùng tên với gói nào khác"
        yield sound("package-names", names, f"our {len(OUR_NAMES)} packages share their names with nobody")
        return
    told = ", ".join(f"{name} ({', '.join(owners)})" for name, owners in intruders.items())
    yield Diagnosis(
        key="package-names",
        level="fault",
        text=(f"gói khác dùng cùng tên: {told}", f"another distribution has the same name: {told}"),
        remedy=(
            "cài phần mềm vào một môi trường Python riêng",
            "install the product in an environment of its own",
        ),
    )


def foreign_owners(owners: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return, for each of our names, the distributions beside ours that claim it."""
    foreign = {name: sorted({*owners.get(name, ())} - {"minhchung"}) for name in OUR_NAMES}
    return {name: others for name, others in foreign.items() if others}


def _database() -> Iterator[Diagnosis]:
    text = f"SQLite {sqlite3.sqlite_version}"
    if sqlite3.sqlite_version_info < SQLITE:
        remedy = ("dùng bản Python có SQLite mới hơn", "use a Python with a newer SQLite")
        yield Diagnosis(key="sqlite", level="fault", text=(text, text), remedy=remedy)
    else:
        yield sound("sqlite", text, text)


def _clock() -> Iterator[Diagnosis]:
    try:
        zone = ZoneInfo("Asia/Ho_Chi_Minh")
    except ZoneInfoNotFoundError:
        yield Diagnosis(
            key="clock",
            level="fault",
            text=("không có dữ liệu múi giờ Asia/Ho_Chi_Minh", "no zone data for Asia/Ho_Chi_Minh"),
            remedy=("cài gói tzdata", "install the package tzdata"),
        )
        return
    now = datetime.now(UTC)
    shown = f"{now.astimezone(zone):%d/%m/%Y %H:%M} (UTC+7)"
    if now.year in SANE_YEARS:
        yield sound("clock", f"giờ Việt Nam: {shown}", f"time in Viet Nam: {shown}")
        return
    yield Diagnosis(
        key="clock",
        level="fault",
        text=(f"đồng hồ máy chỉ {shown}", f"the machine's clock says {shown}"),
        remedy=("chỉnh lại đồng hồ trước khi thu thập", "set the clock before anything is collected"),
    )


def _browser() -> Iterator[Diagnosis]:
    named = os.environ.get("MINHCHUNG_BROWSER", "")
    if named and not Path(named).is_file():
        yield Diagnosis(
            key="browser",
            level="fault",
            text=(f"MINHCHUNG_BROWSER: không có tệp {named}", f"MINHCHUNG_BROWSER: {named} is no file"),
            remedy=("sửa hoặc bỏ biến này", "correct the variable or unset it"),
        )
        return
    found = named or find_browser(shutil.which)
    if found:
        yield sound("browser", f"trình duyệt: {found}", f"browser: {found}")
        return
    yield Diagnosis(
        key="browser",
        level="remark",
        text=(
            "không có trình duyệt: cổng cần JavaScript sẽ để điểm còn mở",
            "no browser: points of portals that need JavaScript stay open",
        ),
        remedy=(
            "Debian: apt-get install chromium; nơi khác: playwright install --with-deps chromium",
            "Debian: apt-get install chromium; elsewhere: playwright install --with-deps chromium",
        ),
    )


def find_browser(which: Callable[[str], str | None]) -> str | None:
    """Return a browser of the machine, else one that playwright has fetched, else None."""
    for name in BROWSERS:
        if path := which(name):
            return path
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    found = sorted(path for path in folder.glob("chromium*/**/chrome*") if path.is_file())
    return next((str(path) for path in found if os.access(path, os.X_OK)), None)
