"""Heads in print: read back from what a printer, a typist or a PDF made of them, and compared."""

from collections.abc import Callable
from typing import Any

import pytest

from storage.anchors import Anchor, compare, last_anchor, read_anchors, roots_at
from storage.checkpoint import ROOT_BYTES
from storage.home import Home
from storage.log import LogFiles
from tests.storage.conftest import Captures, OpenStore

ANCHOR = Anchor(origin="minhchung/log/0123456789abcdef", size=1234, root=bytes(range(ROOT_BYTES)))


@pytest.fixture
def files(
    home: Home, open_store: OpenStore, captures: Captures, mine: Callable[..., dict[str, Any]]
) -> LogFiles:
    """The log of a home with a few records, sealed in two steps."""
    store = open_store()
    run = store.begin_run("test")
    for number in range(4):
        store.exchange(captures.exchange(f"/{number}"), **mine(run))
        store.commit()
    store.close()
    return LogFiles(home.log)


def test_the_root_is_printed_in_groups_of_four() -> None:
    """docs/reference/archive.md, "In print": base32, thirteen groups."""
    groups = ANCHOR.groups().split(" ")

    assert [len(group) for group in groups] == [4] * 13
    assert ANCHOR.line() == f"minhchung/log/0123456789abcdef · 1234 · {ANCHOR.groups()}"


@pytest.mark.parametrize(
    "shown",
    [
        "{line}",
        "Điểm kiểm: {line}. Hết",
        "<p>{line}</p>",
        "{broken}",
        "{spaceless}",
        "minhchung/log/0123456789abcdef 1234 {groups}",
        "{line}\n{line}",
    ],
)
def test_a_printed_head_is_read_back(shown: str) -> None:
    """Line breaks, lost dots and lost blanks are a printer's business."""
    line, groups = ANCHOR.line(), ANCHOR.groups()
    broken, spaceless = line.replace(" ", "\n"), line.replace(" ", "")
    text = shown.format(line=line, groups=groups, broken=broken, spaceless=spaceless)

    assert read_anchors(text) == (ANCHOR,)


@pytest.mark.parametrize(
    "text",
    ["", "minhchung/log/0123456789abcdef", f"minhchung/log/0123456789abcdef 12 {ANCHOR.groups()[:-1]}"],
)
def test_half_a_head_is_none(text: str) -> None:
    """A cut line is not compared, so it cannot look like a rewritten log."""
    assert read_anchors(text) == ()


def test_a_signed_checkpoint_in_a_text_counts_too(files: LogFiles) -> None:
    """Whoever kept `log/checkpoint` itself has the same in hand."""
    text = "Kính gửi,\n" + files.checkpoint.read_bytes().decode()

    assert read_anchors(text) == (last_anchor(files),)
    assert read_anchors(text.replace("\n", "\r\n")) == (last_anchor(files),)


def test_every_earlier_head_is_found_in_the_log(files: LogFiles) -> None:
    """The root at each size, and nothing for sizes that were never reached."""
    roots = roots_at(files, range(9))

    assert sorted(roots) == [0, 1, 2, 3, 4, 5]
    earlier = [Anchor(origin=files.public_key().name, size=n, root=root) for n, root in roots.items()]
    assert {verdict for _, verdict in compare(files, earlier)} == {"equal"}


def test_a_head_that_does_not_fit_is_named(files: LogFiles) -> None:
    """Rewritten, cut back, or another log altogether: three findings."""
    own = last_anchor(files)
    assert own is not None
    forked = Anchor(origin=own.origin, size=3, root=own.root)
    ahead = Anchor(origin=own.origin, size=own.size + 1, root=own.root)

    assert [verdict for _, verdict in compare(files, [own, forked, ahead, ANCHOR])] == [
        "equal",
        "forked",
        "ahead",
        "foreign",
    ]
