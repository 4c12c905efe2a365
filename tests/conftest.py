"""What every test stands on: nobody's own settings, no network beyond this machine, golden files."""

import ipaddress
import sys
from collections.abc import Callable
from difflib import unified_diff
from pathlib import Path

import pytest
from hypothesis import settings

CHECKOUT = Path(__file__).resolve().parent.parent
ENVIRONMENTS = CHECKOUT / ".dev" / "env"

# The gate must say the same thing twice: examples come from the test, not from chance or the last run.
settings.register_profile("house", deadline=None, derandomize=True, database=None, print_blob=True)
settings.load_profile("house")


def refuse_the_network(event: str, args: tuple[object, ...]) -> None:
    """Stop any connection of a test that would leave this machine."""
    if event != "socket.connect":
        return
    address = args[1]
    if not isinstance(address, tuple) or not isinstance(address[0], str):
        return  # a Unix socket stays on the machine
    try:
        near = ipaddress.ip_address(address[0].partition("%")[0]).is_loopback
    except ValueError:
        near = address[0] == "localhost"
    if not near:
        raise RuntimeError(f"a test tried to reach {address[0]}; tests use loopback only")


sys.addaudithook(refuse_the_network)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that rewrites golden files, so that a changed table is reviewed as a diff."""
    parser.addoption(
        "--update-golden", action="store_true", help="write tests/golden/ from what the product says now"
    )


@pytest.fixture(autouse=True)
def no_settings_of_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the person's home, config and terminal out of the tests."""
    for name in ("MINHCHUNG_HOME", "MINHCHUNG_CONFIG", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


def _lines(content: bytes) -> list[str]:
    return content.decode(errors="replace").splitlines()


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str | bytes], None]:
    """Compare what the product says with `tests/golden/NAME`, or write it with --update-golden."""

    def compare(name: str, said: str | bytes) -> None:
        file = CHECKOUT / "tests" / "golden" / name
        content = said.encode() if isinstance(said, str) else said
        if request.config.getoption("--update-golden"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        assert file.is_file(), (
            f"{name} has no golden file: run this test with --update-golden and read the diff"
        )
        kept = file.read_bytes()
        changed = "\n".join(unified_diff(_lines(kept), _lines(content), "golden", "said", n=0, lineterm=""))
        same = content == kept  # compared here, so that pytest shows the lines that differ, not the bytes
        assert same, f"{name} differs from its golden file:\n{changed or 'in bytes that are no text'}"

    return compare


@pytest.fixture(scope="session")
def wagtail_python() -> Path:
    """The interpreter of the locked Wagtail environment (group realcms); `dev.py test realcms` makes it."""
    return stranger("wagtail", "realcms")


@pytest.fixture(scope="session")
def pelican_python() -> Path:
    """The interpreter of the locked environment of a generator of static sites (group realcms)."""
    return stranger("pelican", "realcms")


@pytest.fixture(scope="session")
def vue_python() -> Path:
    """The interpreter of the locked environment of Vue's builds (group browser)."""
    return stranger("vue", "browser")


@pytest.fixture(scope="session")
def wacz_python() -> Path:
    """The interpreter of the locked environment of the WACZ reference tools (group archive)."""
    return stranger("wacz", "archive")


@pytest.fixture(scope="session")
def pywb_python() -> Path:
    """The interpreter of the locked environment of a web-archive player (group archive)."""
    return stranger("pywb", "archive")


def stranger(name: str, group: str) -> Path:
    """Return the interpreter of an environment that `dev.py test GROUP` makes."""
    python = ENVIRONMENTS / name / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    assert python.is_file(), f"{python} is not there: python3 dev.py test {group} makes it"
    return python
