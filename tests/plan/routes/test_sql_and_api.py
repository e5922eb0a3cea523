"""The same spec through `psql`, over a connection and through the API ends in the same rows, ids and times aside."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.databases import Databases
from tests.plan.routes.psql import Target
from tests.plan.world import Shown
from tests.server.serving import InterHub as Served
from tests.server.serving import serving_fresh
from vsmhub.interhub.client import InterHub
from vsmhub.interhub.messages.access import ConsumerCreate, KeyCreate
from vsmhub.interhub.messages.framework import HubCreate, ManifestCreate
from vsmhub.interhub.messages.widgets import WidgetCreate
from vsmhub.interhub.surface.reference import reference
from vsmhub.plan.desired import Desired, desired
from vsmhub.plan.diff import plan
from vsmhub.plan.key_changes import Held
from vsmhub.plan.model import Route
from vsmhub.plan.reading import VSM_FIELDS as VSM_COLUMNS
from vsmhub.plan.routes.sql.database import Database
from vsmhub.plan.routes.sql.route import SqlRoute
from vsmhub.plan.routes.sql.script import script
from vsmhub.plan.routing import Ways, routed
from vsmhub.server.operator_key import mint_operator_key
from vsmhub.spec.load import load_hub

OPS = Path(__file__).parents[3] / "hubs" / "ops"


@pytest.fixture
def served(databases: Databases) -> Iterator[Served]:
    with serving_fresh(databases) as running:
        yield running


def through_the_api(declared: Desired, served: Served) -> None:
    """A bootstrap, request by request."""
    operator = InterHub("http://inter-hub", Shown(mint_operator_key(served.dsn).secret), socket=served.socket)
    with operator:
        hub = operator.create_hub(HubCreate.model_validate({"slug": declared.hub, **declared.hub_fields}))
        content = {"hub_id": hub.id, "version": declared.manifest_version, **declared.manifest_fields}
        draft = operator.create_manifest(ManifestCreate.model_validate(content))
        operator.activate_manifest(draft.id, revision=draft.revision)
        consumer = operator.create_consumer(ConsumerCreate(hub_id=hub.id, manifest_id=draft.id, name=declared.consumer))
        key = operator.create_key(consumer.id, KeyCreate(name=declared.key, scopes=list(declared.key_scopes)))
        widgets = [
            WidgetCreate.model_validate(
                {"hub_id": hub.id, "slug": slug, **{k: v for k, v in fields.items() if k != "status"}}
            )
            for slug, fields in declared.widgets.items()
        ]
    with InterHub("http://inter-hub", Shown(key.key or ""), socket=served.socket) as as_hub:
        assert sum(map(len, as_hub.create_widgets(widgets))) == len(declared.widgets)


def through_psql(declared: Desired, target: Target) -> None:
    assert target.run(script(declared, notice="Made for a test.")).returncode == 0


def over_a_connection(declared: Desired, target: Target) -> None:
    """As `vsmhub apply --dsn` does where the API can do nothing."""
    nothing = replace(reference(), offered={}, gaps=dict.fromkeys(reference().offered, "not served"))
    database = Database(Shown(target.dsn))
    made = routed(plan(declared, database.read(declared), Held(), "test"), Ways(nothing, sql=True))
    changes = [change for change in made.changes if change.route is Route.SQL]
    assert list(SqlRoute(declared, made, database).carry_out(changes))


@pytest.mark.parametrize("by_sql", [through_psql, over_a_connection])
def test_same_rows(any_target: Target, served: Served, by_sql: Callable[[Desired, Target], None]) -> None:
    declared = desired(load_hub(OPS))
    through_the_api(declared, served)
    by_sql(declared, any_target)
    over_the_api = Target(served.dsn, any_target.psql, vsm_columns=True)
    without_operator = {
        table: [row for row in rows if row.get("name") != "operator"] for table, rows in over_the_api.content().items()
    }
    if not any_target.vsm_columns:
        without_operator["hubs"] = [
            {name: row[name] for name in row if name not in VSM_COLUMNS} for row in without_operator["hubs"]
        ]
    assert any_target.content() == without_operator
    assert len(without_operator["widgets"]) == len(declared.widgets)
    # What was written over the API is as declared, so the script finds nothing to write there.
    assert "(0 rows)" in over_the_api.run(script(declared, notice="Made for a test.")).stdout
