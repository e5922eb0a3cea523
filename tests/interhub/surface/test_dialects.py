"""Inter-Hubs that name things a little differently, really asked: everything works that their documents offer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.commands import ROOT, Home
from tests.databases import Databases
from tests.interhub.surface.variants import SNAKE, Variant, served
from vsmhub.interhub.client import InterHub
from vsmhub.interhub.errors import InterHubError, NotOffered
from vsmhub.interhub.messages.access import ConsumerCreate, KeyCreate
from vsmhub.interhub.messages.evidence import AnnotationCreate, EventCreate
from vsmhub.interhub.messages.framework import HubCreate, HubUpdate, ManifestCreate, ManifestStatus, Vocabulary
from vsmhub.interhub.messages.widgets import WidgetCreate, WidgetUpdate
from vsmhub.secrets.secret import Secret
from vsmhub.server.operator_key import mint_operator_key

VARIANTS = {
    "snake_case, small pages, no batches, no headers": SNAKE,
    "bare arrays by offset, ids by kind, no filters": Variant(
        ids={"Hub": "hubId", "Manifest": "manifestId", "Consumer": "consumerId", "Widget": "widgetId"},
        items="",
        paging="offset",
        most=5,
        unfiltered=True,
    ),
    "numbered pages, no revisions": Variant(
        items="results", paging="page", most=4, without=frozenset({"revision", "claimWithin", "claimBy"})
    ),
}


@pytest.fixture(scope="module")
def database(databases: Databases) -> Iterator[str]:
    with databases.migrated() as dsn:
        yield dsn


@pytest.mark.parametrize("name", VARIANTS)
def test_a_client_that_does_not_adapt_is_lost(database: str, name: str) -> None:
    with (
        served(database, VARIANTS[name]) as (url, _),
        InterHub(url, Secret(mint_operator_key(database).secret)) as lost,
    ):
        with pytest.raises(InterHubError):
            lost.create_hub(HubCreate(slug="lost", name="Lost", domain="tests"))
        with pytest.raises(InterHubError):
            list(lost.hubs())


@pytest.mark.parametrize("name", VARIANTS)
def test_a_client_that_adapts_does_all_there_is_to_do(database: str, name: str) -> None:
    slug = f"v{list(VARIANTS).index(name)}"
    variant = VARIANTS[name]
    key = Secret(mint_operator_key(database, name=name).secret)
    with served(database, variant) as (url, _), InterHub(url, key, adapts=True) as operator:
        for other in range(3):
            operator.create_hub(HubCreate(slug=f"{slug}-{other}", name="Another", domain="tests"))
        hub = operator.create_hub(HubCreate(slug=slug, name="A hub", domain="tests", vsm_function="OPS"))
        assert next(operator.hubs(slug=slug)) == hub
        assert hub.vsm_function == "OPS"
        draft = ManifestCreate(
            hub_id=hub.id,
            version="1.0.0",
            widget_types=[f"{slug}-panel"],
            event_types=[f"{slug}-seen", f"{slug}-closed"],
            annotation_categories=[f"{slug}-risk"],
            policy_scopes=[f"{slug}-internal"],
            capability={"hub_family": "vsm", "camelCase": {"hubId": 1}},
        )
        made = operator.create_manifest(draft)
        active = operator.activate_manifest(made.id, revision=made.revision)
        assert active.status is ManifestStatus.ACTIVE
        assert active.capability == draft.capability
        assert list(operator.manifests(hub=hub.id)) == [active]
        assert [one.hub.slug for one in operator.registry(slug=slug) if one.manifest] == [slug]
        assert f"{slug}-seen" in [one.name for one in operator.declared(Vocabulary.EVENT_TYPES)]
        changed = operator.update_hub(hub.id, HubUpdate(description="Changed"), revision=hub.revision)
        assert (changed.description, changed.revision > hub.revision) == ("Changed", True)
        trail = list(operator.audit_records(object_id=hub.id))
        assert [one.action for one in trail] == ["create", "update"]
        assert list(operator.audit_records(object_id=hub.id, since=trail[1].at)) == trail[1:]
        consumer = operator.create_consumer(ConsumerCreate(hub_id=hub.id, manifest_id=made.id, name="agent"))
        scopes = ["framework:read", f"hub:{slug}:read", f"hub:{slug}:write"]
        created = operator.create_key(consumer.id, KeyCreate(name="agent", scopes=scopes, claim_within=60))
        assert created.key
        assert [one.id for one in operator.keys(consumer.id)] == [created.id]
        with InterHub(url, Secret(created.key), adapts=True, surface=operator.surface) as agent:
            wanted = [
                WidgetCreate(
                    hub_id=hub.id,
                    slug=f"w{number}",
                    name="A widget",
                    widget_type=f"{slug}-panel",
                    policy_scope=f"{slug}-internal",
                    view_context="tests",
                    metadata={"viewContext": number, "snake_case": {"id": 1}},
                )
                for number in range(12)
            ]
            widgets = [widget for some in agent.create_widgets(wanted) for widget in some]
            assert [widget.slug for widget in agent.widgets(hub=hub.id)] == [one.slug for one in wanted]
            assert [widget.metadata for widget in widgets] == [one.metadata for one in wanted]
            assert [widget.id for widget in agent.widgets(slug="w3")] == [widgets[3].id]
            retired = agent.update_widget(widgets[0].id, WidgetUpdate(name="Old"), revision=widgets[0].revision)
            assert retired.name == "Old"
            for number in range(9):
                kind = "seen" if number % 2 else "closed"
                event = EventCreate(
                    widget_id=widgets[number].id, event_type=f"{slug}-{kind}", metadata={"eventType": 1}
                )
                assert agent.submit_event(event).metadata == {"eventType": 1}
            last = next(iter(agent.events(hub=hub.id, event_type=f"{slug}-seen", newest_first=True, limit=1)))
            assert last.widget_id == widgets[7].id
            assert len(list(agent.events(widget=widgets[2].id))) == 1
            agent.annotate(AnnotationCreate(widget_id=widgets[0].id, category=f"{slug}-risk", body="Look"))
            assert [one.body for one in agent.annotations(widget=widgets[0].id)] == ["Look"]
        assert operator.revoke_key(created.id).revoked_at is not None


def test_what_is_not_offered_is_not_asked(database: str) -> None:
    with served(database, SNAKE) as (url, renaming), InterHub(url, adapts=True) as target:
        del renaming.document["paths"]["/api/v2/hubs"]["post"]
        with pytest.raises(NotOffered, match=r"POST /hubs at http.*: /hubs takes GET only, not POST"):
            target.create_hub(HubCreate(slug="never", name="Never", domain="tests"))
        assert renaming.requests == [("GET", "/api/v2/openapi.json")]


def test_a_whole_apply_over_an_inter_hub_of_another_dialect(databases: Databases, tmp_path: Path) -> None:
    ops = ROOT / "hubs" / "ops"
    with (
        databases.migrated() as dsn,
        served(dsn, SNAKE) as (url, renaming),
    ):
        home = Home(tmp_path, {"IHUB_OPERATOR_KEY": mint_operator_key(dsn).secret})
        gate = home.run("gate", "--base", url)
        assert gate.code == 0, gate.text
        assert "pages of at most 7" in gate.out
        assert "no Idempotency-Key" in gate.out
        applied = home.run("apply", ops, "--yes", "--base", url)
        assert applied.code == 0, applied.text
        # One by one, since nothing else is offered.
        posted = [path for method, path in renaming.requests if (method, path) == ("POST", "/api/v2/widgets")]
        assert len(posted) > 7
        again = home.run("plan", ops, "--base", url)
        assert again.code == 0, again.text


def test_a_whole_apply_where_hubs_are_not_classified(databases: Databases, tmp_path: Path) -> None:
    ops = ROOT / "hubs" / "ops"
    variant = Variant(without=frozenset({"hubFamily", "vsmFunction", "vsmSystem", "description"}))
    with databases.migrated() as dsn, served(dsn, variant) as (url, _):
        home = Home(tmp_path, {"IHUB_OPERATOR_KEY": mint_operator_key(dsn).secret})
        applied = home.run("apply", ops, "--yes", "--base", url)
        assert applied.code == 0, applied.text
        assert "planned again: no changes" in applied.out
