"""What import contracts cannot see: submodules of the standard library, calls, and literals."""

import ast
import sys

from tests.architecture.tree import imported, modules_of

WAYS_OUT = {"http.client", "socket", "ssl", "subprocess", "urllib.request", "asyncio", "ftplib", "smtplib"}
ASKS_THE_WORLD = {"now", "today", "utcnow", "urlopen", "read_text", "read_bytes", "write_text", "write_bytes"}


def test_the_vocabulary_imports_the_standard_library_alone() -> None:
    """docs/adr: the ground floor can be carried anywhere, the verifier for outsiders included."""
    allowed = sys.stdlib_module_names | {"minhchung"}
    for name, tree in modules_of("minhchung").items():
        assert {module.split(".")[0] for module in imported(tree)} <= allowed, name


def test_only_collectors_and_their_joiners_have_a_way_out() -> None:
    """Judgement is arithmetic, storage is reached and does not reach, readers are given bytes."""
    quiet = modules_of("minhchung", "verifiers", "scoring")
    quiet |= {
        name: tree
        for name, tree in modules_of("collectors").items()
        if name.split("/")[1] in ("platforms", "onestop", "services")
    }
    for name, tree in quiet.items():
        assert not imported(tree) & WAYS_OUT, name
    for name, tree in modules_of("storage").items():
        assert not imported(tree) & {"http.client", "urllib.request", "ftplib", "smtplib"}, name


def test_judgement_never_asks_what_time_it_is_nor_opens_a_file() -> None:
    """Recomputed years later, the same records must give the same number."""
    for name, tree in modules_of("verifiers", "scoring").items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                assert called not in ASKS_THE_WORLD | {"open"}, f"{name}:{node.lineno} {called}"


def test_judgement_has_no_floating_point() -> None:
    """Exact to the end: Fraction in scoring, Decimal at publication."""
    for name, tree in modules_of("verifiers", "scoring").items():
        for node in ast.walk(tree):
            literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
            called = (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
            )
            assert not literal, f"{name}:{getattr(node, 'lineno', 0)} a float literal"
            assert not called, f"{name}:{getattr(node, 'lineno', 0)} float()"


def test_no_import_is_relative() -> None:
    """A file says in full whom it knows."""
    for name, tree in modules_of(
        "minhchung", "collectors", "verifiers", "scoring", "storage", "service"
    ).items():
        for node in ast.walk(tree):
            assert not (isinstance(node, ast.ImportFrom) and node.level), (
                f"{name}:{getattr(node, 'lineno', 0)}"
            )
