"""The six looks in which the province's portals come; a seventh needs a browser and belongs to nobody."""

from __future__ import annotations

from typing import Final

from simulator.looks.base import Look
from simulator.looks.liferay import Liferay
from simulator.looks.nukeviet import Nukeviet
from simulator.looks.sharepoint import Sharepoint
from simulator.looks.vnpt import Vnpt
from simulator.looks.webforms import Webforms
from simulator.looks.wordpress import Wordpress
from simulator.model import Portal

_LOOKS: Final[dict[str, type[Look]]] = {
    "vnpt": Vnpt,
    "sharepoint": Sharepoint,
    "nukeviet": Nukeviet,
    "liferay": Liferay,
    "wordpress": Wordpress,
    "webforms": Webforms,
}


def open_look(portal: Portal, service_portal: str) -> Look:
    """Return the look of a portal, ready to render."""
    return _LOOKS[portal.agency.look](portal, service_portal)
