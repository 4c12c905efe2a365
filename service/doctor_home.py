"""What `doctor` says of the home: there, readable, writable, free, and who is writing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from minhchung.errors import MinhChungError
from service.diagnosis import Diagnosis, sound
from service.workplace import RandomIds, SystemClock
from storage.home import FORMAT, Home
from storage.store import Store

LITTLE_SPACE: Final = 2_000_000_000
NO_SPACE: Final = 50_000_000
"""Bytes: below the one a round may not fit, below the other not even a run."""


def examine(path: Path) -> Iterator[Diagnosis]:
    """Look at the home; one that is not there yet is a remark."""
    home = Home(path)
    if not path.exists():
        yield Diagnosis(
            key="home",
            level="remark",
            text=(f"{path}: chưa có", f"{path}: not there yet"),
            remedy=("demo hoặc collect sẽ tạo", "demo or collect makes it"),
        )
    else:
        yield from _existing_home(home)
    yield from _space(path)


def _existing_home(home: Home) -> Iterator[Diagnosis]:
    if home.path.is_dir() and not home.format.exists():
        yield Diagnosis(
            key="home",
            level="remark",
            text=(
                f"{home}: là thư mục chưa có minh chứng",
                f"{home}: a directory that holds no evidence yet",
            ),
            remedy=("demo hoặc collect sẽ dùng nó", "demo or collect will use it"),
        )
    else:
        try:
            home.require()
            Store(home, SystemClock(), RandomIds(), writer=False).close()
        except MinhChungError as error:
            remedy = (
                "chọn --home khác hoặc phục hồi từ bản sao lưu",
                "choose another --home or restore a backup",
            )
            yield Diagnosis(key="home", level="fault", text=(str(error), str(error)), remedy=remedy)
            return
        version = FORMAT.decode().strip()
        yield sound("home", f"{home}: {version}", f"{home}: {version}")
    if home.path.is_dir() and not os.access(home.path, os.W_OK | os.X_OK):
        yield Diagnosis(
            key="home-writable",
            level="fault",
            text=(f"{home}: không ghi được", f"{home}: cannot be written"),
            remedy=(
                "cấp quyền ghi hoặc chọn --home khác",
                "grant the right to write or choose another --home",
            ),
        )
    yield from _writer(home.writer_pid())


def _writer(pid: int | None) -> Iterator[Diagnosis]:
    if pid is None:
        yield sound("lock", "không có tiến trình nào đang ghi", "nobody is writing")
        return
    who_vi, who_en = (f"tiến trình {pid}", f"process {pid}") if pid else ("một tiến trình", "a process")
    yield Diagnosis(
        key="lock",
        level="remark",
        text=(f"{who_vi} đang ghi vào kho", f"{who_en} is writing to the home"),
        remedy=("lệnh chỉ đọc vẫn chạy; lệnh ghi phải chờ", "reading goes on; whoever writes has to wait"),
    )


def _space(path: Path) -> Iterator[Diagnosis]:
    there = next(each for each in (path.absolute(), *path.absolute().parents) if each.is_dir())
    free = shutil.disk_usage(there).free
    shown = f"{free // 1_000_000} MB"
    text = (f"còn trống {shown} ở {there}", f"{shown} free at {there}")
    if free >= LITTLE_SPACE:
        yield sound("disk", *text)
        return
    remedy = ("dọn chỗ hoặc chọn --home trên ổ khác", "make room or choose a --home on another disk")
    yield Diagnosis(key="disk", level="fault" if free < NO_SPACE else "remark", text=text, remedy=remedy)
