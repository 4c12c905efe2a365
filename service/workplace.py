"""Where the work stands: the clock, the identifiers and the store of one home."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from minhchung.clock import Clock
from minhchung.errors import UsageError
from service.settings import Settings
from storage.home import Home
from storage.store import Store

FIRST_PROVINCE: Final = "hoa-ban"
"""Which is simulated where nothing else is said."""

SIMULATION: Final = "simulation.json"
"""In a home that holds a simulated province: its seed, ports and day."""


_VERSION_7: Final = 7 << 76 | 2 << 62
_FREE_BITS: Final = (1 << 80) - 1 & ~(15 << 76 | 3 << 62)
"""Of a UUID that begins with the time: what says that it is one, and what is random."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant, UTC."""
        return datetime.now(UTC)


class SimulatedClock:
    """A clock set to a simulated instant, that runs on from there at the machine's pace."""

    def __init__(self, start: datetime) -> None:
        self.set(start)

    def set(self, start: datetime) -> None:
        """Set the clock to an aware instant."""
        self._start = start.astimezone(UTC)
        self._set_at = time.monotonic()

    def now(self) -> datetime:
        """Return the simulated instant, UTC."""
        return self._start + timedelta(seconds=time.monotonic() - self._set_at)


class RandomIds:
    """Fresh identifiers: the millisecond in which they were made, then 74 random bits (RFC 9562, 5.7)."""

    def next(self) -> str:
        """Return a fresh `urn:uuid:…`."""
        # Records made together lie together in every index: random ones alone would touch a page each.
        made = time.time_ns() // 1_000_000 << 80
        digits = f"{made | int.from_bytes(os.urandom(10)) & _FREE_BITS | _VERSION_7:032x}"
        return f"urn:uuid:{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """What `simulate` needs to bring a home's province up again."""

    seed: int
    base_port: int
    instant: str
    """The simulated instant reached, ISO, UTC."""

    province: str = FIRST_PROVINCE
    """Which of the simulated provinces it is."""

    done: tuple[str, ...] = ()
    """Keys of the passes that were made to their end."""

    @classmethod
    def of(cls, home: Path) -> Simulation | None:
        """Return the simulation of a home, or None where it holds no simulated province."""
        try:
            kept: dict[str, Any] = json.loads((home / SIMULATION).read_text("utf-8"))
            return cls(
                seed=kept["seed"],
                base_port=kept["base_port"],
                instant=kept["instant"],
                done=tuple(kept["done"]),
                province=kept.get("province", FIRST_PROVINCE),
            )
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            msg = f"{home / SIMULATION}: is damaged ({error}); run `minhchung demo` in a new home"
            raise UsageError(msg) from error

    def keep(self, home: Path) -> None:
        """Write it to the home, whole or not at all."""
        part = home / f"{SIMULATION}.part"
        part.write_text(json.dumps(asdict(self)), "utf-8")
        part.replace(home / SIMULATION)


def clock_of(settings: Settings) -> Clock:
    """Return the clock for a home: simulated only where its own configuration is a simulated province."""
    simulation = Simulation.of(settings.home)
    if simulation is None:
        return SystemClock()
    if not settings.simulated:
        msg = (
            f"{settings.home}: this home holds a simulated province, but {settings.place.directory} "
            "describes a real one; use another --home"
        )
        raise UsageError(msg)
    return SimulatedClock(datetime.fromisoformat(simulation.instant))


def open_store(settings: Settings, *, writer: bool = False) -> Store:
    """Open the store of the settings' home; a second writer raises BusyError."""
    return Store(Home(settings.home), clock_of(settings), RandomIds(), writer=writer)


def keep_instant(settings: Settings, clock: Clock) -> None:
    """Keep how far a simulated home's clock has come; a real home has nothing to keep."""
    simulation = Simulation.of(settings.home)
    if simulation is not None:
        replace(simulation, instant=clock.now().isoformat()).keep(settings.home)
