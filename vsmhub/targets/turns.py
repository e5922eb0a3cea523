"""One apply at a time on one hub of one target, on this machine.

The kernel frees the lock when its holder ends, so that a killed apply leaves nothing to clear away. What the holder
wrote into the lock's file tells others whom they wait for, and of one that was killed. Applies on other machines are
kept apart by the target, which refuses what was computed from a state that has moved.
"""

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from vsmhub.files import FileError
from vsmhub.locks import locked
from vsmhub.paths import Paths
from vsmhub.secrets.place import kebab
from vsmhub.targets.author import author

MOST = 4096
"""Bytes that are read of a lock's file."""


@contextmanager
def turn(
    paths: Paths, target: str, hub: str, *, command: str = "apply", told: Callable[[str], None] | None = None
) -> Iterator[None]:
    """Hold the lock of `hub` at `target`; `told` hears of another that has to end first, and of one that was killed.

    `command` is what others read about the holder. Raises FileError when the lock cannot be made.
    """
    folder = paths.state / "locks"
    file = folder / f"{kebab(target)}.{kebab(hub)}.lock"
    told = told or (lambda _: None)
    with ExitStack() as held:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            mine = held.enter_context(locked(file, wait=False))
        except OSError as error:
            said = f"{error.filename or file} cannot be made: {error.strerror}"
            raise FileError(said, hint="set VSMHUB_HOME to a folder of yours") from error
        if mine:
            if left := _holder(file):
                told(f"an apply of {hub} at {target} was killed{left}; its lock holds nobody up")
        else:
            told(f"another apply of {hub} at {target} is running{_holder(file)}; waiting for it to end")
            held.enter_context(locked(file))
        with _signed(file, command):
            yield


@contextmanager
def _signed(file: Path, command: str) -> Iterator[None]:
    """Say in the lock's file who holds it, until that ends. A disk that is full keeps nobody from holding it."""
    said = {
        "command": command,
        "by": author(),
        "pid": os.getpid(),
        "since": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC",
    }
    with contextlib.suppress(OSError):
        file.write_text(json.dumps(said))
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            os.truncate(file, 0)


def _holder(file: Path) -> str:
    """Who the lock's file names, such as ` (apply by ada@workstation, process 4711, since …)`; empty for nobody."""
    try:
        with file.open(encoding="utf-8") as opened:
            said = json.loads(opened.read(MOST))
        return f" ({said['command']} by {said['by']}, process {said['pid']}, since {said['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
