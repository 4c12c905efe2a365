"""Reads a JSON interface by profile; unproven until an operator has compared it."""

from typing import Final

from collectors.by_json import BY_JSON
from collectors.interface import ServiceDriver

DRIVER: Final[ServiceDriver] = BY_JSON
