"""Evidence under way: events and annotations as CloudEvents 1.0, and what they become at Inter-Hub.

`source` and `id` together say which one it is, wherever it goes; `subject` is the widget's slug, and the extension
attributes `hub` and `kind` say whose it is and which of the two. What Inter-Hub is to store is the `data`.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from uuid import UUID, uuid4

from pydantic import AwareDatetime, BaseModel, ConfigDict, JsonValue, StringConstraints, ValidationError

from vsmhub.evidence.claim import KEY, rfc3339
from vsmhub.evidence.errors import EvidenceError
from vsmhub.interhub.messages.evidence import AnnotationCreate, EventCreate

NAMESPACE = UUID("5b0f2a5e-1f4e-5d0a-9c3b-7a4c8f1f0e66")
_NAMESPACE = NAMESPACE.bytes
_NOBODY = UUID(int=0)
Attribute = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class Kind(StrEnum):
    """What becomes of an envelope at Inter-Hub."""

    EVENT = "event"
    ANNOTATION = "annotation"


class Envelope(BaseModel):
    """One piece of evidence; frozen. Attribute names are those of CloudEvents."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    specversion: Literal["1.0"] = "1.0"
    id: Attribute
    source: Attribute
    type: Attribute
    subject: Attribute
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"
    hub: Attribute
    kind: Kind
    data: dict[str, JsonValue]

    @classmethod
    def event(
        cls,
        hub: str,
        widget: str,
        event_type: str,
        *,
        source: str,
        metadata: Mapping[str, JsonValue] | None = None,
        view_context: str | None = None,
        actor: str | None = None,
        at: datetime | None = None,
        name: str | None = None,
        check: bool = True,
    ) -> Self:
        """An event. The same `source` and `name` give the same id; without a name it is a new one.

        Raises EvidenceError for what Inter-Hub would not take; that takes a while, and what a checked spec gives needs
        no such `check`.
        """
        data: dict[str, JsonValue] = {"viewContext": view_context, "metadata": dict(metadata or {}), "actor": actor}
        return cls._made(Kind.EVENT, hub, widget, event_type, source, name, at, data, check=check)

    @classmethod
    def annotation(
        cls,
        hub: str,
        widget: str,
        category: str,
        body: str,
        *,
        source: str,
        metadata: Mapping[str, JsonValue] | None = None,
        actor: str | None = None,
        at: datetime | None = None,
        name: str | None = None,
    ) -> Self:
        """An annotation; as `event`."""
        data: dict[str, JsonValue] = {"body": body, "metadata": dict(metadata or {}), "actor": actor}
        return cls._made(Kind.ANNOTATION, hub, widget, category, source, name, at, data, check=True)

    @classmethod
    def _made(
        cls,
        kind: Kind,
        hub: str,
        widget: str,
        what: str,
        source: str,
        name: str | None,
        at: datetime | None,
        data: dict[str, JsonValue],
        *,
        check: bool,
    ) -> Self:
        own = str(identity(source, name) if name is not None else uuid4())
        metadata = data["metadata"]
        if isinstance(metadata, dict):
            said = metadata.get(KEY)
            # By this the evidence is known wherever it goes, and found where an answer was lost.
            data["metadata"] = {**metadata, KEY: {**(said if isinstance(said, dict) else {}), "id": own}}
        fields: dict[str, Any] = {
            "id": own,
            "source": source,
            "type": what,
            "subject": widget,
            "time": at or datetime.now(UTC),
            "hub": hub,
            "kind": kind,
            "data": {key: value for key, value in data.items() if value is not None},
        }
        if not check:
            return cls.model_construct(**fields)  # type: ignore[return-value] # pydantic's plugin knows no Self
        try:
            made = cls(**fields)
            made.request(_NOBODY)
        except ValidationError as error:
            wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
            raise EvidenceError(f"this cannot be said to Inter-Hub: {wrong}") from error
        return made

    def request(self, widget: UUID, *, check: bool = True) -> EventCreate | AnnotationCreate:
        """What Inter-Hub is asked to store, about the widget with this id. Always the same for the same envelope.

        Without `check` an event is taken as it is, which is a tenth of the work; Inter-Hub checks it anyway.
        """
        if not check and self.kind is Kind.EVENT:
            context, metadata, actor = (self.data.get(name) for name in ("viewContext", "metadata", "actor"))
            return EventCreate.model_construct(
                widget_id=widget,
                event_type=self.type,
                occurred_at=self.time,
                view_context=context if isinstance(context, str) else None,
                metadata=metadata if isinstance(metadata, dict) else {},
                actor=actor if isinstance(actor, str) else None,
            )
        data = {**self.data, "widgetId": widget}
        if self.kind is Kind.ANNOTATION:
            return AnnotationCreate.model_validate({**data, "category": self.type})
        return EventCreate.model_validate({**data, "eventType": self.type, "occurredAt": self.time})

    def document(self) -> dict[str, JsonValue]:
        """As a CloudEvent in JSON."""
        return {
            "specversion": self.specversion,
            "id": self.id,
            "source": self.source,
            "type": self.type,
            "subject": self.subject,
            "time": rfc3339(self.time),
            "datacontenttype": self.datacontenttype,
            "hub": self.hub,
            "kind": self.kind.value,
            "data": self.data,
        }


def identity(source: str, name: str) -> UUID:
    """The id of what `source` calls `name`: always the same, so that saying it twice says it once."""
    # What uuid5 does, without its ways around (RFC 9562, section 5.5).
    digest = hashlib.sha1(_NAMESPACE + f"{source}\n{name}".encode(), usedforsecurity=False).digest()
    return UUID(bytes=digest[:16], version=5)
