"""The least that this job can be with our libraries: SEEDS OUT.

A client a host, raw bodies, lexbor, rows in batches, one gzip member a record by isal. No guard, robots,
pace, breaker, budget, log, signature, run or account: what is missing is what minhchung pays for.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import ssl
import sys
import uuid
from collections import deque
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import uvloop
from isal import igzip, isal_zlib
from selectolax.lexbor import LexborHTMLParser

SEEDS, OUT = Path(sys.argv[1]).read_text().split(), Path(sys.argv[2])
AT_ONCE, PER_HOST = 32, 2
SENT = {"User-Agent": "least/1", "Accept": "*/*", "Accept-Encoding": "gzip, deflate", "Accept-Language": "vi"}


class Kept:
    """The WARC and the rows."""

    def __init__(self) -> None:
        self.file = (OUT / "least.warc.gz").open("wb", buffering=1 << 20)
        self.base = sqlite3.connect(OUT / "least.sqlite", isolation_level=None)
        self.base.execute("PRAGMA journal_mode = WAL")
        self.base.execute("PRAGMA synchronous = NORMAL")
        self.base.execute(
            "CREATE TABLE page (url TEXT UNIQUE, status INT, sha256 TEXT, title TEXT, day TEXT, links INT)"
        )
        self.waiting: list[tuple[Any, ...]] = []
        self.pages = 0

    def record(self, kind: str, url: str, block: bytes, *fields: str) -> str:
        name = uuid.uuid4().urn
        head = [
            "WARC/1.1",
            f"WARC-Type: {kind}",
            f"WARC-Record-ID: <{name}>",
            f"WARC-Date: {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            f"WARC-Target-URI: {url}",
            *fields,
            f"WARC-Block-Digest: sha256:{sha256(block).hexdigest()}",
            f"Content-Type: application/http; msgtype={kind}",
            f"Content-Length: {len(block)}\r\n\r\n",
        ]
        self.file.write(igzip.compress("\r\n".join(head).encode() + block + b"\r\n\r\n", 1, mtime=0))
        return name

    def pair(self, url: str, answer: httpx.Response, wire: bytes) -> str:
        payload = sha256(wire).hexdigest()
        head = f"HTTP/1.1 {answer.status_code} {answer.reason_phrase}\r\n".encode()
        head += b"".join(b"%b: %b\r\n" % each for each in answer.headers.raw) + b"\r\n"
        name = self.record("response", url, head + wire, f"WARC-Payload-Digest: sha256:{payload}")
        asked = f"GET {answer.request.url.raw_path.decode()} HTTP/1.1\r\n".encode()
        asked += b"".join(b"%b: %b\r\n" % each for each in answer.request.headers.raw) + b"\r\n"
        self.record("request", url, asked, f"WARC-Concurrent-To: <{name}>")
        return payload

    def row(self, *values: Any) -> None:
        self.pages += values[1] == 200
        self.waiting.append(values)
        if len(self.waiting) == 200:
            self.flush()

    def flush(self) -> None:
        self.base.execute("BEGIN")
        self.base.executemany("INSERT INTO page VALUES (?, ?, ?, ?, ?, ?)", self.waiting)
        self.base.execute("COMMIT")
        self.waiting.clear()


class Host:
    """One host: its client, its addresses."""

    def __init__(self, seed: str, kept: Kept, context: ssl.SSLContext) -> None:
        self.begin = f"{urlsplit(seed).scheme}://{urlsplit(seed).netloc}"
        self.queue, self.met, self.kept, self.busy = deque([seed]), {seed}, kept, 0
        limits = httpx.Limits(max_connections=PER_HOST, max_keepalive_connections=PER_HOST)
        self.client = httpx.AsyncClient(
            headers=SENT, verify=context, trust_env=False, timeout=60, limits=limits
        )
        self.stir = asyncio.Event()

    async def crawl(self) -> None:
        await asyncio.gather(*(self.work() for _ in range(PER_HOST)))
        await self.client.aclose()

    async def work(self) -> None:
        while self.queue or self.busy:
            if not self.queue:
                self.stir.clear()
                await self.stir.wait()
                continue
            self.busy += 1
            await self.one(self.queue.popleft())
            self.busy -= 1
            self.stir.set()

    async def one(self, url: str) -> None:
        answer = await self.client.send(self.client.build_request("GET", url), stream=True)
        wire = b"".join([part async for part in answer.aiter_raw()])
        await answer.aclose()
        digest = self.kept.pair(url, answer, wire)
        title, day, hrefs = None, None, []
        if answer.headers.get("content-type", "").startswith("text/html"):
            packed = answer.headers.get("content-encoding") == "gzip"
            tree = LexborHTMLParser(isal_zlib.decompress(wire, 31) if packed else wire)
            named, dated = tree.css_first("title"), tree.css_first("time[datetime]")
            title, day = named.text() if named else None, dated.attributes["datetime"] if dated else None
            hrefs = [each.attributes["href"] or "" for each in tree.css("a[href]")]
            for href in hrefs:
                self.follow(url, href)
        self.kept.row(url, answer.status_code, digest, title, day, len(hrefs))

    def follow(self, url: str, href: str) -> None:
        if href[:1] == "/" and href[1:2] != "/":
            target = self.begin + href.partition("#")[0]
        elif href.startswith(("#", "mailto:", "javascript:")):
            return
        else:
            target = urljoin(url, href).partition("#")[0]
        if target not in self.met and target.startswith(self.begin + "/"):
            self.met.add(target)
            self.queue.append(target)


async def main() -> None:
    """Crawl."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    kept, seeds = Kept(), iter(SEEDS)

    async def lane() -> None:
        for seed in seeds:
            await Host(seed, kept, context).crawl()

    await asyncio.gather(*(lane() for _ in range(AT_ONCE)))
    kept.flush()
    kept.file.close()
    print(json.dumps({"pages": kept.pages}))


uvloop.run(main())
