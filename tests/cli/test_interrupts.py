"""Ctrl-C is an interrupt whatever becomes of the exception that it raises."""

import signal
import sys
import threading
from typing import Any

import pytest

from vsmhub.cli.interrupts import interruptible
from vsmhub.errors import VsmhubError


def test_an_error_after_it_is_an_interrupt() -> None:
    with pytest.raises(KeyboardInterrupt) as found, interruptible():  # noqa: PT012 - what happens within is the case
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            raise VsmhubError("not what it is about") from None
    assert isinstance(found.value.__cause__, VsmhubError)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_error_without_it_stays_what_it_is() -> None:
    with pytest.raises(VsmhubError, match="of its own"), interruptible():
        raise VsmhubError("of its own")


def test_one_that_python_drops_is_not_complained_of(capfd: pytest.CaptureFixture[str]) -> None:
    class Interrupted:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGINT)

    hook = sys.unraisablehook
    with pytest.raises(KeyboardInterrupt), interruptible():  # noqa: PT012
        Interrupted()
        raise VsmhubError("told wrongly")
    assert capfd.readouterr().err == ""
    assert sys.unraisablehook is hook


@pytest.mark.parametrize("handled", [signal.SIG_IGN, lambda *_: None])
def test_whoever_handles_it_goes_on_doing_so(handled: Any) -> None:
    before = signal.signal(signal.SIGINT, handled)
    try:
        with interruptible():
            signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is handled
    finally:
        signal.signal(signal.SIGINT, before)


def test_another_thread_has_nothing_to_do_with_it() -> None:
    seen = []

    def work() -> None:
        with interruptible():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [signal.default_int_handler]
