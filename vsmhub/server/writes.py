"""Every write to a resource, and in the same statement the audit row that tells of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import DictRow
from sqlalchemy import (
    CTE,
    ColumnElement,
    Insert,
    Table,
    Text,
    Uuid,
    bindparam,
    cast,
    column,
    delete,
    func,
    insert,
    literal_column,
    null,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from vsmhub.interhub.tables import audit_records, hubs
from vsmhub.server.statements import Row, Statement

# What an audit row never holds: secrets, and what only repeats in other words what it holds.
SECRETS = ("secret_hash", "secret")
DERIVED = ("series", "collected_at", "weight")


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes: an API key, or, with neither key nor consumer, a command on the server's own machine."""

    actor: str
    key_id: UUID | None = None
    consumer_id: UUID | None = None


def kind_of(table: Table) -> str:
    """The name of a resource in the trail: that of its collection in the API."""
    return table.name.replace("_", "-")


def _image(relation: str) -> ColumnElement[Any]:
    untold = ",".join((*SECRETS, *DERIVED))
    whole: ColumnElement[Any] = func.to_jsonb(literal_column(relation), type_=JSONB)
    return whole.op("-", return_type=JSONB())(literal_column(f"'{{{untold}}}'::text[]"))


def _hub(table: Table, written: CTE) -> ColumnElement[Any]:
    if table is hubs:
        return written.c.id
    return written.c.hub_id if "hub_id" in table.c else bindparam("author_hub", type_=Uuid)


def _trail(table: Table, written: CTE, before: ColumnElement[Any], after: ColumnElement[Any]) -> Insert:
    return insert(audit_records).from_select(
        ["key_id", "consumer_id", "actor", "action", "kind", "object_id", "hub_id", "before", "after"],
        select(
            bindparam("author_key", type_=Uuid),
            bindparam("author_consumer", type_=Uuid),
            cast(bindparam("author_actor", type_=Text), Text),
            cast(bindparam("author_action", type_=Text), Text),
            cast(kind_of(table), Text),
            written.c.id,
            _hub(table, written),
            before,
            after,
        ),
    )


def _nothing() -> ColumnElement[Any]:
    return cast(null(), JSONB)


@cache
def _insertion(table: Table, names: tuple[str, ...], told: bool) -> Statement:
    # One JSON document of rows: the same statement for one row and for a thousand.
    given = (
        func.jsonb_to_recordset(bindparam("rows", type_=JSONB))
        .table_valued(*(column(name, table.c[name].type) for name in names), name="given")
        .render_derived(with_types=True)
    )
    made = insert(table).from_select(list(names), select(given)).returning(table).cte("made")
    trail = _trail(table, made, _nothing(), _image("made")).cte("trail")
    answer = select(made).order_by(made.c.id) if told else select(func.count()).select_from(made)
    return Statement(answer.add_cte(trail))


@cache
def _alteration(table: Table, names: tuple[str, ...], counted: bool) -> Statement:
    old = select(table).where(table.c.id == bindparam("id", type_=Uuid)).cte("old")
    values = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
    new = (
        update(table)
        .where(table.c.id == bindparam("id", type_=Uuid))
        .values({**values, "updated_at": func.now(), "revision": table.c.revision + 1} if counted else values)
        .returning(table)
        .cte("new")
    )
    before = select(_image("old")).select_from(old).scalar_subquery()
    return Statement(select(new).add_cte(_trail(table, new, before, _image("new")).cte("trail")))


@cache
def _removal(table: Table) -> Statement:
    gone = delete(table).where(table.c.id == bindparam("id", type_=Uuid)).returning(table).cte("gone")
    return Statement(select(gone).add_cte(_trail(table, gone, _image("gone"), _nothing()).cte("trail")))


def _authored(author: Author, action: str, hub_id: UUID | None) -> dict[str, object]:
    return {
        "author_key": author.key_id,
        "author_consumer": author.consumer_id,
        "author_actor": author.actor,
        "author_action": action,
        "author_hub": hub_id,
    }


@dataclass(frozen=True, slots=True)
class Write:
    """A statement with what it takes, for whichever kind of connection runs it."""

    statement: Statement
    given: Mapping[str, object]

    async def rows(self, connection: AsyncConnection[DictRow]) -> list[Row]:
        return await self.statement.rows(connection, **self.given)

    async def row(self, connection: AsyncConnection[DictRow]) -> Row:
        (row,) = await self.rows(connection)
        return row


def insertion(
    author: Author,
    table: Table,
    rows: Sequence[Mapping[str, object]],
    *,
    hub_id: UUID | None = None,
    told: bool = True,
) -> Write:
    """New rows, all with the same columns; answers with them in the order of their ids, or not when not `told`.

    `hub_id` says whose trail it is where the table does not.
    """
    given = {"rows": list(rows), **_authored(author, "create", hub_id)}
    return Write(_insertion(table, tuple(rows[0]), told), given)


def alteration(
    author: Author,
    table: Table,
    row_id: UUID,
    values: Mapping[str, object],
    *,
    action: str = "update",
    hub_id: UUID | None = None,
    counted: bool = True,
) -> Write:
    """A changed row, with its revision counted up unless what changes is only kept alongside."""
    given = {"id": row_id, **{f"new_{name}": value for name, value in values.items()}}
    return Write(_alteration(table, tuple(values), counted), {**given, **_authored(author, action, hub_id)})


def removal(author: Author, table: Table, row_id: UUID, *, hub_id: UUID | None = None) -> Write:
    """A row deleted."""
    return Write(_removal(table), {"id": row_id, **_authored(author, "delete", hub_id)})
