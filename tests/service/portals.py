"""A small portal on loopback and a configuration that finds it: enough for the timetable to visit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PAGES = {
    "/": '<html lang="vi"><title>Sở Thử</title><nav><a href="/tin-tuc">Tin tức</a></nav></html>',
    "/tin-tuc": '<html lang="vi"><h1>Tin tức</h1><p onclick="x()">Chưa có &amp; sẽ có</p></html>',
}

REGISTRY = """
[[agency]]
code = "so-thu"
name = "Sở Thử"
bloc = "provincial"
portal = "http://127.0.0.1:{port}/"

[network]
allow = ["127.0.0.1:{port}"]
delay = 0.0
"""

TIMETABLE = """
[[schedule]]
key = "hang-ngay"
title = "Hằng ngày"
cron = "{cron}"
"""


def _handler(
    wait: Callable[[], None], pages: Mapping[str, str], content_type: str
) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wait()
            page = pages.get(self.path)
            # A page in an old charset is written here by its bytes, as Python escapes them.
            body = (page or "không có").encode("utf-8", "surrogateescape")
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    return Handler


@contextmanager
def portal(
    wait: Callable[[], None] = lambda: None,
    pages: Mapping[str, str] = PAGES,
    content_type: str = "text/html; charset=utf-8",
) -> Iterator[int]:
    """Serve the small portal, or other pages, on a free port; `wait` is called before every answer."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(wait, pages, content_type))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def write_config(folder: Path, port: int, cron: str = "0 0 * * *") -> Path:
    """Write the configuration of the small portal with one line of a timetable; returns its folder."""
    (folder / "agencies").mkdir(parents=True)
    (folder / "agencies" / "thu.toml").write_text(REGISTRY.format(port=port), "utf-8")
    (folder / "timetable.toml").write_text(TIMETABLE.format(cron=cron), "utf-8")
    return folder
