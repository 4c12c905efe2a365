"""A page as blocks, links, images and controls: the rule on own content (G4), and hostile markup."""

import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.reading.page import Page
from minhchung.errors import UnrecognisedError
from minhchung.evidence import PORTAL, AgencyCode, EvidenceRecord, RecordId, RunId
from minhchung.observations import PageLink

HOME = "https://muong-thu.example/muc/trang"


def page(body: str, head: str = "<title>T</title>") -> Page:
    """A page of our own making."""
    return Page(f"<!DOCTYPE html><html lang='vi-VN'><head>{head}</head><body>{body}</body></html>", HOME)


def blocks(body: str) -> list[tuple[str, str, str, str]]:
    """Tag, region, text and link text of every block."""
    return [(b.tag, b.region, b.text, b.link_text) for b in page(body).outline.blocks]


def test_a_leaf_block_element_is_one_block_and_loose_text_is_its_parents() -> None:
    """Visible text of leaf block elements; nothing visible is lost."""
    assert blocks("<div>trước<p>một <b>hai</b> <a href='/x'>ba</a></p>sau</div><ul><li>bốn</li></ul>") == [
        ("div", "main", "trước", ""),
        ("p", "main", "một hai ba", "ba"),
        ("div", "main", "sau", ""),
        ("li", "main", "bốn", ""),
    ]


def test_a_line_break_ends_a_block_but_not_a_heading() -> None:
    """Addresses and lists are often written with breaks."""
    assert blocks("<p>Địa chỉ: bản Thử<br>Điện thoại: 0212</p><h1>Tin<br>tức</h1>") == [
        ("p", "main", "Địa chỉ: bản Thử", ""),
        ("p", "main", "Điện thoại: 0212", ""),
        ("h1", "main", "Tin tức", ""),
    ]


def test_scripts_styles_hidden_parts_and_options_are_no_text() -> None:
    """Visible text only."""
    assert blocks(
        "<script>a</script><style>b</style><noscript>c</noscript><template>d</template><p hidden>e</p>"
        "<p style='display: none'>f</p><select><option>g</option></select><p>h</p>"
    ) == [("p", "main", "h", "")]


@pytest.mark.parametrize(
    ("body", "region"),
    [
        ("<nav><p>x</p></nav>", "nav"),
        ("<div role='navigation'><p>x</p></div>", "nav"),
        ("<header><p>x</p></header>", "header"),
        ("<footer><p>x</p></footer>", "footer"),
        ("<aside><p>x</p></aside>", "aside"),
        ("<form><p>x</p></form>", "form"),
        ("<div class='breadcrumb'><p>x</p></div>", "breadcrumb"),
        ("<nav aria-label='breadcrumb'><p>x</p></nav>", "breadcrumb"),
        ("<article><header><p>x</p></header></article>", "main"),
        ("<form><input type=hidden name=__VIEWSTATE><p>x</p></form>", "main"),
        ("<header><main><p>x</p></main></header>", "main"),
    ],
)
def test_the_region_is_the_nearest_marked_ancestor(body: str, region: str) -> None:
    """The header of an article is the article's, and a form around the whole page is no form."""
    assert page(body).outline.blocks[0].region == region


def test_links_are_absolute_and_told_by_text_alt_or_title() -> None:
    """Fragments are cut; what leads to no page is no link."""
    seen = page(
        "<a href='../tin?a=1#b'>Tin</a><a href='//x.example/y z'><img src=i.png alt='Ảnh'></a>"
        "<a href='' title='t'>e</a><a href='mailto:a@b'>m</a><a href='javascript:void(0)'>j</a>"
        "<a href='#x'>f</a>"
    )
    assert [(link.url, link.text) for link in seen.outline.links] == [
        ("https://muong-thu.example/tin?a=1", "Tin"),
        ("https://x.example/y%20z", "Ảnh"),
    ]


def test_images_say_whether_they_have_an_alternative_and_stand_alone() -> None:
    """No alt attribute and an empty one are two things."""
    seen = page(
        "<img src=/a.png><img src=/b.png alt=''><a href=/><img src=/c.png alt=c width=400></a>"
        "<a href=/>chữ <img data-src=/d.png src='data:x' alt=d></a>"
    )
    assert [(i.url.rpartition("/")[2], i.alt, i.alone_in_link, i.width) for i in seen.outline.images] == [
        ("a.png", None, False, None),
        ("b.png", "", False, None),
        ("c.png", "c", True, 400),
        ("d.png", "d", False, None),
    ]


