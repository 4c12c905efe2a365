"""nginx over a farm: loopback only, nothing of it outside the farm's folder."""

from __future__ import annotations

import json
import os
import resource
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

HOW: Final = "nginx is not on this machine (Debian: apt-get install nginx-light openssl)"
CONFIGURATION: Final = """
daemon off; {user} worker_processes 2; worker_rlimit_nofile {files};
pid {run}/pid; error_log {run}/error warn;
events {{ worker_connections 8192; }}
http {{
  types {{ text/html html; application/xml xml; application/pdf pdf; }}
  default_type application/octet-stream; charset utf-8; charset_types application/xml;
  access_log off; server_tokens off; sendfile on; tcp_nopush on; etag on; gzip_static on; gzip_vary on;
  keepalive_requests 1000000; keepalive_timeout 75;
  open_file_cache max={cached} inactive=600s; open_file_cache_valid 600s;
  client_body_temp_path {run}/a; proxy_temp_path {run}/b; fastcgi_temp_path {run}/c;
  uwsgi_temp_path {run}/d; scgi_temp_path {run}/e;
  ssl_certificate {run}/cert; ssl_certificate_key {run}/key; ssl_session_tickets off;
  server {{ {listen} root {sites}/$server_addr; index index.html; }}
}}
"""


def find_nginx() -> str:
    """Return nginx's path; empty where there is none."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin") or ""


@contextmanager
def served(farm: Path) -> Iterator[None]:
    """Serve a farm, plain on its port and over TLS on the next one; raises SystemExit without nginx."""
    nginx = find_nginx()
    if not nginx:
        raise SystemExit(HOW)
    run = farm.resolve() / "run"
    run.mkdir(exist_ok=True)
    known = json.loads((farm / "farm.json").read_text())
    port, addresses = known["port"], known["addresses"]
    _certify(run)
    files = min(40_000, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    listen = " ".join(
        f"listen {a}:{port} backlog=1024; listen {a}:{port + 1} ssl backlog=1024;" for a in addresses
    )
    user = "user root;" if os.geteuid() == 0 else ""
    sites = farm.resolve() / "sites"
    told = {"user": user, "files": files, "run": run, "cached": files // 8, "listen": listen, "sites": sites}
    (run / "conf").write_text(CONFIGURATION.format(**told))
    process = subprocess.Popen([nginx, "-e", str(run / "error"), "-c", str(run / "conf")])
    try:
        _wait(addresses[-1], port, process)
        yield
    finally:
        process.terminate()
        process.wait()


def _certify(run: Path) -> None:
    if (run / "cert").exists():
        return
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
    ]
    command += ["-days", "3650", "-subj", "/CN=farm", "-keyout", str(run / "key"), "-out", str(run / "cert")]
    subprocess.run(command, check=True, capture_output=True)


def _wait(address: str, port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        if process.poll() is not None:
            raise SystemExit("nginx ended at once; see run/error in the farm's folder")
        with socket.socket() as probe:
            if probe.connect_ex((address, port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("nginx does not listen")
