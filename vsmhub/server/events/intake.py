"""Single interaction events, written together: those that wait at the same time share one statement and commit."""

import asyncio
import logging

import psycopg
from psycopg_pool import PoolTimeout

from vsmhub.server.database import Database
from vsmhub.server.events.submission import SUBMIT, Submission, columns

_LOG = logging.getLogger(__name__)

# More than this in one statement makes those at its end wait longer than it saves.
_TOGETHER = 100
# While one statement runs, the next is made ready.
_AT_ONCE = 2


Waiting = tuple[Submission, asyncio.Future[bytes | None]]


class Intake:
    """Takes events from many requests and writes those that wait together."""

    def __init__(self, database: Database, location: str) -> None:
        """`location` is the path that an event's id is put behind."""
        self._database = database
        self._location = location
        self._waiting: list[Waiting] = []
        self._running: set[asyncio.Task[None]] = set()

    async def submit(self, submission: Submission) -> bytes | None:
        """The answer's body, once the event is committed; None when it was not taken."""
        future: asyncio.Future[bytes | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((submission, future))
        if len(self._running) < _AT_ONCE:
            task = asyncio.create_task(self._write())
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return await future

    async def _write(self) -> None:
        while self._waiting:
            group = self._next()
            answers: dict[int, bytes] = {}
            try:
                answers = await self._written(group)
            except (psycopg.Error, PoolTimeout) as error:
                _LOG.warning("%d events go the ordinary way: %s", len(group), error)
            finally:
                for place, (_, future) in enumerate(group):
                    if not future.done():
                        future.set_result(answers.get(place))

    def _next(self) -> list[Waiting]:
        """Who goes together; of several with the same idempotency key only the first, so that the others find it."""
        group: list[Waiting] = []
        left: list[Waiting] = []
        claimed: set[str] = set()
        for one in self._waiting:
            key = one[0].idempotency_key
            if len(group) == _TOGETHER or (key is not None and key in claimed):
                left.append(one)
                continue
            group.append(one)
            if key is not None:
                claimed.add(key)
        self._waiting = left
        return group

    async def _written(self, group: list[Waiting]) -> dict[int, bytes]:
        given = columns([submission for submission, _ in group])
        async with self._database.connection() as connection:
            rows = await SUBMIT.rows(connection, **given, location=self._location)
        return {row["place"] - 1: row["answer"].encode() for row in rows}
