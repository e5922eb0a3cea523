"""A second process that does a part of the work: for commands that have enough of it for two processors."""

import contextlib
import os
import pickle
import signal
import struct
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from vsmhub.forking import SIGNALS, can_fork, fork

Result = TypeVar("Result")

_LENGTH = struct.Struct("<Q")


@contextlib.contextmanager
def second_process(prepare: Callable[[], object]) -> Iterator["SecondProcess"]:
    """A second process for the block, which calls `prepare` first, such as to import; it is gone when the block ends.

    Where no other process can be had, and where one fails, all is done here when it is waited for: so what comes of it
    is the same in any case, and errors are raised here.
    """
    child = None
    try:
        # A signal before the other process is known of would leave it to itself.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        try:
            child = _started(prepare) if can_fork() else None
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


def _started(prepare: Callable[[], object]) -> "_Child | None":
    """The other process; None where the system gives none: so many are allowed, or so much memory, and no more."""
    with contextlib.suppress(OSError):
        return _Child(prepare)
    return None


class _Child:
    """A copy of this process that does what it is asked until nobody can ask any more."""

    def __init__(self, prepare: Callable[[], object]) -> None:
        self._asked, self._answered = _Box(), _Box()
        try:
            self._pid = fork(lambda: _work(prepare, self._asked, self._answered))
        except OSError:
            self._asked.close()
            self._answered.close()
            raise
        self._open = 0
        self._asked.only_put()
        self._answered.only_take()

    def ask(self, what: object) -> bool:
        """Whether it could be asked."""
        try:
            self._asked.put(pickle.dumps(what))
        except OSError:
            return False
        self._open += 1
        return True

    def answer(self) -> tuple[Any] | None:
        """What came of the next thing that it was asked; None when it has failed."""
        found = self._answered.take()
        self._open -= 1
        return None if found is None else (pickle.loads(found),)  # noqa: S301 - written by a copy of this process

    def end(self) -> None:
        """See to it that nothing of it is left. What it was asked for it does first: that may be to write files."""
        self._asked.close()
        self._answered.close()
        if not self._open:
            os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)


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


def _work(prepare: Callable[[], object], asked: _Box, answered: _Box) -> None:
    asked.only_take()
    answered.only_put()
    prepare()
    while (message := asked.take()) is not None:
        call, arguments = pickle.loads(message)  # noqa: S301 - written by the process that this is a copy of
        answered.put(pickle.dumps(call(*arguments)))
