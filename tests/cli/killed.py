"""Commands in processes of their own that are killed while they write their journal.

Run as a program, with jobs as JSON lines on standard input: `{"arguments": […], "number": 3, "moment": "half"}`. It
answers each with `{"code": …, "out": …, "err": …}`, where a killed command has the code -9. All modules are imported
once and each command is a fork, so that hundreds of them take seconds.
"""

import json
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

import psycopg  # noqa: F401 - all of these are imported here, so that the forks need not
import ruamel.yaml  # noqa: F401
import sqlalchemy.dialects.postgresql.psycopg  # noqa: F401

from vsmhub.cli.app import run
from vsmhub.plan import history, journal
from vsmhub.plan.routes.sql import steps

# The statements are compiled once too.
steps.preparation()
steps.bootstrap()


def arm(number: int, moment: str) -> None:
    """Have this process killed at the `number`-th line of its journal: before it, within it, or after it."""
    real = journal.append
    count = 0

    def append(file: Path, entry: Any, *, durable: bool = False) -> None:
        nonlocal count
        count += 1
        if count == number and moment != "after":
            if moment == "half":
                line = entry.model_dump_json()
                with file.open("a") as opened:
                    opened.write(line[: len(line) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        real(file, entry, durable=durable)
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)

    journal.append = append
    setattr(history, "append", append)  # noqa: B010 - it is not history's own


def done(job: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            if job.get("number"):
                arm(job["number"], job["moment"])
            code = run(job["arguments"])
            sys.stdout.flush()
            os._exit(code)
        _, status = os.waitpid(child, 0)
        out.seek(0)
        err.seek(0)
        code = os.waitstatus_to_exitcode(status)
        return {"code": code, "out": out.read().decode(), "err": err.read().decode()}


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(json.dumps(done(json.loads(line))) + "\n")
        sys.stdout.flush()
