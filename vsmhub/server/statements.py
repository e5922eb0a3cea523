"""SQL statements compiled once from SQLAlchemy Core, and executed by psycopg."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from psycopg import AsyncConnection, AsyncCursor, Connection
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb
from sqlalchemy import JSON
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler

Row = dict[str, Any]
"""A row by column name. What the columns hold is the tables' business; answers are typed by the messages."""

# PostgreSQL's own placeholders ($1), which psycopg's raw cursors send as they are: finding named ones in a long
# statement would take longer than executing it.
_DIALECT = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """`order` has the parameters: name, whether it must be given, what it is otherwise, and whether it is JSON."""

    text: bytes
    order: tuple[tuple[str, bool, object, bool], ...]


class Statement:
    """A statement with named parameters. Values never become part of its text."""

    def __init__(self, core: ClauseElement) -> None:
        self._core = core

    @cached_property
    def _compiled(self) -> _Compiled:
        # When it is first used, so that starting does not wait for what may never be asked.
        compiled = self._core.compile(dialect=_DIALECT)
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 - what SQL compiles to
        constants = compiled.params
        return _Compiled(
            text=str(compiled).encode(),
            order=tuple(
                (name, compiled.binds[name].required, constants[name], isinstance(compiled.binds[name].type, JSON))
                for name in compiled.positiontup or ()
            ),
        )

    def _filled(self, given: Mapping[str, object]) -> tuple[bytes, list[object]]:
        compiled = self._compiled
        values: list[object] = []
        for name, required, constant, is_json in compiled.order:
            value = given[name] if required else constant
            values.append(Jsonb(value) if is_json and value is not None else value)
        return compiled.text, values

    async def _execute(self, connection: AsyncConnection[DictRow], given: Mapping[str, object]) -> AsyncCursor[DictRow]:
        return await connection.execute(*self._filled(given))

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
        cursor = connection.execute(*self._filled(given))
        return cursor.fetchall() if cursor.description else []
