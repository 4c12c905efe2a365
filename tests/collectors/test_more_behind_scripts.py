"""Lists of ordinary pages whose further rows come only when a button is pressed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from collectors.platforms.generic import PLATFORM
from collectors.reading.more import more_behind_scripts
from collectors.reading.page import Page
from minhchung.observations import ListCapture
from tests.collectors.memory import Memory
from tests.collectors.tiny import visit
from tests.collectors.worlds import Handler, Reply, World

ROW = (
    '<li><a href="/tin/{n}">Sở mở lớp tập huấn chuyển đổi số lần thứ {n} cho cán bộ</a> '
    "<span>{d:02d}/10/2021</span></li>"
)
LIST = """<!DOCTYPE html><html lang="vi"><head><title>Tin tức</title></head><body><header>Sở Mô phỏng</header>
<nav><a href="/">Trang chủ</a> <a href="/tin-tuc">Tin tức</a></nav><main><h1>Tin tức</h1><ul id="ds">ROWS</ul>
<button id="more">Xem thêm tin</button></main><script>
let page = 1; const more = document.getElementById("more");
more.onclick = async () => {
  const rows = await (await fetch("/them?page=" + ++page)).text();
  document.getElementById("ds").insertAdjacentHTML("beforeend", rows);
  if (page > 2) more.remove();
};</script></body></html>"""


def rows(first: int) -> str:
    """Return six rows, newest first."""
    return "".join(ROW.format(n=40 - n, d=28 - n) for n in range(first, first + 6))


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A portal whose list shows six items and fetches twelve more on demand."""
    home = (
        LIST.replace("ROWS", "").replace("<h1>Tin tức</h1>", "<h1>Sở Mô phỏng</h1>").partition("<button")[0]
    )
    pages: dict[str, Reply | Handler] = {
        "/": Reply(home + "</main></body></html>"),
        "/tin-tuc": Reply(LIST.replace("ROWS", rows(0))),
        "/them": lambda request: Reply(rows(6 if request.target.endswith("=2") else 12)),
    }
    for n in range(23, 41):
        pages[f"/tin/{n}"] = Reply(f"<html><body><main><h1>Tin {n}</h1><p>Nội dung.</p></main></body></html>")
    async with World(pages) as served:
        yield served


async def test_without_a_browser_the_list_is_cut_and_that_is_said(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What was not seen may not be called absent: the capture is not complete."""
    monkeypatch.setenv("MINHCHUNG_BROWSER", str(tmp_path / "none"))
    memory = Memory()

    report = await visit(world, memory, PLATFORM)

    (capture,) = [c for c in memory.of(ListCapture) if c.list_url.endswith("/tin-tuc")]
    assert (report.state, len(capture.identities), capture.ended) == ("ok", 6, "cap")
    assert "nút bấm" in report.detail


@pytest.mark.browser
async def test_a_browser_presses_the_button_until_nothing_comes(world: World) -> None:
    """Eighteen items, the list complete, every answer sealed."""
    memory = Memory()

    report = await visit(world, memory, PLATFORM)

    (capture,) = [c for c in memory.of(ListCapture) if c.list_url.endswith("/tin-tuc")]
    assert (report.state, len(capture.identities), capture.ended) == ("ok", 18, "no-next")
    assert world.url("/them?page=3") in {record.url for record in memory.records.values()}


@pytest.mark.browser
async def test_numbers_that_are_no_links_are_turned_page_by_page(world: World) -> None:
    """Each page of the list is a record of its own, and the capture names them all."""
    script = """
      const show = async (n) => {
        document.getElementById("ds").innerHTML = await (await fetch("/trang?n=" + n)).text();
        for (const each of document.querySelectorAll("#so button")) each.disabled = each.textContent == n;
      };
      document.getElementById("app").innerHTML = `<h1>Tin tức</h1><ul id="ds"></ul><div id="so">
        <button>1</button><button>2</button><button>3</button></div>`;
      for (const each of document.querySelectorAll("#so button")) each.onclick = () => show(each.textContent);
      show(1);"""
    shell = f'<title>Tin tức</title><body><div id="app"></div><script>{script}</script></body>'
    world.pages["/tin-tuc"] = Reply(shell)
    world.pages["/trang"] = lambda request: Reply(rows(6 * (int(request.target[-1]) - 1)))
    memory = Memory()

    await visit(world, memory, PLATFORM)

    (capture,) = [c for c in memory.of(ListCapture) if c.list_url.endswith("/tin-tuc")]
    assert (len(capture.identities), len(capture.pages), capture.ended) == (18, 3, "no-next")


@pytest.mark.parametrize(
    ("control", "told"),
    [
        ("<button>Xem thêm</button>", True),
        ('<a href="javascript:void(0)">Tải thêm tin</a>', True),
        ('<a href="#">Xem thêm »</a>', True),
        ('<a href="/tin-tuc?page=2">Xem thêm</a>', False),
        ("<button>Tìm kiếm</button>", False),
        ("<footer><button>Xem thêm</button></footer>", False),
        ("<button>Xem thêm</button>" * 6, False),
    ],
)
def test_a_button_is_told_from_a_link_and_from_one_to_a_row(control: str, told: bool) -> None:
    """A link is followed as a link; many such buttons open rows."""
    page = Page(f"<body><main><p>Tin</p>{control}</main><script>1</script></body>", "http://a.example/")

    assert more_behind_scripts(page) is told
