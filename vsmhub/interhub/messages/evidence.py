"""Interaction events and annotations: what was observed, and what people remarked."""

from uuid import UUID

from pydantic import Field

from vsmhub.interhub.messages.wire import Line, Metadata, Moment, Name, Record, Request, Text, Timestamp


class EventCreate(Request):
    widget_id: UUID
    event_type: Name
    view_context: Line | None = Field(default=None, description="The widget's own where it is not given.")
    occurred_at: Moment | None = Field(default=None, description="Now where it is not given.")
    metadata: Metadata = Field(default_factory=dict)
    actor: Line | None = Field(default=None, description="Who observed it; the API consumer where it is not given.")


class Event(Record):
    hub_id: UUID
    widget_id: UUID
    event_type: str
    view_context: str
    occurred_at: Timestamp
    metadata: Metadata
    actor: str


class AnnotationCreate(Request):
    widget_id: UUID
    category: Name
    body: Text = Field(min_length=1)
    metadata: Metadata = Field(default_factory=dict)
    actor: Line | None = None


class Annotation(Record):
    hub_id: UUID
    widget_id: UUID
    category: str
    body: str
    metadata: Metadata
    actor: str
