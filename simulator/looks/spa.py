"""A portal that is a shell until its scripts have run: its list comes as JSON; it belongs to no agency."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from typing import Final

from simulator import words
from simulator.http import JSON, Request, Response
from simulator.looks.frame import dmy

SCRIPT: Final = "text/javascript; charset=utf-8"
ITEMS: Final = 24
PAGE_SIZE: Final = 10
_NAME: Final = "Trung tâm Dữ liệu tỉnh Hoa Ban (mô phỏng)"

_SHELL: Final = (
    '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title></head>'
    '<body><div id="app"></div><noscript>Trang này cần JavaScript.</noscript>'
    '<script src="/app.js"></script></body></html>'
)
_APP: Final = """
const app = document.getElementById("app");
function el(tag, text, attributes) {
  const node = document.createElement(tag);
  node.textContent = text;
  for (const [name, value] of Object.entries(attributes || {})) node.setAttribute(name, value);
  return node;
}
async function get(path) { return (await fetch(path)).json(); }
async function home() {
  app.append(el("h1", "%(name)s"));
  const nav = document.createElement("nav");
  nav.append(el("a", "Tin tức", {href: "/tin-tuc"}));
  app.append(nav);
}
async function list() {
  const page = Number(new URLSearchParams(location.search).get("page") || "1");
  const data = await get("/api/tin-tuc?page=" + page);
  app.append(el("h1", "Tin tức"));
  for (const item of data.items) {
    const row = el("div", "", {class: "tin"});
    row.append(el("a", item.title, {href: "/tin-tuc/" + item.id}), el("span", item.date, {class: "ngay"}));
    app.append(row);
  }
  if (page < data.pages) app.append(el("a", "Sau", {rel: "next", href: "/tin-tuc?page=" + (page + 1)}));
}
async function item(id) {
  const data = await get("/api/tin-tuc/" + id);
  app.append(el("h1", data.title), el("span", data.date, {class: "ngay"}));
  for (const text of data.paragraphs) app.append(el("p", text));
}
const match = location.pathname.match(/^\\/tin-tuc\\/(\\d+)$/);
if (match) item(match[1]); else if (location.pathname === "/tin-tuc") list(); else home();
"""


class ScriptPortal:
    """Answers a shell for every page, and JSON for what the shell's script fetches."""

    def __init__(self, seed: int) -> None:
        draw = random.Random(f"{seed}/spa")
        taken: set[str] = set()
        first = date(2020, 11, 9)
        self.items = [
            {
                "id": 501 + n,
                "title": words.headline(draw, taken),
                "date": dmy(first + timedelta(days=14 * n)),
                "paragraphs": list(words.body(draw)),
            }
            for n in range(ITEMS)
        ]

    def handle(self, request: Request) -> Response:
        """Answer one request."""
        if request.path == "/app.js":
            return Response(status=200, body=(_APP % {"name": _NAME}).encode(), content_type=SCRIPT)
        if request.path == "/api/tin-tuc":
            return self._listed(request.parameters().get("page", "1"))
        if request.path.startswith("/api/tin-tuc/"):
            return self._one(request.path.rpartition("/")[2])
        if request.path in ("/", "/tin-tuc") or request.path.startswith("/tin-tuc/"):
            return Response(status=200, body=_SHELL.format(title=_NAME).encode())
        return Response(status=404, body=b"")

    def _listed(self, page: str) -> Response:
        number = int(page) if page.isdecimal() else 1
        newest = self.items[::-1][(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        rows = [{"id": item["id"], "title": item["title"], "date": item["date"]} for item in newest]
        answer = {"items": rows, "page": number, "pages": -(-ITEMS // PAGE_SIZE), "total": ITEMS}
        return _json(answer)

    def _one(self, number: str) -> Response:
        found = next((item for item in self.items if str(item["id"]) == number), None)
        return Response(status=404, body=b"{}", content_type=JSON) if found is None else _json(found)


def _json(value: object) -> Response:
    return Response(status=200, body=json.dumps(value, ensure_ascii=False).encode(), content_type=JSON)
