"""G4: what of a page is its own."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from minhchung.observations import Block, SitePage
from tests.verifiers.builders import AGENCY, CLOSE, HOME, common, file, place, run_on
from verifiers.blocks import (
    count_boilerplate,
    is_own_file,
    key_of,
    main_text,
    own_blocks,
    own_characters,
)


def page(path: str, texts: Iterable[str | Block], **more: Any) -> SitePage:
    """One page with blocks of the main region."""
    blocks = tuple(t if isinstance(t, Block) else Block(text=t, tag="p") for t in texts)
    told: dict[str, Any] = {"role": "site", "title": path, **more}
    return SitePage(
        agency=AGENCY.code,
        run=run_on(CLOSE[0]),
        seen=place(path),
        url=HOME + path,
        blocks=blocks,
        **told,
    )


def portal(count: int, *, boxed: int) -> list[SitePage]:
    """Pages of which some hold the same box, spelled in two ways."""
    box = ("Hộp dùng chung", "HỘP DÙNG CHUNG")
    return [page(f"p{n}", (f"Trang số {n}", *((box[n % 2],) if n < boxed else ()))) for n in range(count)]


def test_a_block_on_a_fifth_of_the_pages_is_boilerplate() -> None:
    """On at least max(3, 20 % rounded up) of the distinct pages."""
    assert key_of("Hộp dùng chung") in count_boilerplate(portal(15, boxed=3), common()).texts
    assert key_of("Hộp dùng chung") not in count_boilerplate(portal(16, boxed=3), common()).texts
    assert key_of("Hộp dùng chung") not in count_boilerplate(portal(5, boxed=2), common()).texts


def test_one_page_under_two_spellings_of_its_address_counts_once() -> None:
    """Distinct pages."""
    pages = portal(6, boxed=2)
    again = replace(pages[0], url=pages[0].url + "/?utm_source=x")

    assert key_of("Hộp dùng chung") not in count_boilerplate([*pages, again], common()).texts


def test_fewer_than_five_pages_are_not_enough() -> None:
    """G4: coverage-below."""
    assert not count_boilerplate(portal(4, boxed=0), common()).enough
    assert count_boilerplate(portal(5, boxed=0), common()).enough


def test_own_characters_are_letters_and_digits_outside_frame_form_and_links() -> None:
    """Outside nav, header, footer, form and link text; boilerplate left out."""
    known = count_boilerplate(portal(10, boxed=5), common())
    texts: tuple[str | Block, ...] = (
        "Chữ: 123.",
        "HỘP dùng chung",
        Block(text="xem thêm tại đây", tag="p", link_text="tại đây"),
        *(Block(text="khung", tag="p", region=r) for r in ("nav", "header", "footer", "form", "breadcrumb")),
    )

    assert own_characters(page("x", texts), known) == len("Chữ123") + len("xemthêm")


def test_a_form_around_the_whole_page_is_no_region() -> None:
    """A postback grid stands in one form: its text is the page's own."""
    body = Block(text="Nội dung của trang", tag="p", region="form")
    heading = Block(text="Tiêu đề", tag="h1", region="form")
    whole = page("x", (heading, body), headings=(heading,))
    known = count_boilerplate(portal(10, boxed=5), common())

    assert list(own_blocks(whole, known)) == [heading, body]
    assert main_text(page("y", (body, "Khác"))) == "khac"


def test_a_file_counts_when_it_answers_as_one() -> None:
    """An own attachment answered with at least 1 KiB of its type."""
    url = HOME + "a.pdf"

    assert is_own_file(file(url, CLOSE[0]))
    assert is_own_file(file(url, CLOSE[0], type="zip", size=1024))
    assert not is_own_file(file(url, CLOSE[0], type="html"))
    assert not is_own_file(file(url, CLOSE[0], size=1023))
    assert not is_own_file(file(url, CLOSE[0], status=404))


@given(st.sets(st.integers(0, 19)), st.integers(0, 10))
def test_whatever_unseen_pages_hold_what_is_own_without_them_is_own_with_them(
    refused: set[int], boxed: int
) -> None:
    """G11: a block that is repeated when all pages are seen is never own when some are refused."""
    pages = portal(20, boxed=boxed)
    whole = count_boilerplate(pages, common(), walked={f"sothidu.example.vn/p{n}" for n in range(20)})
    seen = [each for n, each in enumerate(pages) if n not in refused]
    part = count_boilerplate(
        seen,
        common(),
        walked={f"sothidu.example.vn/p{n}" for n in range(20)},
        unseen=len(refused),
    )
    box = key_of("Hộp dùng chung")
    shown = any(n not in refused for n in range(boxed))

    assert box in part.texts or box not in whole.texts or not shown
