"""Finding single rows."""

from functools import cache
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import DictRow
from sqlalchemy import Table, Uuid, bindparam, select

from vsmhub.server.call import Call
from vsmhub.server.problems import not_found
from vsmhub.server.statements import Row, Statement


@cache
def _by_id(table: Table, lock: bool) -> Statement:
    core = select(table).where(table.c.id == bindparam("id", type_=Uuid))
    return Statement(core.with_for_update() if lock else core)


async def find(connection: AsyncConnection[DictRow], table: Table, row_id: UUID, *, lock: bool = False) -> Row | None:
    """The row with this id, locked against other writers where asked for."""
    return await _by_id(table, lock).row(connection, id=row_id)


async def get(connection: AsyncConnection[DictRow], table: Table, row_id: UUID, *, lock: bool = False) -> Row:
    """The same, refusing (404) when there is none."""
    row = await find(connection, table, row_id, lock=lock)
    if row is None:
        raise not_found()
    return row


async def get_readable(call: Call, table: Table, row_id: UUID) -> Row:
    """A row of a hub that the caller may read, refusing (404) any other."""
    row = await find(call.connection, table, row_id)
    if row is None or not call.caller.may_read(row["hub_id"]):
        raise not_found()
    return row
