"""`timestamp run|list`, as typed, with a real local authority."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.calling import Call, caller
from tests.service.sealed_home import at, make_home, seal_something
from tests.storage.authority import Authority, serving

pytestmark = pytest.mark.archive
"""A local authority is openssl's own."""

FILE = """
[[authority]]
name = "thu"
url = "{url}"
roots = ["tls/goc.pem"]
"""


@pytest.fixture
def place(tmp_path: Path) -> tuple[Path, Path]:
    """A home and its configuration."""
    return make_home(tmp_path)


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str], place: tuple[Path, Path]) -> Call:
    """The command line at that home."""
    return at(caller(capsys), *place)


@pytest.fixture
def configured(place: tuple[Path, Path], tmp_path: Path) -> Iterator[str]:
    """A configuration that names a local authority, which answers."""
    authority, config = Authority(tmp_path / "tsa"), place[1]
    (config / "tls").mkdir()
    (config / "tls" / "goc.pem").write_bytes(authority.roots)
    with serving(authority) as url:
        (config / "timestamps.toml").write_text(FILE.format(url=url), "utf-8")
        registry = config / "agencies" / "thu.toml"
        allowed = f'allow = ["{url.split("/")[2]}"]'
        registry.write_text(registry.read_text("utf-8").replace("allow = []", allowed), "utf-8")
        yield url


def test_without_an_authority_the_log_is_not_yet_stamped(here: Call) -> None:
    """None is configured by default: said, exit 3, never passed over."""
    for words in ("timestamp run", "timestamp list"):
        said = here(*words.split())
        assert (said.code, said.out) == (3, "Nhật ký chưa đóng dấu thời gian.\n")
    assert here("timestamp", "list", "--json").json == {"stamped": False, "tokens": []}
    assert "chưa đóng dấu thời gian" in here("check").out


@pytest.mark.usefixtures("configured")
def test_a_head_is_stamped_and_shown(here: Call, place: tuple[Path, Path]) -> None:
    """Queue, token, list, check; a grown log is not stamped any more."""
    assert here("timestamp", "run").code == 0

    listed = here("timestamp", "list", "--json")
    assert (listed.code, listed.json["stamped"]) == (0, True)
    assert [(t["authority"], t["state"]) for t in listed.json["tokens"]] == [("thu", "stamped")]
    assert "Nhật ký đã được đóng dấu thời gian." in here("check").out
    seal_something(*place, content=b"x = 2\n")
    assert "Nhật ký chưa đóng dấu thời gian." in here("check").out
    assert here("timestamp", "list").code == 3


def test_an_authority_that_cannot_be_reached_leaves_the_request_waiting(
    here: Call, configured: str, place: tuple[Path, Path]
) -> None:
    """Exit 3; the next run asks again."""
    file = place[1] / "timestamps.toml"
    right = file.read_text("utf-8")
    file.write_text(right.replace(configured, "http://127.0.0.1:1/tsa"), "utf-8")
    waiting = here("timestamp", "run")
    assert waiting.code == 3
    assert "chưa đóng dấu thời gian" in waiting.out
    file.write_text(right, "utf-8")

    assert here("timestamp", "run").code == 0


@pytest.mark.usefixtures("configured")
def test_a_token_that_does_not_fit_is_found(here: Call, place: tuple[Path, Path]) -> None:
    """`check` names the file; `timestamp list` says why."""
    here("timestamp", "run")
    token = next((place[0] / "log" / "timestamps").glob("*.tsr"))
    token.write_bytes(token.read_bytes()[:-30])

    said = here("check", "--json")
    assert said.code == 1
    assert str(token) in [finding["where"] for finding in said.json["findings"]]
    assert here("timestamp", "list").code == 1


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('"thu"', '"Thử"', "authority[1].name"),
        ("http://", "ftp://", "authority[1].url"),
        ('["tls/goc.pem"]', "[]", "authority[1].roots"),
        ("tls/goc.pem", "agencies/thu.toml", "authority[1].roots"),
        ("tls/goc.pem", "tls/none.pem", "tls/none.pem"),
        ("roots", "root", "authority[1].root"),
    ],
)
@pytest.mark.usefixtures("configured")
def test_a_wrong_configuration_names_file_and_key(
    old: str, new: str, key: str, here: Call, place: tuple[Path, Path]
) -> None:
    """docs/reference/config.md, "timestamps"."""
    file = place[1] / "timestamps.toml"
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")

    said = here("timestamp", "run")

    assert said.code == 2
    assert key in said.sentence()
