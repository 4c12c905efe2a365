"""What the gate asks of a wheel and of the application installed from it; exit 0 when all is right."""

import contextlib
import json
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PACKAGES = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
PORTS_OF_A_DEMO = 150
"""Ports that a simulated province may use, from its base (docs/reference/cli.md)."""

BEFORE_GIVING_UP = 60
"""Seconds until a server that does not answer has failed."""


def contents(wheel: str) -> None:
    """Compare a wheel with the tree: every file of every package and of config, and nothing beside them."""
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if not name.endswith("/")}
    data = {name for name in shipped if name.split("/")[0].endswith(".data")}
    about = {name for name in shipped if name.split("/")[0].endswith(".dist-info")}
    expected = {
        path.relative_to(ROOT).as_posix()
        for folder in (*PACKAGES, "config")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    present = shipped - data - about
    present |= {"config/" + name.split("/share/minhchung/config/")[1] for name in data}
    if present != expected:
        sys.exit(f"missing: {sorted(expected - present)}\nnot wanted: {sorted(present - expected)}")
    print(f"{len(present)} files of {len(PACKAGES)} packages and config")


def standings(file: str) -> None:
    """Look at `rank --json` of the demo: simulated, and a place for each of its 32 agencies."""
    said = json.loads(Path(file).read_text("utf-8"))
    ranked = [place["agency"] for bloc in said["blocs"] for place in bloc["places"]]
    if said["simulated"] is not True or len(set(ranked)) != 32:
        sys.exit(f"not the standings of 32 simulated agencies: {said}")
    print(f"{len(ranked)} places in {len(said['blocs'])} blocs")


def free_port() -> int:
    """Return a loopback port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def ports() -> None:
    """Print the first of a row of loopback ports that were free a moment ago, for a demo."""
    for base in range(12_000, 32_000, PORTS_OF_A_DEMO):
        with contextlib.ExitStack() as held, contextlib.suppress(OSError):
            for port in range(base, base + PORTS_OF_A_DEMO):
                held.enter_context(socket.create_server(("127.0.0.1", port)))
            print(base)
            return
    sys.exit("no row of free ports was found")


def fetch(address: str, server: subprocess.Popen[bytes]) -> bytes:
    """Return the page once the server answers."""
    last = time.monotonic() + BEFORE_GIVING_UP
    while time.monotonic() < last and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as refusal:
            sys.exit(f"{address} answered {refusal.code}: {refusal.read()[:2000]!r}")
        except OSError:
            time.sleep(0.2)
    sys.exit(f"{address} never answered (server exit {server.poll()})")


def serve(command: str, home: str) -> None:
    """Start the installed `serve`, read its first page, and see it end when told to."""
    port = free_port()
    server = subprocess.Popen([command, "--home", home, "serve", "--port", str(port)])
    try:
        page = fetch(f"http://127.0.0.1:{port}/", server).decode("utf-8")
        if "<html" not in page:
            sys.exit(f"the first page is no page: {page[:2000]}")
        print(f"{len(page)} characters of page")
        server.terminate()
        server.wait(20)
    finally:
        server.kill()
        server.wait()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["contents", wheel_file]:
            contents(wheel_file)
        case ["standings", json_file]:
            standings(json_file)
        case ["ports"]:
            ports()
        case ["serve", installed, home_directory]:
            serve(installed, home_directory)
        case _:
            sys.exit("wheel.py contents WHEEL | standings FILE | ports | serve COMMAND HOME")
