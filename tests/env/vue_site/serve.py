"""Serve a single-page portal on a free loopback port: Vue with Quasar's controls, and the JSON behind it.

`items.json` beside this file is what the portal holds; every path but the data's and the scripts' answers the
same shell. Prints the port first and serves until standard input closes.
"""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

HERE = Path(__file__).resolve().parent
SCRIPTS = Path(find_spec("nicegui").origin).parent / "static"
ITEMS = json.loads((HERE / "items.json").read_text("utf-8"))
FILES = {
    "/static/vue.js": (SCRIPTS / "vue.esm-browser.prod.js", "text/javascript; charset=utf-8"),
    "/static/quasar.js": (SCRIPTS / "quasar.umd.prod.js", "text/javascript; charset=utf-8"),
    "/static/quasar.css": (SCRIPTS / "quasar.unimportant.prod.css", "text/css"),
    "/static/app.js": (HERE / "app.js", "text/javascript; charset=utf-8"),
}
SIZES = {"news": 12, "document": 10, "directive": 8}


def data(path, query):
    """Return what the data behind the pages says; None where there is nothing."""
    parts = path.split("/")[2:]
    items = [item for item in ITEMS if item["list"] == parts[0]]
    if len(parts) == 2:
        return next((item for item in items if item["id"] == parts[1]), None)
    size, page = SIZES[parts[0]], int(query.get("page", ["1"])[0])
    rows = [{k: v for k, v in item.items() if k != "body"} for item in items]
    return {"total": len(rows), "size": size, "items": rows[(page - 1) * size : page * size]}


class Portal(BaseHTTPRequestHandler):
    """Answers data, scripts, and the shell for everything else."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        """Answer one request."""
        parts = urlsplit(self.path)
        if parts.path.startswith("/api/"):
            said = data(parts.path, parse_qs(parts.query))
            body = json.dumps(said, ensure_ascii=False).encode()
            self.answer(200 if said is not None else 404, body, "application/json")
        elif parts.path in FILES:
            file, kind = FILES[parts.path]
            self.answer(200, file.read_bytes(), kind)
        elif parts.path in ("/robots.txt", "/sitemap.xml", "/favicon.ico"):
            self.answer(404, b"", "text/plain")
        else:
            self.answer(200, (HERE / "index.html").read_bytes(), "text/html; charset=utf-8")

    def answer(self, status, body, kind):
        """Send an answer."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Say nothing."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    server.daemon_threads = True
    print(server.server_port, flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
    server.shutdown()
