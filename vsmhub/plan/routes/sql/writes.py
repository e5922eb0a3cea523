"""Writes that leave alone what is as it should be, and that record what they wrote.

Each record goes into the temporary table `written`, from which the audit trail and the report are made.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Identity,
    Insert,
    Select,
    Table,
    Text,
    Update,
    Uuid,
    and_,
    case,
    cast,
    extract,
    func,
    insert,
    literal,
    literal_column,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB

from vsmhub.interhub.tables import audit_records, hubs
from vsmhub.plan.routes.sql.declared import temporary

Expression: TypeAlias = ColumnElement[Any]
Rows: TypeAlias = Select[*tuple[Any, ...]]

ACTOR = "bootstrap.sql"

written = temporary(
    "written",
    Column("number", BigInteger, Identity(always=True)),
    Column("action", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("object_id", Uuid, nullable=False),
    Column("hub_id", Uuid, nullable=False),
    Column("before", JSONB),
    Column("after", JSONB),
)
_RECORD = ["action", "kind", "object_id", "hub_id", "before", "after"]


def upsert(
    table: Table,
    columns: Sequence[str],
    source: Rows,
    *,
    key: Sequence[str],
    changing: Sequence[str],
    only: Expression | None = None,
) -> postgresql.Insert:
    """Rows inserted from `source`; where their `key` exists, changed if they differ in `changing` and `only` holds."""
    write = postgresql.insert(table).from_select(list(columns), source)
    differs = or_(*(table.c[name].is_distinct_from(write.excluded[name]) for name in changing))
    return write.on_conflict_do_update(
        index_elements=list(key),
        set_={**{name: write.excluded[name] for name in changing}, **_counted(table)},
        where=differs if only is None else and_(only, differs),
    )


def change(table: Table, new: Mapping[str, Expression]) -> Update:
    """Rows of `table` given new values, their revision counted up."""
    return update(table).values({**new, **_counted(table)})


def recorded(
    table: Table, columns: Sequence[Column[Any]], write: postgresql.Insert | Update, those: Expression, action: str
) -> Insert:
    """A write with a record of each row that it made (`create`) or changed (`action`).

    `those` are the rows that it may change; `columns` are the table's, as far as the database has them.
    """
    old = select(*columns).where(those).cte("old")
    new = write.returning(*columns).cte("new")
    existed = old.c.id.is_not(None)
    record = select(
        case((existed, literal(action, Text)), else_=literal("create", Text)),
        literal(table.name.replace("_", "-"), Text),
        new.c.id,
        new.c.id if table is hubs else new.c.hub_id,
        case((existed, _image("old")), else_=cast(null(), JSONB)),
        _image("new"),
    ).select_from(new.outerjoin(old, old.c.id == new.c.id))
    return insert(written).from_select(_RECORD, record.order_by(new.c.id))


def trail() -> Insert:
    """The records as rows of the audit trail, in the name of whoever is connected."""
    source = select(
        literal(f"{ACTOR} (", Text) + cast(func.current_user(), Text) + ")", *(written.c[name] for name in _RECORD)
    ).order_by(written.c.number)
    return insert(audit_records).from_select(["actor", *_RECORD], source)


def report() -> Rows:
    """The records for a person: what happened to which object."""
    name = func.coalesce(*(written.c.after[key].astext for key in ("slug", "version", "name")))
    return select(written.c.action, written.c.kind, name.label("name")).order_by(written.c.number)


def new_id() -> Expression:
    """A fresh UUIDv7 (RFC 9562), as Inter-Hub's ids are; PostgreSQL makes these itself from 18 on only.

    The milliseconds since 1970 take the place of the first 48 bits of a UUIDv4; bits 52 and 53, as PostgreSQL counts
    them, make a version 7 of its version 4.
    """
    milliseconds = cast(func.floor(extract("epoch", func.clock_timestamp()) * 1000), BigInteger)
    stamped = func.overlay(func.uuid_send(func.gen_random_uuid()), func.substring(func.int8send(milliseconds), 3), 1, 6)
    return cast(func.encode(func.set_bit(func.set_bit(stamped, 52, 1), 53, 1), "hex"), Uuid)


def _counted(table: Table) -> dict[str, Expression]:
    return {"updated_at": func.now(), "revision": table.c.revision + 1}


def _image(relation: str) -> Expression:
    # Quoted, since `old` and `new` are words of SQL in some places.
    image: Expression = func.to_jsonb(literal_column(f'"{relation}"'), type_=JSONB)
    return image
