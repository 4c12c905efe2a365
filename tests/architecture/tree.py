"""The tree as it would be committed: which files there are and what their source says."""

import ast
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Final

CHECKOUT: Final = Path(__file__).resolve().parents[2]
ROOMS: Final = ("collectors", "verifiers", "scoring", "storage")
PACKAGES: Final = ("minhchung", *ROOMS, "service", "auditor", "offline", "simulator")
NOT_OURS: Final = {".git", ".venv", ".dev", "build", "dist", "minhchung-home", "__pycache__"}


@cache
def files() -> tuple[Path, ...]:
    """Return every file that is committed or could be; without git an unpacked archive has no others."""
    if (git := shutil.which("git")) is not None:
        listing = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(listing, cwd=CHECKOUT, capture_output=True, check=False)
        if listed.returncode == 0:
            named = {CHECKOUT / name for name in listed.stdout.decode().split("\0") if name}
            return tuple(sorted(path for path in named if path.is_file()))
    walked = (path for path in CHECKOUT.rglob("*") if path.is_file())
    return tuple(sorted(p for p in walked if not NOT_OURS & set(p.relative_to(CHECKOUT).parts)))


@cache
def texts() -> dict[str, str]:
    """Return the text of every file that is text, by its path in the checkout."""
    found = {}
    for path in files():
        try:
            found[path.relative_to(CHECKOUT).as_posix()] = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
    return found


@cache
def modules() -> dict[str, ast.Module]:
    """Return the syntax tree of every Python file, by its path in the checkout."""
    sources = {name: text for name, text in texts().items() if name.endswith(".py")}
    return {name: ast.parse(text, name) for name, text in sources.items()}


def modules_of(*packages: str) -> dict[str, ast.Module]:
    """Return the syntax trees of the named top-level packages."""
    return {name: tree for name, tree in modules().items() if name.split("/")[0] in packages}


def imported(tree: ast.Module) -> set[str]:
    """Return the full name of everything that a module imports, wherever in the file."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names
