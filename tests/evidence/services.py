"""Real services on loopback: Debian's docker-registry and nginx, as processes of their own."""

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.evidence.authority import Issued
from tests.evidence.speaking import free_port

# The password is `correct-horse`; the registry takes bcrypt only.
USER, PASSWORD = "prober", "correct-horse"
HTPASSWD = "prober:$2b$05$XoJdRXXMBLz5iFlLSxIqn.IWhZqhpQe8veuVTvpUXoU.iioIABq.2\n"


@contextlib.contextmanager
def registry(folder: Path, *, port: int | None = None) -> Iterator[int]:
    """A docker-registry with htpasswd; yields its port. Skips where it is not installed."""
    program = shutil.which("docker-registry")
    if program is None:
        pytest.skip("docker-registry is not installed (Debian: apt-get install docker-registry)")
    port = port or free_port()
    (folder / "htpasswd").write_text(HTPASSWD)
    (folder / "registry.yml").write_text(
        f"""version: 0.1
log: {{level: error}}
storage: {{filesystem: {{rootdirectory: {folder / "data"}}}}}
http: {{addr: "127.0.0.1:{port}", secret: not-one}}
auth: {{htpasswd: {{realm: tests, path: {folder / "htpasswd"}}}}}
"""
    )
    with process([program, "serve", str(folder / "registry.yml")], port):
        yield port


@contextlib.contextmanager
def nginx(folder: Path, issued: Issued) -> Iterator[int]:
    """An nginx that answers 200 over TLS; yields its port. Skips where it is not installed."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("nginx is not installed (Debian: apt-get install nginx-light)")
    port = free_port()
    (folder / "nginx.conf").write_text(
        f"""daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {issued.certificate}; ssl_certificate_key {issued.key};
    location / {{ default_type application/json; return 200 '{{"status": "ok", "since": "2026-05-16T00:00:00Z"}}'; }}
  }}
}}
"""
    )
    with process([program, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")], port):
        yield port


@contextlib.contextmanager
def process(command: list[str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A program that listens on `port` once this has entered, and is gone afterwards."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as running:
        try:
            for _ in range(200):
                if running.poll() is not None:
                    raise AssertionError((running.stderr.read() if running.stderr else b"").decode())
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                time.sleep(0.05)
            yield running
        finally:
            running.terminate()
            running.communicate(timeout=10)
