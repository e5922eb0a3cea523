"""A home for the embedded Inter-Hub, and commands that use it as processes of their own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx

from vsmhub.paths import Paths
from vsmhub.server.postgres import postmaster

ROOT = Path(__file__).parents[3]


class KeyFile:
    """A key in a file; the simplest of stores."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> str | None:
        return self.path.read_text() if self.path.exists() else None

    def store(self, secret: str) -> None:
        self.path.write_text(secret)


class Home:
    """A folder that vsmhub keeps its things in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environ = {"VSMHUB_HOME": str(folder)}
        self.paths = Paths.from_environment(self.environ)
        self.keys = KeyFile(folder / "operator.key")

    def serving(self) -> bool:
        """Whether its PostgreSQL runs."""
        return postmaster.read(self.paths.data / "cluster") is not None

    def run(self, code: str, *arguments: str, **environ: str) -> subprocess.Popen[str]:
        """Python code as a process; `home` is this one there."""
        prelude = (
            "import os, sys; from pathlib import Path; from tests.server.hosting.homes import Home\n"
            f"home = Home(Path({str(self.folder)!r}))\n"
        )
        return subprocess.Popen(
            [sys.executable, "-c", prelude + code, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, **environ},
            text=True,
            start_new_session=True,
        )


def ended(process: subprocess.Popen[str], number: signal.Signals | None = None) -> tuple[int, str, str]:
    """End a process by closing its input or by a signal to its group; its code and what it said."""
    if number is not None:
        os.killpg(process.pid, number)
    said, complained = process.communicate(timeout=60)
    return process.returncode, said, complained


def said(process: subprocess.Popen[str]) -> str:
    """The next line it says; fails with what it complained of when there is none."""
    assert process.stdout
    line = process.stdout.readline().strip()
    assert line, process.communicate()[1]
    return line


def token(base: str, socket: Path | None, key: str | None) -> httpx.Response:
    """The answer to exchanging a key for a token."""
    transport = httpx.HTTPTransport(uds=str(socket)) if socket else httpx.HTTPTransport()
    with httpx.Client(transport=transport, timeout=30) as client:
        return client.post(f"{base}/token", json={"apiKey": key or ""})
