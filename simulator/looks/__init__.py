"""The six looks (and one more, for browsers) in which the province's portals come."""

from __future__ import annotations

from typing import Final

from simulator.looks.base import Look
from simulator.looks.vnpt import Vnpt
from simulator.model import Portal

_LOOKS: Final[dict[str, type[Look]]] = {"vnpt": Vnpt}


def open_look(portal: Portal, service_portal: str) -> Look:
    """Return the look of a portal, ready to render."""
    return _LOOKS.get(portal.agency.look, Vnpt)(portal, service_portal)
