"""A page's document as a person sees it: shadow trees and frames of its own host stand where they are shown.

Serialised mark-up leaves out both, and a reader of it would find an empty portal. Frames of other hosts stay
out: what they show is not the portal's. Each is a script that runs in the page and answers in plain values.
"""

from __future__ import annotations

from typing import Final

OPEN_SHADOWS: Final = """(() => {
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (how) { return attach.call(this, {...how, mode: "open"}); };
})();"""
"""Run before any script of a page: a tree that is closed to us is shown to every visitor."""

DOCUMENT: Final = """(most) => {
  const kind = document.doctype ? "<!DOCTYPE html>" : "";
  const root = document.documentElement;
  if (!root) { return ""; }
  const inside = (frame) => { try { return frame.contentDocument && frame.contentDocument.body; }
    catch { return null; } };
  const hidden = (top) => [...top.querySelectorAll("*")].some((e) => e.shadowRoot
    || (e.localName === "iframe" && inside(e)));
  if (!hidden(document)) {
    const whole = root.outerHTML;
    return whole.length > most ? null : kind + whole;
  }
  const empty = new Set(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
    "track", "wbr"]);
  const raw = new Set(["script", "style", "noscript", "textarea", "title"]);
  const plain = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const quoted = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;");
  const out = [];
  let left = most;
  const put = (text) => { left -= text.length; if (left < 0) { throw new Error("most"); } out.push(text); };
  const address = (e, name, value) => { if (e.ownerDocument === document) { return value; }
    try { return new URL(value, e.baseURI).href; } catch { return value; } };
  const all = (nodes, depth) => { for (const node of nodes) { write(node, depth + 1); } };
  const write = (node, depth) => {
    if (depth > 600) { return; }
    if (node.nodeType === 3) {
      const named = node.parentNode ? node.parentNode.localName : "";
      put(raw.has(named) && named !== "textarea" && named !== "title" ? node.data : plain(node.data));
      return;
    }
    if (node.nodeType !== 1) { return; }
    const name = node.localName;
    if (name === "slot" && node.getRootNode() instanceof ShadowRoot) {
      const given = node.assignedNodes({flatten: true});
      all(given.length ? given : node.childNodes, depth);
      return;
    }
    const body = name === "iframe" ? inside(node) : null;
    if (body) {
      put(`<div data-frame="${quoted(node.contentDocument.URL)}">`);
      all(body.childNodes, depth);
      put("</div>");
      return;
    }
    put(`<${name}`);
    for (const {name: key, value} of node.attributes) {
      const told = /^(href|src|action)$/.test(key) ? address(node, key, value) : value;
      put(` ${key}="${quoted(told)}"`);
    }
    put(">");
    if (empty.has(name)) { return; }
    all(node.shadowRoot ? node.shadowRoot.childNodes : node.childNodes, depth);
    put(`</${name}>`);
  };
  try { write(root, 0); } catch { return null; }
  return kind + out.join("");
}"""

_ROWS: Final = """
  const trees = (top, found) => { for (const e of top.querySelectorAll("*")) { found.push(e);
    if (e.shadowRoot) { trees(e.shadowRoot, found); } } return found; };
  const holds = "a[href], button, input, select, textarea, [role=button], video, audio";
  const shown = (e) => { const box = e.getBoundingClientRect(); return box.width > 60 && box.height > 8; };
  const said = (e) => (e.innerText || "").trim();
  const framed = "nav, header, footer, [role=navigation], [role=banner], a[href], button, label";
  const able = (e) => (e.onclick || e.hasAttribute("onclick") || e.getAttribute("role") === "link"
    || getComputedStyle(e).cursor === "pointer") && said(e).length > 15 && said(e).length < 1500
    && shown(e) && !e.closest(framed) && !e.querySelector(holds);
  const some = trees(document, []).slice(0, 5000).filter(able);
  const outer = some.filter((e) => !some.some((other) => other !== e && other.contains(e)));
  const beside = (e) => outer.filter((other) => other.localName === e.localName
    && other.parentNode === e.parentNode).length;
  const rows = outer.filter((e) => beside(e) >= 3);
"""

ROWS: Final = "() => {" + _ROWS + " return rows.length; }"
"""How many rows of lists lead on when they are pressed, and hold no link."""

PRESS: Final = (
    "(n) => {"
    + _ROWS
    + """
  if (!rows[n]) { return false; }
  rows[n].scrollIntoView({block: "center"});
  rows[n].click();
  return true;
}"""
)

LINKED: Final = (
    "(found) => {"
    + _ROWS
    + """
  for (const [n, url] of found) {
    const row = rows[n];
    if (!row) { continue; }
    const own = (e) => [...e.childNodes].filter((c) => c.nodeType === 3).map((c) => c.data.trim())
      .join("").length;
    const title = [row, ...row.querySelectorAll("*")].reduce((a, b) => (own(b) > own(a) ? b : a));
    const link = document.createElement("a");
    link.setAttribute("href", url);
    link.setAttribute("data-pressed", "");
    link.append(...title.childNodes);
    title.append(link);
  }
  return true;
}"""
)
"""Lays a link over the title of each row that led somewhere, marked `data-pressed`: pressing told where."""
