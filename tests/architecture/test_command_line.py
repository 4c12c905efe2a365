"""The command line: quick to answer, and every command can be looked up."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
import typer

from tests.architecture.tree import CHECKOUT

HEAVY = {
    "sqlalchemy",
    "sqlmodel",
    "alembic",
    "httpx",
    "httpcore",
    "playwright",
    "fastapi",
    "selectolax",
    "docx",
}
ASK_FOR_HELP = """
import sys
sys.argv = ["minhchung", *sys.argv[1:]]
from service.cli import main
try:
    main()
finally:
    sys.stderr.write("\\n".join(sys.modules))
"""


@pytest.mark.parametrize("words", [["--help"], ["rank", "--help"], ["--version"]])
def test_help_does_not_load_the_product(words: list[str]) -> None:
    """Whoever only asks what there is must not wait for a database driver and a browser."""
    asked = [sys.executable, "-c", ASK_FOR_HELP, *words]
    done = subprocess.run(asked, cwd=CHECKOUT, capture_output=True, text=True, encoding="utf-8", check=False)
    loaded = set(done.stderr.splitlines())

    assert done.returncode == 0
    assert "minhchung" in done.stdout
    assert "service.cli" in loaded
    assert loaded & HEAVY == set()


def commands(group: object, before: str = "") -> Iterator[str]:
    """Yield the full name of every command, `submissions import` included."""
    for name, command in sorted(getattr(group, "commands", {}).items()):
        if getattr(command, "commands", None):
            yield from commands(command, f"{before}{name} ")
        elif not command.hidden:
            yield f"{before}{name}"


def test_every_command_is_in_the_reference() -> None:
    """docs/reference/cli.md names each command as it is typed."""
    from service.cli import app

    page = (CHECKOUT / "docs" / "reference" / "cli.md").read_text("utf-8")
    names = list(commands(typer.main.get_command(app)))

    assert {"demo", "rank", "verify", "serve", "doctor", "submissions import", "decision check"} <= set(names)
    assert [name for name in names if f"minhchung {name}" not in page and f"`{name}" not in page] == []
