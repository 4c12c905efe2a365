"""Portals of which nothing is known but their address: menus, rows, days and files are found by looking.

Also the platform of every site that a profile alone describes.
"""

from __future__ import annotations

from typing import Final

from collectors.platforms.interface import Platform
from collectors.reading.reader import ProfileReader
from minhchung.sites import SiteProfile

PLATFORM: Final[Platform] = ProfileReader(SiteProfile(key="generic", platform="generic"))
