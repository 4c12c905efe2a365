"""A farm of agency portals for crawl benchmarks: pages written once, the same for the same seed.

    farm.py DIR [--hosts N] [--pages N] [--net ADDRESS] [--port PORT]

Every host has an address of its own in 127.0.0.0/8 and a folder of its own: a home page, lists that page
on, articles that link to others, documents in a chain, files and a feed; about 35 kB and 80 links a page.
Text files are written packed as well, so that the server spends nothing on packing; modification times are
fixed, so that validators are. `farm.json` says how much there is; `seeds.txt` and `seeds-tls.txt` where to
begin.
"""

from __future__ import annotations

import argparse
import gzip
import ipaddress
import json
import os
import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TEXT: Final = (
    "công khai minh bạch quy hoạch xây dựng giao thông đất đai thủ tục hành chính hồ sơ trực tuyến "
    "chuyển đổi số tiếp công dân giải quyết khiếu nại thanh tra kiểm tra ngân sách dự toán quyết "
    "toán đấu thầu mua sắm tài sản chính quyền địa phương hội đồng nhân dân ủy ban quyết định kế "
    "hoạch chỉ thị thông báo nghị quyết báo cáo y tế giáo dục nông nghiệp môi trường khoa học văn "
    "hóa du lịch thể thao lao động việc làm an sinh xã hội"
)
SYLLABLES: Final = tuple(TEXT.split())
SECTIONS: Final = (
    "su-kien",
    "thong-cao",
    "dieu-hanh",
    "cai-cach",
    "moi-thau",
    "so-hoa",
    "giam-sat",
    "du-thao",
)
MODIFIED: Final = 1_700_000_000
"""Modification time of every file: 14 November 2023."""


