"""The annex as one HTML file: no script, no font, no picture from elsewhere; prints on A4."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from scoring.annex import Annex
from service.render import qr, sections
from service.render.characters import plain

TEMPLATES: Final = Path(__file__).resolve().parent / "templates"


def as_html(annex: Annex, head: str = "") -> str:
    """Return the annex as a self-contained page; everything in it is escaped.

    `head` is the log's head in print, with its QR code at the end; empty: none.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("annex.html").render(
        title=plain(annex.title),
        round=plain(annex.round),
        warnings=[plain(warning) for warning in annex.warnings],
        simulated=sections.is_simulated(annex),
        sections=list(sections.sections(annex)),
        nation=sections.NATION,
        body=sections.BODY,
        enclosed=sections.ENCLOSED,
        digest=annex.inputs_digest,
        head=head,
        head_label=sections.HEAD_LABEL,
        code=qr.as_squares(head) if head else None,
    )
