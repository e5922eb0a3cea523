"""What is logged while something runs, kept in a file that does not grow beyond its limit."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

from vsmhub.files import FileError

LARGEST = 1 << 20
"""Bytes that a log holds before it is put aside, and the one before it dropped."""


class _Formatter(logging.Formatter):
    """Times in UTC, and that said, so that logs of several machines can be laid side by side."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"


@contextmanager
def logged(path: Path, *names: str) -> Iterator[None]:
    """Send the warnings and errors of the loggers `names` to a file, which is made when there is something to say.

    FileError when its folder cannot be made.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(
            f"{path.parent} cannot be made: {error.strerror or error}", hint="set VSMHUB_HOME to a folder of yours"
        ) from error
    handler = RotatingFileHandler(path, maxBytes=LARGEST, backupCount=1, encoding="utf-8", delay=True)
    handler.setLevel(logging.WARNING)
    handler.setFormatter(_Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    loggers = [logging.getLogger(name) for name in names]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
        handler.close()
