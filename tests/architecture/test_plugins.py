"""The plug-in promise: one file that ends in its constant, looked up by its file name."""

import ast
import importlib
from pathlib import Path

import pytest

from tests.architecture.tree import CHECKOUT

PROMISES = {
    "collectors/platforms": "PLATFORM",
    "collectors/onestop": "DRIVER",
    "collectors/services": "DRIVER",
    "verifiers": "VERIFIER",
}
SHARED: dict[str, set[str]] = {
    "collectors/platforms": set(),
    "collectors/onestop": set(),
    "collectors/services": set(),
    "verifiers": set(),
}
"""Modules that several plug-ins of a folder stand on; a new one is declared here."""


def fault(file: Path, constant: str) -> str | None:
    """Say what keeps a file from being a plug-in; None when it ends as promised."""
    last = ast.parse(file.read_text("utf-8")).body[-1:]
    match last:
        case [ast.AnnAssign(target=ast.Name(id=name), annotation=kind, value=ast.expr())] if name == constant:
            said = kind.value if isinstance(kind, ast.Subscript) else kind
            if isinstance(said, ast.Name) and said.id == "Final":
                return None
            return f"{file.name}: {constant} is not Final"
    return f"{file.name} does not end in `{constant}: Final = …`"


def plugins(folder: str) -> list[Path]:
    """Return the files of a folder that config may name."""
    apart = {"__init__", "interface"} | SHARED[folder]
    return [file for file in sorted((CHECKOUT / folder).glob("*.py")) if file.stem not in apart]


@pytest.mark.parametrize("folder", PROMISES)
def test_every_plugin_ends_in_its_constant(folder: str) -> None:
    """CONTRIBUTING: a new platform, driver or verifier is one file."""
    files = plugins(folder)

    assert files
    assert [said for file in files if (said := fault(file, PROMISES[folder]))] == []


@pytest.mark.parametrize("folder", PROMISES)
def test_every_plugin_keeps_the_promise_of_its_interface(folder: str) -> None:
    """What the file's constant is can be called as its interface says, and imports by its name alone."""
    for file in plugins(folder):
        module = importlib.import_module(f"{folder.replace('/', '.')}.{file.stem}")
        plugin = getattr(module, PROMISES[folder])
        if folder == "verifiers":
            assert plugin.name == file.stem
            assert plugin.settings.__pydantic_config__ == {"extra": "forbid"}
            assert callable(plugin.measure)
        else:
            assert callable(plugin.read), file.name


@pytest.mark.parametrize("folder", PROMISES)
def test_every_shared_module_is_there_and_is_no_plugin(folder: str) -> None:
    """A name declared as shared must not hide a plug-in that config could name."""
    for stem in SHARED[folder]:
        file = CHECKOUT / folder / f"{stem}.py"
        assert file.is_file()
        assert fault(file, PROMISES[folder]) is not None


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("X = 1\n", "half_written.py does not end in `DRIVER: Final = …`"),
        ("DRIVER = 1\n", "half_written.py does not end in `DRIVER: Final = …`"),
        ("DRIVER: Final[int]\n", "half_written.py does not end in `DRIVER: Final = …`"),
        ("DRIVER: int = 1\n", "half_written.py: DRIVER is not Final"),
        ("DRIVER: Final[int] = 1\nX = 1\n", "half_written.py does not end in `DRIVER: Final = …`"),
        ("", "half_written.py does not end in `DRIVER: Final = …`"),
        ("DRIVER: Final[int] = 1\n", None),
        ("DRIVER: Final = 1\n", None),
    ],
)
def test_a_half_written_file_is_named(tmp_path: Path, source: str, said: str | None) -> None:
    """The walk itself must be able to fail."""
    file = tmp_path / "half_written.py"
    file.write_text(source, "utf-8")

    assert fault(file, "DRIVER") == said
