"""Texts that another process makes while this one does something else: work for a second processor."""

import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

Making: TypeAlias = Callable[[], Sequence[str]]

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextlib.contextmanager
def meanwhile(make: Making) -> Iterator[Making]:
    """Begin to make texts beside the block, which calls what is yielded to wait for them and to have them.

    Where no other process can be had, and where one fails, they are made here when they are asked for: so they are the
    same in any case, and errors are raised here. The other process is gone when the block ends.
    """
    child = _Child(make) if _can_fork() else None
    try:
        yield lambda: make() if child is None or (texts := child.texts()) is None else texts
    finally:
        if child is not None:
            child.end()


def _can_fork() -> bool:
    # A fork has one thread, and locks that others held stay held for ever. On a Mac, libraries start threads of their
    # own that cannot be counted.
    return (
        sys.platform == "linux"
        and len(os.sched_getaffinity(0)) > 1
        and len(list(Path("/proc/self/task").iterdir())) == 1
    )


class _Child:
    """A copy of this process that makes the texts, writes them into a pipe and ends."""

    def __init__(self, make: Making) -> None:
        self._pipe, theirs = os.pipe()
        self._ended = False
        # What waits to be written would be written by both.
        sys.stdout.flush()
        sys.stderr.flush()
        # A signal between the fork and what follows would be handled by both, with all that the parent does then.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self._pipe)
            _make_and_exit(make, theirs, before)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        os.close(theirs)

    def texts(self) -> Sequence[str] | None:
        """Wait for the texts; None when it failed."""
        with os.fdopen(os.dup(self._pipe), "rb") as stream:
            said = stream.read()
        _, status = os.waitpid(self._pid, 0)
        self._ended = True
        return [str(text) for text in json.loads(said)] if status == 0 else None

    def end(self) -> None:
        """See to it that nothing of it is left."""
        os.close(self._pipe)
        if not self._ended:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)


def _make_and_exit(make: Making, pipe: int, mask: set[signal.Signals | int]) -> None:
    # Nothing of the parent's may happen here: neither its handling of errors nor what it does when it ends.
    status = 1
    try:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        said = json.dumps(list(make()), ensure_ascii=False)
        with os.fdopen(pipe, "wb") as stream:
            stream.write(said.encode())
        status = 0
    finally:
        os._exit(status)
