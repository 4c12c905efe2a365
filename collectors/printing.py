"""A page of our own printed as PDF by the system's Chromium, which is given the page and asks nobody.

A PDF tells when it was made, so equal pages do not give equal files.
"""

from __future__ import annotations

import os
from typing import Final
from uuid import uuid4

from collectors import chromium
from minhchung.errors import UsageError

_SECONDS: Final = 120.0
"""In which the browser must have started and printed; a hundred pages take some ten."""


def as_pdf(page: str) -> bytes:
    """Return an HTML page as PDF, its paper as the page says; raises UsageError where none prints it."""
    executable = chromium.find_browser()
    if executable is None:
        remedy = f"install chromium, name one in {chromium.SETTING}, or use --format docx"
        raise UsageError(f"no Chromium to print a PDF was found; {remedy}")
    from playwright.sync_api import Error, sync_playwright

    mark = f"--minhchung-run={uuid4()}"
    try:
        with sync_playwright() as playwright:
            program = playwright.chromium.launch(
                executable_path=executable,
                # Chromium refuses its sandbox to root; containers run as root.
                chromium_sandbox=os.geteuid() != 0,
                args=[*chromium.FLAGS, mark],
                proxy={"server": chromium.DEAD_PROXY, "bypass": "<-loopback>"},
                timeout=_SECONDS * 1000,
            )
            with program:
                tab = program.new_page(java_script_enabled=False, offline=True)
                tab.set_default_timeout(_SECONDS * 1000)
                tab.set_content(page)
                return tab.pdf(prefer_css_page_size=True, print_background=True, tagged=True)
    except Error as exc:
        why = exc.message.splitlines()[0]
        raise UsageError(f"{executable} printed no PDF ({why}); use --format docx") from exc
    finally:
        chromium.end(mark)
