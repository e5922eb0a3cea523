"""`bootstrap.sql`, fed to a real psql: what it leaves in the database, however often it runs and whatever it meets."""

from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import NullPool, create_engine

from tests.plan.routes.psql import Target
from tests.plan.world import spec
from vsmhub.plan.desired import desired
from vsmhub.plan.routes.sql.script import script
from vsmhub.plan.routes.sql.steps import facts, steps
from vsmhub.spec.load import load_hub
from vsmhub.spec.model import HubSpec

OPS = Path(__file__).parents[3] / "hubs" / "ops"
# What a script pasted together would break on, or a program on its way would take for its own.
HOSTILE = (
    "it's \"so\" \\ \\\\ \\n 100% %s %(x)s :x :'x' $$ $1 ; -- /* */ \\gset `id` ü€😀 E'\\'' '; DROP TABLE hubs; --"
)


def said(of: HubSpec) -> str:
    return script(desired(of), notice="Made for a test.")


def applied(target: Target, of: HubSpec) -> str:
    done = target.run(said(of))
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def refused(target: Target, of: HubSpec) -> str:
    before = target.everything()
    done = target.run(said(of))
    assert done.returncode == 3
    assert target.everything() == before
    return done.stderr


def vocabulary(**more: dict[str, str]) -> dict[str, Any]:
    return {
        "widget_types": {"syn-handoff": "A handoff."},
        "event_types": {"syn-registered": "The hub exists."},
        "policy_scopes": {"syn-pairwise": "Between two units."},
        **more,
    }


def test_ops_hub_from_nothing(any_target: Target) -> None:
    spec = load_hub(OPS)
    declared = {kind: sorted(terms) for kind, terms in spec.vocabulary}
    assert "create   | hubs" in applied(any_target, spec)
    (hub,) = any_target.rows("SELECT * FROM hubs")
    assert (hub["slug"], hub["hub_kind"], hub["domain"]) == ("ops-hub", "domain", "ops.coulomb.social")
    if any_target.vsm_columns:
        assert (hub["hub_family"], hub["vsm_function"], hub["vsm_system"]) == ("vsm", "OPS", "S1")
    (manifest,) = any_target.rows("SELECT * FROM hub_capability_manifests")
    assert (manifest["version"], manifest["status"], manifest["hub_id"]) == ("1.0.0", "active", hub["id"])
    assert manifest["activated_at"] is not None
    assert manifest["capability"]["vsm_system"] == "S1"
    assert {kind: sorted(manifest[kind]) for kind in declared} == declared
    assert manifest["policy_scopes"][:2] == ["ops-local", "ops-transitional-prod"]
    names = any_target.rows("SELECT kind, name FROM declared_names WHERE status = 'active'")
    assert {(row["kind"], row["name"]) for row in names} == {(kind, one) for kind in declared for one in declared[kind]}
    (consumer,) = any_target.rows("SELECT * FROM api_consumers WHERE hub_id IS NOT NULL")
    assert (consumer["name"], consumer["status"], consumer["manifest_id"]) == ("ops-hub", "active", manifest["id"])
    slugs = {row["slug"] for row in any_target.rows("SELECT slug FROM widgets WHERE status = 'active'")}
    assert slugs == {widget.slug for widget in spec.widgets}
    (widget,) = any_target.rows("SELECT * FROM widgets WHERE slug = 'ops-endpoint-gitea-registry'")
    assert widget["metadata"]["expectedStatus"] == 401
    assert any_target.rows("SELECT * FROM api_keys") == []


def test_the_second_time_nothing_is_written(any_target: Target) -> None:
    applied(any_target, load_hub(OPS))
    before = any_target.everything()
    trail = any_target.rows("SELECT * FROM audit_records")
    assert "(0 rows)" in applied(any_target, load_hub(OPS))
    assert any_target.everything() == before
    assert any_target.rows("SELECT * FROM audit_records") == trail


