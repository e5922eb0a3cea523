"""A second process that does a part of the work: for commands that have enough of it for two processors."""

import contextlib
import os
import pickle
import signal
import struct
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any, NoReturn, TypeVar

from vsmhub.forking import can_fork

Result = TypeVar("Result")

SIGNALS = (signal.SIGINT, signal.SIGTERM)
_LENGTH = struct.Struct("<Q")


@contextlib.contextmanager
def second_process(prepare: Callable[[], object]) -> Iterator["SecondProcess"]:
    """A second process for the block, which calls `prepare` first, such as to import; it is gone when the block ends.

    Where no other process can be had, and where one fails, all is done here when it is waited for: so what comes of it
    is the same in any case, and errors are raised here.
    """
    child = None
    try:
        # A signal before the fork is known of would leave the other process to itself, or be handled by both with all
        # that this one does then.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        try:
            child = _Child(prepare, before) if can_fork() else None
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        yield SecondProcess(child)
    finally:
        if child is not None:
            child.end()


class SecondProcess:
    """Has calls done by a second process, one after another, in the order in which they are asked for."""

    def __init__(self, child: "_Child | None") -> None:
        self._child = child

    def ask(self, call: Callable[..., Result], *arguments: object) -> Callable[[], Result]:
        """Have `call` done; what is returned waits for it, in the order of asking, and gives what came of it.

        The call and what it takes and gives are pickled. It must not matter whether a call that failed was begun.
        """
        asked = self._child is not None and self._child.ask((call, arguments))

        def wait() -> Result:
            found = self._child.answer() if asked and self._child is not None else None
            return call(*arguments) if found is None else found[0]

        return wait


class _Child:
    """A copy of this process that does what it is asked until nobody can ask any more."""

    def __init__(self, prepare: Callable[[], object], mask: set[signal.Signals | int]) -> None:
        self._asked, self._answered = _Box(), _Box()
        # What waits to be written would be written by both.
        sys.stdout.flush()
        sys.stderr.flush()
        self._pid = os.fork()
        if self._pid == 0:
            _work_and_exit(prepare, self._asked, self._answered, mask)
        self._asked.only_put()
        self._answered.only_take()

    def ask(self, what: object) -> bool:
        """Whether it could be asked."""
        try:
            self._asked.put(pickle.dumps(what))
        except OSError:
            return False
        return True

    def answer(self) -> tuple[Any] | None:
        """What came of the next thing that it was asked; None when it has failed."""
        found = self._answered.take()
        return None if found is None else (pickle.loads(found),)  # noqa: S301 - written by a copy of this process

    def end(self) -> None:
        """See to it that nothing of it is left; a file that it is writing is taken away by it."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        try:
            # Should it miss the signal, such as in a finalizer, it ends when it finds that nobody asks any more.
            self._asked.close()
            self._answered.close()
            os.kill(self._pid, signal.SIGTERM)
            os.waitpid(self._pid, 0)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Box:
    """Carries messages of any size one way between two processes; whoever puts one in waits for nobody."""

    def __init__(self) -> None:
        # A pipe takes 64 KiB and then keeps its writer waiting, so that it says only how long a message in here is.
        self._messages = os.memfd_create("vsmhub")
        self._taken, self._put = os.pipe()
        self._at = 0

    def only_put(self) -> None:
        os.close(self._taken)
        self._taken = -1

    def only_take(self) -> None:
        """Have an end to be seen when the other process has gone."""
        os.close(self._put)
        self._put = -1

    def put(self, message: bytes) -> None:
        written = 0
        while written < len(message):
            written += os.pwrite(self._messages, memoryview(message)[written:], self._at + written)
        os.write(self._put, _LENGTH.pack(len(message)))
        self._at += len(message)

    def take(self) -> bytes | None:
        """The next message; None when there will be none."""
        said = os.read(self._taken, _LENGTH.size)
        if len(said) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack(said)
        message = os.pread(self._messages, length, self._at)
        self._at += length
        return message if len(message) == length else None

    def close(self) -> None:
        for descriptor in (self._messages, self._taken, self._put):
            if descriptor >= 0:
                os.close(descriptor)


def _work_and_exit(
    prepare: Callable[[], object], asked: _Box, answered: _Box, mask: set[signal.Signals | int]
) -> NoReturn:
    # Nothing of the parent's may happen here: neither its handling of errors nor what it does when it ends.
    status = 1
    stopping: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        # Ctrl-C reaches both processes, and then the parent ends this one: the second signal must not disturb what the
        # first has begun, which is to take away a file that is half written.
        if not stopping:
            stopping.append(number)
            raise KeyboardInterrupt

    try:
        for one in SIGNALS:
            signal.signal(one, stop)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        asked.only_take()
        answered.only_put()
        prepare()
        while (message := asked.take()) is not None:
            call, arguments = pickle.loads(message)  # noqa: S301 - written by the process that this is a copy of
            answered.put(pickle.dumps(call(*arguments)))
        status = 0
    finally:
        os._exit(status)
