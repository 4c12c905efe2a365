"""Reads a published statistics page by profile; unproven until an operator has compared it."""

from typing import Final

from collectors.by_table import BY_TABLE
from collectors.interface import ServiceDriver

DRIVER: Final[ServiceDriver] = BY_TABLE
