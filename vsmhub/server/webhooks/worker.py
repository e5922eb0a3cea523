"""The worker that delivers: it claims what is due, sends it, and says when to try again.

What is due stands in the table `webhook_deliveries`, written in the same transaction as the event. A claim moves the
time of the next attempt ahead, so that other processes leave the row alone, and so that it is tried again when this
process ends before it can say how the attempt went: at least once, never in silence not at all.
"""

import asyncio
import contextlib
import logging
import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from psycopg import Error
from psycopg_pool import PoolTimeout
from sqlalchemy import Integer, Interval, SmallInteger, Text, Uuid, bindparam, case, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from vsmhub.interhub.messages.evidence import Event
from vsmhub.interhub.tables import interaction_events as events
from vsmhub.interhub.tables import webhook_deliveries as deliveries
from vsmhub.interhub.tables import webhook_subscriptions as subscriptions
from vsmhub.server.answers import document
from vsmhub.server.database import Database
from vsmhub.server.settings import WebhookSettings
from vsmhub.server.statements import Row, Statement
from vsmhub.server.webhooks.sender import Delivery, Outcome, Sender

_LOG = logging.getLogger(__name__)

_AT_ONCE = 20
_AT_ONCE_EACH = 5  # for one subscription, so that one that hangs does not hold up the others
_LEASE_MARGIN = timedelta(seconds=30)

_due = (
    select(deliveries.c.id)
    .where(
        deliveries.c.status == "pending",
        deliveries.c.next_attempt_at <= func.now(),
        deliveries.c.subscription_id != func.all(bindparam("busy", type_=ARRAY(Uuid))),
    )
    .order_by(deliveries.c.next_attempt_at)
    .limit(bindparam("count", type_=Integer))
    .with_for_update(skip_locked=True)
    .cte("due")
)
_claimed = (
    update(deliveries)
    .where(deliveries.c.id == _due.c.id)
    .values(attempts=deliveries.c.attempts + 1, next_attempt_at=func.now() + bindparam("lease", type_=Interval))
    .returning(deliveries.c.id, deliveries.c.subscription_id, deliveries.c.interaction_event_id, deliveries.c.attempts)
    .cte("claimed")
)
_CLAIM = Statement(
    select(
        events,
        _claimed.c.id.label("delivery_id"),
        _claimed.c.subscription_id,
        _claimed.c.attempts,
        subscriptions.c.url,
        subscriptions.c.secret,
    ).select_from(
        _claimed.join(subscriptions, subscriptions.c.id == _claimed.c.subscription_id).join(
            events, events.c.id == _claimed.c.interaction_event_id
        )
    )
)
_THIS = deliveries.c.id == bindparam("delivery", type_=Uuid)
_DONE = Statement(update(deliveries).where(_THIS).values(status="delivered", delivered_at=func.now(), last_error=None))
_FAILED = Statement(
    update(deliveries)
    .where(_THIS, deliveries.c.status == "pending")
    .values(
        status=case((deliveries.c.attempts >= bindparam("most", type_=SmallInteger), "failed"), else_="pending"),
        next_attempt_at=func.now() + bindparam("delay", type_=Interval),
        last_error=bindparam("error", type_=Text),
    )
)


def delay_after(attempts: int, settings: WebhookSettings, spread: float) -> timedelta:
    """How long to wait after the `attempts`-th attempt; `spread` (0 to 1) keeps many from coming back at once."""
    grown = settings.first_delay * float(2 ** min(attempts - 1, 30))
    return min(grown, settings.longest_delay) * (0.75 + 0.5 * spread)


class Worker:
    """Delivers until it is cancelled."""

    def __init__(
        self, database: Database, sender: Sender, settings: WebhookSettings, count: Callable[[str], None]
    ) -> None:
        """`count` is told of every attempt: `delivered`, `failed`."""
        self._database = database
        self._sender = sender
        self._settings = settings
        self._count = count
        self._running: dict[asyncio.Task[None], Delivery] = {}
        self._woken = asyncio.Event()

    async def run(self) -> None:
        """Claim and deliver; a database that is away for a while is waited for."""
        try:
            while True:
                self._woken.clear()
                try:
                    full = await self._start_due()
                except (Error, PoolTimeout) as error:
                    _LOG.warning("webhook deliveries wait for the database: %s", error)
                    full = False
                if not full:
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._woken.wait(), self._settings.poll.total_seconds())
        finally:
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)

    async def _start_due(self) -> bool:
        """Start what is due and has room; whether there may be more to start at once."""
        room = _AT_ONCE - len(self._running)
        if not room:
            return False
        counts = Counter(delivery.subscription_id for delivery in self._running.values())
        busy = [subscription for subscription, count in counts.items() if count >= _AT_ONCE_EACH]
        room = min(room, _AT_ONCE_EACH)
        lease = self._settings.timeout + _LEASE_MARGIN
        async with self._database.connection() as connection:
            rows = await _CLAIM.rows(connection, busy=busy, count=room, lease=lease)
        for row in rows:
            delivery = _delivery(row, self._settings.says)
            task = asyncio.create_task(self._deliver(delivery))
            self._running[task] = delivery
            task.add_done_callback(self._finished)
        return len(rows) == room

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._running.pop(task, None)
        self._woken.set()
        if not task.cancelled() and task.exception() is not None:
            _LOG.error("a webhook delivery could not be recorded; it will be tried again", exc_info=task.exception())

    async def _deliver(self, delivery: Delivery) -> None:
        outcome = await self._sender.send(delivery)
        self._count("delivered" if outcome.delivered else "failed")
        async with self._database.connection() as connection:
            if outcome.delivered:
                await _DONE.run(connection, delivery=delivery.id)
            else:
                await _FAILED.run(connection, **self._again(delivery, outcome))

    def _again(self, delivery: Delivery, outcome: Outcome) -> dict[str, object]:
        _LOG.info("webhook delivery %s, attempt %d: %s", delivery.id, delivery.attempts, outcome.error)
        return {
            "delivery": delivery.id,
            "most": 0 if outcome.final else self._settings.attempts,
            "delay": delay_after(delivery.attempts, self._settings, random.random()),  # noqa: S311 - no secret
            "error": outcome.error,
        }


def _delivery(row: Row, says: str) -> Delivery:
    event_type = says or row["event_type"]
    return Delivery(
        id=row["delivery_id"],
        subscription_id=row["subscription_id"],
        url=row["url"],
        secret=row["secret"],
        event_type=event_type,
        event=document(Event, {**row, "event_type": event_type}),
        attempts=row["attempts"],
    )
