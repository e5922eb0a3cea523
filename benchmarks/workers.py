"""Probes per second that one worker and two observe, with their evidence kept: `python -m benchmarks.workers`.

Every worker is a process of its own with an outbox of its own; they share one PostgreSQL, and the target is one nginx
on loopback that answers as a registry does. More is due than the workers can do, so that what they observe is what they
are able to. Nothing is handed on, because that is another measure's.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import psycopg

from tests.cli.commands import Home
from tests.databases import Databases
from tests.evidence import services
from tests.fleet.workers import hub
from vsmhub.server.postgres import embedded

SIGNALS = 7500
EVERY = "5s"
WARMING, MEASURED = 8.0, 20.0
PAGE = 'location / { add_header Docker-Distribution-Api-Version "registry/2.0" always; return 401; }'
OBSERVED = "SELECT count(*) FROM vsmhub_observation.slots WHERE state = 'observed'"


def probes_per_second(databases: Databases, folder: Path, workers: int) -> tuple[float, float]:
    """What so many workers observe together, and the seconds of a processor that this takes them for each probe."""
    folder.mkdir(mode=0o755)
    with databases.fresh() as dsn, services.nginx(folder, None, PAGE) as port, ExitStack() as stack:
        ops = hub(folder, f"http://127.0.0.1:{port}", signals=SIGNALS, every=EVERY)
        pids: list[int] = []
        for number in range(workers):
            place = folder / f"home{number}"
            place.mkdir()
            home = Home(place, {"VSMHUB_DATABASE_URL": dsn})
            started = home.start("worker", ops, "--queue", "--base", "http://127.0.0.1:9")
            stack.callback(_end, started)
            pids.append(started.pid)
        connection = stack.enter_context(psycopg.connect(dsn, autocommit=True))
        deadline = time.monotonic() + 60
        while not _count(connection):
            if time.monotonic() > deadline:
                raise SystemExit("no worker observes")
            time.sleep(0.2)
        time.sleep(WARMING)
        before, used, began = _count(connection), _used(pids), time.monotonic()
        time.sleep(MEASURED)
        observed = _count(connection) - before
        return observed / (time.monotonic() - began), (_used(pids) - used) / observed


def _count(connection: psycopg.Connection) -> int:
    try:
        row = connection.execute(OBSERVED).fetchone()
    except psycopg.errors.UndefinedTable:
        return 0
    return int(row[0]) if row else 0


def _used(pids: list[int]) -> float:
    """Seconds of a processor that these processes have taken."""
    ticks = 0
    for pid in pids:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(words[11]) + int(words[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _end(worker: "subprocess.Popen[str]") -> None:
    worker.send_signal(signal.SIGTERM)
    try:
        worker.communicate(timeout=60)
    finally:
        worker.kill()


def main() -> None:
    """Measure in turn, one worker and two, twice each."""
    data = Path(tempfile.mkdtemp(prefix="vsmhub-bench-", dir="/tmp"))
    folder = Path(tempfile.mkdtemp(prefix="vsmhub-bench-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        with embedded.running(data) as dsn:
            databases = Databases(dsn)
            for turn in range(2):
                for workers in (1, 2):
                    rate, each = probes_per_second(databases, folder / f"{turn}-{workers}", workers)
                    who = f"{workers} worker{'s' * (workers > 1)}"
                    load = os.getloadavg()[0]
                    print(f"{who}: {rate:.0f} probes/s, {each * 1000:.2f} ms each, load {load:.1f}", file=sys.stderr)
    finally:
        shutil.rmtree(data, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
