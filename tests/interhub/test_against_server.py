"""Every method of the client against the real server, on a real PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from tests.databases import Databases
from tests.faults import PASSING, Fault, at, faulty, seeded
from tests.server.serving import serving_fresh
from vsmhub.interhub.client import InterHub
from vsmhub.interhub.errors import Conflict, Forbidden, Invalid, NotFound, PreconditionFailed, Unauthorized
from vsmhub.interhub.messages.access import ConsumerCreate, ConsumerStatus, ConsumerUpdate, KeyCreate
from vsmhub.interhub.messages.evidence import AnnotationCreate, EventCreate
from vsmhub.interhub.messages.framework import (
    Hub,
    HubCreate,
    HubUpdate,
    Manifest,
    ManifestCreate,
    ManifestStatus,
    ManifestUpdate,
    Vocabulary,
)
from vsmhub.interhub.messages.widgets import WidgetCreate, WidgetUpdate
from vsmhub.interhub.retry import Pace
from vsmhub.secrets.secret import Secret
from vsmhub.server.operator_key import mint_operator_key

pytestmark = pytest.mark.server


class Served:
    """A running Inter-Hub, and the clients that a test opens to it."""

    def __init__(self, socket: Path, operator_key: Secret) -> None:
        self.socket = socket
        self.operator_key = operator_key
        self.opened: list[InterHub] = []
        self.operator = self.open(operator_key)

    def open(self, key: Secret | None) -> InterHub:
        client = InterHub("http://inter-hub", key, socket=self.socket, label="local")
        self.opened.append(client)
        return client


@pytest.fixture(scope="module")
def served(databases: Databases) -> Iterator[Served]:
    with serving_fresh(databases) as running:
        found = Served(running.socket, Secret(mint_operator_key(running.dsn).secret))
        yield found
        for client in found.opened:
            client.close()


class Made:
    """A hub with an active manifest, a consumer and a key of its own."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.slug = f"h{uuid4().hex[:12]}"
        operator = served.operator
        self.hub: Hub = operator.create_hub(HubCreate(slug=self.slug, name="A hub", domain="tests", vsm_function="OPS"))
        draft = operator.create_manifest(self.draft("1.0.0"))
        self.manifest: Manifest = operator.activate_manifest(draft.id, revision=draft.revision)
        consumer = ConsumerCreate(hub_id=self.hub.id, manifest_id=self.manifest.id, name=f"{self.slug}-agent")
        self.consumer = operator.create_consumer(consumer)
        scopes = ["framework:read", f"hub:{self.slug}:read", f"hub:{self.slug}:write"]
        key = operator.create_key(self.consumer.id, KeyCreate(name="agent", scopes=scopes, claim_within=60))
        assert key.key is not None
        self.key = Secret(key.key)
        self.client = served.open(self.key)

    def draft(self, version: str, **more: list[str]) -> ManifestCreate:
        names = {
            "widget_types": [f"{self.slug}-panel"],
            "event_types": [f"{self.slug}-seen", f"{self.slug}-verified"],
            "annotation_categories": [f"{self.slug}-risk"],
            "policy_scopes": [f"{self.slug}-internal"],
        }
        return ManifestCreate(hub_id=self.hub.id, version=version, capability={"why": None}, **{**names, **more})

    def widget(self, slug: str, **metadata: str) -> WidgetCreate:
        return WidgetCreate(
            hub_id=self.hub.id,
            slug=slug,
            name="A widget",
            widget_type=f"{self.slug}-panel",
            policy_scope=f"{self.slug}-internal",
            view_context="tests",
            metadata={**metadata},
        )

    def event(self, widget: UUID, number: int = 0, size: int = 0) -> EventCreate:
        metadata = {"number": number, "filler": "x" * size}
        return EventCreate(widget_id=widget, event_type=f"{self.slug}-seen", metadata={**metadata})


@pytest.fixture(scope="module")
def made(served: Served) -> Made:
    return Made(served)


def test_the_api_describes_itself_to_anybody(served: Served) -> None:
    paths = served.open(None).openapi()["paths"]
    assert isinstance(paths, dict)
    assert "/api/v2/hubs" in paths


def test_without_a_key_nothing_else_is_told(served: Served) -> None:
    with pytest.raises(Unauthorized, match="GET /hubs at local: 401"):
        list(served.open(None).hubs())


def test_a_key_that_nobody_made_opens_nothing(served: Served) -> None:
    wrong = Secret("ihk_000000000000_" + "a" * 43)
    with pytest.raises(Unauthorized, match="POST /token at local: 401") as caught:
        list(served.open(wrong).hubs())
    assert wrong.reveal() not in caught.value.message


def test_a_key_is_exchanged_for_a_token_with_its_scopes(made: Made) -> None:
    token = made.served.operator.exchange(made.key)
    assert f"hub:{made.slug}:write" in token.scopes
    assert token.expires_in > 0


