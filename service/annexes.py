"""The annex in the forms that are published: one set of rows, several renders."""

from __future__ import annotations

from typing import Final

from scoring.version_changes import Former
from service.standings import Concluded

FORMATS: Final = ("csv", "html", "docx", "pdf")


def render(concluded: Concluded, format_: str, head: str = "", former: Former | None = None) -> bytes:
    """Return the annex as bytes in one of FORMATS; an unknown one raises KeyError.

    Raises UsageError for a PDF where no browser can print it.

    `head` is the log's head in print; CSV bears none, so that equal results are equal files. `former` is the
    published version that this one is held against.
    """
    from scoring.annex import annex
    from scoring.annex_csv import as_csv
    from service.render.annex_docx import as_docx
    from service.render.annex_html import as_html

    content = annex(
        concluded.standing,
        concluded.index_set,
        concluded.round,
        concluded.registry,
        concluded.own_sets,
        concluded.records,
        concluded.unproven,
        former,
        concluded.incidents,
    )
    match format_:
        case "csv":
            return as_csv(content).encode("utf-8-sig")
        case "html":
            return as_html(content, head).encode("utf-8")
        case "pdf":
            from collectors.printing import as_pdf

            return as_pdf(as_html(content, head))
        case "docx":
            return as_docx(content, head)
        case _:
            raise KeyError(format_)
