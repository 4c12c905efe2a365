"""Plug-ins are files, found by the name that config gives (ADR 0009)."""

from __future__ import annotations

from pathlib import Path

import pytest

from minhchung.errors import ConfigError
from service import plugins

ROOT = Path(__file__).resolve().parents[2]


def test_a_platform_a_driver_and_a_verifier_are_found_by_file_name() -> None:
    """Each is what its file ends in."""
    assert plugins.platform("generic") is plugins.platform("generic")
    assert plugins.driver("onestop", "igate2").__class__.__module__ == "collectors.onestop.igate2"
    assert plugins.driver("services", "dvcqg").__class__.__module__ == "collectors.services.dvcqg"
    assert plugins.verifier("news_cadence").label.startswith("news_cadence/")


def test_names_are_the_files_that_end_in_the_constant() -> None:
    """`interface.py` and what is shared between verifiers are no plug-ins."""
    written = {
        path.stem
        for path in (ROOT / "verifiers").glob("*.py")
        if "\nVERIFIER: Final" in path.read_text("utf-8")
    }

    assert set(plugins.names("verifiers", "VERIFIER")) == written
    assert "interface" not in written


@pytest.mark.parametrize(
    "name",
    [
        "khong_co",
        "",
        "interface",
        "generic.os",
        "../generic",
        "Generic",
        "os",
        "generic ",
        "__init__",
        "gen-eric",
    ],
)
def test_any_other_name_is_a_config_error_that_lists_the_known_ones(name: str) -> None:
    """A name from config is hostile: nothing outside the folder is imported."""
    with pytest.raises(ConfigError) as caught:
        plugins.platform(name, "sites/x.toml")

    text = str(caught.value)
    assert text.startswith(f"sites/x.toml: platform: there is no platform named {name!r}; use one of: ")
    assert "generic" in text.partition("use one of: ")[2].split(", ")


def test_a_driver_is_looked_for_in_the_folder_of_its_kind() -> None:
    """A driver of service portals is no driver of one-stop-shops."""
    with pytest.raises(ConfigError, match="no driver named 'dvcqg'") as caught:
        plugins.driver("onestop", "dvcqg")

    known = str(caught.value).partition("use one of: ")[2].split(", ")
    assert "igate2" in known
    assert "dvcqg" not in known


def test_a_module_that_is_missing_inside_a_plug_in_is_not_taken_for_a_wrong_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever forgot to install something must not be told that the name is unknown."""
    folder = tmp_path / "broken_plugins"
    folder.mkdir()
    (folder / "__init__.py").write_text("", "utf-8")
    (folder / "needs.py").write_text("import a_package_that_nobody_has\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(ModuleNotFoundError, match="a_package_that_nobody_has"):
        plugins._load("broken_plugins", "PLATFORM", "needs", "sites/x.toml", "platform")
