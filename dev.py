"""Set the checkout up and run it: one tool for people and for the gate, standard library only.

    python3 dev.py demo                 the whole job on a simulated province
    python3 dev.py test [GROUP…]        the tests: every group that this machine can run

Everything runs in `.venv`, which is made once from the hash lock and made again when the lock changes.
No index address is written anywhere: uv and pip use whatever registry this machine is set up for.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        f"minhchung needs Python 3.11 or newer; this is {sys.version.split()[0]} ({sys.executable}).\n"
        "Install one (Debian 12: apt-get install python3 python3-venv) and call it by name: python3.11 dev.py"
    )

import argparse
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent
VENV: Final = ROOT / ".venv"
ENVIRONMENTS: Final = ROOT / ".dev" / "env"
SCRIPTS: Final = "Scripts" if os.name == "nt" else "bin"
LOCK: Final = ROOT / "requirements" / "dev.txt"
STRANGERS: Final = {"archive": ("wacz", "pywb"), "browser": ("vue",), "realcms": ("wagtail", "pelican")}
"""Other people's software that a group of tests runs beside us, each in an environment of its own."""

OFFLINE: Final = re.compile(
    r"Failed to (fetch|establish)|NewConnectionError|name resolution|[Dd]ns error|error sending request"
    r"|Connection refused|ConnectTimeout|timed out|No matching distribution|unreachable|network was disabled"
)

LOCKS: Final = (
    ("requirements/base.txt", ("pyproject.toml",)),
    ("requirements/dev.txt", ("pyproject.toml", "--extra", "browser", "--extra", "pdf", "--extra", "dev")),
    *(
        (f"tests/env/{name}.txt", (f"tests/env/{name}.in",))
        for name in ("pelican", "pywb", "vue", "wacz", "wagtail")
    ),
    *(
        (f"benchmarks/env/{name}.txt", (f"benchmarks/env/{name}.in",))
        for name in ("crawlee", "httpx", "scrapy")
    ),
)
"""Each lock, with what it is compiled from."""

HOW_TO_LOCK: Final = (
    *("--universal", "--generate-hashes", "--python-version", "3.11"),
    *("--custom-compile-command", "python3 dev.py lock"),
)


class DevError(Exception):
    """What is wrong and the remedy, in a sentence for the person at the keyboard."""


def say(text: str) -> None:
    """Print one line now, so that it stands in order with what the tools print."""
    print(text, flush=True)


def python_of(env: Path) -> Path:
    """Return the interpreter of a virtual environment."""
    return env / SCRIPTS / ("python.exe" if os.name == "nt" else "python")


def tool(name: str) -> str:
    """Return the path of a tool that the lock installs."""
    return str(VENV / SCRIPTS / (name + (".exe" if os.name == "nt" else "")))


# --- environments --------------------------------------------------------------------------------


def find_uv() -> str | None:
    """Return uv from PATH, else the one that the lock has already installed."""
    own = tool("uv")
    return shutil.which("uv") or (own if Path(own).is_file() else None)


