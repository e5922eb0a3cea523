"""A second process that looks at targets, so that looking has one processor and writing what was seen another.

It keeps nothing: what it saw counts once this process has it, and this process alone judges, makes evidence and writes.
So whatever becomes of the second one, nothing is lost and nothing is there twice; what it was looking at is looked at
again here.
"""

import asyncio
import itertools
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from types import TracebackType
from typing import Self, TypeAlias

from vsmhub.evidence.attempts import Look, Prepared
from vsmhub.evidence.line import Line
from vsmhub.evidence.probes.observation import FactValue, Observation, Reason
from vsmhub.evidence.probes.probe import Context
from vsmhub.forking import can_fork, fork
from vsmhub.spec.targets import Probe

MANY = 500
"""Signals that are observed once, from which on a second process takes less time than it costs."""

OFTEN = 500.0
"""Looks a second from which on one process might fall behind."""

PATIENCE = 10.0
"""Seconds that an answer may come later than the signal's timeout, before the second process is given up."""

WATCHED_EVERY = 1.0

KINDS = frozenset({"http", "tls", "dns", "tcp", "ssh", "registry", "git"})

EventLoop: TypeAlias = Callable[[], asyncio.AbstractEventLoop]
Asked: TypeAlias = tuple[int, int]
"""A number by which the answer is known, and which signal."""
Seen: TypeAlias = tuple[datetime, float, Mapping[str, FactValue], Reason | None, str]
"""The fields of an observation."""
Answer: TypeAlias = tuple[int, Seen | None]
"""None where what was seen cannot be told."""


def pays(signals: Sequence[Prepared], *, watch: bool) -> bool:
    """Whether a second process is worth its while for these, and can be had."""
    looked_at = [one for one in signals if _may_look(one.signal.probe)]
    enough = sum(1 / one.every for one in looked_at) >= OFTEN if watch else len(looked_at) >= MANY
    return enough and can_fork()


class Lookout:
    """The second process, from its start to the end of the `with` block. It is a `Look`, once it is attached.

    It looks through `look`, as this one does at what needs a secret or starts a program, and at everything once the
    second one is gone; `said` hears of that. It has to be made before there are threads or an event loop.
    OSError when there can be no more processes.
    """

    def __init__(
        self, signals: Sequence[Prepared], look: Look, *, event_loop: EventLoop, said: Callable[[str], None]
    ) -> None:
        self._numbers = {
            id(one.signal.probe): number for number, one in enumerate(signals) if _may_look(one.signal.probe)
        }
        self._look = look
        self._said = said
        self._asked: dict[int, tuple[asyncio.Future[Observation | None], float]] = {}
        self._tickets = itertools.count()
        self._line: Line[Asked, Answer] | None = None
        self._end, theirs = socket.socketpair()

        def work() -> None:
            self._end.close()
            with asyncio.Runner(loop_factory=event_loop) as runner:
                runner.run(_look_on(theirs, signals, look))

        try:
            self._process = fork(work)
        except OSError:
            self._end.close()
            raise
        finally:
            theirs.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._give_up()

    @asynccontextmanager
    async def attached(self) -> AsyncIterator[Self]:
        """Have the second process look for as long as the block runs; once only."""
        line = Line[Asked, Answer](taken=self._take, ended=self._lost, instead=lambda asked: asked)
        await line.attach(self._end)
        self._line = line
        self._watch()
        try:
            yield self
        finally:
            self._detach()

    async def __call__(self, probe: Probe, context: Context) -> Observation:
        """One look, wherever it is done."""
        number = self._numbers.get(id(probe))
        if number is not None and self._line is not None:
            loop = asyncio.get_running_loop()
            answer: asyncio.Future[Observation | None] = loop.create_future()
            ticket = next(self._tickets)
            self._asked[ticket] = answer, loop.time() + context.timeout + PATIENCE
            self._line.put((ticket, number))
            try:
                found = await answer
            finally:
                del self._asked[ticket]
            if found is not None:
                return found
        return await self._look(probe, context)

    def _take(self, answers: list[Answer]) -> None:
        for ticket, seen in answers:
            answer, _ = self._asked.get(ticket, (None, 0.0))
            if answer is None or answer.done():
                continue
            if seen is None:
                answer.set_result(None)
            else:
                at, seconds, facts, reason, message = seen
                answer.set_result(Observation(at=at, seconds=seconds, facts=facts, reason=reason, message=message))

    def _watch(self, before: frozenset[int] = frozenset()) -> None:
        """Give the second process up when it has not answered for too long: twice, as both may have been stopped."""
        if self._line is None:
            return
        loop = asyncio.get_running_loop()
        now = loop.time()
        late = frozenset(ticket for ticket, (_, until) in self._asked.items() if until < now)
        if late & before:
            self._lost("gives no answer")
        else:
            loop.call_later(WATCHED_EVERY, self._watch, late)

    def _lost(self, how: str = "") -> None:
        number = -self._give_up()
        how = how or (f"was ended by signal {number}" if number > 0 else "has ended")
        self._said(f"the second process, which looks at targets, {how}; this one goes on alone")

    def _give_up(self) -> int:
        """See to it that nothing of it is left; its exit code."""
        self._detach()
        process, self._process = self._process, 0
        status = 0
        if process:
            # It holds nothing that would have to be put away.
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
            with suppress(ChildProcessError):
                _, status = os.waitpid(process, 0)
        self._end.close()
        return os.waitstatus_to_exitcode(status)

    def _detach(self) -> None:
        """Look here from now on, and at what it was looking at."""
        if self._line is not None:
            self._line.close()
            self._line = None
        for answer, _ in self._asked.values():
            if not answer.done():
                answer.set_result(None)


def _may_look(probe: Probe) -> bool:
    """Whether the second process may: what it knows of a secret, the first would not know to take out of evidence."""
    return probe.kind in KINDS and getattr(probe.target, "credential", None) is None


async def _look_on(end: socket.socket, signals: Sequence[Prepared], look: Look) -> None:
    """Look at what is asked for, until nobody is there any more to ask."""
    loop = asyncio.get_running_loop()
    looking: set[asyncio.Task[None]] = set()

    async def answer(ticket: int, number: int) -> None:
        seen: Seen | None = None
        with suppress(Exception):
            found = await signals[number].looked(look)
            seen = found.at, found.seconds, found.facts, found.reason, found.message
        line.put((ticket, seen))

    def take(asked: list[Asked]) -> None:
        for one in asked:
            task = loop.create_task(answer(*one))
            looking.add(task)
            task.add_done_callback(looking.discard)

    # At once, with whatever is under way: there is nobody to tell.
    line = Line[Answer, Asked](taken=take, ended=lambda: os._exit(0), instead=lambda unsent: (unsent[0], None))
    await line.attach(end)
    await loop.create_future()
