"""The entry point: the help of the whole is a text ready to print; everything else loads the application.

Whoever asks what there is should not wait for the machinery: `service/help.txt` is what the application
itself would print, and a test keeps the two equal.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from service.streams import written
from service.sweeps import sweep_rarely

HELP = Path(__file__).with_name("help.txt")


def __getattr__(name: str) -> Any:
    """Give the application to whoever asks for it by name; it is loaded only then."""
    if name == "app":
        from service.application import app

        return app
    raise AttributeError(name)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line with these words, by default those the program was called with."""
    sweep_rarely()
    words = sys.argv[1:] if arguments is None else arguments
    with written():
        if words == ["--help"]:
            sys.stdout.write(HELP.read_text("utf-8"))
            sys.exit(0)
        from service.application import run

        run(words)


if __name__ == "__main__":
    main()
