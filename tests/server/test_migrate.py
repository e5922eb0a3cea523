"""Migrations: equal to the tables, there and back, and safe to run by many at once."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from tests.databases import Databases
from vsmhub.interhub.tables import metadata
from vsmhub.server.errors import DatabaseDown, DatabaseMissing, DatabaseUnfit, ServerError
from vsmhub.server.migrate import HEAD, MIGRATIONS, migrate

SHAPE = """
SELECT table_name, column_name, data_type, udt_name, is_nullable, column_default, is_identity, NULL
FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'
UNION ALL
SELECT conrelid::regclass::text, conname, contype::text, pg_get_constraintdef(oid), NULL, NULL, NULL, NULL
FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version'
UNION ALL
SELECT tablename, indexname, indexdef, NULL, NULL, NULL, NULL, NULL
FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'
"""


def shape(dsn: str) -> set[tuple[object, ...]]:
    with psycopg.connect(dsn) as connection:
        return set(connection.execute(SHAPE).fetchall())


def test_the_migrations_make_the_tables(databases: Databases) -> None:
    with databases.fresh() as migrated, databases.fresh() as made:
        assert migrate(migrated)
        engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(made))
        metadata.create_all(engine)
        engine.dispose()
        assert shape(migrated) == shape(made)
        engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(migrated))
        with engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        engine.dispose()


def test_head_is_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_down_and_up_again(database: str) -> None:
    from alembic import command

    migrate(database)
    before = shape(database)
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(database))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    engine.dispose()
    assert shape(database) == set()
    assert migrate(database)
    assert shape(database) == before


def test_at_head_alembic_is_not_imported(database: str) -> None:
    migrate(database)
    code = (
        "import sys; from vsmhub.server.migrate import migrate; "
        "assert not migrate(sys.argv[1]); assert 'alembic' not in sys.modules; assert 'sqlalchemy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, database], check=True)


def test_many_at_once(database: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(migrate, [database] * 6)) == [False] * 5 + [True]


def test_a_newer_database_is_refused(database: str) -> None:
    migrate(database)
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseUnfit, match="9999"):
        migrate(database)


def test_foreign_tables_are_not_touched(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("CREATE TABLE hubs (mine text)")
    with pytest.raises(DatabaseUnfit, match="hubs"):
        migrate(database)
    assert {row[0] for row in shape(database)} == {"hubs"}


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (("/test_", "/absent_test_"), DatabaseMissing),
        (("port=5432", "port=5999"), DatabaseDown),
        (("postgresql://", "nonsense://"), ServerError),
    ],
)
def test_a_database_that_cannot_be_reached(database: str, change: tuple[str, str], error: type[ServerError]) -> None:
    with pytest.raises(error) as caught:
        migrate(database.replace(*change))
    assert caught.value.hint
