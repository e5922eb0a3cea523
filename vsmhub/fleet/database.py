"""The database that workers share: a schema of its own beside the Inter-Hub's tables, with the queue in it."""

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TypeAlias

import psycopg
from procrastinate import PsycopgConnector, exceptions
from procrastinate.schema import SchemaManager
from psycopg import AsyncConnection, Connection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import PoolTimeout

from vsmhub.fleet.errors import DatabaseLost, FleetError
from vsmhub.fleet.tables import SCHEMA, TABLES
from vsmhub.server.database import connected, place

Row: TypeAlias = dict[str, object]
LOST = (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout, exceptions.ConnectorException)

PATIENCE = 4.0
"""Seconds that a connection is waited for; a database that is restarted within them is not missed."""

# Whoever makes or changes the schema holds this lock; any number that nobody else uses would do.
_TURN = 7_206_411_952
# Nobody may hang in the middle of a commit for longer than `vsmhub.fleet.held` waits for it.
_SESSION = (
    f"SET search_path = {SCHEMA}; SET timezone = 'UTC'; "
    "SET statement_timeout = '20s'; SET idle_in_transaction_session_timeout = '20s'"
)


def prepare(dsn: str) -> None:
    """Make the schema where it is missing, and bring the queue in it to the version that is installed.

    ServerError when the database cannot be reached, FleetError when its user may not make a schema.
    """
    with connected(dsn) as connection, _refused(dsn), connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock($1)", [_TURN])
        found = connection.execute("SELECT to_regnamespace($1) IS NOT NULL AS there", [SCHEMA]).fetchone()
        if found is None or not found["there"]:
            # IF NOT EXISTS would be refused as well to who may not make one, although it is there.
            connection.execute(f"CREATE SCHEMA {SCHEMA}")
        connection.execute(f"SET LOCAL search_path = {SCHEMA}")
        connection.execute(TABLES)
        _queue(connection)


def _queue(connection: Connection[DictRow]) -> None:
    row = connection.execute("SELECT value FROM about WHERE name = 'queue'").fetchone()
    changes = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    if row is None:
        connection.execute(SchemaManager.get_schema())
    else:
        for change in changes:
            if change.name > str(row["value"]):
                connection.execute(change.read_text(encoding="utf-8"))
    connection.execute(
        "INSERT INTO about VALUES ('queue', $1) ON CONFLICT (name) DO UPDATE SET value = greatest($1, about.value)",
        [changes[-1].name],
    )


@contextmanager
def _refused(dsn: str) -> Iterator[None]:
    try:
        yield
    except psycopg.errors.InsufficientPrivilege as error:
        raise FleetError(
            f"the user of the {place(dsn)} may not make the schema {SCHEMA}",
            hint=f"let its owner run: CREATE SCHEMA {SCHEMA} AUTHORIZATION <that user>",
        ) from error


@contextmanager
def connected_to(dsn: str) -> Iterator[Connection[DictRow]]:
    """A blocking connection to what workers share; FleetError where no worker was ever started."""
    with connected(dsn) as connection:
        row = connection.execute("SELECT to_regclass($1) IS NOT NULL AS there", [f"{SCHEMA}.receipts"]).fetchone()
        if row is None or not row["there"]:
            raise FleetError(f"no worker was ever started on the {place(dsn)}", hint="start one: vsmhub worker HUB")
        connection.execute(f"SET search_path = {SCHEMA}")
        yield connection


def connector(dsn: str, connections: int) -> PsycopgConnector:
    """What the queue and the ledger connect with."""
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # what it warns of is told once, by who waits for it
    return PsycopgConnector(
        conninfo=dsn,
        min_size=1,
        max_size=connections,
        timeout=PATIENCE,
        configure=_configure,
        kwargs={"connect_timeout": 10, "row_factory": dict_row},
    )


async def _configure(connection: AsyncConnection) -> None:
    await connection.execute(_SESSION)
    await connection.commit()


@asynccontextmanager
async def translated(dsn: str) -> AsyncIterator[None]:
    """A failure of the database inside the block is a DatabaseLost."""
    try:
        yield
    except LOST as error:
        cause = error.__cause__ if isinstance(error, exceptions.ConnectorException) else error
        said = str(cause or error).strip().splitlines()
        raise DatabaseLost(f"the {place(dsn)} does not answer: {said[0] if said else type(error).__name__}") from error
