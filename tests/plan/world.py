"""Live objects as a target would answer them, made from what is declared."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from vsmhub.interhub.messages.access import Consumer, Key
from vsmhub.interhub.messages.evidence import Event
from vsmhub.interhub.messages.framework import Hub, Manifest
from vsmhub.interhub.messages.widgets import Widget
from vsmhub.plan.desired import Desired, desired
from vsmhub.plan.live import Live
from vsmhub.spec.model import HubSpec

NOW = datetime.now(UTC)
SECRET = "ihk_abcd1234_" + "s" * 43
PREFIX = "ihk_abcd1234"
SCOPES = ["framework:read", "hub:syn-hub:read", "hub:syn-hub:write"]


class Shown:
    """A key that is held."""

    def __init__(self, value: str = SECRET, replaces: frozenset[UUID] = frozenset()) -> None:
        self.value = value
        self.replaces = replaces

    def reveal(self) -> str:
        return self.value


def spec(**over: Any) -> HubSpec:
    """A small hub; `over` replaces members of it."""
    document: dict[str, Any] = {
        "spec": "vsmhub/hub/v1",
        "hub": {"slug": "syn-hub", "name": "Syn Hub", "prefix": "syn", "domain": "syn.example.org"},
        "vsm": {"vsm_function": "SYN", "vsm_system": "S2"},
        "scope": {"purpose": "coordination between units"},
        "manifest": {"version": "1.0.0"},
        "vocabulary": {
            "widget_types": {"syn-handoff": "A handoff.", "syn-claim": "A claim."},
            "event_types": {"syn-registered": "The hub exists."},
            "annotation_categories": {"syn-collision": "A collision."},
            "policy_scopes": {"syn-pairwise": "Between two units."},
        },
        "consumer": {"name": "syn-hub", "key": {"name": "syn-hub key", "scopes": SCOPES}},
        "widgets": [
            {
                "slug": f"syn-board-{number}",
                "name": f"Board {number}",
                "type": "syn-handoff",
                "policy_scope": "syn-pairwise",
                "view_context": "docs/boards",
                "metadata": {"number": number},
            }
            for number in range(3)
        ],
        "registration": {"event_type": "syn-registered", "widget": "syn-board-0"},
    }
    import json

    return HubSpec.model_validate_json(json.dumps({**document, **over}))


def declared(**over: Any) -> Desired:
    return desired(spec(**over))


def _id(number: int) -> UUID:
    return UUID(int=number)


def _row(number: int) -> dict[str, Any]:
    return {"id": _id(number), "created_at": NOW, "updated_at": NOW, "revision": 1}


def key(number: int = 4, **over: Any) -> Key:
    fields = {"consumer_id": _id(3), "name": "syn-hub key", "prefix": PREFIX, "scopes": SCOPES}
    return Key.model_validate({**_row(number), **fields, **over})


def live(of: Desired, **over: Any) -> Live:
    """The target exactly as declared; `over` replaces members of it."""
    manifest = Manifest.model_validate(
        {
            **_row(2),
            "hub_id": _id(1),
            "version": of.manifest_version,
            "status": "active",
            "activated_at": NOW,
            **of.manifest_fields,
        }
    )
    widgets = {
        slug: Widget.model_validate({**_row(100 + number), "hub_id": _id(1), "slug": slug, **fields})
        for number, (slug, fields) in enumerate(of.widgets.items())
    }
    event = Event(
        id=_id(50),
        created_at=NOW,
        hub_id=_id(1),
        widget_id=_id(100),
        event_type=of.registration_event,
        view_context="docs/boards",
        occurred_at=NOW,
        metadata={},
        actor="syn-hub",
    )
    consumer = {**_row(3), "hub_id": _id(1), "manifest_id": _id(2), "name": of.consumer, "status": "active"}
    members: dict[str, Any] = {
        "hub": Hub.model_validate({**_row(1), "slug": of.hub, "hub_kind": "domain", **of.hub_fields}),
        "manifests": (manifest,),
        "consumers": (Consumer.model_validate(consumer),),
        "keys": (key(),),
        "widgets": widgets,
        "registered": event,
    }
    return Live(**{**members, **over})


LONG_AGO = NOW - timedelta(days=1)
SOON = NOW + timedelta(days=1)
