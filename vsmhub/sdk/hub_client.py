"""A hub in one Inter-Hub, as a program sees it that works for the hub."""

import json
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from importlib.resources import files
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar
from uuid import UUID

from pydantic import JsonValue, ValidationError

from vsmhub.interhub.client import InterHub
from vsmhub.interhub.messages.evidence import Annotation, AnnotationCreate, Event, EventCreate
from vsmhub.sdk.errors import BadReport, NotRegistered
from vsmhub.spec.model import HubSpec

if TYPE_CHECKING:
    from vsmhub.targets.opening import Opened

EventT = TypeVar("EventT", bound=StrEnum)
CategoryT = TypeVar("CategoryT", bound=StrEnum)
WidgetT = TypeVar("WidgetT", bound=StrEnum)
RequestT = TypeVar("RequestT", EventCreate, AnnotationCreate)


@dataclass(frozen=True, slots=True)
class Bootstrapped:
    """What a bootstrap did: the changes it made, in order; none where all was as declared."""

    hub: str
    changed: tuple[str, ...]


class HubClient(Generic[EventT, CategoryT, WidgetT]):
    """A hub in one Inter-Hub. Nothing is opened before the first call; `close`, or the `with` block, closes it all.

    The target is chosen as the command line chooses it: `target` is a name in `vsmhub.toml`, `base` an address; without
    either `IHUB_BASE`, then the target that `vsmhub.toml` prefers, then the embedded Inter-Hub. Methods raise
    InterHubError, SecretError and SdkError, all of them VsmhubErrors.
    """

    package: ClassVar[str]
    """The import name of the hub's client, which holds its `hub.json`."""

    def __init__(self, *, target: str | None = None, base: str | None = None) -> None:
        self._chosen = target, base
        self._stack = ExitStack()
        self._opened: Opened | None = None
        self._hub: InterHub | None = None
        self._ids: dict[str, UUID] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections; the embedded Inter-Hub stops. A later call opens anew."""
        self._forget()
        self._opened = None
        self._stack.close()

    @cached_property
    def spec(self) -> HubSpec:
        """What the hub was declared to be when its client was generated."""
        document = json.loads((files(self.package) / "hub.json").read_text(encoding="utf-8"))
        document.pop("$comment", None)
        return HubSpec.model_validate_json(json.dumps(document))

    def bootstrap(self) -> Bootstrapped:
        """Bring the target to what the hub declares, as `vsmhub apply` does, and prove it. Needs the operator's key.

        Raises PlanError besides, when no plan leads there, or when it would change what no apply has made.
        """
        from vsmhub.plan.asked import Asked
        from vsmhub.plan.bootstrap import carry_out, proof
        from vsmhub.plan.desired import desired
        from vsmhub.plan.history import open_runs, runs, unfinished
        from vsmhub.plan.planning import planned, replanning
        from vsmhub.targets.journals import journals_of, new_journal
        from vsmhub.targets.turns import turn

        declared, at = desired(self.spec), self._at()
        self._forget()  # the key may become another one
        with turn(at.paths, at.target.name, declared.hub):
            folder = journals_of(at.paths, at.name, declared.hub)
            seen = planned(declared, at, Asked(), lambda: runs(folder))
            plan = seen.plan
            if not plan.is_empty:
                seen = carry_out(
                    declared,
                    at,
                    plan,
                    progress=lambda _: None,
                    again=lambda _plan, _moved: None,
                    recorder=new_journal(folder, continues=unfinished(folder)),
                    see=replanning(declared, at, Asked(), lambda: runs(folder)),
                )
            proof(declared, at, seen.live, open_runs(folder))
        return Bootstrapped(declared.hub, tuple(change.id for change in plan.steps))

    def emit(
        self,
        event: EventT,
        widget: WidgetT | UUID,
        *,
        metadata: Mapping[str, JsonValue] | None = None,
        occurred_at: datetime | None = None,
        view_context: str | None = None,
        actor: str | None = None,
        idempotency_key: str | None = None,
    ) -> Event:
        """Report one observation about a widget; one that is no seed is named by its id.

        Without a type checker a name may be given as a text; Inter-Hub refuses one that the hub does not declare.

        `occurred_at` needs an offset, and is now where it is not given. Sent again with the same `idempotency_key`, a
        report is one report.
        """
        request = _request(
            EventCreate,
            widget_id=self._id_of(widget),
            event_type=str(event),
            metadata=dict(metadata or {}),
            occurred_at=occurred_at,
            view_context=view_context,
            actor=actor,
        )
        return self._as_hub().submit_event(request, idempotency_key=idempotency_key)

    def annotate(
        self,
        category: CategoryT,
        widget: WidgetT | UUID,
        body: str,
        *,
        metadata: Mapping[str, JsonValue] | None = None,
        actor: str | None = None,
        idempotency_key: str | None = None,
    ) -> Annotation:
        """Remark something about a widget."""
        request = _request(
            AnnotationCreate,
            widget_id=self._id_of(widget),
            category=str(category),
            body=body,
            metadata=dict(metadata or {}),
            actor=actor,
        )
        return self._as_hub().annotate(request, idempotency_key=idempotency_key)

    def _at(self) -> "Opened":
        from vsmhub.targets.opening import opened

        if self._opened is None:
            self._opened = self._stack.enter_context(opened(*self._chosen))
        return self._opened

    def _as_hub(self) -> InterHub:
        if self._hub is None:
            slug = self.spec.hub.slug
            key = self._at().key_of(slug).held()
            if key is None:
                raise NotRegistered(f"there is no key of {slug} for {self._at().name}", hint=_BOOTSTRAP)
            self._hub = self._at().as_hub(key)
        return self._hub

    def _id_of(self, widget: WidgetT | UUID) -> UUID:
        if isinstance(widget, UUID):
            return widget
        name = str(widget)
        if name not in self._ids:
            slug, hub = self.spec.hub.slug, self._as_hub()
            mine = hub.hub(slug)
            if mine is None:
                raise NotRegistered(f"{self._at().name} has no hub {slug}", hint=_BOOTSTRAP)
            self._ids |= {one.slug: one.id for one in hub.widgets(hub=mine.id)}
            if name not in self._ids:
                raise NotRegistered(f"{slug} has no widget {name} at {self._at().name}", hint=_BOOTSTRAP)
        return self._ids[name]

    def _forget(self) -> None:
        if self._hub is not None:
            self._hub.close()
        self._hub, self._ids = None, {}


_BOOTSTRAP = "call bootstrap() first, or run vsmhub apply"


def _request(message: type[RequestT], **fields: Any) -> RequestT:  # noqa: ANN401 - the message's own fields
    try:
        return message(**fields)
    except ValidationError as error:
        said = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors(include_input=False))
        raise BadReport(f"Inter-Hub would not take this: {said}") from error
