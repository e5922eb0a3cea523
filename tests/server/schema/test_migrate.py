"""Migrations: equal to the tables, there and back, and safe to run by many at once."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg.types.json import Jsonb
from sqlalchemy import create_engine

from tests.databases import Databases
from vsmhub.interhub.messages.standing import Standing
from vsmhub.interhub.tables import metadata as tables
from vsmhub.server.errors import DatabaseDown, DatabaseMissing, DatabaseUnfit, ServerError
from vsmhub.server.schema.migrate import HEAD, MIGRATIONS, migrate, upgrade

SHAPE = """
SELECT table_name, column_name, data_type, udt_name, is_nullable, column_default, is_identity, NULL
FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'
UNION ALL
SELECT conrelid::regclass::text, conname, contype::text, pg_get_constraintdef(oid), NULL, NULL, NULL, NULL
FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version'
UNION ALL
SELECT tablename, indexname, indexdef, NULL, NULL, NULL, NULL, NULL
FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'
UNION ALL
SELECT relname, relkind::text, relispartition::text, reloptions::text, relpersistence::text, NULL, NULL, NULL
FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE 'alembic_version%'
UNION ALL
SELECT proname, prosrc, NULL, NULL, NULL, NULL, NULL, NULL FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL
SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), NULL, NULL, NULL, NULL, NULL
FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT typname, typtype::text, NULL, NULL, NULL, NULL, NULL, NULL
FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd', 'r')
"""


def shape(dsn: str) -> set[tuple[object, ...]]:
    with psycopg.connect(dsn) as connection:
        return set(connection.execute(SHAPE).fetchall())


HISTORY = """
SELECT version_num, conname, pg_get_constraintdef(oid)
FROM alembic_version, pg_constraint WHERE conrelid = 'alembic_version'::regclass ORDER BY conname
"""


def history(dsn: str) -> list[tuple[object, ...]]:
    with psycopg.connect(dsn) as connection:
        return connection.execute(HISTORY).fetchall()


def test_the_migrations_make_the_tables(databases: Databases) -> None:
    with databases.fresh() as migrated, databases.fresh() as made, databases.fresh() as created:
        upgrade(migrated)
        assert migrate(created)
        engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(made))
        tables.create_all(engine)
        engine.dispose()
        assert shape(migrated) == shape(created) == shape(made)
        assert history(migrated) == history(created)
        engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(migrated))
        with engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), tables) == []
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
        "import sys; from vsmhub.server.schema.migrate import migrate; "
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


def test_what_is_there_gets_its_standing(database: str) -> None:
    """Rows from before the state was kept come to the same state as if they were written now."""
    from alembic import command

    migrate(database)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(database))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0002")
    engine.dispose()
    at = datetime(2026, 3, 1, tzinfo=UTC)
    said: list[dict[str, object]] = [
        {},
        {"n": 1},
        {"evidence": "pass"},
        {"evidence": {"outcome": "fail", "collectedAt": "2026-02-01T00:00:00Z", "signal": "web"}},
        {"evidence": {"outcome": "pass", "collectedAt": "2026-03-02T00:00:00+02:00", "signal": "web"}},
    ]
    hub, widget = uuid4(), uuid4()
    with psycopg.connect(database) as connection:
        connection.execute("INSERT INTO hubs VALUES (%s, 'h', 'h', 'h', 'domain', NULL, NULL, NULL, '')", [hub])
        connection.execute(
            "INSERT INTO widgets VALUES (%s, %s, 'w', 'w', 't', 'p', 'v', '{}', 'active')", [widget, hub]
        )
        for metadata in said:
            connection.execute(
                "INSERT INTO interaction_events VALUES (%s, %s, %s, 'e', 'v', %s, %s, 'a', %s)",
                [uuid4(), hub, widget, at, Jsonb(metadata), at],
            )
    assert migrate(database)
    with psycopg.connect(database) as connection:
        rows = connection.execute("SELECT metadata, series, collected_at, weight FROM interaction_events").fetchall()
        assert len(rows) == len(said)
        assert all(tuple(row[1:]) == tuple(Standing.of(row[0], at)) for row in rows)
        kept = connection.execute(
            "SELECT current_events.series, metadata FROM current_events JOIN interaction_events ON id = event_id "
            "ORDER BY 1"
        ).fetchall()
    assert [row[0] for row in kept] == ["", "-", "-:web"]
    assert kept[2][1] == said[4]
