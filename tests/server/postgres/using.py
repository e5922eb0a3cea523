"""Using the embedded PostgreSQL, from this process and from others."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from vsmhub.server.postgres import postmaster

ROOT = Path(__file__).parents[3]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives PostgreSQL to another account")


def ask(dsn: str, question: str = "select 1") -> object:
    with psycopg.connect(dsn) as connection:
        cursor = connection.execute(question)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def serving(data: Path) -> bool:
    return postmaster.read(data / "cluster") is not None


class Client:
    """Another process that uses the server until its input is closed, a signal ends it, or it is killed."""

    def __init__(self, data: Path, *, wait: bool = True) -> None:
        code = (
            "import sys; from pathlib import Path; from vsmhub.server.postgres import embedded\n"
            "with embedded.running(Path(sys.argv[1])) as dsn: print(dsn, flush=True); sys.stdin.read()"
        )
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, str(data)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
            start_new_session=True,
        )
        if wait:
            self.dsn = self.ready()

    def ready(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def end(self, number: signal.Signals | None = None) -> int:
        if number is not None:
            os.killpg(self.process.pid, number)  # as a terminal does with Ctrl-C: the whole group
        self.process.communicate()
        return self.process.returncode


def modes(path: Path) -> dict[Path, tuple[int, int, int]]:
    found = {each: each.stat() for each in (path, *path.parents)}
    return {each: (one.st_mode, one.st_uid, one.st_gid) for each, one in found.items()}