def run_quietly(command: Sequence[str | Path], doing: str) -> None:
    """Run a set-up step; when it fails, show the end of what it said and one sentence."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode == 0:
        return
    tail = "\n".join("  " + line for line in done.stdout.strip().splitlines()[-12:])
    if OFFLINE.search(done.stdout):
        raise DevError(
            f"{tail}\n{doing} failed: no package registry that has what the lock names could be reached. "
            "Connect this machine, or name a mirror in the settings of uv or pip; then run the same again."
        )
    raise DevError(f"{tail}\n{doing} failed (exit {done.returncode}).")


def starts(env: Path) -> bool:
    """Tell whether the environment has an interpreter that runs and is new enough."""
    probe = [str(python_of(env)), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    try:
        return subprocess.run(probe, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make_environment(env: Path) -> None:
    """Make an empty virtual environment, unless one that works is there already."""
    if starts(env):
        return
    if env.exists():
        say(f"{env.name} is there but its Python does not run: making it again")
    uv = find_uv() if env != VENV else shutil.which("uv")
    if uv is not None:
        run_quietly([uv, "venv", "--clear", "--python", sys.executable, env], f"Making {env.name}")
        return
    if importlib.util.find_spec("ensurepip") is None:
        raise DevError(
            "This Python has no ensurepip, so it cannot make a virtual environment. "
            "Debian and Ubuntu keep it apart: apt-get install python3-venv, then run the same command again."
        )
    run_quietly([sys.executable, "-m", "venv", "--clear", env], f"Making {env.name}")


def installer(env: Path) -> list[str]:
    """Return the start of an install command for an environment: uv's, else pip's."""
    python = str(python_of(env))
    uv = find_uv()
    if uv is not None:
        return [uv, "pip", "install", "--python", python]
    if subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode != 0:
        run_quietly([python, "-m", "ensurepip", "--upgrade"], "Adding pip to the environment")
    return [python, "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--retries", "2"]


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_stamp(env: Path) -> dict[str, str]:
    """Return what the environment was last made from; empty when nobody knows."""
    try:
        stamp = json.loads((env / "minhchung-stamp.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def install_lock(env: Path, lock: Path) -> bool:
    """Bring an environment to its lock; return whether anything had to be done."""
    wanted = {"lock": digest(lock)}
    if starts(env) and read_stamp(env).get("lock") == wanted["lock"]:
        return False
    say(f"Setting up {env.relative_to(ROOT)} from {lock.relative_to(ROOT)} (until the lock changes, once) …")
    begun = time.monotonic()
    make_environment(env)
    (env / "minhchung-stamp.json").unlink(missing_ok=True)
    run_quietly([*installer(env), "--require-hashes", "-r", lock], f"Installing {lock.relative_to(ROOT)}")
    (env / "minhchung-stamp.json").write_text(json.dumps(wanted), "utf-8")
    say(f"… done in {time.monotonic() - begun:.0f} s")
    return True


def set_up() -> None:
    """Make `.venv` what the lock says and install the checkout into it, editable."""
    install_lock(VENV, LOCK)
    stamp = read_stamp(VENV)
    wanted = {"lock": stamp["lock"], "project": digest(ROOT / "pyproject.toml"), "checkout": str(ROOT)}
    if stamp != wanted:
        command = [*installer(VENV), "--no-deps", "--no-build-isolation", "-e", str(ROOT)]
        run_quietly(command, "Installing the checkout")
        (VENV / "minhchung-stamp.json").write_text(json.dumps(wanted), "utf-8")


# --- commands ------------------------------------------------------------------------------------


def compile_locks(*, check: bool, upgrade: bool) -> int:
    """Compile every lock, or with `check` say which one differs from a fresh compile."""
    uv = tool("uv")
    stale = []
    for name, sources in LOCKS:
        with tempfile.TemporaryDirectory(prefix="minhchung-lock-") as scratch:
            target = ROOT / name
            fresh = Path(scratch, target.name)
            if target.is_file() and not upgrade:
                shutil.copyfile(target, fresh)  # what is pinned stays pinned while it satisfies the sources
            run_quietly([uv, "pip", "compile", *sources, *HOW_TO_LOCK, "-o", fresh], f"Compiling {name}")
            if target.is_file() and fresh.read_bytes() == target.read_bytes():
                continue
            stale.append(name)
            if not check:
                shutil.copyfile(fresh, target)
    for name in stale:
        say(f"{name}: {'differs from a fresh compile: run python3 dev.py lock' if check else 'compiled'}")
    if not stale:
        say("the locks equal a fresh compile")
    return 1 if check and stale else 0


CHECKS: Final = (
    ("ruff check", ("ruff", "check", ".")),
    ("ruff format", ("ruff", "format", "--check", ".")),
    ("mypy --strict", ("mypy",)),
    ("lint-imports", ("lint-imports",)),
)


def run_check(entry: tuple[str, tuple[str, ...]]) -> bool:
    """Run one static check; print its name and seconds, and what it said only when it failed."""
    begun = time.monotonic()
    name, (program, *words) = entry
    done = subprocess.run(
        [tool(program), *words],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    fine = done.returncode == 0
    verdict = f"{'ok  ' if fine else 'FAIL'} {name} {time.monotonic() - begun:.0f} s"
    say(verdict if fine else f"{verdict}\n{done.stdout.rstrip()}")
    return fine


def run_checks() -> int:
    """Run every static check side by side."""
    with ThreadPoolExecutor(2) as pool:
        return 0 if all(list(pool.map(run_check, CHECKS))) else 1


def run_tests(groups: Sequence[str], extra: Sequence[str], *, strict: bool) -> int:
    """Hand over to the runner of the groups, with the environments of strangers made when possible."""
    for group, strangers in STRANGERS.items():
        if groups and group not in groups:
            continue
        for name in strangers:
            try:
                install_lock(ENVIRONMENTS / name, ROOT / "tests" / "env" / f"{name}.txt")
            except DevError as fault:
                say(str(fault))  # the runner then says that the group did not run
    command = [str(python_of(VENV)), str(ROOT / "tests" / "groups.py"), *(["--strict"] if strict else [])]
    return hand_over([*command, *groups, "--", *extra])


def hand_over(command: list[str]) -> int:
    """Become the command, so that signals and the exit code are its own; Windows can only wait for it."""
    sys.stdout.flush()
    if os.name != "nt":
        os.execv(command[0], command)
    return subprocess.call(command)


PRODUCT: Final = {
    "demo": "the whole job on a simulated province, into ./minhchung-home",
    "serve": "the timetable and the web app on ./minhchung-home",
}
"""Commands of the product that can be given here, after the set-up."""


def minhchung(command: str, words: Sequence[str], *, home: str | None, lang: str | None) -> int:
    """Run a command of the product in `.venv`, in the directory that the person stands in."""
    program = [tool("minhchung")] if os.name == "nt" else [str(python_of(VENV)), tool("minhchung")]
    before = ["--lang", lang] if lang else []
    if home or not os.environ.get("MINHCHUNG_HOME"):
        before += ["--home", home or "minhchung-home"]
    return hand_over([*program, *before, command, *words])


def parse(words: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    """Parse the command line; what a product command does not know here is passed on to it."""
    parser = argparse.ArgumentParser(prog="dev.py", description="Set the checkout up and run it.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("setup", help="make .venv what the lock says; the other commands do it themselves")
    for name, does in PRODUCT.items():
        product = commands.add_parser(name, help=does, allow_abbrev=False)
        product.add_argument("--home", help="another home (default: MINHCHUNG_HOME, else ./minhchung-home)")
        product.add_argument("--lang", choices=("vi", "en"))
    tests = commands.add_parser("test", help="the tests, in groups; what follows -- goes to pytest")
    tests.add_argument(
        "groups", nargs="*", metavar="GROUP", help="core, archive, database, fault, browser, realcms"
    )
    tests.add_argument("--all", action="store_true", help="every group (what happens when none is named)")
    tests.add_argument("--strict", action="store_true", help="a group that is empty or cannot run has failed")
    lock = commands.add_parser("lock", help="compile the hash locks (needs a package registry)")
    lock.add_argument("--check", action="store_true", help="change nothing; exit 1 when a lock is not fresh")
    lock.add_argument("--upgrade", action="store_true", help="take newer versions")
    commands.add_parser("check", help="ruff, mypy and the import contracts")
    commands.add_parser("pyz", help="the verifier for outsiders as one file, dist/minhchung-verify.pyz")
    known, rest = parser.parse_known_args(words)
    if rest and known.command not in PRODUCT:
        parser.error(f"unknown: {' '.join(rest)}")
    return known, rest


def main(words: Sequence[str]) -> int:
    """Do what the command line says and return the exit code: 0 fine, 1 a fault, 2 usage or set-up."""
    extra: list[str] = []
    if "--" in words and words[0] == "test":
        extra = list(words[words.index("--") + 1 :])
        words = words[: words.index("--")]
    known, rest = parse(words)
    try:
        set_up()
        if known.command == "test":
            return run_tests([] if known.all else known.groups, extra, strict=known.strict)
        if known.command == "lock":
            return compile_locks(check=known.check, upgrade=known.upgrade)
        if known.command == "check":
            return run_checks()
        if known.command == "pyz":
            return hand_over([str(python_of(VENV)), "-m", "offline.build_pyz"])
        if known.command in PRODUCT:
            return minhchung(known.command, rest, home=known.home, lang=known.lang)
    except DevError as fault:
        print(f"dev.py: {fault}", file=sys.stderr)
        return 2
    say(f"{VENV.name} is what the lock says")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
