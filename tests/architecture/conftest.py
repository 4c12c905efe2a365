"""What all tests of the tree share."""

from pathlib import Path

import pytest

from tests.architecture import tree

HERE = Path(__file__).parent


def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """Forget the syntax trees once the tree has been looked at.

    They are more objects than all else in a process of tests, and every later look for dead ones would go
    through them.
    """
    if nextitem is None or HERE not in nextitem.path.parents:
        tree.modules.cache_clear()
