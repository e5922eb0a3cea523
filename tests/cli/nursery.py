"""Commands in processes of their own that can be killed at any line of their journal."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.cli.commands import Home

# Before `done`, the target has done what the journal only announces; within a line, a part of it is written.
MOMENTS = {
    "begun": ("half", "after"),
    "planned": ("after",),
    "about": ("after",),
    "done": ("before", "after"),
    "ended": ("before", "after"),
    "recorded": ("before", "after"),
}


class Nursery:
    """Commands that can be killed at a line of their journal."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(self, *arguments: str | Path, number: int = 0, moment: str = "") -> Any:
        job = {"arguments": [str(one) for one in arguments], "number": number, "moment": moment}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@contextmanager
def nursery(home: Home) -> Iterator[Nursery]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.cli.killed"],
        env=home.environment,
        cwd=home.folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield Nursery(process)


def lines_of(home: Home) -> list[dict[str, Any]]:
    """The entries of the newest journal."""
    file = max((home.folder / "vsmhub" / "state" / "journal").rglob("*.jsonl"))
    return [json.loads(line) for line in file.read_text().splitlines()]
