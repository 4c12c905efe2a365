"""The walk to depth 3, and the images and files of its pages (G5 of the method)."""

from __future__ import annotations

import struct
from collections.abc import AsyncIterator
from dataclasses import replace
from hashlib import sha256

import pytest

from minhchung.agencies import Agency
from minhchung.evidence import AgencyCode, Failure
from minhchung.observations import (
    Attachment,
    ImageFile,
    ListCapture,
    SitePage,
)
from minhchung.sources import AgenciesFile
from tests.collectors.memory import Memory
from tests.collectors.portals import SECOND, with_levels
from tests.collectors.tiny import TERMS, listing, page, row, visit
from tests.collectors.worlds import Reply, Request, World

SEED = "2021/so-mo-phong/support_functions"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A portal to visit."""
    async with with_levels() as served:
        yield served


@pytest.fixture
def memory() -> Memory:
    """A recorder."""
    return Memory()


def walk_of(memory: Memory) -> dict[str, tuple[int, str]]:
    """Return depth and link text by path, of the last walk."""
    return {"/" + step.url.split("/", 3)[3]: (step.depth, step.text) for step in memory.walks[-1].pages}


async def test_the_walk_goes_three_links_deep_and_tells_each_step(world: World, memory: Memory) -> None:
    """G5: home page and every link to depth 3 that is no item page or further list page."""
    await visit(world, memory, scope="host")

    assert walk_of(memory) == {
        "/": (0, ""),
        "/gioi-thieu": (1, "Giới thiệu"),
        "/tin": (1, "Tin tức"),
        "/co-cau": (2, "Cơ cấu"),
        "/phong": (3, "Phòng"),
        "/mat": (3, "Mất"),
    }
    steps = {step.url: step for step in memory.walks[0].pages}
    assert steps[world.url("/co-cau")].parent == world.url("/gioi-thieu")
    assert steps[world.url("/mat")].status == 404
    assert steps[world.url("/mat")].answered
    assert world.asked("/sau") == []
    assert not memory.walks[0].capped


async def test_every_step_of_the_walk_names_its_record_in_each_visit(world: World, memory: Memory) -> None:
    """The verifiers join walk and pages by record; a second visit has records of its own."""
    await visit(world, memory, scope="host")
    await visit(world, memory, scope="host", run=SECOND)

    for walk in memory.walks:
        records = {step.record for step in walk.pages}
        assert None not in records
        assert {memory.records[r].run for r in records if r} == {walk.run}


async def test_a_step_that_fails_is_unanswered(world: World, memory: Memory) -> None:
    """G5: complete when at most five percent of W is unanswered."""
    world.pages["/phong"] = Reply("lỗi", 500)

    await visit(world, memory, scope="host")

    (failed,) = [step for step in memory.walks[0].pages if not step.answered]
    assert (failed.url, failed.failure) == (world.url("/phong"), Failure.HTTP_5XX)


async def test_a_walk_beyond_its_page_budget_says_that_it_is_cut(world: World, memory: Memory) -> None:
    """CrawlTerms.walk_pages; absence may not be said from a cut walk."""
    await visit(world, memory, scope="host", terms=replace(TERMS, walk_pages=1))

    assert memory.walks[0].capped


async def test_a_calendar_is_cut_and_reported(world: World, memory: Memory) -> None:
    """Addresses that differ in numbers alone: at most sixty of them."""

    def month(request: Request) -> Reply:
        number = int(request.path.rpartition("/")[2])
        return Reply(page("Lịch", *(("site", f"/lich/{number + n}", f"tháng {n}") for n in range(1, 41))))

    world.pages["/"] = Reply(page("Trang chủ", ("site", "/lich/1", "Lịch")))
    world.pages |= {f"/lich/{n}": month for n in range(1, 400)}

    report = await visit(world, memory, scope="host")

    assert len([r for r in world.requests if r.path.startswith("/lich/")]) == 60
    assert "bẫy lịch: bỏ qua" in report.detail


async def test_session_ids_do_not_make_new_pages(world: World, memory: Memory) -> None:
    """G6: session ids and tracking parameters do not count."""

    def fresh(request: Request) -> Reply:
        number = len(world.requests)
        return Reply(
            page("Giới thiệu", ("site", f"/gioi-thieu;jsessionid={number}?utm_source={number}", "x"))
        )

    world.pages["/gioi-thieu"] = fresh

    await visit(world, memory, scope="host")

    assert len([r for r in world.requests if r.path.startswith("/gioi-thieu")]) == 1


async def test_a_list_found_by_the_walk_is_followed_too(world: World, memory: Memory) -> None:
    """A list may stand where no menu word leads."""
    world.pages["/phong"] = Reply(listing([row("c1"), row("c2")], title="Phòng"))

    await visit(world, memory, scope="host")

    captures = {c.list_url: c.identities for c in memory.of(ListCapture)}
    assert captures[world.url("/phong")] == ("c1", "c2")


async def test_a_page_that_says_it_is_not_there_is_no_content(world: World, memory: Memory) -> None:
    """G12: a soft 404 answers well and shows what any wrong address shows."""
    lost = Reply(page("Sở Mô phỏng", text="Không tìm thấy trang bạn yêu cầu"))
    world.pages["/co-cau"] = lost
    world.pages["/phong"] = lost

    await visit(world, memory, scope="host")

    assert world.url("/co-cau") not in [p.url for p in memory.of(SitePage)]
    assert world.url("/co-cau") in [step.url for step in memory.walks[0].pages]


async def test_the_answer_to_an_impossible_address_is_learnt(world: World, memory: Memory) -> None:
    """G12: whatever a nonsense path shows is no page, in whatever words."""
    nonsense = "/zq" + sha256(SEED.encode()).hexdigest()[:10]
    odd = Reply(page("Cổng", text="Xin mời quay lại sau, chúng tôi đang bận"))
    world.pages |= {nonsense: odd, "/gioi-thieu": odd}

    await visit(world, memory, scope="host")

    assert world.url("/gioi-thieu") not in [p.url for p in memory.of(SitePage)]


@pytest.mark.parametrize("portal", ["/xa-a/", "/xa-a", "/xa-a/trang-chu.html"])
async def test_on_a_shared_host_it_is_the_portals_own_answer_that_is_learnt(
    memory: Memory, portal: str
) -> None:
    """The host says "not found" in a way of its own, which tells nothing of its tenants."""
    odd = Reply(page("Cổng", text="Xin mời quay lại sau, chúng tôi đang bận"))
    home = Reply(page("Xã A", ("site", "/xa-a/gioi-thieu", "Giới thiệu")))
    async with World({portal: home, "/xa-a/gioi-thieu": odd}, fallback=lambda _: odd) as world:
        neighbour = Agency(code=AgencyCode("xa-b"), name="Xã B", bloc="b", portal=world.url("/xa-b/"))
        registry = AgenciesFile(agency=(neighbour,))
        await visit(world, memory, scope="host", portal=portal, registry=registry)

    asked = [request.path for request in world.requests if "/zq" in request.path]
    assert [path.startswith("/xa-a/zq") for path in asked] == [True]
    assert world.url("/xa-a/gioi-thieu") not in [p.url for p in memory.of(SitePage)]


async def test_the_service_portal_is_looked_at_and_not_walked(world: World, memory: Memory) -> None:
    """G3, HD.6: pages of the service portal are foreign, and lead nowhere."""
    async with World({"/tthc": Reply(page("TTHC", ("site", "/khac", "Khác")))}) as service:
        world.pages["/gioi-thieu"] = Reply(page("Giới thiệu", ("site", service.url("/tthc"), "DVC")))
        registry = AgenciesFile(agency=(), service_portal_hosts=(f"127.0.0.1:{service.port}",))
        allow = (f"127.0.0.1:{world.port}", f"127.0.0.1:{service.port}")
        await visit(world, memory, scope="host", registry=registry, allow=allow)

    (foreign,) = [p for p in memory.of(SitePage) if p.role == "foreign"]
    assert foreign.url == service.url("/tthc")
    assert service.asked("/khac") == []


def png(width: int, height: int) -> bytes:
    """Return the head of a PNG of this size."""
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", width, height) + b"\x08\x02\0\0\0"


async def test_images_of_site_pages_that_may_be_charts_are_measured(world: World, memory: Memory) -> None:
    """HD.1: an own image at least 400 wide; one declared narrow is not asked for."""
    shown = '<img src="/anh/so-do.png"><img src="/anh/bieu-tuong.png" width="32"><img src="/anh/gia.png">'
    world.pages["/co-cau"] = Reply(page("Cơ cấu", shown))
    world.pages["/anh/so-do.png"] = Reply(png(900, 600), type="image/png")
    world.pages["/anh/gia.png"] = Reply("không phải ảnh", type="image/png")

    await visit(world, memory, scope="host")

    assert [(i.url, i.width, i.height) for i in memory.of(ImageFile)] == [
        (world.url("/anh/so-do.png"), 900, 600)
    ]
    assert world.asked("/anh/bieu-tuong.png") == []


async def test_files_that_site_pages_offer_are_sniffed(world: World, memory: Memory) -> None:
    """HD.1, HD.7: an own attachment of the section's page."""
    world.pages["/co-cau"] = Reply(page("Cơ cấu", ("tep", "/tep/so-do.pdf", "Sơ đồ")))
    world.pages["/tep/so-do.pdf"] = Reply(b"%PDF-1.7 " + b"x" * 2000, type="application/pdf")

    await visit(world, memory, scope="host")

    assert [(a.type, a.size) for a in memory.of(Attachment)] == [("pdf", 2009)]