def test_controls_are_labelled_by_label_aria_or_title() -> None:
    """A placeholder is no label; buttons and hidden fields are no controls to label."""
    seen = page(
        "<input name=a placeholder=p><label for=b>B</label><input id=b name=b><label>C <input name=c></label>"
        "<input name=d aria-label=d><textarea name=e title=e></textarea><select name=f></select>"
        "<input type=hidden name=g><input type=submit name=h><button>k</button>"
    )
    assert [(c.name, c.labelled) for c in seen.outline.forms.controls] == [
        ("a", False), ("b", True), ("c", True), ("d", True), ("e", True), ("f", False),
    ]  # fmt: skip


def test_a_form_can_be_sent_as_it_stands() -> None:
    """Hidden fields, chosen options and checked boxes belong to it; the free text field is named."""
    form = page(
        "<form action='/tim' method=post><input type=hidden name=k value=1><input name=q><select name=s>"
        "<option value=2><option value=3 selected></select><input type=checkbox name=c>"
        "<input type=submit name=go value=Tìm></form>"
    ).outline.forms.forms[0]
    assert (form.action, form.method, form.text_field) == ("https://muong-thu.example/tim", "POST", "q")
    assert form.fields == (("k", "1"), ("q", ""), ("s", "3"), ("go", "Tìm"))


def test_text_is_kept_in_nfc_without_invisible_marks() -> None:
    """Decomposed letters, soft hyphens, direction marks and control characters are met in titles."""
    text = (
        page("<p>Ho\u0323p \u202eba\u0301o\u202c ca\u0301o\u00ad\u200b quy\u0301 \x07I</p>")
        .outline.blocks[0]
        .text
    )
    assert text == "Họp báo cáo quý I"


def test_the_observation_carries_the_whole_page() -> None:
    """Title, language, headings, breadcrumb, canonical address and moving elements."""
    record = EvidenceRecord(
        id=RecordId("urn:uuid:1"), agency=AgencyCode("a"), source=PORTAL, run=RunId("r"), url=HOME,
        captured_at=datetime(2021, 1, 1, tzinfo=UTC), kind="response",
    )  # fmt: skip
    seen = page(
        "<ul class=breadcrumb><li>Trang chủ</li><li>Tin tức</li></ul><h1>Tin</h1><h4>x</h4>"
        "<marquee>m</marquee>",
        "<title> Tin  tức </title><title>B</title><link rel=canonical href='http://goc.example/a'>",
    ).observation(record, "list")
    assert (seen.title, seen.lang, seen.role) == ("Tin tức", "vi-VN", "list")
    assert [h.text for h in seen.headings] == ["Tin"]
    assert (seen.breadcrumb, seen.canonical) == (("Trang chủ", "Tin tức"), "http://goc.example/a")
    assert len(seen.moving) == 1
    assert not seen.shell


def test_a_shell_is_a_page_of_scripts_without_text() -> None:
    """A portal that only a browser can show."""
    assert page("<div id=app></div><script src=/a.js></script>").shows_nothing(rendered=False)
    assert not page("<div id=app></div>").shows_nothing(rendered=False)
    assert not page(f"<p>{'chữ ' * 100}</p><script src=/a.js></script>").shows_nothing(rendered=False)


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * 100_000 + "x",
        "<b><i><font>" * 30_000 + "x",
        "<p>x<b>y</b>" * 30_000,
        "<table>" * 20_000,
        "<a href=x>" * 30_000,
        "<ul>" + "<li><a href='/x'>y</a></li>" * 20_000,
        "<!a" * 30_000 + "<p>",
        "<p " + "a=b " * 100_000 + ">x",
    ],
)
def test_markup_made_to_hurt_costs_seconds_at_most(text: str) -> None:
    """10^5 nodes, nesting without end, attributes without end."""
    begun = time.process_time()
    with suppress(UnrecognisedError):  # a tag with too many attributes is no page
        Page(text, HOME)
    assert time.process_time() - begun < 5


def test_paths_lead_back_to_their_elements() -> None:
    """A locator is a CSS path from the root."""
    seen = page("<div><p>một</p><p>hai <a href=/x>ba</a></p></div>")
    block = seen.outline.blocks[1]
    node = seen.tree.css_first(block.path)
    assert node is not None
    assert node.text() == "hai ba"
    link: PageLink = seen.outline.links[0]
    assert seen.tree.css_first(link.path) is not None


@given(st.text(alphabet="<>/=\"' abdiphrtul123!-&;#x\x00\u202e\u0301ệ", max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Either it is a page, or it is said to be none."""
    try:
        seen = Page(text, HOME)
    except UnrecognisedError:
        return
    assert all("\u202e" not in block.text for block in seen.outline.blocks)
