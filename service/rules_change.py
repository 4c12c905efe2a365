"""What a change of configuration after the freeze comes to: its lines, and the scores that it moves."""

from __future__ import annotations

import difflib
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from minhchung.scores import Score
from service.config_drift import changed_files
from service.settings import Settings, load
from service.standings import Concluded, conclude
from storage.home import Home
from storage.store import Store


def what_moves(
    settings: Settings, store: Store, round_id: str, before: Mapping[str, str], after: Mapping[str, str]
) -> dict[str, Any]:
    """Return the differing lines of each file, and every score that the change moves."""
    configs = Home(settings.home).configs
    with tempfile.TemporaryDirectory(prefix="minhchung-rules-") as scratch:
        for name, digest in before.items():
            path = Path(scratch, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes((configs / digest).read_bytes())
        former = conclude(load(settings.home, Path(scratch)), store, round_id)
    present = conclude(settings, store, round_id)
    return {
        "files": {name: _lines(configs, name, before, after) for name in changed_files(before, after)},
        "moved": list(moved_scores(former, present)),
    }


def _lines(configs: Path, name: str, before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    old, new = (
        (configs / digests[name]).read_text("utf-8").splitlines() if name in digests else []
        for digests in (before, after)
    )
    return list(difflib.unified_diff(old, new, "before", "after", lineterm="", n=1))


def moved_scores(former: Concluded, present: Concluded) -> Iterator[dict[str, str]]:
    """Yield every component score, and every total, that two results give differently."""
    was, now = _scores(former), _scores(present)
    for key in dict.fromkeys([*was, *now]):
        old, new = was.get(key), now.get(key)
        if old != new:
            agency, component = key
            yield {"agency": agency, "component": component, "from": _said(old), "to": _said(new)}


def _scores(concluded: Concluded) -> dict[tuple[str, str], tuple[str, str]]:
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for place in (place for bloc in concluded.standing.blocs for place in bloc.places):
        total = place.total
        found |= {(place.agency, score.component): _ends(score) for score in total.scores}
        found[place.agency, ""] = (str(total.published_low), str(total.published_high))
    return found


def _ends(score: Score) -> tuple[str, str]:
    return str(score.low), str(score.high)


def _said(ends: tuple[str, str] | None) -> str:
    if ends is None:
        return "–"
    return ends[0] if ends[0] == ends[1] else f"{ends[0]}–{ends[1]}"
