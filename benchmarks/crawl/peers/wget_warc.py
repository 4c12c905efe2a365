"""GNU wget with --warc-file, one process a host, one at a time: SEEDS OUT. No titles, days or rows."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

SEEDS, OUT = Path(sys.argv[1]).read_text().split(), Path(sys.argv[2])
pages = 0
for seed in SEEDS:
    host = urlsplit(seed).hostname or ""
    folder, log = OUT / "pages" / host, OUT / f"{host}.log"
    folder.mkdir(parents=True)
    command = [
        "wget",
        "-r",
        "-l",
        "inf",
        "-e",
        "robots=off",
        "--follow-tags=a",
        "--compression=auto",
        "-nv",
        "-t",
        "1",
    ]
    command += ["--no-check-certificate", "--no-hsts", f"--warc-file={OUT / host}", f"--warc-tempdir={OUT}"]
    subprocess.run([*command, "-o", str(log), "-P", str(folder), seed], check=False)
    pages += sum(' -> "' in line for line in log.read_text("utf-8", "replace").splitlines())
shutil.rmtree(OUT / "pages")  # wget must write pages to find their links; the WARCs are what it keeps
print(json.dumps({"pages": pages}))
