"""The plug-in promise: one file that ends in its constant, looked up by its file name."""

import ast
import importlib
from pathlib import Path

import pytest

from tests.architecture.tree import CHECKOUT, imported, modules_of

PROMISES = {
    "collectors/platforms": "PLATFORM",
    "collectors/onestop": "DRIVER",
    "collectors/services": "DRIVER",
    "verifiers": "VERIFIER",
}


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


def shared(folder: str) -> set[str]:
    """Return the modules of a folder that others in its room stand on; nobody imports a plug-in by name."""
    room = modules_of(folder.split("/")[0])
    known = set().union(*(imported(tree) for name, tree in room.items()))
    dotted = folder.replace("/", ".") + "."
    return {name.removeprefix(dotted) for name in known if name.startswith(dotted)}


def plugins(folder: str) -> list[Path]:
    """Return the files of a folder that config may name: each that is no interface and stands alone."""
    files = [
        file
        for file in sorted((CHECKOUT / folder).glob("*.py"))
        if file.stem not in ("__init__", "interface")
    ]
    apart = shared(folder)
    return [file for file in files if file.stem not in apart or fault(file, PROMISES[folder]) is None]


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
