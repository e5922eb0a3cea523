"""The Inter-Hub client: each operation of API v2 that vsmhub uses, as one typed method.

    with InterHub("https://hub.example.org", key) as target:
        for entry in target.registry():
            print(entry.hub.slug)

Every method raises `InterHubError` of the kind that fits (see `vsmhub.interhub.errors`). GET is asked again after a
failure that may pass; so is POST, since each carries an `Idempotency-Key` that stays the same for one call; so are
PATCH and activation, since they carry `If-Match`. When a PATCH was done but its answer was lost, asking again is
answered with 412: PreconditionFailed with `unsure` set, and the caller reads the object to see what holds.
"""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self
from uuid import UUID

from pydantic import JsonValue, RootModel

from vsmhub.interhub.address import address
from vsmhub.interhub.credentials import Credential, Revealing
from vsmhub.interhub.errors import NotOffered
from vsmhub.interhub.exchange import Call
from vsmhub.interhub.messages.access import (
    Consumer,
    ConsumerCreate,
    ConsumerUpdate,
    Key,
    KeyCreate,
    KeyCreated,
    Token,
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
    Vocabulary,
)
from vsmhub.interhub.messages.widgets import Widget, WidgetCreate, WidgetUpdate
from vsmhub.interhub.messages.wire import BatchAnswer, Identified, Page
from vsmhub.interhub.retry import Pace, RetryPolicy
from vsmhub.interhub.session import Observer, Session
from vsmhub.interhub.speaking import Speaker
from vsmhub.interhub.surface.dialect import Dialect
from vsmhub.interhub.surface.operations import Operation
from vsmhub.interhub.transport import ANSWER_LIMIT, Timeouts, Transport

if TYPE_CHECKING:
    from vsmhub.interhub.surface.model import Surface


class Document(RootModel[dict[str, JsonValue]]):
    """A JSON object of which nothing more is known."""


