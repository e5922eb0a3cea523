"""The operations that vsmhub asks of an Inter-Hub, as the contract has them: a surface is read against these."""

from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel

from vsmhub.interhub.messages.access import (
    Consumer,
    ConsumerCreate,
    ConsumerUpdate,
    Key,
    KeyCreate,
    KeyCreated,
    Token,
    TokenRequest,
)
from vsmhub.interhub.messages.audit import AuditRecord
from vsmhub.interhub.messages.evidence import Annotation, AnnotationCreate, Event, EventCreate
from vsmhub.interhub.messages.framework import (
    DeclaredName,
    Hub,
    HubCreate,
    HubUpdate,
    Manifest,
    ManifestCreate,
    ManifestUpdate,
    RegistryEntry,
)
from vsmhub.interhub.messages.widgets import Widget, WidgetCreate, WidgetUpdate


class Operation(StrEnum):
    """One thing that vsmhub asks an Inter-Hub to do."""

    TOKEN = "token"  # noqa: S105 - a name, not a secret
    HUBS_LIST = "hubs.list"
    HUBS_CREATE = "hubs.create"
    HUBS_UPDATE = "hubs.update"
    MANIFESTS_LIST = "manifests.list"
    MANIFESTS_CREATE = "manifests.create"
    MANIFESTS_UPDATE = "manifests.update"
    MANIFESTS_ACTIVATE = "manifests.activate"
    REGISTRY_LIST = "registry.list"
    WIDGET_TYPES_LIST = "vocabulary.widget-types"
    EVENT_TYPES_LIST = "vocabulary.event-types"
    ANNOTATION_CATEGORIES_LIST = "vocabulary.annotation-categories"
    POLICY_SCOPES_LIST = "vocabulary.policy-scopes"
    CONSUMERS_LIST = "consumers.list"
    CONSUMERS_CREATE = "consumers.create"
    CONSUMERS_UPDATE = "consumers.update"
    KEYS_LIST = "keys.list"
    KEYS_CREATE = "keys.create"
    KEYS_REVOKE = "keys.revoke"
    WIDGETS_LIST = "widgets.list"
    WIDGETS_CREATE = "widgets.create"
    WIDGETS_UPDATE = "widgets.update"
    WIDGETS_BATCH = "widgets.batch"
    EVENTS_LIST = "events.list"
    EVENTS_CREATE = "events.create"
    EVENTS_BATCH = "events.batch"
    EVENTS_CURRENT = "events.current"
    ANNOTATIONS_LIST = "annotations.list"
    ANNOTATIONS_CREATE = "annotations.create"
    AUDIT_LIST = "audit.list"


class Form(StrEnum):
    """What an operation answers with."""

    ONE = "one"
    LIST = "list"
    BATCH = "batch"


@dataclass(frozen=True, slots=True)
class Need:
    """An operation as the contract has it; `path` has `{}` where an id goes.

    `essential` names request fields, besides those that the message requires, without which it would not do what is
    asked; `tells` the same of the answer. `filters` are the fields a list is narrowed by, which the target has
    to do itself where `narrowed` is set. `called` are words for the resource, by which its id may go.
    """

    method: str
    path: str
    gives: type[BaseModel]
    form: Form = Form.ONE
    takes: type[BaseModel] | None = None
    essential: frozenset[str] = frozenset()
    tells: frozenset[str] = frozenset()
    filters: tuple[str, ...] = ()
    narrowed: bool = False
    called: tuple[str, ...] = ()


_HUB = ("hub",)
_MANIFEST = ("manifest", "hubcapabilitymanifest")
_CONSUMER = ("consumer", "apiconsumer")
_KEY = ("key", "apikey")
_WIDGET = ("widget",)
_EVENT = ("event", "interactionevent")
_ANNOTATION = ("annotation",)
_METADATA = frozenset({"metadata"})
_DECLARED = frozenset({"widget_types", "event_types", "annotation_categories", "policy_scopes", "capability"})


def _list(path: str, gives: type[BaseModel], called: tuple[str, ...] = (), *filters: str) -> Need:
    return Need("GET", path, gives, Form.LIST, filters=filters, called=called)


def _post(
    path: str,
    takes: type[BaseModel] | None,
    gives: type[BaseModel],
    called: tuple[str, ...],
    essential: frozenset[str] = frozenset(),
    form: Form = Form.ONE,
) -> Need:
    return Need("POST", path, gives, form, takes=takes, essential=essential, called=called)


