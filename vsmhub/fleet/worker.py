"""A worker: takes shards from the queue and carries them out; any worker plans, and each watches over the others.

procrastinate keeps the queue, defers the planning at its times (once, whoever of the workers is first), and knows which
workers give signs of life. What it does not do by itself is here: jobs of workers that are lost are put back, and that
nobody plans is noticed.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from uuid import UUID

from procrastinate import App, BaseRetryStrategy, RetryDecision, exceptions
from procrastinate.jobs import Job, Status
from psycopg import AsyncConnection

from vsmhub.evidence.attempts import Look
from vsmhub.evidence.lanes import Lanes
from vsmhub.fleet.clock import Clock
from vsmhub.fleet.database import LOST, Row, connector, translated
from vsmhub.fleet.errors import DatabaseLost
from vsmhub.fleet.ledger import Ledger
from vsmhub.fleet.member import Member, Observed
from vsmhub.fleet.pace import SILENT_AFTER, TICK, Pace
from vsmhub.fleet.planner import Plan
from vsmhub.fleet.recorder import Told
from vsmhub.fleet.shards import HandedBack

CONNECTIONS = 6
CONCURRENCY = 64
"""Shards at once. Most of them wait, for a time or for a slow target: many cost little, and few would hold all up."""

AGAIN_AFTER = 2.0
"""Seconds until a database that does not answer is tried again."""

GRACE = 20.0
"""Seconds that probes have to end in when the worker is told to stop; what then goes on is handed back."""

ATTEMPTS = 5
PLAN, OBSERVE = "vsmhub.plan", "vsmhub.observe"
Said = Callable[[str], None]
"""Tells a person what goes on."""


class _Again(BaseRetryStrategy):
    """A shard that was handed back goes to the next at once; one that failed is tried a few times more."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, HandedBack):
            return RetryDecision(retry_at=datetime.now(UTC))
        return RetryDecision(retry_in={"seconds": 1}) if job.attempts < ATTEMPTS else None


