"""Columns that Inter-Hub's tables have in common, in SQLAlchemy Core."""

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKey, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.schema import SchemaItem

Columns = list[SchemaItem]


def identifier() -> Column[object]:
    """What a row is known by: a UUID, as `id`."""
    return Column("id", Uuid, primary_key=True)


def moment(name: str, *, nullable: bool = False, now: bool = False) -> Column[object]:
    """A time with its zone; `now` fills in when the row is written."""
    return Column(name, DateTime(timezone=True), nullable=nullable, server_default=text("now()") if now else None)


def words(name: str, *, nullable: bool = False, unique: bool = False) -> Column[object]:
    """A text of any length."""
    return Column(name, Text, nullable=nullable, unique=unique)


def names(name: str) -> Column[object]:
    """A list of names, empty where nothing is said."""
    return Column(name, ARRAY(Text), nullable=False, server_default=text("'{}'"))


def members(name: str) -> Column[object]:
    """A JSON object, empty where nothing is said."""
    return Column(name, JSONB, nullable=False, server_default=text("'{}'"))


def to(table: str, name: str, *, nullable: bool = False) -> Column[object]:
    """The `id` of a row in `table`."""
    return Column(name, Uuid, ForeignKey(f"{table}.id"), nullable=nullable)


def one_of(column: str, *values: str) -> CheckConstraint:
    """That `column` holds one of `values`."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def resource() -> Columns:
    """The columns of what can change; `revision` counts the writes."""
    return [
        moment("created_at", now=True),
        moment("updated_at", now=True),
        Column("revision", Integer, nullable=False, server_default=text("1")),
    ]


def record() -> Columns:
    """What is written once has these, besides the hub it belongs to."""
    return [
        members("metadata"),
        words("actor"),
        moment("created_at", now=True),
        Index(None, "hub_id", "id"),
    ]
