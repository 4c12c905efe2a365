"""Files that pages offer: attachments by what they are, images by their size."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from collectors.answers import Answer, Ask
from collectors.platforms.interface import Link
from collectors.sniff import image_size, kind_of
from collectors.trip import Trip
from minhchung.evidence import Locator
from minhchung.observations import Attachment, ImageFile, Observation, PageImage, SitePage

MOST_IMAGES: Final = 40
"""Images a visit measures."""

WIDE: Final = 400
"""CSS pixels: an image declared narrower is no chart."""

MIN_FILE_BYTES: Final = 1024
_NO_FILE: Final = frozenset({"", "html", "unknown"})
_IMAGE_BYTES: Final = 8_000_000


async def ask_attachment(trip: Trip, link: Link) -> None:
    """Ask for a file and keep what it turned out to be, unless the visit has had its share of files."""
    if trip.files.spent:
        trip.asker.leave(link.url, "đã hết hạn mức tệp của lượt thu thập")
        return
    await keep_attachment(trip, link, await trip.asker.ask(Ask(url=link.url, page=False)))


async def keep_attachment(trip: Trip, link: Link, answer: Answer) -> None:
    """Keep what an address turned out to be, asked for as a file or met where a page was expected."""
    if answer.record is None or answer.kept:
        return
    kind = kind_of(answer.body) if answer.usable else ""
    facts = await trip.files.look_into(answer.body, kind, answer.record.captured_at) if kind else None
    trip.recorder.observe(
        [
            Attachment(
                agency=trip.agency.code,
                run=trip.run,
                seen=Locator(record=answer.record.id),
                url=link.url,
                type=kind,
                size=len(answer.body) if answer.usable else 0,
                status=answer.status,
                failure=answer.failure,
                facts=facts,
            )
        ]
    )


def unsound_files(kept: Iterable[Observation]) -> frozenset[str]:
    """Return the addresses whose newest answer was no file: an error page, something tiny, nothing."""
    newest = {each.url: each for each in kept if isinstance(each, Attachment)}
    return frozenset(
        url for url, file in newest.items() if file.type in _NO_FILE or file.size < MIN_FILE_BYTES
    )


async def ask_image(trip: Trip, link: Link) -> None:
    """Ask for an image and keep its size; what is no image leaves its record alone."""
    answer = await trip.asker.ask(Ask(url=link.url, page=False, retries=0, max_bytes=_IMAGE_BYTES))
    if answer.record is None or answer.kept or not answer.usable:
        return
    size = image_size(answer.body)
    if size is None:
        return
    trip.recorder.observe(
        [
            ImageFile(
                agency=trip.agency.code,
                run=trip.run,
                seen=Locator(record=answer.record.id),
                url=link.url,
                width=size[0],
                height=size[1],
            )
        ]
    )


def wide_images(page: SitePage) -> list[PageImage]:
    """Return the images of a page's main part that may be wide enough to be a chart."""
    return [
        image
        for image in page.images
        if image.region == "main" and (image.width is None or image.width >= WIDE) and image.url[:4] == "http"
    ]