def test_every_text_arrives_to_the_letter(any_target: Target) -> None:
    hostile = spec(
        hub={"slug": "syn-hub", "name": HOSTILE, "prefix": "syn", "domain": "a.b", "description": f"{HOSTILE}  \n \n"},
        consumer={"name": HOSTILE, "key": {"name": "k", "scopes": ["framework:read"]}},
        widgets=[
            {
                "slug": "syn-board-0",
                "name": HOSTILE,
                "type": "syn-handoff",
                "policy_scope": "syn-pairwise",
                "view_context": HOSTILE,
                "metadata": {HOSTILE: [HOSTILE, "two\nlines", 12345678901234567890, 0.1, None, True]},
            }
        ],
    )
    applied(any_target, hostile)
    (hub,) = any_target.rows("SELECT * FROM hubs")
    (consumer,) = any_target.rows("SELECT * FROM api_consumers")
    (widget,) = any_target.rows("SELECT * FROM widgets")
    assert (hub["name"], hub["description"], consumer["name"]) == (HOSTILE, f"{HOSTILE}  \n \n", HOSTILE)
    assert (widget["name"], widget["view_context"]) == (HOSTILE, HOSTILE)
    assert widget["metadata"] == {HOSTILE: [HOSTILE, "two\nlines", 12345678901234567890, 0.1, None, True]}
    assert "(0 rows)" in applied(any_target, hostile)


def test_a_new_version_takes_the_place_of_the_old_one(any_target: Target) -> None:
    applied(any_target, spec())
    changed = spec(
        manifest={"version": "1.1.0"},
        vocabulary=vocabulary(annotation_categories={"syn-stale": "Too old."}),
        widgets=[{**widget.model_dump(), "name": "Renamed"} for widget in spec().widgets[:1]],
    )
    applied(any_target, changed)
    manifests = any_target.rows("SELECT version, status, revision FROM hub_capability_manifests ORDER BY version")
    assert [tuple(row.values()) for row in manifests] == [("1.0.0", "superseded", 3), ("1.1.0", "active", 2)]
    names = any_target.rows("SELECT name, version, n.status FROM declared_names n JOIN hub_capability_manifests m "
                            "ON m.id = manifest_id ORDER BY kind, name")  # fmt: skip
    assert [tuple(row.values()) for row in names] == [
        ("syn-collision", "1.0.0", "retired"),
        ("syn-stale", "1.1.0", "active"),
        ("syn-registered", "1.1.0", "active"),
        ("syn-pairwise", "1.1.0", "active"),
        ("syn-claim", "1.0.0", "retired"),
        ("syn-handoff", "1.1.0", "active"),
    ]
    assert any_target.rows(
        "SELECT version FROM api_consumers JOIN hub_capability_manifests m ON m.id = manifest_id"
    ) == [{"version": "1.1.0"}]
    widgets = any_target.rows("SELECT slug, name, revision FROM widgets ORDER BY slug")
    assert [tuple(row.values()) for row in widgets] == [
        ("syn-board-0", "Renamed", 2),
        ("syn-board-1", "Board 1", 1),
        ("syn-board-2", "Board 2", 1),
    ]


def test_a_name_of_another_hub_stops_everything(any_target: Target) -> None:
    other = {"slug": "aud-hub", "name": "Aud Hub", "prefix": "aud", "domain": "aud.example.org"}
    applied(any_target, spec(hub=other))
    error = refused(any_target, spec())
    assert "nothing has been changed" in error
    for name in ("syn-handoff (widget types)", "syn-registered (event types)", "syn-collision (annotation categories)"):
        assert f"{name} belongs to aud-hub" in error
    assert [row["slug"] for row in any_target.rows("SELECT slug FROM hubs")] == ["aud-hub"]


@pytest.mark.parametrize(
    "vocabulary_now", [vocabulary(), vocabulary(event_types={"syn-registered": "Said differently."})]
)
def test_a_published_version_does_not_change(new_target: Target, vocabulary_now: dict[str, Any]) -> None:
    applied(new_target, spec())
    error = refused(new_target, spec(vocabulary=vocabulary_now))
    assert "version 1.0.0 of the manifest of syn-hub is active" in error
    assert "raise manifest.version" in error


def test_a_superseded_version_does_not_come_back(new_target: Target) -> None:
    applied(new_target, spec())
    applied(new_target, spec(manifest={"version": "1.1.0"}))
    assert "version 1.0.0 of the manifest of syn-hub is superseded" in refused(new_target, spec())


def test_the_order_of_names_is_no_difference(new_target: Target) -> None:
    applied(new_target, spec())
    turned = dict(reversed(spec().model_dump(mode="json")["vocabulary"]["widget_types"].items()))
    same = spec(vocabulary={**spec().model_dump(mode="json")["vocabulary"], "widget_types": turned})
    assert "(0 rows)" in applied(new_target, same)


