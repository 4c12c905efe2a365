"""robots.txt: what a host asks of us (RFC 9309), as rules that are asked per address."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from protego import Protego

MAX_BYTES: Final = 512 * 1024
"""RFC 9309 asks parsers to take at least 500 KiB; the rest is not read."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one origin for our User-Agent."""

    agent: str
    parsed: Protego | None
    """None: everything is allowed."""

    said: str = ""
    """Why the rules are not what the host may have wanted, for the report."""

    answered: bool = True
    """False: nothing came back; then only the home page is asked for: it tells whether the host is dark."""

    def allow(self, url: str) -> bool:
        """Say whether we may ask for an address."""
        return self.parsed is None or bool(self.parsed.can_fetch(url, self.agent))

    @property
    def delay(self) -> float:
        """Return the seconds the host asks us to let pass between requests; 0 when it asks nothing."""
        asked = self.parsed.crawl_delay(self.agent) if self.parsed is not None else None
        return float(asked) if asked else 0.0

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """Return the sitemaps the file names."""
        return tuple(self.parsed.sitemaps) if self.parsed is not None else ()


def read(status: int | None, body: bytes, agent: str) -> Rules:
    """Return the rules that an answer gives; None as status: there was no answer.

    An answer of 400 to 499 means that there are no rules. For 500 and above RFC 9309 would forbid
    everything; many portals answer so for any file they do not have, so we go on and say so. Where nothing
    came back at all, nothing is known: those rules are not `answered`.
    """
    token = agent.partition("/")[0].strip() or agent
    if status is None:
        return Rules(token, None, answered=False)
    if status >= 500:
        return Rules(token, None, f"robots.txt trả lời {status}; coi như cho phép tất cả")
    if status >= 300:
        return Rules(token, None)
    text = body[:MAX_BYTES].decode("utf-8", "replace")
    if len(body) >= MAX_BYTES:
        text = text.rpartition("\n")[0]  # a rule cut in the middle would say something else
    if "isallow" not in text and "rawl-" not in text and "itemap" not in text:
        return Rules(token, None)  # no rule in it: not worth asking for each address
    return Rules(token, Protego.parse(text))


class RobotsBook:
    """The rules of every origin met in a run: asked for once, whoever comes first."""

    def __init__(self) -> None:
        """Begin a run that has met nobody."""
        self._rules: dict[str, Rules] = {}
        self._silent: set[str] = set()
        """Origins that once did not answer; they are asked a second time, patiently, before that stands."""

    def known(self, origin: str) -> Rules | None:
        """Return the rules of an origin, or None when it has not been asked."""
        return self._rules.get(origin)

    async def rules(self, origin: str, ask: Callable[[str, bool], Awaitable[Rules]]) -> Rules:
        """Return the rules of `scheme://host:port`, asking for `/robots.txt` when nobody has.

        `ask` is told whether to be patient.
        """
        if (known := self._rules.get(origin)) is None:
            patient = origin in self._silent
            known = await ask(f"{origin}/robots.txt", patient)
            if not known.answered and not patient:
                self._silent.add(origin)
                return known
            # Two visits may have asked at once: the first answer stands, both are sealed.
            known = self._rules.setdefault(origin, known)
        return known
