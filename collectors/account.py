"""The account of one visit: every attempt is counted exactly once, by how it ended."""

from __future__ import annotations

from collections import Counter
from typing import Final

from minhchung.evidence import Failure, Outcome

MOST_FAILURES: Final = 200
"""Failures told by address; the rest are only counted."""


class Account:
    """Counts attempts; their sum is the number of attempts by construction and checked by the report."""

    def __init__(self) -> None:
        """Begin a visit that has asked for nothing."""
        self.attempts = 0
        self.outcomes: Counter[Outcome] = Counter()
        self.failures: list[tuple[str, Failure]] = []
        self.gone = 0
        """Failures that are the portal's own: an address that it says is not there."""

    def fetched(self) -> None:
        """Count an answer that can be read, or a redirect."""
        self.attempts += 1
        self.outcomes[Outcome.FETCHED] += 1

    def not_modified(self) -> None:
        """Count a 304."""
        self.attempts += 1
        self.outcomes[Outcome.NOT_MODIFIED] += 1

    def failed(self, url: str, failure: Failure) -> None:
        """Count an attempt that brought nothing, as refused or failed by its kind."""
        self.attempts += 1
        self.outcomes[Outcome.REFUSED if failure.refusal else Outcome.FAILED] += 1
        self.gone += failure is Failure.HTTP_4XX
        if len(self.failures) < MOST_FAILURES:
            self.failures.append((url, failure))
