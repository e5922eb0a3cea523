"""A running PostgreSQL, as its `postmaster.pid` shows it: finding it, waiting until it is ready, stopping it.

The file's lines: process id, data directory, start time, port, socket directory, address, shared memory, status.
"""

import contextlib
import os
import select
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from vsmhub.server.errors import PostgresError

# How often a change is looked for where the system does not tell of it, in seconds.
PAUSE = 0.005
# How long PostgreSQL may take from making its file to having written its process id, in seconds; far more than it does.
WRITTEN_SECONDS = 1.0


@dataclass(frozen=True)
class Postmaster:
    """PostgreSQL's first process; `sockets` is the directory of its Unix socket, `ready` says it takes connections."""

    pid: int
    sockets: Path
    port: int
    ready: bool


def read(cluster: Path) -> Postmaster | None:
    """The process that serves `cluster`; None when there is none, whatever a file left behind says."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        pid = abs(int(lines[0]))
    except (OSError, ValueError, IndexError):
        return None
    if not serves(pid, cluster):
        return None
    # While PostgreSQL starts, the later lines are not there yet.
    sockets, port = (lines[4], int(lines[3])) if len(lines) > 4 else ("", 0)
    ready = len(lines) > 7 and lines[7].strip() == "ready"
    return Postmaster(pid=pid, sockets=Path(sockets), port=port, ready=ready)


def forget(cluster: Path) -> None:
    """Remove a file that is left of a process that is gone, where PostgreSQL would refuse to start because of it.

    That is when another process has the number now, or when the file holds none: one being written holds it soon.
    PostgreSQL's other guard, the shared memory that belongs to the directory, still keeps two from running on it.
    """
    path = cluster / "postmaster.pid"
    with contextlib.suppress(OSError):
        try:
            pid = abs(int(path.read_text().splitlines()[0]))
        except (ValueError, IndexError):
            if time.time() - path.stat().st_mtime > WRITTEN_SECONDS:
                path.unlink()
            return
        os.kill(pid, 0)
        if not serves(pid, cluster):
            path.unlink()


def serves(pid: int, cluster: Path) -> bool:
    """Whether the process `pid` is a PostgreSQL started on `cluster`."""
    return os.fsencode(cluster) in _command(pid)


def _command(pid: int) -> list[bytes]:
    """The arguments that a process was started with; empty when it is gone or a zombie."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return []
    found = subprocess.run(["/bin/ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, check=False).stdout
    # `ps` joins the arguments with spaces; the directory comes last, after `-D`.
    return [found.strip().rpartition(b" -D ")[2]]


def ready(cluster: Path, started: subprocess.Popen[bytes] | None, *, seconds: float) -> Postmaster | None:
    """Wait until PostgreSQL takes connections; None when its process ended instead, PostgresError after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = read(cluster)
        if found and found.ready:
            return found
        if started.poll() is not None if started else found is None:
            return None
        time.sleep(PAUSE)
    raise PostgresError(
        f"PostgreSQL has not become ready within {seconds:.0f} seconds",
        hint=f"it may be recovering; its log is {cluster.parent / 'log'}",
    )


def stop(pid: int, cluster: Path, started: subprocess.Popen[bytes] | None, *, seconds: float = 30) -> None:
    """Stop the process: first quickly and cleanly; then, if it does not end within `seconds`, as a crash would.

    `started` is its handle when this process is its parent. PostgresError when it does not end at all.
    """
    for number in (signal.SIGINT, signal.SIGQUIT):  # PostgreSQL's fast and immediate shutdown
        with contextlib.suppress(ProcessLookupError):
            if serves(pid, cluster):
                os.kill(pid, number)
        if _ended(pid, cluster, seconds):
            if started is not None:
                started.wait()
            return
    raise PostgresError(f"PostgreSQL, process {pid}, does not stop", hint=f"its log is {cluster.parent / 'log'}")


def _ended(pid: int, cluster: Path, seconds: float) -> bool:
    if hasattr(os, "pidfd_open"):
        try:
            descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            return True
        except OSError:  # an old kernel, or forbidden in this container
            pass
        else:
            try:
                waiting = select.poll()
                waiting.register(descriptor, select.POLLIN)
                return bool(waiting.poll(seconds * 1000)) or not serves(pid, cluster)
            finally:
                os.close(descriptor)
    deadline = time.monotonic() + seconds
    while serves(pid, cluster):
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE)
    return True
