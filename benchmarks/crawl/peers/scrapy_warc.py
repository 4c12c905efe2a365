"""Scrapy, tuned, with a WARC by warcio and rows in SQLite: SEEDS OUT.

Tuned means: no middleware that this job does not need, two items in the pipelines at once (the default of a
hundred makes a hundred tasks a response), links by lxml itself, addresses joined by hand where that is safe.
"""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import sys
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

SEEDS, OUT = Path(sys.argv[1]).read_text().split(), Path(sys.argv[2])
kept: set[str] = set()
met: set[str] = set(SEEDS)


class Keep:
    """Writes request and response as they were transferred: it sits next to the downloader."""

    def __init__(self) -> None:
        self.file = (OUT / "scrapy.warc.gz").open("wb", buffering=1 << 20)
        self.writer = WARCWriter(self.file, gzip=True, warc_version="1.1")

    def process_response(self, request: Any, response: Any) -> Any:
        digest = hashlib.sha256(response.body).hexdigest()
        request.meta["sha256"] = digest
        head = [
            (k.decode("latin-1"), v.decode("latin-1")) for k, many in response.headers.items() for v in many
        ]
        record = self.writer.create_warc_record(
            response.url,
            "response",
            payload=io.BytesIO(response.body),
            length=len(response.body),
            http_headers=StatusAndHeaders(f"{response.status} OK", head, protocol="HTTP/1.1"),
            warc_headers_dict={"X-SHA256": digest},
        )
        sent = [
            (k.decode("latin-1"), v.decode("latin-1")) for k, many in request.headers.items() for v in many
        ]
        line = f"GET /{response.url.split('/', 3)[3]} HTTP/1.1"
        asked = self.writer.create_warc_record(
            response.url,
            "request",
            payload=io.BytesIO(b""),
            length=0,
            http_headers=StatusAndHeaders(
                line, [("Host", response.url.split("/")[2]), *sent], is_http_request=True
            ),
        )
        self.writer.write_request_response_pair(asked, record)
        return response


class Rows:
    """Writes a row a page, two hundred at a time."""

    def __init__(self) -> None:
        self.base = sqlite3.connect(OUT / "scrapy.sqlite", isolation_level=None)
        self.base.execute("PRAGMA journal_mode = WAL")
        self.base.execute("PRAGMA synchronous = NORMAL")
        self.base.execute(
            "CREATE TABLE page (url TEXT UNIQUE, status INT, sha256 TEXT, title TEXT, day TEXT, links INT)"
        )
        self.waiting: list[tuple[Any, ...]] = []

    def process_item(self, item: dict[str, Any]) -> dict[str, Any]:
        self.waiting.append(tuple(item.values()))
        if len(self.waiting) == 200:
            self.flush()
        return item

    def flush(self) -> None:
        self.base.execute("BEGIN")
        self.base.executemany("INSERT INTO page VALUES (?, ?, ?, ?, ?, ?)", self.waiting)
        self.base.execute("COMMIT")
        self.waiting.clear()

    def close_spider(self) -> None:
        self.flush()


class Portals(scrapy.Spider):
    """Follows every link of the seeds' hosts."""

    name = "portals"
    handle_httpstatus_all = True

    async def start(self) -> Any:
        for seed in SEEDS:
            yield scrapy.Request(seed, dont_filter=True)

    def parse(self, response: Any) -> Any:
        title, day, hrefs = None, None, []
        if response.status == 200:
            kept.add(response.url)
        if isinstance(response, scrapy.http.HtmlResponse):
            root = response.selector.root
            title = response.xpath("//title/text()").get()
            day = response.xpath("//time/@datetime").get()
            hrefs = root.xpath("//a/@href")
            begin = response.url[: response.url.index("/", 8)]
            for href in hrefs:
                if href.startswith(("#", "mailto:", "javascript:")):
                    continue
                plain = href[:1] == "/" and href[1:2] != "/"
                url = begin + href.partition("#")[0] if plain else response.urljoin(href).partition("#")[0]
                if url not in met and url.startswith(begin + "/"):
                    met.add(url)
                    yield scrapy.Request(url, dont_filter=True)
        yield {
            "url": response.url,
            "status": response.status,
            "sha256": response.meta.get("sha256", ""),
            "title": title,
            "day": day,
            "links": len(hrefs),
        }


def unwanted(kind: str, *names: str) -> dict[str, None]:
    """Return settings that leave Scrapy's own parts out."""
    return dict.fromkeys(f"scrapy.{kind}.{name}" for name in names)


process = CrawlerProcess(
    {
        "CONCURRENT_REQUESTS": 64,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 2,
        "CONCURRENT_ITEMS": 2,
        "DOWNLOAD_DELAY": 0,
        "ROBOTSTXT_OBEY": False,
        "COOKIES_ENABLED": False,
        "RETRY_ENABLED": False,
        "REDIRECT_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "ERROR",
        "LOGSTATS_INTERVAL": 0,
        "MEMUSAGE_ENABLED": False,
        "DOWNLOADER_STATS": False,
        "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
        "ASYNCIO_EVENT_LOOP": "uvloop.Loop",
        "ITEM_PIPELINES": {Rows: 300},
        "DOWNLOADER_MIDDLEWARES": {
            Keep: 595,
            **unwanted("downloadermiddlewares", "httpauth.HttpAuthMiddleware", "offsite.OffsiteMiddleware"),
        },
        "SPIDER_MIDDLEWARES": unwanted(
            "spidermiddlewares",
            "referer.RefererMiddleware",
            "urllength.UrlLengthMiddleware",
            "depth.DepthMiddleware",
            "httperror.HttpErrorMiddleware",
        ),
        "EXTENSIONS": unwanted("extensions", "corestats.CoreStats", "memusage.MemoryUsage"),
    }
)
process.crawl(Portals)
process.start()
print(json.dumps({"pages": len(kept)}))
