"""The tables of an empty database, made as they are now instead of by every migration that led there.

Alembic, which takes longer to import than that takes, is not needed for it. That both ways end in the same schema is
a test's to see.
"""

from psycopg import Connection, sql
from psycopg.rows import DictRow
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

from vsmhub.interhub.tables import metadata

# As Alembic makes it, so that later migrations find where they begin.
_STAMP = """
CREATE TABLE alembic_version (
  version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO alembic_version (version_num) VALUES ({});
"""


def create(connection: Connection[DictRow], revision: str) -> None:
    """Make all tables, at the revision of this name, or none; psycopg.Error when that fails."""
    dialect = PGDialect(paramstyle="named")  # type: ignore[no-untyped-call] # it has no types
    tables = metadata.sorted_tables
    indexes = [index for table in tables for index in sorted(table.indexes, key=lambda index: str(index.name))]
    wanted: list[ExecutableDDLElement] = [*map(CreateTable, tables), *map(CreateIndex, indexes)]
    statements = [str(one.compile(dialect=dialect)) for one in wanted]
    with connection.transaction():
        # All in one message: the statements have no parameters.
        connection.execute(";\n".join(statements).encode())
        connection.execute(sql.SQL(_STAMP).format(revision).as_bytes(connection))