def test_hubs(made: Made) -> None:
    operator = made.served.operator
    (found,) = operator.hubs(slug=made.slug)
    assert found == made.hub
    assert made.slug in [hub.slug for hub in operator.hubs()]
    changed = operator.update_hub(found.id, HubUpdate(description="Changed", vsm_function=None), revision=1)
    assert (changed.description, changed.vsm_function, changed.name) == ("Changed", None, "A hub")
    with pytest.raises(PreconditionFailed) as moved:
        operator.update_hub(found.id, HubUpdate(description="Again"), revision=1)
    assert not moved.value.unsure
    with pytest.raises(Conflict, match=f"hub {made.slug}: 409 Conflict: .*\n  /slug .*: ") as taken:
        operator.create_hub(HubCreate(slug=made.slug, name="Another", domain="tests"))
    assert taken.value.problem.errors[0].existing_id == found.id
    assert taken.value.message.endswith(f"(it has the id {found.id})")
    with pytest.raises(Forbidden, match="framework:admin"):
        made.client.create_hub(HubCreate(slug="foreign-hub", name="Foreign", domain="tests"))
    with pytest.raises(NotFound):
        operator.update_hub(uuid4(), HubUpdate(name="Nobody"), revision=1)


def test_manifests_and_what_they_declare(served: Served) -> None:
    made = Made(served)
    operator = served.operator
    assert list(operator.manifests(hub=made.hub.id)) == [made.manifest]
    assert made.manifest.capability == {"why": None}
    draft = operator.create_manifest(made.draft("1.1.0"))
    update = ManifestUpdate(event_types=[*draft.event_types, f"{made.slug}-closed"])
    draft = operator.update_manifest(draft.id, update, revision=draft.revision)
    with pytest.raises(PreconditionFailed):
        operator.activate_manifest(draft.id, revision=draft.revision - 1)
    active = operator.activate_manifest(draft.id, revision=draft.revision)
    assert active.status is ManifestStatus.ACTIVE
    statuses = {one.version: one.status for one in operator.manifests(hub=made.hub.id)}
    assert statuses == {"1.0.0": ManifestStatus.SUPERSEDED, "1.1.0": ManifestStatus.ACTIVE}
    for vocabulary, name in {
        Vocabulary.WIDGET_TYPES: "panel",
        Vocabulary.EVENT_TYPES: "closed",
        Vocabulary.ANNOTATION_CATEGORIES: "risk",
        Vocabulary.POLICY_SCOPES: "internal",
    }.items():
        (found,) = [one for one in operator.declared(vocabulary) if one.name == f"{made.slug}-{name}"]
        assert (found.hub_slug, found.manifest_version, found.status) == (made.slug, "1.1.0", "active")


def test_a_name_has_one_owner(served: Served, made: Made) -> None:
    thief = served.operator.create_hub(HubCreate(slug=f"t{uuid4().hex[:8]}", name="Thief", domain="tests"))
    draft = served.operator.create_manifest(
        ManifestCreate(hub_id=thief.id, version="1.0.0", event_types=[f"{made.slug}-seen"])
    )
    with pytest.raises(Conflict, match=rf"/eventTypes/0 \('{made.slug}-seen'\): belongs to {made.slug}"):
        served.operator.activate_manifest(draft.id, revision=draft.revision)


def test_the_registry(made: Made) -> None:
    (entry,) = made.client.registry(slug=made.slug)
    assert entry.manifest == made.manifest
    assert made.slug in [one.hub.slug for one in made.client.registry()]


def test_consumers_and_keys(served: Served) -> None:
    made = Made(served)
    operator = served.operator
    assert list(operator.consumers(hub=made.hub.id)) == [made.consumer]
    extra = operator.create_key(made.consumer.id, KeyCreate(name="extra", scopes=["framework:read"]))
    assert extra.key is not None
    assert extra.key.startswith(extra.prefix)
    assert extra.key not in repr(extra)
    opened = served.open(Secret(extra.key))
    assert list(opened.registry(slug=made.slug))
    assert {key.name for key in operator.keys(made.consumer.id)} == {"agent", "extra"}
    assert operator.revoke_key(extra.id).revoked_at is not None
    with pytest.raises(Unauthorized, match="revoked"):
        list(opened.registry())
    update = ConsumerUpdate(status=ConsumerStatus.SUSPENDED)
    operator.update_consumer(made.consumer.id, update, revision=made.consumer.revision)
    with pytest.raises(Unauthorized, match="suspended"):
        list(made.client.registry())


def test_a_secret_is_shown_once(made: Made) -> None:
    request, same = KeyCreate(name="once", scopes=["framework:read"]), str(uuid4())
    first = made.served.operator.create_key(made.consumer.id, request, idempotency_key=same)
    again = made.served.operator.create_key(made.consumer.id, request, idempotency_key=same)
    assert first.key is not None
    assert (again.id, again.key, again.secret_already_shown) == (first.id, None, True)


