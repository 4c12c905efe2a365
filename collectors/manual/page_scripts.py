"""Scripts that run in the page: what it shows as markup; masks on while its picture is taken, and off."""

from __future__ import annotations

from typing import Final

OPEN_SHADOWS: Final = """(() => {
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (how) { return attach.call(this, {...how, mode: 'open'}); };
})();"""
"""Run before any script of a page: what is drawn in a closed tree could be neither sealed nor masked."""

MARKUP: Final = """(most) => {
  const VOID = new Set(
    ['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'track', 'wbr']);
  const SILENT = new Set(['SCRIPT', 'NOSCRIPT', 'TEMPLATE', 'STYLE']);
  const text = (s) => s.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  const out = [], typed = [], secret = [];
  let size = 0;
  const put = (s) => { size += s.length; if (size > most) throw new Error('too large'); out.push(s); };
  const walk = (node) => {
    if (node.nodeType === 3) { put(text(node.data) + '<!---->'); return; }
    if (node.nodeType !== 1) return;
    const tag = node.localName;
    if (tag === 'input' || tag === 'textarea') {
      const kind = (node.type || '').toLowerCase();
      if (node.value) (kind === 'password' || kind === 'hidden' ? secret : typed).push(String(node.value));
    }
    let attributes = '';
    for (const a of node.attributes) attributes += ` ${a.name}="${text(a.value).replace(/"/g, '&quot;')}"`;
    put(`<${tag}${attributes}>`);
    if (VOID.has(tag)) return;
    if (!SILENT.has(node.tagName)) {
      for (const root of [node.shadowRoot, node]) if (root) for (const child of root.childNodes) walk(child);
    }
    put(`</${tag}>`);
  };
  walk(document.documentElement);
  return {html: out.join(''), typed, secret, password: !!document.querySelector('input[type=password]')};
}"""
"""The document with its shadow trees, each text apart; with what stands in fields, which is not sealed."""

MASK: Final = """(changed) => {
  const map = new Map(changed);
  const HIDDEN = 'input,textarea,select,img,picture,video,audio,canvas,object,embed,image,[contenteditable]';
  const KEPT = new Set(['submit', 'button', 'reset', 'checkbox', 'radio']);
  const texts = [], hidden = [], observers = [];
  let moved = false;
  const hide = (element) => {
    const was = [element.style.getPropertyValue('visibility'),
                 element.style.getPropertyPriority('visibility')];
    element.style.setProperty('visibility', 'hidden', 'important');
    hidden.push([element, was]);
  };
  const roots = [document];
  for (let n = 0; n < roots.length; n++) {
    const walker = document.createTreeWalker(roots[n], NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.nodeType === 3) {
        if (map.has(node.data)) { texts.push([node, node.data]); node.data = map.get(node.data); }
        continue;
      }
      if (node.shadowRoot) roots.push(node.shadowRoot);
      if (!node.style) continue;
      const plain = node.localName === 'input' && KEPT.has(node.type) && !map.has(node.value);
      if (node.matches(HIDDEN) && !plain) hide(node);
      else if (getComputedStyle(node).backgroundImage.includes('url(')) {
        const was = [node.style.getPropertyValue('background-image'),
                     node.style.getPropertyPriority('background-image')];
        node.style.setProperty('background-image', 'none', 'important');
        hidden.push([node, was, 'background-image']);
      }
    }
  }
  // A style sheet alone draws nothing that stands in no text: the picture's own is put in that way.
  const silent = (record) => record.type === 'childList' &&
    [...record.addedNodes, ...record.removedNodes].every(node => node.localName === 'style');
  const note = (records) => { if (!records.every(silent)) moved = true; };
  for (const root of roots) {
    const observer = new MutationObserver(note);
    observer.observe(root, {subtree: true, childList: true, characterData: true});
    observers.push(observer);
  }
  return {
    hide,
    masked: texts.length,
    pictures: hidden.length,
    back() {
      for (const observer of observers) { note(observer.takeRecords()); observer.disconnect(); }
      for (const [element, was, name] of hidden) {
        const property = name || 'visibility';
        const now = element.style.getPropertyValue(property);
        if (now !== (name ? 'none' : 'hidden')) moved = true;
        element.style.setProperty(property, was[0], was[1]);
        if (!was[0]) element.style.removeProperty(property);
      }
      for (const [node, was] of texts) if (node.data === map.get(was)) node.data = was; else moved = true;
      return moved;
    },
  };
}"""
"""Puts masks in the place of texts and hides fields and pictures; `back` undoes it and says whether the page
changed meanwhile, so that something unmasked may have been drawn."""

SHOT_STYLE: Final = """
*::before, *::after, *::marker, *::placeholder { visibility: hidden !important; color: transparent !important;
  background-image: none !important; }
input, textarea, select { color: transparent !important; -webkit-text-fill-color: transparent !important; }
"""
"""Drawn over the page while its picture is taken: what styles write is not seen by any rule."""
