"""The `api` route: changes carried out through Inter-Hub's API."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from vsmhub.interhub.credentials import Revealing
from vsmhub.interhub.errors import Conflict, NotFound, PreconditionFailed
from vsmhub.interhub.messages.access import Consumer, ConsumerCreate, ConsumerUpdate, Key, KeyCreate, KeyCreated
from vsmhub.interhub.messages.evidence import Event, EventCreate
from vsmhub.interhub.messages.framework import Hub, HubCreate, HubUpdate, Manifest, ManifestCreate, ManifestUpdate
from vsmhub.interhub.messages.widgets import Widget, WidgetCreate, WidgetUpdate
from vsmhub.interhub.messages.wire import Record, Resource
from vsmhub.plan.errors import KeyElsewhere, PlanError, TargetMoved
from vsmhub.plan.key_changes import REPLACED_BY
from vsmhub.plan.keys import HubKeys
from vsmhub.plan.model import Action, Change, Kind, Plan

if TYPE_CHECKING:
    from vsmhub.interhub.client import InterHub


class OpenAsHub(Protocol):
    """Opens the target with the hub's own key."""

    def __call__(self, key: Revealing) -> "AbstractContextManager[InterHub]": ...


@dataclass(slots=True)
class Objects:
    """The objects that exist by now, live ones and those that this run made."""

    hub: UUID | None
    manifest: UUID | None
    manifest_revision: int | None
    consumer: UUID | None
    widgets: dict[str, UUID] = field(default_factory=dict)


