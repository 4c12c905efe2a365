"""Bounds settle only what they settle: an unseen part counts as settled when no value of it moves a point."""

from __future__ import annotations

from collections.abc import Mapping

from minhchung.measurements import Input
from verifiers.interface import Context


def settles(context: Context, low: Mapping[str, Input], high: Mapping[str, Input]) -> bool:
    """Say whether the worst and the best the unseen could be are worth the same points."""
    if context.worth is None:
        return dict(low) == dict(high)
    return context.worth(low) == context.worth(high)
