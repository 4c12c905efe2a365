"""Which elements of a page mean what: boundaries of text, what is never shown, landmarks."""

from __future__ import annotations

from typing import Final

from minhchung.observations import Region

BLOCKS: Final = frozenset(
    (
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div",
        "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
        "h6", "header", "hr", "html", "legend", "li", "main", "nav", "ol", "p", "pre", "section",
        "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    )
)  # fmt: skip
"""Elements at whose boundaries a text ends."""

SKIPPED: Final = frozenset(
    (
        "audio", "canvas", "head", "noscript", "object", "script", "style", "svg", "template", "title",
        "video",
    )
)  # fmt: skip
"""Elements whose text nobody sees."""

LEAVES: Final = frozenset(
    (
        "area", "br", "embed", "hr", "iframe", "img", "input", "link", "meta", "select", "source",
        "textarea", "wbr",
    )
)  # fmt: skip
"""Elements that are not gone into."""

REGIONS: Final[dict[str, Region]] = {
    "nav": "nav", "header": "header", "footer": "footer", "form": "form", "aside": "aside", "main": "main",
}  # fmt: skip
ROLES: Final[dict[str, Region]] = {
    "navigation": "nav", "banner": "header", "contentinfo": "footer", "form": "form", "search": "form",
    "complementary": "aside", "main": "main",
}  # fmt: skip
