"""Inter-Hub's database in the kinds that the `sql` route meets, each on a real PostgreSQL."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests import postgresql
from tests.databases import Databases
from tests.plan.routes.psql import Target
from vsmhub.server.postgres.installation import MAJOR

OLD = 15
VSM_COLUMNS = ("hub_family", "vsm_function", "vsm_system")


@pytest.fixture(scope="session")
def old_databases() -> Iterator[Databases]:
    """A PostgreSQL of the oldest version that is supported, where the machine has it."""
    found = postgresql.programs(OLD)
    if found is None:
        pytest.skip(f"PostgreSQL {OLD} is not installed on this machine")
    folder = Path(tempfile.mkdtemp(prefix="vsmhub-test-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        with postgresql.running(folder, found) as dsn:
            yield Databases(dsn)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def without_vsm_columns(dsn: str) -> None:
    """Make the database one of the older kind."""
    with psycopg.connect(dsn) as connection:
        for column in VSM_COLUMNS:
            connection.execute(f"ALTER TABLE hubs DROP COLUMN {column}")


@contextlib.contextmanager
def target(databases: Databases, major: int, *, vsm_columns: bool) -> Iterator[Target]:
    """A migrated database of its own."""
    programs = postgresql.programs(major)
    assert programs is not None
    with databases.migrated() as dsn:
        if not vsm_columns:
            without_vsm_columns(dsn)
        yield Target(dsn, programs / "psql", vsm_columns=vsm_columns)


@pytest.fixture(params=[(MAJOR, True), (MAJOR, False), (OLD, True), (OLD, False)], ids=["18", "18-old", "15", "15-old"])
def any_target(request: pytest.FixtureRequest) -> Iterator[Target]:
    """An empty Inter-Hub: on each version of PostgreSQL, with the VSM columns and without (`old`)."""
    major, vsm_columns = request.param
    databases = request.getfixturevalue("databases" if major == MAJOR else "old_databases")
    with target(databases, major, vsm_columns=vsm_columns) as found:
        yield found


@pytest.fixture
def new_target(databases: Databases) -> Iterator[Target]:
    """An empty Inter-Hub of the present kind."""
    with target(databases, MAJOR, vsm_columns=True) as found:
        yield found
