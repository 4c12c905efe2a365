"""A page sealed as it stands: its documents redacted, its picture taken while what is personal is masked.

The picture is withheld, and that is said, wherever it cannot be shown that nothing was left unmasked.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from collectors.manual import page_scripts
from collectors.manual.markup import Redacted, redact
from collectors.manual.redactor import Redactor
from collectors.tab import MOST_DOCUMENT

if TYPE_CHECKING:
    from playwright.async_api import Frame, JSHandle, Page

_SECONDS: Final = 20.0
_TRIES: Final = 3
_WEB: Final = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a page, redacted."""

    url: str
    html: str
    password: bool
    """It has a field for a password."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken of a page: the main document first, then those of its frames."""

    documents: tuple[Document, ...]
    picture: bytes = b""
    withheld: str = ""
    """Why there is no picture, Vietnamese."""


async def take(page: Page, redactor: Redactor) -> Taken:
    """Return a page redacted, with its picture; raises playwright's Error where it is gone."""
    documents, changes = [], {}
    for frame in [page.main_frame, *(f for f in page.frames if f is not page.main_frame)]:
        if not frame.url.startswith(_WEB):
            continue
        read = await _read(frame, redactor)
        if read is None:
            continue
        documents.append(read[0])
        changes[frame] = read[1].changed
    if not documents or page.main_frame not in changes:
        return Taken((), withheld="trang không đọc được")
    for _ in range(_TRIES):
        picture, withheld = await _picture(page, redactor, changes)
        if picture or not withheld.startswith("trang đổi"):
            break
    return Taken(tuple(documents), picture, withheld)


async def _read(frame: Frame, redactor: Redactor) -> tuple[Document, Redacted] | None:
    from playwright.async_api import Error

    try:
        said = await asyncio.wait_for(frame.evaluate(page_scripts.MARKUP, MOST_DOCUMENT), _SECONDS)
        html, typed, secret = str(said["html"]), said["typed"], said["secret"]
    except (Error, TimeoutError, TypeError, KeyError):
        return None
    redactor.learn_secrets(str(each) for each in secret)
    redactor.learn_personal(str(each) for each in typed)
    redacted = redact(html, redactor)
    return Document(redactor.url(frame.url), redacted.html, bool(said.get("password"))), redacted


async def _picture(page: Page, redactor: Redactor, changes: dict[Frame, dict[str, str]]) -> tuple[bytes, str]:
    """Return a JPEG of the whole page, masked; or why there is none."""
    from playwright.async_api import Error

    if await _closed_trees(page):
        return b"", "trang có phần đóng kín, không che được"
    masks: list[JSHandle] = []
    moved = True
    picture = b""
    try:
        for frame, changed in changes.items():
            masks.append(await _within(frame.evaluate_handle(page_scripts.MASK, list(changed.items()))))
        await _hide_other_frames(page, changes)
        left = await _still_there(changes, redactor)
        if not left:
            picture = await page.screenshot(
                type="jpeg",
                quality=70,
                full_page=True,
                animations="disabled",
                style=page_scripts.SHOT_STYLE,
                timeout=_SECONDS * 1000,
            )
    except (Error, TimeoutError):
        return b"", "không chụp được trang"
    finally:
        back = [await _back(mask) for mask in masks]
        moved = not back or any(back)
    if left:
        return b"", "còn dữ liệu chưa che được trên trang"
    redactor.counts["picture"] += 1
    return (b"", "trang đổi liên tục trong khi chụp") if moved else (picture, "")


async def _still_there(changes: dict[Frame, dict[str, str]], redactor: Redactor) -> bool:
    """Say whether the rule still finds something in the masked page."""
    for frame in changes:
        with redactor.learning():
            read = await _read(frame, redactor)
        if read is None or read[1].changed:
            return True
    return False


async def _hide_other_frames(page: Page, changes: dict[Frame, dict[str, str]]) -> None:
    """Hide what stands in frames that could not be masked."""
    from playwright.async_api import Error

    for frame in page.frames:
        if frame in changes or frame.parent_frame is None:
            continue
        with contextlib.suppress(Error):
            element = await frame.frame_element()
            await element.evaluate("e => { e.style.setProperty('display', 'none', 'important'); }")


async def _closed_trees(page: Page) -> bool:
    """Say whether some part of the page is closed to scripts; True where that cannot be found out."""
    from playwright.async_api import Error

    try:
        session = await page.context.new_cdp_session(page)
        try:
            said = await _within(session.send("DOM.getDocument", {"depth": -1, "pierce": True}))
        finally:
            await session.detach()
    except (Error, TimeoutError):
        return True
    return _has_closed(said["root"])


def _has_closed(node: Any) -> bool:
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if each.get("shadowRootType") == "closed":
            return True
        for name in ("children", "shadowRoots", "pseudoElements"):
            waiting += each.get(name, ())
        if "contentDocument" in each:
            waiting.append(each["contentDocument"])
    return False


async def _back(mask: JSHandle) -> bool:
    """Undo a mask; say whether the page changed while it was on, True where that cannot be said."""
    from playwright.async_api import Error

    try:
        moved: object = await _within(mask.evaluate("mask => mask.back()"))
    except (Error, TimeoutError):
        return True
    return moved is not False


async def _within(waiting: Any) -> Any:
    return await asyncio.wait_for(waiting, _SECONDS)
