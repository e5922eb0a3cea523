"""Inter-Hub's database as an operator reaches it: what it holds of a hub, and one transaction to change that."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from vsmhub.interhub.credentials import Revealing
from vsmhub.plan.desired import Desired
from vsmhub.plan.errors import DatabaseFailed
from vsmhub.plan.live import Live
from vsmhub.plan.routes.sql.failures import failed, not_connected, place

if TYPE_CHECKING:
    from sqlalchemy import Connection

CONNECT_SECONDS = 10
_SETTINGS = {
    "timezone": "UTC",
    "lock_timeout": "30s",
    "statement_timeout": "300s",
    "idle_in_transaction_session_timeout": "60s",
}
TABLES = ("hubs", "hub_capability_manifests", "declared_names", "api_consumers", "widgets")


@dataclass(frozen=True, slots=True)
class Database:
    """A database by its connection string, which is a secret."""

    dsn: Revealing

    def read(self, declared: Desired) -> Live:
        """What it holds of the declared hub: everything but secrets. Raises DatabaseFailed."""
        from vsmhub.plan.routes.sql.reading import read

        with self.transaction(reading=True) as connection:
            return read(connection, declared)

    def demand_behind(self, shown: frozenset[UUID], target: str) -> None:
        """DatabaseFailed unless the hubs that `target` shows, all or some of them, are those of this database."""
        from sqlalchemy import func, select

        from vsmhub.interhub.tables import hubs

        with self.transaction(reading=True) as connection:
            known = select(func.count()).select_from(hubs)
            found = connection.execute(known.where(hubs.c.id.in_(shown)) if shown else known).scalar_one()
        if found != len(shown):
            raise DatabaseFailed(
                f"the {place(self.dsn.reveal())} is not the one behind {target}: they do not have the same hubs",
                hint="give the database of that Inter-Hub, or name the other target",
            )

    @contextmanager
    def transaction(self, *, reading: bool = False) -> Iterator["Connection"]:
        """One transaction that sees one moment; given up when the block raises.

        Raises DatabaseFailed, and TargetMoved when others wrote the same rows meanwhile.
        """
        try:
            import psycopg
        except ImportError as error:
            raise DatabaseFailed(
                "a database needs psycopg, which is not installed", hint="pip install 'vsmhub[server]'"
            ) from error
        from sqlalchemy import NullPool, create_engine, func, select, true
        from sqlalchemy.exc import DBAPIError

        dsn = self.dsn.reveal()
        where = place(dsn)

        def connect() -> psycopg.Connection:
            try:
                connection = psycopg.connect(dsn, connect_timeout=CONNECT_SECONDS, application_name="vsmhub")
            except psycopg.Error as error:
                raise not_connected(error, where) from None
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True if reading else None
            return connection

        engine = create_engine("postgresql+psycopg://", creator=connect, poolclass=NullPool)
        try:
            with engine.begin() as connection:
                # Not as the connection's options: those are the connection string's to give, and poolers take none.
                connection.execute(select(*(func.set_config(*one, true()) for one in _SETTINGS.items())))
                _demand_tables(connection, where)
                yield connection
        # Not chained: the frames below hold the connection string.
        except DBAPIError as error:
            if not isinstance(error.orig, psycopg.Error):
                raise
            raise failed(error.orig, where) from None
        except psycopg.Error as error:
            raise failed(error, where) from None


def _demand_tables(connection: "Connection", where: str) -> None:
    from sqlalchemy import Text, func, literal, select

    found = connection.execute(select(*(func.to_regclass(literal(name, Text)).is_(None) for name in TABLES))).one()
    missing = [name for name, is_missing in zip(TABLES, found, strict=True) if is_missing]
    if missing:
        raise DatabaseFailed(
            f"the {where} has no table {', '.join(missing)}, so it is not Inter-Hub's",
            hint="look at the database's name, and at the search_path of its user",
        )
