"""SQL statements compiled once from SQLAlchemy Core, and executed by psycopg."""

from collections.abc import Mapping
from typing import Any

from psycopg import AsyncConnection, AsyncCursor, Connection
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb
from sqlalchemy import JSON
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.sql import ClauseElement

Row = dict[str, Any]
"""A row by column name. What the columns hold is the tables' business; answers are typed by the messages."""

_DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]


class Statement:
    """A statement with named parameters. Values never become part of its text."""

    __slots__ = ("_constants", "_documents", "text")

    def __init__(self, core: ClauseElement) -> None:
        compiled = core.compile(dialect=_DIALECT)
        self.text = str(compiled).encode()
        names = compiled.params
        binds: Mapping[str, Any] = compiled.binds  # type: ignore[attr-defined]
        self._constants = {name: value for name, value in names.items() if value is not None}
        self._documents = {name for name in names if isinstance(binds[name].type, JSON)}

    def _values(self, given: Mapping[str, object]) -> dict[str, object]:
        values = {**self._constants, **given}
        for name in self._documents:
            if values[name] is not None:
                values[name] = Jsonb(values[name])
        return values

    async def _execute(self, connection: AsyncConnection[DictRow], given: Mapping[str, object]) -> AsyncCursor[DictRow]:
        return await connection.execute(self.text, self._values(given))

    async def rows(self, connection: AsyncConnection[DictRow], **given: object) -> list[Row]:
        """All rows it answers with."""
        return await (await self._execute(connection, given)).fetchall()

    async def row(self, connection: AsyncConnection[DictRow], **given: object) -> Row | None:
        """The first row, if there is one."""
        return await (await self._execute(connection, given)).fetchone()

    async def run(self, connection: AsyncConnection[DictRow], **given: object) -> int:
        """How many rows it touched, for a statement that answers with none."""
        return (await self._execute(connection, given)).rowcount

    def rows_now(self, connection: Connection[DictRow], **given: object) -> list[Row]:
        """The same as `rows`, on a blocking connection."""
        cursor = connection.execute(self.text, self._values(given))
        return cursor.fetchall() if cursor.description else []
