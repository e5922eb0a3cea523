"""An Inter-Hub of May 2026 bootstrapped by the real commands: through its database and by hand, and then upgraded."""

import contextlib
import io
import json
import signal
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tests import postgresql
from tests.cli.commands import Done, Home
from tests.cli.killing import written
from tests.cli.nursery import MOMENTS, lines_of, nursery
from tests.cli.typed import Typed
from tests.databases import Databases, everything_in
from tests.faults import Boundary, faulty, undisturbed
from tests.plan.routes.psql import Target, waits_for_a_lock
from tests.server.serving import serving
from vsmhub.plan.desired import Desired
from vsmhub.server.credentials import new_key
from vsmhub.server.operator_key import mint_operator_key
from vsmhub.server.postgres.installation import MAJOR
from vsmhub.server.schema.layout import settle
from vsmhub.server.surface import Surface

pytestmark = pytest.mark.server

PASSWORD = "plantedpassword88"  # PostgreSQL lets everybody in here; it is only carried along


@dataclass
class World:
    """A database of May 2026, and commands for the hub that is to come into it."""

    typed: Typed
    database: Target
    hub: Path
    wanted: Desired
    base: str = ""
    said: str = ""

    @property
    def dsn(self) -> str:
        return f"{self.database.dsn}&password={PASSWORD}"

    @contextlib.contextmanager
    def serving(self, surface: Surface) -> Iterator[None]:
        """Serve the database; another surface than before is how it is upgraded."""
        settle(self.database.dsn, surface)
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", int(self.base.rpartition(":")[2]) if self.base else 0))
            listening.listen()
            self.base = f"http://127.0.0.1:{listening.getsockname()[1]}"
            self.typed.set(IHUB_BASE=self.base)
            with serving(self.database.dsn, also=listening, surface=surface):
                yield

    def run(self, *arguments: str | Path, code: int, stdin: str = "") -> Done:
        self.typed.patch.setattr("sys.stdin", io.StringIO(stdin))
        done = self.typed.run(*(self.hub if one == "HUB" else one for one in arguments))
        assert done.code == code, (arguments, done.text)
        self.said += done.text
        return done

    def plan(self, *options: str | Path, code: int = 2) -> dict[str, str]:
        """The route of each change, by its kind and action; what is told of them waits for the key, and goes by it."""
        facts = json.loads(self.run("plan", "HUB", "--json", *options, code=code).out)
        told = [(self.wanted.registration_event, "api")] if facts["changes"] else []
        assert [(event["name"], event["route"]) for event in facts["events"]] == told
        return {f"{change['action']} {change['kind']}": change["route"] for change in facts["changes"]}

    def key_by_hand(self) -> str:
        """A key as the pages of that Inter-Hub make one."""
        key = new_key()
        with psycopg.connect(self.database.dsn) as connection:
            connection.execute(
                "INSERT INTO api_keys (id, consumer_id, name, prefix, secret_hash, scopes) "
                "SELECT %s, id, 'made by hand', %s, %s, %s FROM api_consumers WHERE name = %s",
                [uuid4(), key.prefix, key.hash, list(self.wanted.key_scopes), self.wanted.consumer],
            )
        return key.text


@pytest.fixture
def world(databases: Databases, typed: Typed, tmp_path: Path) -> Iterator[World]:
    psql = postgresql.programs(MAJOR)
    assert psql is not None
    hub, wanted = written(tmp_path)
    with databases.migrated() as dsn:
        settle(dsn, Surface.OF_2026_05)
        typed.set(IHUB_OPERATOR_KEY=mint_operator_key(dsn).secret)
        yield World(typed, Target(dsn, psql / "psql", vsm_columns=False), hub, wanted)


def test_through_psql_and_then_upgraded(world: World) -> None:
    file = world.typed.folder / "ops.sql"
    with world.serving(Surface.OF_2026_05):
        assert "The gate is closed" in world.run("gate", code=2).out
        assert world.plan("--sql-file", file) == {
            "create hub": "sql",
            "create manifest": "sql",
            "activate manifest": "sql",
            "create consumer": "sql",
            "create widget": "sql",
            "create key": "runbook",
        }
        assert "| create | hub |" in world.run("plan", "HUB", "--format", "markdown", code=2).out
        file.unlink()
        done = world.run("apply", "HUB", "--yes", "--sql-file", file, code=2)
        assert f'psql --no-psqlrc --file {file} "$DATABASE_URL"' in done.out
        assert "via runbook" in done.out
        assert "open /ApiKeys" in done.out
        assert f"Consumer  {world.wanted.consumer}" in done.out
        assert f"vsmhub key store {world.hub}" in done.out
        assert f"vsmhub apply {world.hub} --continue" in done.out
        assert world.database.rows("SELECT * FROM hubs") == []
        assert world.database.run(file.read_text()).returncode == 0
        assert "(0 rows)" in world.database.run(file.read_text()).stdout
        # The consumer is not shown, the key not there: nobody claims that it is done.
        done = world.run("apply", "HUB", "--yes", "--continue", code=2)
        assert "not done yet" in done.err
        assert world.plan() == {"create consumer": "runbook", "create key": "runbook"}
        waiting = json.loads(world.run("apply", "HUB", "--yes", "--json", code=2).out)["outcomes"][0]["waiting"]
        assert [one["page"] for one in waiting["byHand"]] == ["/ApiConsumers", "/ApiKeys"]
        left = world.run("runbook", "HUB", "--base", world.base, code=2).out
        assert "1. Create consumer" in left
        assert "Where the page lists one of this name already, leave it as it is." in left
        assert "2. Create key" in left
        assert "/Hubs/new" in world.run("runbook", "HUB", code=0).out
        for action in ("rotate", "revoke"):
            assert "a person" in world.run("key", action, "HUB", "--yes", code=1).err
    with world.serving(Surface.REFERENCE):
        assert "The gate is open" in world.run("gate", code=0).out
        assert world.plan() == {"create key": "api"}
        assert "registry read with the hub's own key" in world.run("apply", "HUB", "--yes", code=0).out
        assert world.plan(code=0) == {}
        assert "nothing is left" in world.run("runbook", "HUB", "--base", world.base, code=0).out