def test_widgets(made: Made) -> None:
    widget = made.client.create_widget(made.widget("one-widget", why="because"))
    assert list(made.client.widgets(hub=made.hub.id, slug="one-widget")) == [widget]
    changed = made.client.update_widget(widget.id, WidgetUpdate(name="Renamed", metadata={"why": None}), revision=1)
    assert (changed.name, changed.metadata, changed.revision) == ("Renamed", {"why": None}, 2)
    with pytest.raises(Invalid, match=rf"widget odd: 422 .*\n  /widgetType .*did you mean {made.slug}-panel\?"):
        made.client.create_widget(made.widget("odd").model_copy(update={"widget_type": f"{made.slug}-pannel"}))


def test_widgets_by_the_thousand(served: Served) -> None:
    made = Made(served)
    wanted = [made.widget(f"w-{number}") for number in range(2500)]
    before = made.client.requests_made
    batches = list(made.client.create_widgets(wanted))
    assert [len(batch) for batch in batches] == [1000, 1000, 500]
    assert made.client.requests_made - before == 4  # and one for the token
    assert [widget.slug for widget in made.client.widgets(hub=made.hub.id)] == [one.slug for one in wanted]
    assert made.client.requests_made - before == 7
    with pytest.raises(Conflict):
        list(made.client.create_widgets([made.widget("w-new"), made.widget("w-0")]))
    assert list(made.client.widgets(slug="w-new")) == []


def test_events(made: Made) -> None:
    widget = made.client.create_widget(made.widget("observed"))
    first = made.client.submit_event(made.event(widget.id))
    assert first.metadata == {"number": 0, "filler": ""}
    large = [made.event(widget.id, number, size=2000) for number in range(1, 1201)]
    batches = list(made.client.record_events(large))
    assert len(batches) > 2, "a body holds less than 1 MiB"
    found = list(made.client.events(widget=widget.id, event_type=f"{made.slug}-seen"))
    assert [one.metadata["number"] for one in found] == list(range(1201))
    assert next(made.client.events(hub=made.hub.id, newest_first=True, limit=1)).metadata["number"] == 1200
    now = datetime.now(UTC)
    assert list(made.client.events(since=now + timedelta(hours=1))) == []
    assert len(list(made.client.events(widget=widget.id, until=now + timedelta(hours=1)))) == 1201
    with pytest.raises(Invalid, match=rf"/eventType .*did you mean {made.slug}-seen"):
        made.client.submit_event(EventCreate(widget_id=widget.id, event_type=f"{made.slug}-sean"))


def test_annotations(made: Made) -> None:
    widget = made.client.create_widget(made.widget("annotated"))
    note = made.client.annotate(AnnotationCreate(widget_id=widget.id, category=f"{made.slug}-risk", body="Beware"))
    assert list(made.client.annotations(widget=widget.id, category=f"{made.slug}-risk")) == [note]


# The same server, through a network that fails


@pytest.mark.parametrize("fault", PASSING)
def test_a_creation_happens_once_whatever_happens_to_its_answer(fault: Fault, served: Served) -> None:
    slug = f"h{uuid4().hex[:12]}"
    with (
        faulty(served.socket, at({2: fault, 3: fault}), delay=0.01) as proxy,
        InterHub(proxy.base, served.operator_key, pace=Pace(sleep=lambda _: None)) as target,
    ):
        hub = target.create_hub(HubCreate(slug=slug, name="Once", domain="tests"))
        assert proxy.requests >= 2
    assert list(served.operator.hubs(slug=slug)) == [hub]


@pytest.mark.parametrize("seed", range(5))
def test_a_thousand_events_through_a_bad_network_are_a_thousand(seed: int, made: Made) -> None:
    widget = made.client.create_widget(made.widget(f"noisy-{seed}"))
    wanted = [made.event(widget.id, number, size=9000) for number in range(1000)]
    with (
        faulty(made.served.socket, seeded(seed, rate=0.5), delay=0.01) as proxy,
        InterHub(proxy.base, made.key, pace=Pace(sleep=lambda _: None)) as target,
    ):
        kept = [event for batch in target.record_events(wanted) for event in batch]
        assert len(set(proxy.faults)) > 2
    found = list(made.client.events(widget=widget.id))
    assert [event.id for event in found] == kept
    assert [event.metadata["number"] for event in found] == list(range(1000))


def test_a_change_whose_answer_was_lost_says_so_and_was_made_once(made: Made) -> None:
    widget = made.client.create_widget(made.widget("changed"))
    with (
        faulty(made.served.socket, at({2: Fault.RESET_AFTER})) as proxy,
        InterHub(proxy.base, made.key, pace=Pace(sleep=lambda _: None)) as target,
    ):
        with pytest.raises(PreconditionFailed) as caught:
            target.update_widget(widget.id, WidgetUpdate(name="Renamed"), revision=1)
        assert caught.value.unsure
        (found,) = target.widgets(slug="changed", hub=made.hub.id)
        assert (found.name, found.revision) == ("Renamed", 2)