@dataclass(frozen=True)
class Portal:
    """One host's pages."""

    address: str
    port: int
    pages: int
    seed: str

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield path and content of everything on the host."""
        chance = random.Random(self.seed)
        documents = max(2, self.pages // 8)
        articles = max(4, self.pages - 1 - documents - len(SECTIONS))
        titles = [words(chance, 8, 16) for _ in range(articles)]
        frame = Frame(chance, titles)
        by_section = [list(range(n, articles, len(SECTIONS))) for n in range(len(SECTIONS))]
        yield (
            "/",
            frame.page(
                "Trang chủ", rows(titles, range(min(15, articles))) + link("/cong-bo/0.html", "Công bố")
            ),
        )
        for section, numbers in zip(SECTIONS, by_section, strict=True):
            for page, start in enumerate(range(0, len(numbers), 15)):
                further = link(list_path(section, page + 1), "Trang sau") if start + 15 < len(numbers) else ""
                yield (
                    list_path(section, page),
                    frame.page(
                        f"{section} trang {page + 1}", rows(titles, numbers[start : start + 15]) + further
                    ),
                )
        for number, title in enumerate(titles):
            text = "".join(f"<p>{words(chance, 60, 160)}.</p>" for _ in range(chance.randint(5, 20)))
            near = rows(titles, [(number * 7 + step) % articles for step in range(1, 8)])
            yield (
                f"/noi-dung/{number}.html",
                frame.page(
                    title, f'<h1>{title}</h1><time datetime="{day(number)}">{day(number)}</time>{text}{near}'
                ),
            )
        for number in range(documents):
            table = (
                f"<table><tr><th>Số</th><td>{number + 1}/QĐ-UBND</td></tr>"
                f"<tr><th>Ngày</th><td>{day(number)}</td></tr></table>"
            )
            onward = link(f"/cong-bo/{(number + 1) % documents}.html", "Văn bản sau") + link(
                f"/tep/{number % 2}.pdf", "Tải"
            )
            yield (
                f"/cong-bo/{number}.html",
                frame.page(f"Công bố {number}", f"<h1>Công bố {number}</h1>{table}{onward}"),
            )
        for number in range(2):
            packed = zlib.compress(chance.randbytes(50_000))
            yield (
                f"/tep/{number}.pdf",
                b"%PDF-1.4\n1 0 obj<<>>stream\n" + packed + b"\nendstream endobj\n%%EOF\n",
            )
        items = "".join(
            f"<item><title>{t}</title><link>/noi-dung/{n}.html</link></item>"
            for n, t in enumerate(titles[:20])
        )
        yield (
            "/feed.xml",
            f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'.encode(),
        )


class Frame:
    """What all pages of a host share: menu, boxes, footer, and the styles and scripts in them."""

    def __init__(self, chance: random.Random, titles: list[str]) -> None:
        picked = [chance.randrange(len(titles)) for _ in range(48)]
        menu = "".join(
            f'<li class="muc m{n}">{link(list_path(section, 0), section)}'
            f"<ul>{rows(titles, picked[n * 6 : n * 6 + 6])}</ul></li>"
            for n, section in enumerate(SECTIONS)
        )
        style = "".join(f".m{n}{{margin:{n % 9}px;color:#{n * 9973 % 0xFFFFFF:06x}}}" for n in range(120))
        script = "".join(f"window.o{n}={{a:{n},b:'/api/{n * 31}'}};" for n in range(120))
        self._head = f"<style>{style}</style><script>{script}</script>"
        self._menu = f"<header><h2>{words(chance, 5, 9)}</h2></header><nav><ul>{menu}</ul></nav>"
        self._box = f"<aside>{rows(titles, [chance.randrange(len(titles)) for _ in range(10)])}</aside>"
        outside = "".join(
            f'<option value="https://co-quan-{n}.example/">{words(chance, 4, 8)}</option>' for n in range(40)
        )
        self._foot = (
            f"<footer><select>{outside}</select><p>{words(chance, 80, 90)}</p>{link('/feed.xml', 'RSS')} "
            '<a href="#dau">Lên đầu</a> <a href="mailto:vanthu@co-quan.example">Thư</a> '
            '<a href="https://ngoai.example/">Liên kết</a></footer>'
        )

    def page(self, title: str, main: str) -> bytes:
        """Return a page."""
        return (
            f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title>'
            f"{self._head}</head>"
            f'<body id="dau">{self._menu}<main>{main}</main>{self._box}{self._foot}</body></html>'
        ).encode()


def words(chance: random.Random, least: int, most: int) -> str:
    """Return some words, the first one with a capital."""
    return " ".join(chance.choices(SYLLABLES, k=chance.randint(least, most))).capitalize()


def day(number: int) -> str:
    """Return the day that a page bears."""
    return f"2023-{number % 12 + 1:02}-{number % 28 + 1:02}"


def link(path: str, text: str) -> str:
    """Return a link."""
    return f'<a href="{path}">{text}</a>'


def rows(titles: list[str], numbers: list[int] | range) -> str:
    """Return rows of a list."""
    return "".join(
        f'<div class="dong"><h3>{link(f"/noi-dung/{n}.html", titles[n])}</h3><span>{day(n)}</span></div>'
        for n in numbers
    )


def list_path(section: str, page: int) -> str:
    """Return the address of a page of a list."""
    return f"/{section}/" if page == 0 else f"/{section}/trang-{page + 1}.html"


def write(portal: Portal, root: Path) -> int:
    """Write a host's files; return their number."""
    count = 0
    for path, content in portal.files():
        file = root / path.lstrip("/")
        file = file / "index.html" if path.endswith("/") else file
        file.parent.mkdir(parents=True, exist_ok=True)
        kept = [(file, content)]
        if file.suffix != ".pdf":
            kept.append((file.with_name(file.name + ".gz"), gzip.compress(content, 6, mtime=0)))
        for each, held in kept:
            each.write_bytes(held)
            os.utime(each, (MODIFIED, MODIFIED))
        count += 1
    return count


def make(folder: Path, *, hosts: int, pages: int, net: str, port: int) -> int:
    """Write a farm; return how many addresses it answers."""
    first = ipaddress.ip_address(net)
    addresses = [str(first + 1 + number) for number in range(hosts)]
    total = sum(
        write(Portal(address, port, pages, f"{number}"), folder / "sites" / address)
        for number, address in enumerate(addresses)
    )
    folder.joinpath("farm.json").write_text(
        json.dumps({"addresses": addresses, "port": port, "total": total})
    )
    folder.joinpath("seeds.txt").write_text("".join(f"http://{each}:{port}/\n" for each in addresses))
    folder.joinpath("seeds-tls.txt").write_text(
        "".join(f"https://{each}:{port + 1}/\n" for each in addresses)
    )
    return total


def main() -> None:
    """Write a farm."""
    parser = argparse.ArgumentParser(description="write a farm of portals for crawl benchmarks")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--hosts", type=int, default=32)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--net", default="127.3.0.0")
    parser.add_argument("--port", type=int, default=18480)
    told = parser.parse_args()
    print(make(told.folder, hosts=told.hosts, pages=told.pages, net=told.net, port=told.port))


if __name__ == "__main__":
    main()
