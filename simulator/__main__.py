"""`python -m simulator serve|write`: the simulated province on the wire, its truth and config on disk."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import signal
import sys
from datetime import date
from pathlib import Path
from typing import Final

from simulator.almanac import VISITS
from simulator.ports import Ports
from simulator.province import build_province
from simulator.server import Fair, TakenPortError, set_up
from simulator.two_tier.world import set_up_two_tier

HOA_BAN: Final = "hoa-ban"
TWO_TIER: Final = "two-tier"
DEFAULT_SEED: Final = 3234
DEFAULT_BASE: Final = 8100


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parsed = _parser().parse_args(arguments)
    ports = Ports(parsed.base_port)
    is_two_tier = parsed.province == TWO_TIER
    if parsed.command == "write":
        from simulator.two_tier.write import write_two_tier
        from simulator.write import write_province

        if is_two_tier:
            write_two_tier(parsed.seed, ports, parsed.out)
        else:
            write_province(build_province(parsed.seed), ports, parsed.out)
        return 0
    if is_two_tier:
        fair = set_up_two_tier(parsed.seed, ports, parsed.day)
    else:
        fair = set_up(build_province(parsed.seed), ports, parsed.day, parsed.state)
    try:
        asyncio.run(_serve(fair, until_stdin_closes=parsed.until_stdin_closes))
    except TakenPortError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="simulator", description="A simulated province (tỉnh mô phỏng).")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("serve", "write"):
        command = commands.add_parser(name)
        command.add_argument("--province", choices=(HOA_BAN, TWO_TIER), default=HOA_BAN)
        command.add_argument("--seed", type=int, default=DEFAULT_SEED)
        command.add_argument("--base-port", type=int, default=DEFAULT_BASE)
        if name == "write":
            command.add_argument("--out", type=Path, required=True)
            continue
        command.add_argument("--state", type=Path, required=True, help="folder for certificates")
        command.add_argument("--day", type=date.fromisoformat, default=VISITS[-1])
        command.add_argument("--until-stdin-closes", action="store_true")
    return parser


async def _serve(fair: Fair, *, until_stdin_closes: bool) -> None:
    loop = asyncio.get_running_loop()
    done = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, done.set)
    fair.move_to(fair.day)
    watch = asyncio.create_task(_until_stdin_closes(done)) if until_stdin_closes else None
    ready = {"ready": True, "control": fair.ports.control, "day": fair.day.isoformat()}
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()
    await done.wait()
    fair.close()
    if watch is not None:
        watch.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watch


async def _until_stdin_closes(done: asyncio.Event) -> None:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while await reader.read(1024):
        continue
    done.set()


if __name__ == "__main__":
    sys.exit(main())
