"""The help that is ready to print is the help that the application would print."""

from __future__ import annotations

import pytest

from service.application import run
from service.cli import HELP


def test_the_help_text_is_what_the_application_prints(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written anew by: COLUMNS=80 python -c 'from service.application import run; run(["--help"])'."""
    monkeypatch.setenv("COLUMNS", "80")

    with pytest.raises(SystemExit) as ended:
        run(["--help"])

    assert ended.value.code == 0
    assert capsys.readouterr().out == HELP.read_text("utf-8")
