"""The command line called in this process: its exit code and what it said."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from service.cli import main


@dataclass(frozen=True, slots=True)
class Said:
    """How one call ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What stdout says as one JSON document."""
        return json.loads(self.out)

    def sentence(self) -> str:
        """Return the one line on stderr that a deliberate error is."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("minhchung: ")
        assert self.out == ""
        return lines[0].removeprefix("minhchung: ")


Call = Callable[..., Said]


def caller(capsys: pytest.CaptureFixture[str]) -> Call:
    """Return what calls the command line with these words."""

    def call(*words: object) -> Said:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([os.fspath(word) if isinstance(word, Path) else str(word) for word in words])
        said = capsys.readouterr()
        code = ended.value.code
        assert code is None or isinstance(code, int)
        return Said(code or 0, said.out, said.err)

    return call
