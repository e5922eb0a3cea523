"""Real services on loopback: Debian's docker-registry, nginx and nsd, as processes of their own."""

import contextlib
import os
import shutil
import signal
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
def registry(folder: Path, *, port: int | None = None, read_only: bool = False) -> Iterator[int]:
    """A docker-registry with htpasswd that keeps its data in `folder/data`; yields its port."""
    program = _program("docker-registry", "docker-registry")
    port = port or free_port()
    (folder / "htpasswd").write_text(HTPASSWD)
    (folder / "registry.yml").write_text(
        f"""version: 0.1
log: {{level: error}}
storage:
  filesystem: {{rootdirectory: {folder / "data"}}}
  maintenance: {{readonly: {{enabled: {str(read_only).lower()}}}}}
http: {{addr: "127.0.0.1:{port}", secret: not-one}}
auth: {{htpasswd: {{realm: tests, path: {folder / "htpasswd"}}}}}
"""
    )
    with process([program, "serve", str(folder / "registry.yml")], port):
        yield port


PAGE = """location / { default_type application/json;
    return 200 '{"status": "ok", "since": "2026-05-16T00:00:00Z"}'; }"""


@contextlib.contextmanager
def nginx(folder: Path, issued: Issued | None, page: str = PAGE) -> Iterator[int]:
    """An nginx with `page` in its one server, over TLS where a certificate is given; yields its port."""
    program = _program("nginx", "nginx-light")
    port = free_port()
    tls = f"ssl_certificate {issued.certificate}; ssl_certificate_key {issued.key};" if issued else ""
    (folder / "nginx.conf").write_text(
        f"""daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{
    listen 127.0.0.1:{port}{" ssl" if issued else ""};
    {tls}
    {page}
  }}
}}
"""
    )
    with process([program, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")], port):
        yield port


@contextlib.contextmanager
def nameserver(folder: Path, *records: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """An nsd that answers for example.org with these records, and has lost its data about broken.example."""
    program = _program("nsd", "nsd")
    port = free_port()
    (folder / "example.org.zone").write_text(
        "\n".join(["$ORIGIN example.org.", "@ 60 IN SOA ns hostmaster 1 3600 900 1209600 60", *records, ""])
    )
    (folder / "nsd.conf").write_text(
        f"""server:
  ip-address: 127.0.0.1@{port}
  username: ""
  chroot: ""
  zonesdir: "{folder}"
  xfrdir: "{folder}"
  pidfile: "{folder}/pid"
  zonelistfile: "{folder}/zones"
  logfile: "{folder}/log"
  database: ""
  xfrdfile: ""
  server-count: 1
remote-control:
  control-enable: no
zone:
  name: example.org
  zonefile: example.org.zone
zone:
  name: broken.example
  zonefile: lost.zone
"""
    )
    with process([program, "-d", "-c", str(folder / "nsd.conf")], port) as running:
        yield port, running


def _program(name: str, package: str) -> str:
    """Where a program is, also where only root's PATH leads; the test is skipped where it is not installed."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed (Debian: apt-get install {package})")
    return found


@contextlib.contextmanager
def process(command: list[str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A program that listens on `port` once this has entered, and is gone afterwards."""
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    ) as running:
        try:
            for _ in range(200):
                if running.poll() is not None:
                    raise AssertionError((running.stderr.read() if running.stderr else b"").decode())
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                time.sleep(0.05)
            yield running
        finally:
            signalled(running, signal.SIGCONT)
            signalled(running, signal.SIGTERM)
            try:
                running.communicate(timeout=10)
            except subprocess.TimeoutExpired:
                signalled(running, signal.SIGKILL)
                running.communicate()


def signalled(running: subprocess.Popen[bytes], number: int) -> None:
    """Send a signal to a program that `process` started, and to all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(running.pid, number)
