"""Forgetting what has had its time: answers kept for replays, tokens that have expired, events no longer to be kept."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

from psycopg import Error
from psycopg_pool import PoolTimeout
from sqlalchemy import delete, func

from vsmhub.interhub.tables import access_tokens
from vsmhub.server import idempotency
from vsmhub.server.database import Database
from vsmhub.server.events.retention import forget
from vsmhub.server.statements import Statement

_LOG = logging.getLogger(__name__)
_EVERY = timedelta(minutes=10)

_TOKENS = Statement(delete(access_tokens).where(access_tokens.c.expires_at < func.now()))


async def sweep(database: Database, lifetime: timedelta) -> None:
    """Forget the answers older than `lifetime` and the tokens that have expired."""
    async with database.connection() as connection:
        await idempotency.SWEEP.run(connection, lifetime=lifetime)
        await _TOKENS.run(connection)


async def keep_house(
    database: Database, lifetime: timedelta, forgotten: Callable[[int], None], every: timedelta = _EVERY
) -> None:
    """Sweep again and again, until cancelled; `forgotten` is told how many events were."""
    while True:
        await asyncio.sleep(every.total_seconds())
        try:
            await sweep(database, lifetime)
            await forget(database, forgotten)
        except (Error, PoolTimeout) as error:
            _LOG.warning("housekeeping waits for the database: %s", error)
