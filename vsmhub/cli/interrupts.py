"""Ctrl-C, also where the exception that it raises is lost on its way."""

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Have every error of the block be a KeyboardInterrupt once Ctrl-C was pressed.

    Libraries in C may drop an exception that a signal raised within them, or put one of their own in its place: a
    pattern that pydantic matches is then one that does not fit, and a correct file would be told to be wrong.
    """
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler or (
        threading.current_thread() is not threading.main_thread()
    ):
        yield
        return
    pressed: list[int] = []
    unraisable = sys.unraisablehook

    def press(number: int, _frame: FrameType | None) -> None:
        pressed.append(number)
        raise KeyboardInterrupt

    def dropped(what: "sys.UnraisableHookArgs") -> None:
        if not isinstance(what.exc_value, KeyboardInterrupt):
            unraisable(what)

    signal.signal(signal.SIGINT, press)
    sys.unraisablehook = dropped
    try:
        yield
    except Exception as error:
        if pressed:
            raise KeyboardInterrupt from error
        raise
    finally:
        sys.unraisablehook = unraisable
        signal.signal(signal.SIGINT, signal.default_int_handler)