class Worker:
    """One worker on some hubs, until `stop` is set; `said` hears what a person should know, `told` of each result."""

    def __init__(
        self,
        dsn: str,
        name: str,
        hubs: Sequence[Observed],
        look: Look,
        *,
        stop: asyncio.Event,
        said: Said,
        told: Told | None = None,
        pace: Pace | None = None,
        concurrency: int = CONCURRENCY,
    ) -> None:
        self._dsn = dsn
        self._name = name
        self._hubs = hubs
        self._look = look
        self._stop = stop
        self._said = said
        self._told = told
        self._pace = pace or Pace()
        self._concurrency = concurrency
        self._clock = Clock()
        self._lanes = Lanes()

    async def run(self) -> None:
        """Work until told to stop; a database that is away for a while is waited for."""
        lost = ""
        asyncio.get_running_loop().set_exception_handler(_unheard)
        while not self._stop.is_set():
            try:
                async with translated(self._dsn):
                    await self._connected()
            except DatabaseLost as error:
                if error.message != lost:
                    lost = error.message
                    self._said(f"{lost}; waiting for it")
            else:
                lost = ""
                if not self._stop.is_set():
                    self._said("the queue has ended by itself, which its log explains; it is started again")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(AGAIN_AFTER):
                    await self._stop.wait()

    async def _connected(self) -> None:
        """Work until told to stop, or until the connection breaks."""
        connecting = connector(self._dsn, CONNECTIONS)
        async with App(connector=connecting).open_async() as app:
            ledger = Ledger(connecting, self._name, self._clock)
            leaving = asyncio.Event()
            members = [self._member(one, ledger, leaving) for one in self._hubs]
            await ledger.beat([one.slug for one in members])
            if self._clock.differs:
                self._said(f"this machine's clock is {-self._clock.ahead.total_seconds():+.0f} s from the database's")
            self._tasks(app, members)
            side = [asyncio.create_task(one.recorder.run()) for one in members]
            side.append(asyncio.create_task(self._watch(app, ledger, members)))
            working = asyncio.create_task(self._work(app))
            stopping = asyncio.create_task(self._stop.wait())
            try:
                await asyncio.wait({working, stopping, *side}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                leaving.set()
                if not self._stop.is_set():
                    # The connection broke: what waits for it fails at once, and is taken up again.
                    await connecting.pool.close(timeout=1)
                working.cancel()
                await asyncio.wait({working}, timeout=GRACE + 10)
                await _ended({working})
                stopping.cancel()
                await _ended({*side})
            for task in (*side, working):
                if not task.cancelled() and (error := task.exception()):
                    raise error
            if self._stop.is_set():
                await ledger.leave()

    def _member(self, observed: Observed, ledger: Ledger, leaving: asyncio.Event) -> Member:
        return Member(
            observed,
            self._look,
            ledger,
            worker=self._name,
            clock=self._clock,
            lanes=self._lanes,
            stop=leaving,
            shard=self._pace.shard,
            told=self._told,
        )

    def _tasks(self, app: App, members: Sequence[Member]) -> None:
        by_slug = {one.slug: one for one in members}

        @app.task(name=OBSERVE, retry=_Again())
        async def observe(hub: str, shard: str) -> None:
            await by_slug[hub].shards.carry_out(UUID(shard))

        @app.task(name=PLAN)
        async def plan(timestamp: int, hub: str) -> None:  # noqa: ARG001 - the queue says when; the database decides
            await self._plan(app, by_slug[hub])

        for one in members:
            # Two plans of a hub never wait at once, however many workers ask for them.
            app.periodic(
                cron=f"* * * * * */{TICK}",
                periodic_id=one.slug,
                queue=one.slug,
                queueing_lock=f"plan {one.slug}",
                priority=1,
                task_kwargs={"hub": one.slug},
            )(plan)

    async def _plan(self, app: App, member: Member) -> Plan:
        async def defer(connection: AsyncConnection[Row], shard: UUID, at: datetime) -> None:
            job = app.configure_task(OBSERVE, queue=member.slug, schedule_at=at, connection=connection)
            await job.defer_async(hub=member.slug, shard=str(shard))

        done = await member.planner.plan(defer)
        if done.missed:
            self._said(
                f"{member.slug}: {sum(done.missed.values())} scheduled times of {len(done.missed)} signals were missed"
                + (f"; nobody had planned since {done.silent_since:%H:%M:%S} UTC" if done.silent_since else "")
            )
        return done

    async def _work(self, app: App) -> None:
        await app.run_worker_async(
            queues=[one.slug for one in self._hubs],
            name=self._name,
            concurrency=self._concurrency,
            fetch_job_polling_interval=self._pace.poll,
            shutdown_graceful_timeout=GRACE,
            # Shards wait for their times, so that a notice of each as it is put would call too early.
            listen_notify=False,
            delete_jobs="always",
            install_signal_handlers=False,
            update_heartbeat_interval=self._pace.beat,
            stalled_worker_timeout=self._pace.lost_after,
        )

    async def _watch(self, app: App, ledger: Ledger, members: Sequence[Member]) -> None:
        """Give signs of life, put back the jobs of workers that give none, and plan where nobody does."""
        started = self._clock.now()
        while True:
            await ledger.beat([one.slug for one in members])
            await self._put_back(app)
            for one in members:
                silent = await ledger.silent(one.slug, started)
                if silent > SILENT_AFTER:
                    self._said(f"{one.slug}: nobody has planned for {silent:.0f} s; this worker does")
                    await self._plan(app, one)
                for silence in await ledger.untold(one.slug):
                    await one.recorder.tell(silence)
                await one.recorder.settle()
            await asyncio.sleep(self._pace.beat)

    async def _put_back(self, app: App) -> None:
        """Let the jobs of lost workers be taken by others; planning that was lost is done at its next time anyway."""
        jobs = app.job_manager
        for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=self._pace.lost_after):
            if job.id is None:
                continue
            # Another worker may have been quicker.
            with contextlib.suppress(exceptions.ConnectorException):
                if job.task_name == PLAN:
                    await jobs.finish_job_by_id_async(job.id, Status.FAILED, delete_job=True)
                else:
                    await jobs.retry_job_by_id_async(job.id, retry_at=datetime.now(UTC))
                    self._said(f"{job.queue}: a shard of a worker that was lost is taken up again")


async def _ended(tasks: set[asyncio.Task[None]]) -> None:
    """Cancel tasks until they end: psycopg before 3.3 waits with `asyncio.wait_for`, which may lose a cancellation."""
    pending = {task for task in tasks if not task.done()}
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=1)


def _unheard(loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    """Jobs whose end cannot be noted, because the database is lost, are taken up again: there is nothing to tell."""
    if not isinstance(context.get("exception"), LOST):
        loop.default_exception_handler(context)
