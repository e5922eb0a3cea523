"""A copy of this process that does one thing and ends, where that is safe."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def can_fork() -> bool:
    """Whether a copy of this process would be whole, and have a processor of its own."""
    # A fork has one thread, and locks that others held stay held for ever. On a Mac, libraries start threads of their
    # own that cannot be counted.
    return (
        sys.platform == "linux"
        and len(os.sched_getaffinity(0)) > 1
        and len(list(Path("/proc/self/task").iterdir())) == 1
    )


def fork(work: Callable[[], object]) -> int:
    """The number of a copy of this process that does `work` and ends, with 1 when that raised something.

    It does not hear SIGINT and SIGTERM, which a terminal and a supervisor send to both: who made it ends it, and
    `work` has to see when that one is gone. OSError when there can be no more processes.
    """
    # What waits to be written would be written by both.
    sys.stdout.flush()
    sys.stderr.flush()
    # A signal between the fork and what follows would be handled by both, with all that the parent does then.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        process = os.fork()
        if process == 0:
            _work_and_exit(work, before)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return process


def _work_and_exit(work: Callable[[], object], mask: set[signal.Signals | int]) -> None:
    # Nothing of the parent's may happen here: neither its handling of errors nor what it does when it ends.
    status = 1
    try:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        work()
        status = 0
    finally:
        os._exit(status)
