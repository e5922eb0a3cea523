"""Bringing a database to the schema that this version needs."""

import logging
from pathlib import Path

import psycopg
from psycopg import Connection
from psycopg.rows import DictRow

from vsmhub.server.database import connected, place
from vsmhub.server.errors import DatabaseUnfit

HEAD = "0004"
"""The newest revision in `migrations/versions`."""

MIGRATIONS = Path(__file__).parent / "migrations"

LOCK = 7_645_310_245
"""The advisory lock of whoever changes the schema."""
_LOG = logging.getLogger(__name__)


def migrate(dsn: str) -> bool:
    """Bring the database to `HEAD`; whether there was anything to do.

    Safe to call from any number of processes at once: one migrates, the others wait for it. At head nothing but
    one query is made, and an empty database is given the tables as they are now; Alembic is imported for neither,
    which would cost more than the rest of a start.

    Raises a ServerError when the database cannot be reached, or DatabaseUnfit when it cannot be migrated.
    """
    with connected(dsn) as connection:
        if revision(connection) == HEAD:
            return False
        connection.execute("SELECT pg_advisory_lock($1)", [LOCK])
        found = revision(connection)
        if found == HEAD:
            return False
        if found is None and not _has_history(connection):
            _create(connection, dsn)
        else:
            upgrade(dsn)
        _LOG.info("migrated the %s to revision %s", place(dsn), HEAD)
        return True


def revision(connection: Connection[DictRow]) -> str | None:
    """The revision that the database is at, None for an empty one."""
    if not _has_history(connection):
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row["version_num"]) if row else None


def _has_history(connection: Connection[DictRow]) -> bool:
    return connection.execute("SELECT to_regclass('alembic_version') AS name").fetchone() != {"name": None}


def upgrade(dsn: str) -> None:
    """Run the migrations that the database has not had. The caller sees to it that nobody else does.

    DatabaseUnfit when that cannot be done, with nothing changed.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError
    from sqlalchemy import create_engine
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.pool import StaticPool

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(dsn), poolclass=StaticPool)
    try:
        with engine.begin() as bound:
            config.attributes["connection"] = bound
            command.upgrade(config, "head")
    except CommandError as error:
        with connected(dsn) as connection:
            found = revision(connection)
        raise DatabaseUnfit(
            f"the {place(dsn)} is at revision {found}, which this version does not know",
            hint="It was used by a newer vsmhub: run that one, or name another database.",
        ) from error
    except DBAPIError as error:
        raise _unfit(dsn, error.orig) from error
    finally:
        engine.dispose()


def _create(connection: Connection[DictRow], dsn: str) -> None:
    from vsmhub.server.schema.creation import create

    try:
        create(connection, HEAD)
    except psycopg.Error as error:
        raise _unfit(dsn, error) from error


def _unfit(dsn: str, error: BaseException | None) -> DatabaseUnfit:
    return DatabaseUnfit(
        f"the {place(dsn)} cannot be migrated: {str(error).strip()}",
        hint="The user needs the right to create tables, and the database must hold no tables of these names.",
    )
