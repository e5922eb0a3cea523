"""Locks between processes: a file that the kernel unlocks when its holder ends, however it ends."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def locked(path: Path, *, wait: bool = True, shared: bool = False) -> Iterator[bool]:
    """Hold a lock on `path` (a folder, or a file, made when missing, mode 0600); yields whether it is held.

    With `wait` it blocks until the lock is free and yields True; without, it yields False when another holds it.
    A shared lock goes together with other shared ones.
    """
    access = os.O_RDONLY if path.is_dir() else os.O_RDWR | os.O_CREAT
    descriptor = os.open(path, access | os.O_CLOEXEC, 0o600)
    try:
        operation = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
        try:
            fcntl.flock(descriptor, operation)
            held = True
        except BlockingIOError:
            held = False
        yield held
    finally:
        os.close(descriptor)
