"""Databases of their own for tests, on one PostgreSQL."""

import contextlib
import itertools
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from vsmhub.server.schema.migrate import migrate


class Databases:
    """Makes databases on the server behind a superuser's DSN."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self._numbers = itertools.count(1)
        self._templates: dict[str, str] = {}

    @contextlib.contextmanager
    def fresh(self, *, template: str = "template0") -> Iterator[str]:
        """A new database, a copy of `template`; yields its DSN and drops it afterwards, whoever still uses it."""
        dsn = self.create(f"test_{next(self._numbers)}", template)
        try:
            yield dsn
        finally:
            self._do("DROP DATABASE IF EXISTS {} WITH (FORCE)", urlsplit(dsn).path[1:])

    def migrated(self) -> contextlib.AbstractContextManager[str]:
        """A new database with the tables of an Inter-Hub, as `fresh` makes one."""
        return self.fresh(template=self.template("inter_hub", migrate))

    def template(self, name: str, fill: Callable[[str], object]) -> str:
        """The name of a database filled once by `fill`, which gets its DSN; for `fresh`, which copies it quickly."""
        if name not in self._templates:
            fill(self.create(name, "template0"))
            self._templates[name] = name
        return name

    def create(self, name: str, template: str) -> str:
        """Make the database `name` as a copy of `template`; its DSN."""
        self._do("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, template)
        return urlunsplit(urlsplit(self.dsn)._replace(path=f"/{name}"))

    def _do(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def everything_in(dsn: str) -> Iterator[tuple[str, str]]:
    """Each table of a database, with all its rows as text."""
    with psycopg.connect(dsn) as connection:
        tables = connection.execute("SELECT schemaname, tablename FROM pg_tables WHERE schemaname = 'public'")
        for schema, table in tables.fetchall():
            rows = connection.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(schema, table)))
            yield table, "\n".join(text for (text,) in rows)
