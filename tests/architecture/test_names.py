"""Names: ours belong to us alone, and what a module offers is sorted."""

import ast
import importlib.util
import tomllib
from importlib.metadata import packages_distributions

import minhchung
from tests.architecture.tree import CHECKOUT, PACKAGES, modules

PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))


def test_our_top_level_names_belong_to_us_alone() -> None:
    """Another distribution with a top-level `storage` would silently overwrite ours (ADR 0001)."""
    owners = packages_distributions()
    for name in PACKAGES:
        assert set(owners.get(name, ())) <= {"minhchung"}, f"{name} is also installed by {owners[name]}"
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.origin == str(CHECKOUT / name / "__init__.py")


def test_the_wheel_ships_every_package_and_nothing_else() -> None:
    """Config and tests are never packages."""
    shipped = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    present = sorted(path.parent.name for path in CHECKOUT.glob("*/__init__.py"))

    assert sorted(shipped) == sorted(PACKAGES) == present


def test_the_version_is_said_once() -> None:
    """Stored with every run, so it must be the one that was installed."""
    assert PROJECT["project"]["version"] == minhchung.VERSION


def test_what_a_module_offers_is_sorted_and_there() -> None:
    """`__all__` in order, so that two branches that add a name do not meet (after httpx)."""
    for name, tree in modules().items():
        for node in tree.body:
            if not isinstance(node, ast.Assign) or "__all__" not in {
                getattr(t, "id", "") for t in node.targets
            }:
                continue
            offered = ast.literal_eval(node.value)
            defined = {getattr(n, "name", "") for n in tree.body}
            defined |= {
                t.id
                for n in tree.body
                if isinstance(n, ast.Assign)
                for t in n.targets
                if isinstance(t, ast.Name)
            }
            defined |= {
                n.target.id
                for n in tree.body
                if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name)
            }
            for n in tree.body:
                if isinstance(n, ast.Import | ast.ImportFrom):
                    defined |= {alias.asname or alias.name for alias in n.names}
            assert list(offered) == sorted(offered), name
            assert set(offered) <= defined, name
