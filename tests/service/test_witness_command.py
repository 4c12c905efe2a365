"""`witness follow|show`, as typed: by path and by address."""

import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.service.calling import Call, caller
from tests.service.sealed_home import at, make_home, seal_something


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """The command line."""
    return caller(capsys)


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder without a word."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def published(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The log folder of the home, served on loopback: its address, and host and port."""
    folder = tmp_path / "home" / "log"
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_home_is_followed_and_a_fork_is_exit_one(call: Call, tmp_path: Path) -> None:
    """First, continued, forked: both heads are named and kept."""
    home, config = make_home(tmp_path)
    second = at(call, tmp_path / "second", config)
    first = second("witness", "follow", home)
    assert (first.code, "đã đồng ký" in first.out) == (0, True)
    shutil.copytree(home, tmp_path / "other")
    seal_something(home, config, b"x = 2\n")
    seal_something(tmp_path / "other", config, b"x = 3\n")
    continued = second("witness", "follow", home, "--json").json
    assert continued["verdict"] == "continues"

    forked = second("witness", "follow", tmp_path / "other", "--json")

    assert forked.code == 1
    assert forked.json["verdict"] == "forked"
    assert forked.json["before"] == continued["head"]
    assert forked.json["head"] != continued["head"]
    assert Path(forked.json["kept"]).is_file()
    assert "RẼ NHÁNH" in second("witness", "follow", tmp_path / "other").out
    shown = second("witness", "show", "--json").json
    assert shown["key"].startswith("minhchung/witness/")
    assert [one["head"] for one in shown["logs"]] == [continued["head"]]


def test_what_a_witness_cosigned_can_be_held_against_the_log(call: Call, tmp_path: Path) -> None:
    """The cosigned head is a text like any other: `check --against` reads it."""
    home, config = make_home(tmp_path)
    kept = at(call, tmp_path / "second", config)("witness", "follow", home, "--json").json["kept"]

    assert at(call, home, config)("check", "--against", kept).code == 0


def test_a_published_log_is_followed_by_its_address(
    call: Call, tmp_path: Path, published: tuple[str, str]
) -> None:
    """By the rules of the fetcher: a loopback address must be allowed."""
    home, config = make_home(tmp_path)
    second = at(call, tmp_path / "second", config)
    refused = second("witness", "follow", published[0])
    assert refused.code == 3
    assert "[network]" in refused.sentence()
    registry = config / "agencies" / "thu.toml"
    registry.write_text(
        registry.read_text("utf-8").replace("allow = []", f'allow = ["{published[1]}"]'), "utf-8"
    )

    assert second("witness", "follow", published[0], "--json").json["verdict"] == "first"
    seal_something(home, config, b"x = 2\n")
    assert second("witness", "follow", published[0], "--json").json["verdict"] == "continues"
    nothing = second("witness", "follow", f"{published[0]}/tile")
    assert nothing.code == 3
    assert "publish the log folder" in nothing.sentence()


def test_what_is_no_log_is_exit_two(call: Call, tmp_path: Path) -> None:
    """A folder without a signed log."""
    said = call("--home", tmp_path / "second", "witness", "follow", tmp_path)

    assert said.code == 2
    assert "no signed log" in said.sentence()
