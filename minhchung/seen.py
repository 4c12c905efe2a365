"""What every observation carries: whose it is, which run saw it, and where."""

from __future__ import annotations

from dataclasses import dataclass

from minhchung.evidence import AgencyCode, Locator, RunId


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What every observation carries."""

    agency: AgencyCode
    run: RunId
    seen: Locator