def test_what_was_begun_by_hand_is_finished(new_target: Target) -> None:
    """A draft that a person left in the pages becomes what is declared; a suspended consumer works again."""
    applied(new_target, spec(manifest={"version": "0.9.0"}))
    new_target.run(
        "INSERT INTO hub_capability_manifests (id, hub_id, version, status) "
        "SELECT gen_random_uuid(), id, '1.0.0', 'draft' FROM hubs;"
        "UPDATE api_consumers SET status = 'suspended';"
        "UPDATE widgets SET status = 'retired' WHERE slug = 'syn-board-1';"
        "UPDATE hubs SET vsm_function = NULL;"
    )
    applied(new_target, spec())
    (manifest,) = new_target.rows("SELECT * FROM hub_capability_manifests WHERE status = 'active'")
    assert (manifest["version"], manifest["widget_types"]) == ("1.0.0", ["syn-handoff", "syn-claim"])
    assert {row["status"] for row in new_target.rows("SELECT status FROM api_consumers")} == {"active"}
    assert {row["status"] for row in new_target.rows("SELECT status FROM widgets")} == {"active"}
    assert new_target.rows("SELECT vsm_function FROM hubs") == [{"vsm_function": "SYN"}]


def test_what_the_spec_does_not_name_is_left_alone(new_target: Target) -> None:
    applied(new_target, spec())
    applied(new_target, spec(widgets=[spec().widgets[0].model_dump(mode="json")]))
    assert len(new_target.rows("SELECT * FROM widgets WHERE status = 'active'")) == 3


def test_a_hub_without_names_and_widgets(new_target: Target) -> None:
    applied(new_target, spec(vocabulary={}, widgets=[]))
    (manifest,) = new_target.rows("SELECT * FROM hub_capability_manifests")
    assert (manifest["status"], manifest["widget_types"], manifest["policy_scopes"]) == ("active", [], [])


def test_every_write_leaves_an_audit_row(new_target: Target) -> None:
    applied(new_target, spec())
    trail = new_target.rows("SELECT * FROM audit_records ORDER BY id")
    assert [(row["kind"], row["action"]) for row in trail] == [
        ("hubs", "create"),
        ("hub-capability-manifests", "create"),
        ("hub-capability-manifests", "activate"),
        ("api-consumers", "create"),
        *[("widgets", "create")] * 3,
    ]
    (hub,) = new_target.rows("SELECT * FROM hubs")
    assert {row["hub_id"] for row in trail} == {hub["id"]}
    assert all(row["actor"].startswith("bootstrap.sql (") for row in trail)
    assert (trail[0]["before"], trail[0]["after"]["slug"]) == (None, "syn-hub")
    assert (trail[2]["before"]["status"], trail[2]["after"]["status"]) == ("draft", "active")


def test_a_database_without_audit_trail_is_served_too(new_target: Target) -> None:
    new_target.run("DROP TABLE audit_records;")
    applied(new_target, spec())
    assert len(new_target.rows("SELECT * FROM widgets")) == 3


def test_ids_are_uuids_that_sort_by_time(any_target: Target) -> None:
    applied(any_target, spec())
    later = {"slug": "aud-hub", "name": "Aud Hub", "prefix": "aud", "domain": "aud.example.org"}
    applied(any_target, spec(hub=later, vocabulary={}, widgets=[]))
    ids: list[UUID] = [row["id"] for row in any_target.rows("SELECT id FROM hubs ORDER BY created_at")]
    assert [one.version for one in ids] == [7, 7]
    assert {one.variant for one in ids} == {"specified in RFC 4122"}
    assert ids == sorted(ids)
    (age,) = any_target.rows("SELECT extract(epoch FROM now()) AS now")
    assert abs((ids[1].int >> 80) / 1000 - float(age["now"])) < 60


def test_the_same_steps_over_a_connection(any_target: Target) -> None:
    """With values bound, as a program runs them that reaches the database itself."""
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(any_target.dsn), poolclass=NullPool)
    with engine.begin() as connection:
        known = connection.execute(facts()).mappings().one()
        assert known == {"has_vsm_columns": any_target.vsm_columns, "has_audit_records": True}
        holds = {**known, "lacks_vsm_columns": not known["has_vsm_columns"]}
        *writes, report = steps(desired(spec()))
        for step in writes:
            if step.only_if is None or holds[step.only_if]:
                connection.execute(step.statement)
        assert len(connection.execute(report.statement).all()) == 7
    assert "(0 rows)" in applied(any_target, spec())


def test_equal_declarations_give_equal_scripts() -> None:
    assert said(load_hub(OPS)) == said(load_hub(OPS))


def test_no_inter_hub_is_a_clear_failure(database: str, new_target: Target) -> None:
    empty = Target(database, new_target.psql, vsm_columns=False)
    done = empty.run(said(spec()))
    assert done.returncode == 3
    assert 'relation "hubs" does not exist' in done.stderr or "declared_names" in done.stderr
