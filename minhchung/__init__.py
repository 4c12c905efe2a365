"""The vocabulary every room shares: nouns, no I/O, standard library only."""

from typing import Final

VERSION: Final = "0.1.0"
"""The product's version, as in pyproject.toml; stored with every run."""
