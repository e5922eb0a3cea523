"""The `sql` route over a connection: what it reads, what it leaves, and that it is all or nothing."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest

from tests.databases import Databases
from tests.plan.operators import Operator, fresh_hub
from tests.plan.routes.psql import Target, waits_for_a_lock
from tests.plan.world import Shown, declared, spec
from tests.server.serving import InterHub as Served
from tests.server.serving import serving
from vsmhub.interhub.surface.model import Surface
from vsmhub.interhub.surface.reference import reference
from vsmhub.plan.desired import Desired
from vsmhub.plan.diff import plan
from vsmhub.plan.errors import DatabaseFailed, TargetMoved, VersionInUse
from vsmhub.plan.key_changes import Held
from vsmhub.plan.model import Change, Kind, Plan, Route
from vsmhub.plan.routes.sql.database import Database
from vsmhub.plan.routes.sql.route import SqlRoute
from vsmhub.plan.routing import Ways, routed
from vsmhub.server.operator_key import mint_operator_key

NOTHING = replace(reference(), offered={}, gaps=dict.fromkeys(reference().offered, "not served"))


def database(target: Target) -> Database:
    return Database(Shown(target.dsn))


def planned(target: Target, wanted: Desired, surface: Surface = NOTHING) -> Plan:
    return routed(plan(wanted, database(target).read(wanted), Held(), "test"), Ways(surface, sql=True))


def by_sql(of: Plan) -> list[Change]:
    return [change for change in of.changes if change.route is Route.SQL]


def done(target: Target, wanted: Desired) -> list[Change]:
    made = planned(target, wanted)
    return list(SqlRoute(wanted, made, database(target)).carry_out(by_sql(made)))


def test_from_nothing_to_all_but_the_key(any_target: Target) -> None:
    wanted = declared()
    changes = done(any_target, wanted)
    assert [change.kind.value for change in changes] == ["hub", "manifest", "manifest", "consumer", *["widget"] * 3]
    (hub,) = any_target.rows("SELECT * FROM hubs")
    assert (changes[0].object_id, changes[0].revision) == (hub["id"], 1)
    assert changes[2].revision == 2  # a draft, then active
    left = planned(any_target, wanted)
    assert {change.kind for change in left.changes} == {Kind.KEY}
    assert [event.depends_on for event in left.events] == [(left.changes[0].id,)]
    assert by_sql(left) == []


def test_what_differs_is_brought_to_what_is_declared(any_target: Target) -> None:
    done(any_target, declared())
    any_target.run("UPDATE widgets SET name = 'Other', revision = revision + 1 WHERE slug = 'syn-board-1';")
    wanted = declared(hub={"slug": "syn-hub", "name": "New", "prefix": "syn", "domain": "syn.example.org"})
    changes = done(any_target, wanted)
    assert [(change.id, change.revision) for change in changes] == [
        ("update hub/syn-hub", 2),
        ("update widget/syn-board-1", 3),
    ]
    with pytest.raises(VersionInUse):
        planned(any_target, declared(vocabulary={}, widgets=[]))


def test_nothing_is_claimed_that_has_nothing_to_stand_on(new_target: Target) -> None:
    made = planned(new_target, declared())
    for kind in (Kind.MANIFEST, Kind.CONSUMER, Kind.WIDGET):
        alone = [change for change in made.changes if change.kind is kind]
        with pytest.raises(TargetMoved, match="what it stands on is not there"):
            list(SqlRoute(declared(), made, database(new_target)).carry_out(alone))
    assert new_target.rows("SELECT * FROM hub_capability_manifests") == []


def test_what_is_not_asked_for_is_not_written(new_target: Target) -> None:
    done(new_target, declared())
    new_target.run("UPDATE widgets SET name = 'Other', revision = revision + 1;")
    made = planned(new_target, declared())
    some = [change for change in made.changes if change.name == "syn-board-1"]
    assert [change.revision for change in SqlRoute(declared(), made, database(new_target)).carry_out(some)] == [3]
    rows = new_target.rows("SELECT name FROM widgets ORDER BY slug")
    assert [row["name"] for row in rows] == ["Other", "Board 1", "Other"]


@pytest.mark.parametrize(
    "meanwhile",
    [
        "UPDATE widgets SET name = 'Other', revision = revision + 1 WHERE slug = 'syn-board-0';",
        "UPDATE hubs SET revision = revision + 1;",
        "DELETE FROM widgets;",
    ],
)
def test_what_has_moved_is_refused_with_all_that_goes_with_it(new_target: Target, meanwhile: str) -> None:
    done(new_target, declared())
    wanted = declared(
        hub={"slug": "syn-hub", "name": "New", "prefix": "syn", "domain": "syn.example.org"},
        widgets=[{**one.model_dump(), "name": "New"} for one in spec().widgets],
    )
    made = planned(new_target, wanted)
    new_target.run(meanwhile)
    before = new_target.everything()
    with pytest.raises(TargetMoved, match="nothing has been changed"):
        list(SqlRoute(wanted, made, database(new_target)).carry_out(by_sql(made)))
    assert new_target.everything() == before


def test_a_row_that_others_write_at_the_same_moment(new_target: Target) -> None:
    done(new_target, declared())
    wanted = declared(hub={"slug": "syn-hub", "name": "New", "prefix": "syn", "domain": "syn.example.org"})
    made = planned(new_target, wanted)
    said: list[Exception] = []

    def carry_out() -> None:
        try:
            list(SqlRoute(wanted, made, database(new_target)).carry_out(by_sql(made)))
        except TargetMoved as moved:
            said.append(moved)

    with psycopg.connect(new_target.dsn) as other:
        other.execute("UPDATE hubs SET description = 'theirs'")
        running = threading.Thread(target=carry_out)
        running.start()
        waits_for_a_lock(new_target)
        other.commit()
        running.join(30)
    assert len(said) == 1
    assert new_target.rows("SELECT name, description FROM hubs") == [{"name": "Syn Hub", "description": "theirs"}]


def test_a_connection_cut_in_the_middle_leaves_nothing(new_target: Target) -> None:
    wanted = declared()
    made = planned(new_target, wanted)
    said: list[Exception] = []

    def carry_out() -> None:
        try:
            list(SqlRoute(wanted, made, database(new_target)).carry_out(by_sql(made)))
        except DatabaseFailed as failed:
            said.append(failed)

    before = new_target.everything()
    with psycopg.connect(new_target.dsn) as other:
        # The widgets are written last: hub, manifest and consumer are there by then, in the transaction.
        other.execute("LOCK TABLE widgets IN SHARE ROW EXCLUSIVE MODE")
        running = threading.Thread(target=carry_out)
        running.start()
        pid = waits_for_a_lock(new_target)
        other.execute("SELECT pg_terminate_backend(%s)", [pid])
        running.join(30)
    assert "was lost" in str(said[0])
    assert new_target.everything() == before
    assert len(done(new_target, wanted)) == 7


def test_ended_after_the_commit_there_is_nothing_left(new_target: Target) -> None:
    made = planned(new_target, declared())
    next(SqlRoute(declared(), made, database(new_target)).carry_out(by_sql(made)))
    assert by_sql(planned(new_target, declared())) == []


@pytest.fixture
def served(new_target: Target) -> Iterator[Served]:
    with serving(new_target.dsn) as running:
        yield running


@pytest.mark.server
def test_the_database_tells_what_the_api_tells(new_target: Target, served: Served) -> None:
    wanted = fresh_hub()
    with Operator(served.socket, mint_operator_key(served.dsn).secret) as operator:
        assert database(new_target).read(wanted) == operator.look(wanted).live
        operator.apply(wanted)
        seen = operator.look(wanted)
        assert seen.plan.is_empty
        assert database(new_target).read(wanted) == seen.live


FAILURES = {
    "nonsense": "cannot be understood",
    "mysql://me:plantedpassword@h/d": "cannot be understood",
    "postgresql://me:planted@password@127.0.0.1:9/d": "cannot be understood",
    "postgresql://me:plantedpassword@127.0.0.1:9/d": "does not answer",
    "host=127.0.0.1 port=9 password=plantedpassword": "does not answer",
}


@pytest.mark.parametrize("dsn", FAILURES)
def test_a_connection_that_cannot_be_had(dsn: str) -> None:
    with pytest.raises(DatabaseFailed, match=FAILURES[dsn]) as failed:
        Database(Shown(dsn)).read(declared())
    assert "planted" not in f"{failed.value} {failed.value.hint}"
    assert failed.value.hint


def test_a_database_that_is_another_or_lets_one_only_read(new_target: Target, databases: Databases) -> None:
    other = f"{new_target.dsn.partition('?')[0]}-none?{new_target.dsn.partition('?')[2]}"
    with pytest.raises(DatabaseFailed, match="there is no database"):
        Database(Shown(other)).read(declared())
    mark = "&" if "?" in new_target.dsn else "?"
    elsewhere = f"{new_target.dsn}{mark}options=-csearch_path%3Delsewhere"  # which the connection string may say
    with pytest.raises(DatabaseFailed, match="has no table hubs"):
        Database(Shown(elsewhere)).read(declared())
    with database(new_target).transaction(reading=True) as connection:
        limits = [connection.exec_driver_sql(f"SHOW {name}").scalar_one() for name in ("lock_timeout", "timezone")]
    assert limits == ["30s", "UTC"]
    with databases.fresh() as empty, pytest.raises(DatabaseFailed, match="has no table hubs"):
        Database(Shown(empty)).read(declared())
    new_target.run("CREATE ROLE reader LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader;")
    try:
        as_reader = replace(new_target, dsn=as_user(new_target.dsn, "reader"))
        made = planned(as_reader, declared())
        with pytest.raises(DatabaseFailed, match="does not let this user do that: permission denied"):
            list(SqlRoute(declared(), made, database(as_reader)).carry_out(by_sql(made)))
        as_nobody = Database(Shown(as_user(new_target.dsn, "nobody")))
        with pytest.raises(DatabaseFailed, match="does not let this user in"):
            as_nobody.read(declared())
    finally:
        new_target.run("DROP OWNED BY reader; DROP ROLE reader;")


def as_user(dsn: str, name: str) -> str:
    scheme, _, rest = dsn.partition("://")
    return f"{scheme}://{name}@{rest.partition('@')[2]}"