def test_over_a_connection_with_a_key_made_by_hand(world: World) -> None:
    world.typed.set(VSMHUB_DSN=world.dsn)
    with world.serving(Surface.OF_2026_05):
        assert set(world.plan().values()) == {"sql", "runbook"}
        world.run("plan", "HUB", "--out", "plan.json", code=2)
        world.typed.patch.delenv("VSMHUB_DSN")
        assert "--dsn" in world.run("apply", "plan.json", "--yes", code=1).err
        world.typed.set(VSMHUB_DSN=world.dsn)
        done = world.run("apply", "plan.json", "--yes", code=2)
        assert "1 change is for a person to make" in done.out
        assert "Then: vsmhub apply plan.json\n" in done.out
        # The same file again waits for the same; a person is still to make the key.
        done = world.run("apply", "plan.json", "--yes", code=2)
        assert "1 change is for a person to make" in done.out
        assert "psql" not in done.out.partition("waits for you")[2]
        assert world.plan() == {"create key": "runbook"}
        key = world.key_by_hand()
        stored = world.run("key", "store", "HUB", "--base", world.base, stdin=key, code=0).out
        assert "it works" in stored
        assert f"vsmhub apply {world.hub} --base {world.base} --continue goes on from here" in stored
        done = world.run("apply", "plan.json", "--yes", code=0)
        assert "registry read with the hub's own key" in done.out
        assert "had been made by an earlier apply of this plan" in done.err
        assert "(by its manifest)" in done.out
        assert world.plan(code=0) == {}
        world.run("drift", "HUB", code=0)
        assert "consumer: there is no usable key" in world.run("import", world.wanted.hub, "-o", "same", code=0).err
        # The same without the database: what the key opens is proof of what the API does not show.
        world.typed.patch.delenv("VSMHUB_DSN")
        assert "taken as proof" in world.run("plan", "HUB", code=0).out
        assert "opens what it should" in world.run("status", "HUB", code=0).out
        # And evidence arrives, though there the hub is found in the registry alone.
        compared = world.run("breaking", "HUB", "--against", world.base, code=0).out
        assert f"against {world.base}" in compared
        assert "No changes" in compared
        told = (world.wanted.registration_event, world.wanted.registration_widget)
        assert f"{told[0]} is at {world.base} as " in world.run("emit", "HUB", *told, code=0).out
    with world.serving(Surface.REFERENCE):
        assert world.plan(code=0) == {}
        world.run("--debug", "plan", "HUB", "--dsn", world.dsn.replace("/test_", "/none_"), code=0)
    nowhere = [key, PASSWORD]
    assert not [one for one in nowhere if one in world.said]
    for file in world.typed.folder.rglob("*"):
        if file.is_file() and "keys" not in file.parts:
            assert not [one for one in nowhere if one.encode() in file.read_bytes()], file
    for table, rows in everything_in(world.database.dsn):
        assert not [one for one in nowhere if one in rows], table


def test_wrong_databases_get_one_clear_message_each(world: World, databases: Databases) -> None:
    with (
        world.serving(Surface.OF_2026_05),
        databases.fresh() as empty,
        databases.migrated() as another,
    ):
        world.run("sql", "HUB", "--out", "hub.sql", code=0)
        assert world.database.run((world.typed.folder / "hub.sql").read_text()).returncode == 0
        for dsn, said in (
            (f"postgresql://me:{PASSWORD}@127.0.0.1:9/none", "does not answer"),
            (f"host=127.0.0.1 port=9 password={PASSWORD}", "does not answer"),
            (f"postgresql://me:x@{PASSWORD}@127.0.0.1:9/none", "cannot be understood"),
            (f"{empty}&password={PASSWORD}", "has no table hubs"),
            (f"{another}&password={PASSWORD}", "is not the one behind"),
        ):
            done = world.run("--debug", "apply", "HUB", "--yes", "--dsn", dsn, code=1)
            assert said in done.err
            assert "\nhint: " in done.err
        world.run("plan", "HUB", "--dsn", world.dsn, "--sql-file", "x.sql", code=64)
    assert PASSWORD not in world.said


