"""Governed widgets, and the patterns that new ones can be made from."""

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from vsmhub.interhub.messages.wire import Line, Metadata, Name, Request, Resource, Text


class WidgetStatus(StrEnum):
    ACTIVE = "active"
    RETIRED = "retired"


class WidgetCreate(Request):
    hub_id: UUID
    slug: Name
    name: Line
    widget_type: Name
    policy_scope: Name
    view_context: Line
    metadata: Metadata = Field(default_factory=dict)


class WidgetUpdate(Request):
    """What is not named stays as it is. The slug never changes."""

    name: Line | None = None
    widget_type: Name | None = None
    policy_scope: Name | None = None
    view_context: Line | None = None
    metadata: Metadata | None = None
    status: WidgetStatus | None = None


class Widget(Resource):
    hub_id: UUID
    slug: str
    name: str
    widget_type: str
    policy_scope: str
    view_context: str
    metadata: Metadata
    status: WidgetStatus


class PatternCreate(Request):
    hub_id: UUID = Field(description="The hub that publishes the pattern.")
    slug: Name
    name: Line
    description: Text = ""
    view_context: Line
    metadata: Metadata = Field(default_factory=dict)


class Pattern(Resource):
    hub_id: UUID
    slug: str
    name: str
    description: str
    view_context: str
    metadata: Metadata


class PatternAdopt(Request):
    """A widget made from a pattern. Type and policy scope are the adopting hub's own names."""

    hub_id: UUID
    slug: Name
    name: Line | None = None
    widget_type: Name
    policy_scope: Name
    view_context: Line | None = None
    metadata: Metadata = Field(default_factory=dict, description="Laid over the pattern's.")