class ApiRoute:
    """Carries out the changes of one plan: what the framework owns as the operator, what the hub owns as the hub."""

    def __init__(self, plan: Plan, operator: "InterHub", open_as_hub: OpenAsHub, keys: HubKeys) -> None:
        self._plan = plan
        self._operator = operator
        self._open_as_hub = open_as_hub
        self._keys = keys
        known = plan.known
        self._objects = Objects(known.hub, known.manifest, None, known.consumer, dict(known.widgets))
        self._hub: InterHub | None = None
        self._opened: AbstractContextManager[InterHub] | None = None

    def close(self) -> None:
        """Give back what carrying out has opened."""
        if self._opened is not None:
            self._opened.__exit__(None, None, None)
            self._opened = self._hub = None

    def carry_out(self, changes: Sequence[Change]) -> Iterator[Change]:
        """Carry out changes of one kind and action; yields each when it is done, with its object's id and revision.

        Raises TargetMoved when the target is no longer as the plan has it, SecretError when a key cannot be kept, and
        InterHubError.
        """
        first = changes[0]
        with _moved_is_said(first):
            if (first.kind, first.action) == (Kind.WIDGET, Action.CREATE):
                yield from self._create_widgets(changes)
                return
        for change in changes:
            with _moved_is_said(change):
                done = self._carry_out_one(change)
            yield done

    def _carry_out_one(self, change: Change) -> Change:
        doing: Mapping[tuple[Kind, Action], Callable[[Change], Resource | Record]] = {
            (Kind.HUB, Action.CREATE): self._create_hub,
            (Kind.HUB, Action.UPDATE): self._update_hub,
            (Kind.MANIFEST, Action.CREATE): self._create_manifest,
            (Kind.MANIFEST, Action.UPDATE): self._update_manifest,
            (Kind.MANIFEST, Action.ACTIVATE): self._activate_manifest,
            (Kind.CONSUMER, Action.CREATE): self._create_consumer,
            (Kind.CONSUMER, Action.UPDATE): self._update_consumer,
            (Kind.KEY, Action.CREATE): self._create_key,
            (Kind.KEY, Action.REVOKE): self._revoke_key,
            (Kind.WIDGET, Action.UPDATE): self._update_widget,
            (Kind.EVIDENCE, Action.CREATE): self._submit,
        }
        do = doing.get((change.kind, change.action))
        if do is None:
            raise PlanError(f"{change.id} cannot be done through the API")
        made = do(change)
        return _as_it_is(change, made)

    def _create_hub(self, change: Change) -> Hub:
        hub = self._operator.create_hub(HubCreate.model_validate(change.after()))
        self._objects.hub = hub.id
        return hub

    def _update_hub(self, change: Change) -> Hub:
        update = HubUpdate.model_validate(change.after())
        return self._operator.update_hub(_id(change.object_id), update, revision=_revision(change))

    def _create_manifest(self, change: Change) -> Manifest:
        draft = ManifestCreate.model_validate({"hub_id": self._hub_id, **change.after()})
        return self._remember(self._operator.create_manifest(draft))

    def _update_manifest(self, change: Change) -> Manifest:
        update = ManifestUpdate.model_validate(change.after())
        return self._remember(self._operator.update_manifest(_id(change.object_id), update, revision=_revision(change)))

    def _remember(self, draft: Manifest) -> Manifest:
        self._objects.manifest, self._objects.manifest_revision = draft.id, draft.revision
        return draft

    def _activate_manifest(self, change: Change) -> Manifest:
        revision = self._objects.manifest_revision or _revision(change)
        return self._operator.activate_manifest(_id(self._objects.manifest), revision=revision)

    def _create_consumer(self, change: Change) -> Consumer:
        fields = ConsumerCreate.model_validate({"hub_id": self._hub_id, **self._consumer_fields(change)})
        consumer = self._operator.create_consumer(fields)
        self._objects.consumer = consumer.id
        return consumer

    def _update_consumer(self, change: Change) -> Consumer:
        update = ConsumerUpdate.model_validate(self._consumer_fields(change))
        return self._operator.update_consumer(_id(change.object_id), update, revision=_revision(change))

    def _consumer_fields(self, change: Change) -> dict[str, Any]:
        fields: dict[str, Any] = change.after()
        if fields.pop("manifest", None) is not None:
            fields["manifest_id"] = _id(self._objects.manifest)
        return fields

    def _revoke_key(self, change: Change) -> Key:
        proven_first = change.after().get(REPLACED_BY)
        if proven_first is not None:
            held = self._held()
            if not held.reveal().startswith(str(proven_first)):
                raise TargetMoved(f"{change.id}: the key held here is no longer {proven_first}")
            self._operator.exchange(held)
        return self._operator.revoke_key(_id(change.object_id))

    def _update_widget(self, change: Change) -> Widget:
        update = WidgetUpdate.model_validate(change.after())
        return self._as_hub().update_widget(_id(change.object_id), update, revision=_revision(change))

    def _create_key(self, change: Change) -> KeyCreated:
        """Make a key, keep it, and claim it, in that order.

        A run that ends before the key is kept leaves one that nobody has claimed: it lapses by itself, and the next
        plan revokes it. A run that ends after that leaves a key that is kept here, which the next run claims.
        """
        self._keys.check_writable()
        created = self._operator.create_key(_id(self._objects.consumer), KeyCreate.model_validate(change.after()))
        if created.key is None:
            raise TargetMoved(f"the answer that held the key {created.prefix} was lost on the way")
        self._keys.keep(created, self._replaced_by(change))
        self.close()
        self._operator.exchange(self._held())
        return created

    def _replaced_by(self, creation: Change) -> list[UUID]:
        """The keys that this plan revokes once the new one is proven."""
        revocations = [one for one in self._plan.changes if (one.kind, one.action) == (Kind.KEY, Action.REVOKE)]
        return [_id(one.object_id) for one in revocations if creation.id in one.depends_on]

    def _create_widgets(self, changes: Sequence[Change]) -> Iterator[Change]:
        widgets = [WidgetCreate.model_validate({"hub_id": self._hub_id, **change.after()}) for change in changes]
        left = iter(changes)
        for made in self._as_hub().create_widgets(widgets):
            self._objects.widgets |= {widget.slug: widget.id for widget in made}
            for widget, change in zip(made, left, strict=False):
                yield _as_it_is(change, widget)

    def _submit(self, change: Change) -> Event:
        fields: dict[str, Any] = change.after()
        fields["widget_id"] = _id(self._objects.widgets.get(fields.pop("widget")))
        fields["metadata"] = {**fields["metadata"], "planDigest": self._plan.digest()}
        return self._as_hub().submit_event(EventCreate.model_validate(fields))

    @property
    def _hub_id(self) -> UUID:
        return _id(self._objects.hub)

    def _as_hub(self) -> "InterHub":
        if self._hub is None:
            self._opened = self._open_as_hub(self._held())
            self._hub = self._opened.__enter__()
        return self._hub

    def _held(self) -> Revealing:
        key = self._keys.held()
        if key is None:
            raise KeyElsewhere(f"the key of {self._plan.hub} is not in this store")
        return key


def _as_it_is(change: Change, made: Resource | Record) -> Change:
    """The change with its object as it is now, which is what undoing it has to begin from."""
    revision = made.revision if isinstance(made, Resource) else None
    return change.model_copy(update={"object_id": made.id, "revision": revision})


def _id(value: UUID | None) -> UUID:
    if value is None:
        raise PlanError("the plan refers to an object that neither exists nor is made by it", hint="make a new plan")
    return value


def _revision(change: Change) -> int:
    if change.revision is None:
        raise PlanError(f"{change.id} does not say which revision it was computed from", hint="make a new plan")
    return change.revision


@contextmanager
def _moved_is_said(change: Change) -> Iterator[None]:
    """Turn the refusals that mean 'no longer as planned' into TargetMoved."""
    try:
        yield
    except (Conflict, PreconditionFailed, NotFound) as error:
        raise TargetMoved(f"{change.id}: {error.message}", hint="make a new plan") from error
