"""The schema of the workers beside the Inter-Hub's tables."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from procrastinate.schema import SchemaManager
from sqlalchemy import create_engine

from tests.databases import Databases
from tests.fleet.workers import Watched
from vsmhub.fleet.database import prepare
from vsmhub.fleet.errors import FleetError
from vsmhub.interhub.tables import metadata as tables
from vsmhub.server.schema.migrate import migrate

pytestmark = pytest.mark.server


def test_the_tables_of_the_inter_hub_are_not_touched(databases: Databases) -> None:
    with databases.migrated() as dsn:
        with ThreadPoolExecutor(4) as workers:
            list(workers.map(prepare, [dsn] * 4))  # as workers do that start at once
        migrate(dsn)
        engine = create_engine(dsn.replace("postgresql:", "postgresql+psycopg:"))
        with engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), tables) == []
        engine.dispose()
        (found,) = Watched(dsn).rows("SELECT count(*) AS n FROM procrastinate_jobs")
        assert found == {"n": 0}


def test_a_newer_queue_is_brought_up_to_date_once(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(database)
    older = Path(SchemaManager.get_migrations_path())
    for file in older.glob("*.sql"):
        (tmp_path / file.name).write_text("SELECT 1 / 0")
    (tmp_path / "99.00.00_01_pre_later.sql").write_text("CREATE TABLE procrastinate_later (number int)")
    path: Callable[[], str] = lambda: str(tmp_path)  # noqa: E731
    monkeypatch.setattr(SchemaManager, "get_migrations_path", staticmethod(path))
    prepare(database)
    prepare(database)
    assert Watched(database).rows("SELECT count(*) AS n FROM procrastinate_later") == [{"n": 0}]
    monkeypatch.undo()
    prepare(database)  # an older worker leaves it as it is
    assert Watched(database).rows("SELECT value FROM about") == [{"value": "99.00.00_01_pre_later.sql"}]


def test_a_user_who_may_not_make_a_schema_hears_what_to_do(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("CREATE ROLE poor")
    try:
        with pytest.raises(FleetError, match="may not make the schema") as refused:
            prepare(f"{database}&options=-c%20role%3Dpoor")
        assert "CREATE SCHEMA vsmhub_observation AUTHORIZATION" in refused.value.hint
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute("CREATE SCHEMA vsmhub_observation AUTHORIZATION poor")
        prepare(f"{database}&options=-c%20role%3Dpoor")
    finally:
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute("DROP OWNED BY poor CASCADE")
            connection.execute("DROP ROLE poor")
