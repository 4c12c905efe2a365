"""Crawlee for Python (Parsel), with a WARC by warcio and rows in SQLite: SEEDS OUT."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import sqlite3
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import uvloop
from crawlee import ConcurrencySettings, service_locator
from crawlee.crawlers import ParselCrawler
from crawlee.storage_clients import MemoryStorageClient
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

SEEDS, OUT = Path(sys.argv[1]).read_text().split(), Path(sys.argv[2])


class Kept:
    """The WARC and the rows."""

    def __init__(self) -> None:
        self.writer = WARCWriter(
            (OUT / "crawlee.warc.gz").open("wb", buffering=1 << 20), gzip=True, warc_version="1.1"
        )
        self.base = sqlite3.connect(OUT / "crawlee.sqlite", isolation_level=None)
        self.base.execute("PRAGMA journal_mode = WAL")
        self.base.execute("PRAGMA synchronous = NORMAL")
        self.base.execute(
            "CREATE TABLE page (url TEXT UNIQUE, status INT, sha256 TEXT, title TEXT, day TEXT, links INT)"
        )
        self.waiting: list[tuple[Any, ...]] = []

    def archive(self, url: str, status: int, headers: list[tuple[str, str]], body: bytes) -> str:
        """Write a pair; Crawlee gives the body decoded, so its coding is left out of the headers."""
        digest = hashlib.sha256(body).hexdigest()
        shown = [(k, v) for k, v in headers if k.lower() not in ("content-encoding", "content-length")]
        record = self.writer.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(body),
            length=len(body),
            http_headers=StatusAndHeaders(f"{status} OK", shown, protocol="HTTP/1.1"),
            warc_headers_dict={"X-SHA256": digest},
        )
        line = f"GET /{url.split('/', 3)[3]} HTTP/1.1"
        head = StatusAndHeaders(line, [("Host", url.split("/")[2])], is_http_request=True)
        asked = self.writer.create_warc_record(
            url, "request", payload=io.BytesIO(b""), length=0, http_headers=head
        )
        self.writer.write_request_response_pair(asked, record)
        return digest

    def row(self, *values: Any) -> None:
        self.waiting.append(values)
        if len(self.waiting) == 200:
            self.flush()

    def flush(self) -> None:
        self.base.execute("BEGIN")
        self.base.executemany("INSERT OR IGNORE INTO page VALUES (?, ?, ?, ?, ?, ?)", self.waiting)
        self.base.execute("COMMIT")
        self.waiting.clear()


async def main() -> None:
    """Crawl."""
    service_locator.set_storage_client(MemoryStorageClient())
    more: dict[str, Any] = {}
    if SEEDS[0].startswith("https:"):
        from crawlee.http_clients import ImpitHttpClient

        more["http_client"] = ImpitHttpClient(verify=False)
    crawler = ParselCrawler(
        concurrency_settings=ConcurrencySettings(
            min_concurrency=64, max_concurrency=64, desired_concurrency=64
        ),
        max_request_retries=0,
        configure_logging=False,
        use_session_pool=False,
        request_handler_timeout=timedelta(seconds=300),
        **more,
    )
    logging.getLogger("crawlee").setLevel(logging.ERROR)
    kept, met, stored = Kept(), set(SEEDS), set()

    @crawler.router.default_handler
    async def take(context: Any) -> None:
        answer, url = context.http_response, context.request.url
        body = await answer.read()
        digest = kept.archive(url, answer.status_code, list(answer.headers.items()), body)
        if answer.status_code == 200:
            stored.add(url)
        title, day, hrefs = None, None, []
        if "html" in answer.headers.get("content-type", ""):
            page = context.selector
            title, day = page.xpath("//title/text()").get(), page.xpath("//time/@datetime").get()
            hrefs = page.root.xpath("//a/@href")
        begin, further = url[: url.index("/", 8)], []
        for href in hrefs:
            if href.startswith(("#", "mailto:", "javascript:")):
                continue
            plain = href[:1] == "/" and href[1:2] != "/"
            target = begin + href.partition("#")[0] if plain else urljoin(url, href).partition("#")[0]
            if target not in met and target.startswith(begin + "/"):
                met.add(target)
                further.append(target)
        if further:
            await context.add_requests(further)
        kept.row(url, answer.status_code, digest, title, day, len(hrefs))

    await crawler.run(SEEDS)
    kept.flush()
    kept.writer.out.close()
    print(json.dumps({"pages": len(stored)}))


uvloop.run(main())