def test_killed_in_the_transaction_and_right_after_it(world: World) -> None:
    """Nothing is there after the first kill, all of it after the second; and the next run goes on."""
    armed: list[subprocess.Popen[str]] = []

    def boundary(_: Boundary) -> None:
        if armed and not world.database.rows("SELECT FROM widgets WHERE name = 'Other'"):
            armed[0].kill()

    with (
        world.serving(Surface.OF_2026_05),
        faulty(world.base, undisturbed, on_boundary=boundary) as proxy,
    ):
        key = mint_operator_key(world.database.dsn).secret
        variables = {"IHUB_OPERATOR_KEY": key, "VSMHUB_DSN": world.dsn, "IHUB_BASE": proxy.base}
        home = Home(world.typed.folder, variables)
        world.typed.set(**variables)
        before = world.database.everything()
        with psycopg.connect(world.database.dsn) as other:
            other.execute("LOCK TABLE widgets IN SHARE ROW EXCLUSIVE MODE")
            process = home.start("apply", world.hub, "--yes")
            waits_for_a_lock(world.database)
            process.kill()
            process.communicate()
            assert process.returncode == -signal.SIGKILL
        assert world.database.everything() == before
        done = world.run("apply", "HUB", "--yes", code=2)
        assert "going on from what is live" in done.err
        assert world.plan() == {"create key": "runbook"}
        world.run("key", "store", "HUB", stdin=world.key_by_hand(), code=0)
        world.run("apply", "HUB", "--yes", code=0)
        assert world.database.run("UPDATE widgets SET name = 'Other', revision = revision + 1;").returncode == 0
        # The first request after the commit is the one that proves the key.
        armed.append(home.start("apply", world.hub, "--yes"))
        out, err = armed[0].communicate(timeout=60)
        assert armed[0].returncode == -signal.SIGKILL, out + err
        armed.clear()
        assert world.plan(code=0) == {}
        assert "registry read with the hub's own key" in world.run("apply", "HUB", "--yes", code=0).out


def test_killed_at_every_line_of_the_journal(world: World) -> None:
    """In the order of the lines: before the transaction, after it, and where a person has to go on."""
    key = mint_operator_key(world.database.dsn).secret
    with world.serving(Surface.OF_2026_05):
        home = Home(world.typed.folder, {"IHUB_OPERATOR_KEY": key, "VSMHUB_DSN": world.dsn, "IHUB_BASE": world.base})
        with nursery(home) as commands:
            assert commands.run("apply", world.hub, "--yes")["code"] == 2
            entries = [entry["entry"] for entry in lines_of(home)]
            assert entries == ["begun", "planned", "about", *["done"] * 7, "about", "ended"]
            for number, entry in enumerate(entries, 1):
                # All that are done come after the one commit.
                moments = {"done": ["before"] * (entries[number - 2] == "about")}.get(entry, MOMENTS[entry][-1:])
                for moment in moments:
                    hub, wanted = written(world.typed.folder)
                    killed = commands.run("apply", hub, "--yes", number=number, moment=moment)
                    assert killed["code"] == -9, (number, moment, killed)
                    again = commands.run("apply", hub, "--yes")
                    assert again["code"] == 2, (number, moment, again)
                    assert "open /ApiKeys" in again["out"]
                    assert "1 change is for a person to make" in again["out"]
                    assert one_of_each(world.database, wanted) == (1, 1, 1, len(wanted.widgets)), (number, moment)


def test_killed_at_every_line_of_the_journal_where_only_a_person_can_go_on(world: World) -> None:
    key = mint_operator_key(world.database.dsn).secret
    with world.serving(Surface.OF_2026_05):
        home = Home(world.typed.folder, {"IHUB_OPERATOR_KEY": key, "IHUB_BASE": world.base})
        with nursery(home) as commands:
            whole = commands.run("apply", world.hub, "--yes")
            assert whole["code"] == 2
            entries = [entry["entry"] for entry in lines_of(home)]
            assert entries == ["begun", "planned", "about", "ended"]
            for number, entry in enumerate(entries, 1):
                for moment in MOMENTS[entry]:
                    killed = commands.run("apply", world.hub, "--yes", number=number, moment=moment)
                    assert killed["code"] == -9, (number, moment, killed)
                    again = commands.run("apply", world.hub, "--yes")
                    assert (again["code"], again["out"]) == (2, whole["out"]), (number, moment, again)
        assert not world.database.rows("SELECT id FROM hubs WHERE slug = %s", world.wanted.hub)


def one_of_each(database: Target, wanted: Desired) -> tuple[int, ...]:
    """How many hubs, manifests, consumers and widgets there are of it."""
    tables = ("hub_capability_manifests", "api_consumers", "widgets")
    counts = ", ".join(f"(SELECT count(*) FROM {table} WHERE hub_id = hubs.id) AS {table}" for table in tables)
    rows = database.rows(f"SELECT {counts} FROM hubs WHERE slug = %s", wanted.hub)
    return (len(rows), *(int(rows[0][table]) for table in tables))