def _patch(path: str, takes: type[BaseModel], gives: type[BaseModel], called: tuple[str, ...]) -> Need:
    return Need("PATCH", path, gives, takes=takes, called=called)


NEEDS: dict[Operation, Need] = {
    Operation.TOKEN: _post("/token", TokenRequest, Token, ()),
    Operation.HUBS_LIST: _list("/hubs", Hub, _HUB, "slug"),
    Operation.HUBS_CREATE: _post("/hubs", HubCreate, Hub, _HUB),
    Operation.HUBS_UPDATE: _patch("/hubs/{}", HubUpdate, Hub, _HUB),
    Operation.MANIFESTS_LIST: _list("/hub-capability-manifests", Manifest, _MANIFEST, "hub_id"),
    Operation.MANIFESTS_CREATE: _post("/hub-capability-manifests", ManifestCreate, Manifest, _MANIFEST, _DECLARED),
    Operation.MANIFESTS_UPDATE: _patch("/hub-capability-manifests/{}", ManifestUpdate, Manifest, _MANIFEST),
    Operation.MANIFESTS_ACTIVATE: _post("/hub-capability-manifests/{}/activate", None, Manifest, _MANIFEST),
    Operation.REGISTRY_LIST: _list("/hub-registry", RegistryEntry, (), "slug"),
    Operation.WIDGET_TYPES_LIST: _list("/widget-types", DeclaredName),
    Operation.EVENT_TYPES_LIST: _list("/event-types", DeclaredName),
    Operation.ANNOTATION_CATEGORIES_LIST: _list("/annotation-categories", DeclaredName),
    Operation.POLICY_SCOPES_LIST: _list("/policy-scopes", DeclaredName),
    Operation.CONSUMERS_LIST: _list("/api-consumers", Consumer, _CONSUMER, "hub_id"),
    Operation.CONSUMERS_CREATE: _post("/api-consumers", ConsumerCreate, Consumer, _CONSUMER),
    Operation.CONSUMERS_UPDATE: _patch("/api-consumers/{}", ConsumerUpdate, Consumer, _CONSUMER),
    Operation.KEYS_LIST: _list("/api-consumers/{}/api-keys", Key, _KEY),
    Operation.KEYS_CREATE: Need(
        "POST",
        "/api-consumers/{}/api-keys",
        KeyCreated,
        takes=KeyCreate,
        tells=frozenset({"key"}),
        called=_KEY,
    ),
    Operation.KEYS_REVOKE: _post("/api-keys/{}/revoke", None, Key, _KEY),
    Operation.WIDGETS_LIST: _list("/widgets", Widget, _WIDGET, "hub_id", "slug"),
    Operation.WIDGETS_CREATE: _post("/widgets", WidgetCreate, Widget, _WIDGET, _METADATA),
    Operation.WIDGETS_UPDATE: _patch("/widgets/{}", WidgetUpdate, Widget, _WIDGET),
    Operation.WIDGETS_BATCH: _post("/widgets/batch", WidgetCreate, Widget, _WIDGET, _METADATA, Form.BATCH),
    Operation.EVENTS_LIST: _list(
        "/interaction-events", Event, _EVENT, "hub_id", "widget_id", "event_type", "since", "until", "order"
    ),
    Operation.EVENTS_CURRENT: Need(
        "GET",
        "/interaction-events/current",
        Event,
        Form.LIST,
        filters=("hub_id", "widget_id", "event_type", "as_of", "metadata"),
        narrowed=True,
        called=_EVENT,
    ),
    Operation.EVENTS_CREATE: _post("/interaction-events", EventCreate, Event, _EVENT, _METADATA),
    Operation.EVENTS_BATCH: _post("/interaction-events/batch", EventCreate, Event, _EVENT, _METADATA, Form.BATCH),
    Operation.ANNOTATIONS_LIST: _list("/annotations", Annotation, _ANNOTATION, "hub_id", "widget_id", "category"),
    Operation.ANNOTATIONS_CREATE: _post("/annotations", AnnotationCreate, Annotation, _ANNOTATION),
    Operation.AUDIT_LIST: _list("/audit-records", AuditRecord, (), "hub_id", "object_id", "since"),
}
