"""Connections to PostgreSQL: one pool for the server, single ones for commands, and what their failures mean."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import psycopg
from psycopg import AsyncConnection, AsyncRawCursor, Connection
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow, dict_row
from psycopg.types.json import set_json_dumps, set_json_loads
from psycopg_pool import AsyncConnectionPool
from pydantic_core import from_json, to_json

from vsmhub.server.errors import DatabaseDown, DatabaseMissing, DatabaseRefused, ServerError

_CONNECT_TIMEOUT = 10
# A statement that hangs must not hold a connection, and a broken client not a lock.
_SESSION = b"SET timezone = 'UTC'; SET statement_timeout = '60s'; SET idle_in_transaction_session_timeout = '60s'"

set_json_dumps(to_json)
set_json_loads(from_json)


def place(dsn: str) -> str:
    """Where a connection string leads, without its password."""
    authority, _, path = dsn.partition("://")[2].partition("?")[0].partition("/")
    # A password with such a character as it is ends in other members, from where messages would show it.
    if authority.count("@") > 1 or "@" in path:
        raise ServerError(
            "the database's connection string cannot be understood: it has an @ too many, or a / before it",
            hint="In user and password write %40 for @, %2F for /, %3A for : and %25 for %.",
        )
    try:
        parts = conninfo_to_dict(dsn)
    except psycopg.ProgrammingError as error:
        raise ServerError(
            "the database's connection string cannot be understood",
            hint="It reads like postgresql://user:password@host:5432/name.",
        ) from error
    host = parts.get("host") or parts.get("hostaddr") or "the local socket"
    return f"database {parts.get('dbname') or parts.get('user') or '(default)'} at {host}"


def translated(error: psycopg.Error, dsn: str) -> ServerError:
    """What a failure to connect means. libpq tells it in words alone, so the words are read."""
    text = str(error)
    where = place(dsn)
    state = error.sqlstate or ""
    if "does not exist" in text and "database" in text and "role" not in text:
        return DatabaseMissing(f"there is no {where}", hint="Create it (createdb), or correct VSMHUB_DATABASE_URL.")
    if state.startswith("28") or "authentication failed" in text or "no password supplied" in text or "role" in text:
        return DatabaseRefused(
            f"the {where} does not let this user in", hint="Check user and password in VSMHUB_DATABASE_URL."
        )
    if "pg_hba.conf" in text:
        return DatabaseRefused(f"the {where} takes no connection from here", hint="See its pg_hba.conf.")
    reason = text.strip().splitlines()[0].rpartition("failed: ")[2] if text.strip() else type(error).__name__
    return DatabaseDown(
        f"the {where} does not answer: {reason}", hint="Is PostgreSQL running, and is VSMHUB_DATABASE_URL right?"
    )


@contextlib.contextmanager
def connected(dsn: str) -> Iterator[Connection[DictRow]]:
    """A blocking connection in autocommit mode; ServerError when there is none to be had."""
    place(dsn)
    try:
        connection = psycopg.connect(
            dsn,
            autocommit=True,
            row_factory=dict_row,
            cursor_factory=psycopg.RawCursor,
            connect_timeout=_CONNECT_TIMEOUT,
        )
    except psycopg.Error as error:
        raise translated(error, dsn) from error
    with connection:
        connection.execute("SET timezone = 'UTC'")
        yield connection


async def _configure(connection: AsyncConnection[DictRow]) -> None:
    await connection.execute(_SESSION)


class Database:
    """The server's pool of connections, all in autocommit mode; writes open a transaction of their own."""

    def __init__(self, dsn: str, *, connections: int, patience: timedelta = timedelta(seconds=5)) -> None:
        place(dsn)
        self._dsn = dsn
        self._pool: AsyncConnectionPool[AsyncConnection[DictRow]] = AsyncConnectionPool(
            dsn,
            open=False,
            min_size=min(2, connections),
            max_size=connections,
            timeout=patience.total_seconds(),
            configure=_configure,
            kwargs={
                "autocommit": True,
                "row_factory": dict_row,
                "cursor_factory": AsyncRawCursor,
                "connect_timeout": _CONNECT_TIMEOUT,
            },
        )

    async def open(self) -> None:
        """Connect, or raise the ServerError that says why not."""
        try:
            async with await AsyncConnection.connect(self._dsn, connect_timeout=_CONNECT_TIMEOUT):
                pass
        except psycopg.Error as error:
            raise translated(error, self._dsn) from error
        await self._pool.open()

    async def close(self) -> None:
        await self._pool.close()

    @contextlib.asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection[DictRow]]:
        """Borrow a connection. psycopg.OperationalError when none can be had in time."""
        async with self._pool.connection() as connection:
            yield connection

    async def recheck(self) -> None:
        """Replace the connections that a restart of the database broke."""
        await self._pool.check()

    def numbers(self) -> dict[str, int]:
        """How many connections are open, how many of them idle, and how many requests wait for one."""
        stats = self._pool.get_stats()
        return {
            "open": stats.get("pool_size", 0),
            "idle": stats.get("pool_available", 0),
            "waiting": stats.get("requests_waiting", 0),
        }