class InterHub:
    """A target. Nothing is opened or exchanged before the first call; closes what it opened."""

    def __init__(
        self,
        base: str,
        credential: Credential | None = None,
        *,
        socket: Path | None = None,
        label: str = "",
        insecure: bool = False,
        timeouts: Timeouts | None = None,
        retries: RetryPolicy | None = None,
        pace: Pace | None = None,
        answer_limit: int = ANSWER_LIMIT,
        on_request: Observer | None = None,
        adapts: bool = False,
        surface: "Surface | Callable[[], Surface] | None" = None,
        whose: Callable[[], str] | None = None,
    ) -> None:
        """`base` is the API's URL or its service's; `socket` a Unix socket to reach it through.

        `credential` is a static key or a callable that gives it, exchanged for a token when a call first needs one;
        without, calls are anonymous. `label` names the target in messages. With `adapts`, the target is asked in the
        way that its OpenAPI document wants: fields that it does not take are left out, and NotOffered is raised for
        what it does not do. `surface` gives what is known of that already; without it, the document is read when it is
        first needed. `whose` says which key the credential is, where the target does not know it. Raises BadAddress,
        for one when `base` is plain http to another machine and not `insecure`.
        """
        found = address(base, socket=socket, label=label, insecure=insecure)
        dialect = Dialect(found.label, partial(self.surface, keyed=True) if adapts else None)
        self._session = Session(
            found,
            Transport(found, timeouts or Timeouts(), answer_limit=answer_limit),
            credential=credential,
            retries=retries or RetryPolicy(),
            pace=pace or Pace(),
            on_request=on_request,
            whose=whose,
            dialect=dialect,
        )
        self._speaker = Speaker(self._session, dialect)
        self._known = surface if callable(surface) else None
        self._surface: Surface | None = None if callable(surface) else surface
        self._reading = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"InterHub({self.label!r})"

    def close(self) -> None:
        """Close all connections and forget the token; a later call starts anew."""
        self._session.close()

    @property
    def label(self) -> str:
        """What messages call the target."""
        return self._session.address.label

    @property
    def url(self) -> str:
        """The API's URL, ending with `/api/v2`."""
        return self._session.address.url

    @property
    def requests_made(self) -> int:
        """How many requests were sent, repetitions and exchanges of keys included."""
        return self._session.requests_made

    # The target itself

    def openapi(self) -> dict[str, JsonValue]:
        """The target's OpenAPI document; asked for without credentials."""
        return self._session.ask(Call("GET", "/openapi.json", authorized=False), Document).root

    def surface(self, *, keyed: bool = False) -> "Surface":
        """What the target's API can do, by its OpenAPI document; asked for once.

        With `keyed`, it is first seen to it that there is a key: without one nothing would come of the rest.
        """
        if keyed:
            self._session.hold_key()
        with self._reading:
            if self._surface is None:
                from vsmhub.interhub.surface.reading import read_surface

                self._surface = self._known() if self._known else read_surface(self.openapi())
            return self._surface

    def unauthenticated(self, path: str = "/hubs") -> int:
        """The status with which the target answers somebody without credentials who reads `path`."""
        return self._session.look(Call("GET", path, authorized=False)).status

    def exchange(self, key: Revealing) -> Token:
        """A token for `key`, which need not be this client's own: the proof that the key works, and its claim."""
        return self._session.exchange(key)

    # Hubs, manifests and the registry

    def hubs(self, *, slug: str | None = None) -> Iterator[Hub]:
        """All hubs, or the one with this slug."""
        return self._speaker.listed(Operation.HUBS_LIST, Page[Hub], {"slug": slug})

    def hub(self, slug: str) -> Hub | None:
        """The hub with this slug: from the list of hubs, or from the registry where a target lists none."""
        try:
            return next(iter(self.hubs(slug=slug)), None)
        except NotOffered:
            return next((one.hub for one in self.registry(slug=slug) if one.hub.slug == slug), None)

    def create_hub(self, request: HubCreate, *, idempotency_key: str | None = None) -> Hub:
        return self._speaker.posted(Operation.HUBS_CREATE, Hub, request, f"hub {request.slug}", idempotency_key)

    def update_hub(self, hub: UUID, request: HubUpdate, *, revision: int) -> Hub:
        return self._speaker.changed(Operation.HUBS_UPDATE, Hub, request, revision, hub)

    def manifests(self, *, hub: UUID | None = None) -> Iterator[Manifest]:
        """All manifests, or those of one hub, whatever their status."""
        return self._speaker.listed(Operation.MANIFESTS_LIST, Page[Manifest], {"hubId": hub})

    def create_manifest(self, request: ManifestCreate, *, idempotency_key: str | None = None) -> Manifest:
        return self._speaker.posted(
            Operation.MANIFESTS_CREATE, Manifest, request, f"manifest {request.version}", idempotency_key
        )

    def update_manifest(self, manifest: UUID, request: ManifestUpdate, *, revision: int) -> Manifest:
        return self._speaker.changed(Operation.MANIFESTS_UPDATE, Manifest, request, revision, manifest)

    def activate_manifest(self, manifest: UUID, *, revision: int, idempotency_key: str | None = None) -> Manifest:
        about = f"manifest {manifest}"
        return self._speaker.posted(
            Operation.MANIFESTS_ACTIVATE, Manifest, None, about, idempotency_key, manifest, revision=revision
        )

    def registry(self, *, slug: str | None = None) -> Iterator[RegistryEntry]:
        """Every hub, or the one with this slug, with the manifest it is under."""
        return self._speaker.listed(Operation.REGISTRY_LIST, Page[RegistryEntry], {"slug": slug})

    def declared(self, vocabulary: Vocabulary) -> Iterator[DeclaredName]:
        """Every name of one vocabulary that any hub declares or declared."""
        return self._speaker.listed(Operation(f"vocabulary.{vocabulary}"), Page[DeclaredName])

    # API consumers and their keys

    def consumers(self, *, hub: UUID | None = None) -> Iterator[Consumer]:
        return self._speaker.listed(Operation.CONSUMERS_LIST, Page[Consumer], {"hubId": hub})

    def create_consumer(self, request: ConsumerCreate, *, idempotency_key: str | None = None) -> Consumer:
        return self._speaker.posted(
            Operation.CONSUMERS_CREATE, Consumer, request, f"API consumer {request.name}", idempotency_key
        )

    def update_consumer(self, consumer: UUID, request: ConsumerUpdate, *, revision: int) -> Consumer:
        return self._speaker.changed(Operation.CONSUMERS_UPDATE, Consumer, request, revision, consumer)

    def keys(self, consumer: UUID) -> Iterator[Key]:
        """A consumer's keys, revoked ones included."""
        return self._speaker.listed(Operation.KEYS_LIST, Page[Key], None, consumer)

    def create_key(self, consumer: UUID, request: KeyCreate, *, idempotency_key: str | None = None) -> KeyCreated:
        """A new key. Its secret is in this answer and never again: keep it before anything else."""
        about = f"API key {request.name}"
        return self._speaker.posted(Operation.KEYS_CREATE, KeyCreated, request, about, idempotency_key, consumer)

    def revoke_key(self, key: UUID, *, idempotency_key: str | None = None) -> Key:
        return self._speaker.posted(Operation.KEYS_REVOKE, Key, None, f"API key {key}", idempotency_key, key)

    # Widgets, and what is observed about them

    def widgets(self, *, hub: UUID | None = None, slug: str | None = None) -> Iterator[Widget]:
        return self._speaker.listed(Operation.WIDGETS_LIST, Page[Widget], {"hubId": hub, "slug": slug})

    def create_widget(self, request: WidgetCreate, *, idempotency_key: str | None = None) -> Widget:
        return self._speaker.posted(
            Operation.WIDGETS_CREATE, Widget, request, f"widget {request.slug}", idempotency_key
        )

    def create_widgets(
        self, requests: Iterable[WidgetCreate], *, idempotency_key: str | None = None
    ) -> Iterator[list[Widget]]:
        """Create many in as few requests as the limits allow; gives what each made, in order, when it was made."""
        many, single, answer = Operation.WIDGETS_BATCH, Operation.WIDGETS_CREATE, BatchAnswer[Widget]
        return self._speaker.batched(many, single, Widget, answer, requests, "widgets", idempotency_key)

    def update_widget(self, widget: UUID, request: WidgetUpdate, *, revision: int) -> Widget:
        return self._speaker.changed(Operation.WIDGETS_UPDATE, Widget, request, revision, widget)

    def events(
        self,
        *,
        hub: UUID | None = None,
        widget: UUID | None = None,
        event_type: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> Iterator[Event]:
        """Interaction events that match all that is given, in the order in which they were submitted.

        `since` (from it on) and `until` (before it) are about when they occurred, and have an offset. `limit` sets
        how many come in one page.
        """
        query = {
            "hubId": hub,
            "widgetId": widget,
            "eventType": event_type,
            "since": None if since is None else since.isoformat(),
            "until": None if until is None else until.isoformat(),
            "order": "desc" if newest_first else None,
        }
        return self._speaker.listed(Operation.EVENTS_LIST, Page[Event], query, limit=limit)

    def current_events(
        self,
        *,
        hub: UUID | None = None,
        widget: UUID | None = None,
        event_type: str | None = None,
        as_of: datetime | None = None,
        metadata: Mapping[str, JsonValue] | None = None,
    ) -> Iterator[Event]:
        """The newest event of each series that had occurred by `as_of`, or by now.

        With `metadata`, the newest of those whose metadata hold these values. NotFound or NotOffered where the target
        has no such operation.
        """
        query = {
            "hubId": hub,
            "widgetId": widget,
            "eventType": event_type,
            "asOf": None if as_of is None else as_of.isoformat(),
            "metadata": None if metadata is None else json.dumps(metadata),
        }
        return self._speaker.listed(Operation.EVENTS_CURRENT, Page[Event], query)

    def submit_event(self, request: EventCreate, *, idempotency_key: str | None = None) -> Event:
        return self._speaker.posted(
            Operation.EVENTS_CREATE, Event, request, f"event {request.event_type}", idempotency_key
        )

    def record_events(
        self, requests: Iterable[EventCreate], *, idempotency_key: str | None = None
    ) -> Iterator[list[UUID]]:
        """Submit many in as few requests as the limits allow; gives the ids of what each made, in order.

        Of long answers no more is read.
        """
        many, single = Operation.EVENTS_BATCH, Operation.EVENTS_CREATE
        answer = BatchAnswer[Identified]
        for made in self._speaker.batched(many, single, Identified, answer, requests, "events", idempotency_key):
            yield [one.id for one in made]

    def annotations(
        self, *, hub: UUID | None = None, widget: UUID | None = None, category: str | None = None
    ) -> Iterator[Annotation]:
        query = {"hubId": hub, "widgetId": widget, "category": category}
        return self._speaker.listed(Operation.ANNOTATIONS_LIST, Page[Annotation], query)

    def annotate(self, request: AnnotationCreate, *, idempotency_key: str | None = None) -> Annotation:
        return self._speaker.posted(
            Operation.ANNOTATIONS_CREATE, Annotation, request, f"annotation {request.category}", idempotency_key
        )

    def audit_records(
        self, *, hub: UUID | None = None, object_id: UUID | None = None, since: datetime | None = None
    ) -> Iterator[AuditRecord]:
        """Who wrote what and when, oldest first."""
        query = {"hubId": hub, "objectId": object_id, "since": None if since is None else since.isoformat()}
        return self._speaker.listed(Operation.AUDIT_LIST, Page[AuditRecord], query)
