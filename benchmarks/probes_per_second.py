"""Probes per second, evidence stored, against Debian's prometheus-blackbox-exporter on the same target."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from benchmarks.finding import Finding, missing, throughput
from benchmarks.machine import program_path
from benchmarks.programs import ROOT
from benchmarks.timing import BenchmarkError, Series

AT_ONCE = 64
"""Also what the observer has of quick places."""

COUNT = 10_000
SECONDS = 4
TIMES = 5
AIM = 1.2
NAME = "probes per second"
WHAT = "HTTP probes per second, each with its evidence on disk"
PEER = "`prometheus-blackbox-exporter`, http probes of the same target"
HOW = (
    f"The target is nginx on loopback; it answers 401 with a registry's header, both of which are checked. {AT_ONCE} "
    f"probes at once, each with a connection of its own, in turn {TIMES} times. Ours is what `vsmhub observe HUB "
    f"--queue` does with {COUNT:,} signals and one outbox: from before it makes its second process until the evidence "
    "of the last is on disk, with fsync, and its line is written; reading the signals is not counted. The exporter "
    f"answers wrk, which asks for {SECONDS} s over {AT_ONCE} connections that stay open; it keeps nothing, and nothing "
    "of a Prometheus that would is counted. Both may use every core."
)
NGINX = """daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{
    listen 127.0.0.1:{port} backlog=1024;
    location / {{
      default_type application/json; add_header Docker-Distribution-Api-Version registry/2.0 always; return 401 '{{}}';
    }}
  }}
}}
"""
EXPORTER = """modules:
  registry:
    prober: http
    timeout: 10s
    http:
      valid_status_codes: [401]
      preferred_ip_protocol: ip4
      fail_if_header_not_matches:
        - {header: Docker-Distribution-Api-Version, regexp: "^registry/2.0$"}
"""


def measure() -> list[Finding]:
    """What is missing where nginx, wrk or the exporter is not installed."""
    programs = {name: program_path(name) for name in ("nginx", "wrk", "prometheus-blackbox-exporter")}
    lacking = [name for name, path in programs.items() if path is None]
    if lacking:
        return [missing(NAME, WHAT, PEER, AIM, ", ".join(lacking), how=HOW, rate=True)]
    folder = Path(tempfile.mkdtemp(prefix="vsmhub-bench-", dir="/tmp"))
    folder.chmod(0o755)
    nginx, wrk, exporter = (str(path) for path in programs.values())
    target, asked = _free_port(), _free_port()
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=target))
    (folder / "exporter.yml").write_text(EXPORTER)
    url = f"http://127.0.0.1:{target}/v2/"
    serve = [nginx, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    export = [exporter, f"--config.file={folder}/exporter.yml", f"--web.listen-address=127.0.0.1:{asked}"]
    try:
        with _running(serve, target), _running([*export, "--log.level=error"], asked):
            ours: list[float] = []
            theirs: list[float] = []
            for turn in range(TIMES + 1):
                theirs.append(_scraped(wrk, f"http://127.0.0.1:{asked}/probe?target={url}&module=registry"))
                ours.append(_observed(url, folder / f"{turn}"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    # The first turn does not count.
    peer = Series("blackbox-exporter", tuple(theirs[1:]))
    return [throughput(NAME, WHAT, PEER, AIM, Series("vsmhub", tuple(ours[1:])), peer, how=HOW)]


def _observed(url: str, home: Path) -> float:
    """Seconds for one probe of ours."""
    home.mkdir()
    command = [sys.executable, "-m", "benchmarks.observing", url, str(COUNT)]
    environment = {**os.environ, "VSMHUB_HOME": str(home)}
    with (home / "out").open("w") as out:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.PIPE, text=True, check=False
        )
    if done.returncode:
        raise BenchmarkError(f"observing failed:\n{done.stderr[-2000:]}")
    return float(done.stderr) / COUNT


def _scraped(wrk: str, url: str) -> float:
    """Seconds for one probe of the exporter's; BenchmarkError when its probes fail."""
    said = _said([wrk, "-t", "1", "-c", str(AT_ONCE), "-d", f"{SECONDS}s", url])
    # wrk counts answers of 200, which a failed probe is as well: the exporter is asked once what it finds.
    with urllib.request.urlopen(url, timeout=10) as answer:
        well = b"probe_success 1" in answer.read()
    if "Non-2xx" in said or not well:
        raise BenchmarkError("the exporter's probes fail")
    return 1 / float(next(line for line in said.splitlines() if line.startswith("Requests/sec")).split()[1])


def _said(command: list[str]) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchmarkError(f"{command[0]} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return done.stdout


@contextlib.contextmanager
def _running(command: list[str], port: int) -> Iterator[None]:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            for _ in range(100):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                time.sleep(0.05)
            else:
                raise BenchmarkError(f"{command[0]} does not listen")
            yield
        finally:
            running.terminate()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as trial:
        return int(trial.getsockname()[1])
