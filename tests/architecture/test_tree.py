"""The whole tree: no index address, no path of a machine, no file or function that nobody can read."""

import ast
import io
import re
import tokenize

import pytest

from tests.architecture.tree import PACKAGES, files, modules, modules_of, texts

# Written in pieces, so that this file does not hold what it looks for.
INDEX_ADDRESSES = re.compile(
    "|".join(
        [
            r"pypi\." + r"org",
            "python" + "hosted",
            "index" + r"[-_]url",
            "find" + r"[-_]links",
            r"trusted" + r"[-_]host",
            r"https?://[^\s'\"]*/simp" + r"le\b",
        ]
    ),
    re.IGNORECASE,
)
MACHINE_PATHS = re.compile(
    "|".join([r"(?<![\w.])/wo" + r"rk/", r"/tm" + "p/team", r"(?<![\w.])/ro" + r"ot/", r"\.\./sha" + "red"])
)
MARKERS = re.compile(
    "|".join(
        ["TO" + "DO", "FIX" + "ME", "XX" + r"X\b", "type: ig" + "nore", "no" + "qa", "pragma: no co" + "ver"]
    )
)
NEVER_CALLED = {"sk" + "ip", "sk" + "ipif", "xf" + "ail", "import" + "orskip", "SkipT" + "est"}

MODULE_LINES, FUNCTION_LINES = 450, 70


def where(pattern: re.Pattern[str]) -> list[str]:
    """Return file, line and text of everything in the tree that matches."""
    return [
        f"{name}:{number} {line.strip()[:80]}"
        for name, text in texts().items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_index_address_is_in_the_tree() -> None:
    """Where packages come from is the machine's business; the lock has names, versions and hashes."""
    assert where(INDEX_ADDRESSES) == []


@pytest.mark.parametrize(
    "line", ["https://pypi." + "org/simple", "--index" + "-url x", "http://mirror/simp" + "le/"]
)
def test_an_index_address_would_be_found(line: str) -> None:
    """The walk itself must be able to fail."""
    assert INDEX_ADDRESSES.search(line)


def test_no_path_of_a_machine_is_in_the_tree() -> None:
    """The product speaks of itself alone."""
    assert where(MACHINE_PATHS) == []


def test_no_comment_silences_a_tool_or_postpones_work() -> None:
    """A warning is mended where it arises; an unfinished thing is not in the tree."""
    found = []
    for name in modules():
        for token in tokenize.generate_tokens(io.StringIO(texts()[name]).readline):
            if token.type == tokenize.COMMENT and MARKERS.search(token.string):
                found.append(f"{name}:{token.start[0]} {token.string}")
    assert found == []


def test_no_test_is_left_out_and_nothing_is_a_stub() -> None:
    """A group that cannot run is named by the runner; inside a group every test runs."""
    found = []
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Attribute | ast.Name):
                continue
            called = node.attr if isinstance(node, ast.Attribute) else node.id
            if called == "NotImplemented" + "Error" or (name.startswith("tests/") and called in NEVER_CALLED):
                found.append(f"{name}:{node.lineno} {called}")
    assert found == []


def test_no_handler_catches_everything() -> None:
    """A fault that nobody expected must be seen."""
    found = []
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler):
                kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
                if any(
                    kind is None or getattr(kind, "id", "") in ("Exception", "BaseException")
                    for kind in kinds
                ):
                    found.append(f"{name}:{node.lineno}")
    assert found == []


def test_the_library_never_prints() -> None:
    """Results go to stdout through the command line, everything else to the log."""
    found = []
    for name, tree in modules_of(*PACKAGES).items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
                found.append(f"{name}:{node.lineno}")
    assert found == []


def test_every_module_and_function_can_be_read_at_one_sitting() -> None:
    """Files of one idea, functions of one thought."""
    long = [f"{name} {lines}" for name in modules() if (lines := texts()[name].count("\n")) > MODULE_LINES]
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    long.append(f"{name}:{node.lineno} {node.name} {lines}")
    assert long == []


def test_every_public_thing_says_what_it_is() -> None:
    """A module says what idea lives in it, a public class or function what it is for."""
    silent = []
    for name, tree in modules_of(*PACKAGES).items():
        if not ast.get_docstring(tree) and tree.body:
            silent.append(name)
        for node in tree.body:
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            if not node.name.startswith("_") and not ast.get_docstring(node):
                silent.append(f"{name}:{node.lineno} {node.name}")
    assert silent == []


def test_the_tree_holds_no_big_file() -> None:
    """A repository is read, not downloaded: one megabyte is a lot of text."""
    assert [str(path) for path in files() if path.stat().st_size > 1_000_000] == []
