"""What is done to a page that shows a list bit by bit: scroll on, ask for more, turn to the next number.

Each is a script that runs in the page and answers in plain values; what a page answers is not believed.
"""

from __future__ import annotations

from typing import Final

MORE_WORDS: Final = (
    "xem them", "tai them", "hien thi them", "tai tiep", "xem tiep", "xem nhieu hon", "them tin", "tin khac",
    "load more", "show more", "view more", "see more", "more",
)  # fmt: skip
"""What a button says that brings more rows, without diacritics; it may go on ("Xem thêm tin")."""

NEXT_WORDS: Final = (
    "sau", "trang sau", "trang tiep", "trang tiep theo", "tiep", "tiep theo", "trang ke", "ke tiep", "next",
    "next page", "go to next page", "keyboard_arrow_right", "chevron_right", "navigate_next", "›", ">",
    "→", "»",
)  # fmt: skip

SHOWN: Final = """() => [document.links.length, document.body ? document.body.innerText.trim().length : 0,
  document.body ? document.body.innerText.slice(-4000) : "", location.href]"""
"""What tells two states of a page apart."""

SCROLL: Final = """() => {
  const tall = [...document.querySelectorAll("body *")].filter((e) => e.scrollHeight > e.clientHeight + 40
    && e.clientHeight > 150 && /auto|scroll/.test(getComputedStyle(e).overflowY)).slice(0, 5);
  const bottom = Math.max(...[document.body, document.documentElement].map((e) => (e ? e.scrollHeight : 0)));
  window.scrollTo(0, Math.max(0, bottom - 2 * window.innerHeight));
  window.scrollTo(0, bottom);
  window.dispatchEvent(new Event("scroll"));
  for (const each of tall) { each.scrollTop = each.scrollHeight; }
}"""

_TOOLS: Final = """
  const plain = (text) => (text || "").normalize("NFD").replace(/[\\u0300-\\u036f]/g, "")
    .replace(/[đĐ]/g, "d").toLowerCase().replace(/\\s+/g, " ").trim();
  const shown = (e) => { const box = e.getBoundingClientRect(), look = getComputedStyle(e);
    return box.width > 0 && box.height > 0 && look.visibility !== "hidden" && look.display !== "none"; };
  const able = (e) => !e.disabled && e.getAttribute("aria-disabled") !== "true"
    && !/(^|[\\s_-])disabled/.test(typeof e.className === "string" ? e.className : "")
    && !(e.closest("[disabled], .disabled, [aria-disabled=true]"));
  const stays = (e) => { const link = e.closest("a"); if (!link) return true;
    const href = (link.getAttribute("href") || "").trim();
    return href === "" || /^javascript:/i.test(href) || (href[0] === "#" && !/^#!?\\//.test(href)); };
  const said = (e) => plain(e.tagName === "INPUT" ? e.value : e.innerText)
    || plain(e.getAttribute("aria-label") || e.getAttribute("title"));
  const framed = (e) => !!e.closest("header, footer, [role=banner], [role=contentinfo]");
  const controls = [...document.querySelectorAll("button, a, input[type=button], [role=button], [role=link],"
    + " li, span, div")].filter((e) => (e.innerText || e.value || "").length < 60
    && stays(e) && able(e) && shown(e) && !framed(e));
  const innermost = (found) => found.filter((e) => !found.some((other) => other !== e && e.contains(other)
    && !/^(BUTTON|A|INPUT)$/.test(e.tagName)) && !found.some((other) => other !== e && other.contains(e)
    && /^(BUTTON|A|INPUT)$/.test(other.tagName)));
  const press = (e) => { e.scrollIntoView({block: "center"}); e.click(); };
"""

MORE: Final = (
    "(words) => {"
    + _TOOLS
    + """
  const found = innermost(controls.filter((e) => { const text = said(e).replace(/[.…+»›>]+$/, "").trim();
    return words.some((word) => text === word || (word !== "more" && text.startsWith(word + " "))); }));
  const own = found.filter((e) => /^(BUTTON|A|INPUT)$/.test(e.tagName) || e.getAttribute("role")
    || getComputedStyle(e).cursor === "pointer" || e.onclick);
  if (own.length === 0 || own.length > 3) { return false; }  // one under each row opens the row
  press(own[own.length - 1]);
  return true;
}"""
)

NEXT: Final = (
    "([words, number]) => {"
    + _TOOLS
    + """
  const numbers = innermost(controls.filter((e) => /^\\d{1,5}$/.test(said(e))));
  const near = (e) => { let holder = e.parentElement;
    for (let n = 0; n < 4 && holder; n++, holder = holder.parentElement) {
      const among = numbers.filter((other) => holder.contains(other));
      if (among.length > 1) return among; }
    return []; };
  const following = numbers.find((e) => said(e) === String(number + 1) && near(e).length > 1);
  if (following) { press(following); return true; }
  const worded = innermost(controls.filter((e) => words.includes(said(e))
    || words.includes(plain(e.getAttribute("aria-label") || e.getAttribute("title")))));
  const alone = number > 1 || worded.length === 1 ? worded[0] : null;
  const onward = worded.find((e) => near(e).length > 0) || alone;
  if (onward) { press(onward); return true; }
  return false;
}"""
)

QUIET_WINDOW: Final = """(() => {
  const nothing = () => undefined;
  for (const name of ["alert", "print", "open"]) { try { window[name] = nothing; } catch {} }
  try { window.confirm = () => false; window.prompt = () => null; } catch {}
})();"""
"""Run before any script of a page: nothing that waits for a person may stop it."""
