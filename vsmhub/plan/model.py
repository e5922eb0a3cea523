"""The plan as data: what will change, in which order, by which route and why.

A plan holds all that carrying it out needs besides the keys, so that it can be saved, shown and applied as it is; the
text, JSON and Markdown views are made from it.
"""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue


class PlanModel(BaseModel):
    """A part of a plan: frozen, unknown members refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Kind(StrEnum):
    """What a change is about, in the order in which the kinds depend on one another."""

    HUB = "hub"
    MANIFEST = "manifest"
    CONSUMER = "consumer"
    KEY = "key"
    WIDGET = "widget"
    EVIDENCE = "evidence"


class Action(StrEnum):
    """What is done to it."""

    CREATE = "create"
    UPDATE = "update"
    ACTIVATE = "activate"
    REVOKE = "revoke"


class Route(StrEnum):
    """How it is done: through the API, in the database, or by a person."""

    API = "api"
    SQL = "sql"
    RUNBOOK = "runbook"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field, as it is live and as it is declared; names are those of the API, in snake_case.

    No model of its own: a plan of thousands of objects has tens of thousands of these, and making them as models takes
    half the time of planning.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    field: str
    before: JsonValue = None
    after: JsonValue = None


class Change(PlanModel):
    """One change. `object_id` and `revision` are those of the live object it was computed from, where there is one."""

    kind: Kind
    name: str
    action: Action
    route: Route = Route.API
    route_reason: str = Field(default="", description="Why not by the API, where it is not.")
    reason: str
    fields: tuple[FieldChange, ...] = ()
    depends_on: tuple[str, ...] = Field(default=(), description="Changes of this plan that must be done first.")
    object_id: UUID | None = None
    revision: int | None = None

    @property
    def id(self) -> str:
        """Unique in a plan, such as `create widget/ops-env-local`."""
        return f"{self.action} {self.kind}/{self.name}"

    def after(self) -> dict[str, JsonValue]:
        """The declared value of each field that changes."""
        return {field.field: field.after for field in self.fields}


class Known(PlanModel):
    """Live objects that changes refer to."""

    hub: UUID | None = None
    manifest: UUID | None = None
    consumer: UUID | None = None
    widgets: dict[str, UUID] = Field(default_factory=dict, description="By slug; only those that a change needs.")


class Unmanaged(PlanModel):
    """A live object of the hub that the spec does not name. It is left alone."""

    kind: Kind
    name: str
    object_id: UUID


class Plan(PlanModel):
    """The changes from live to declared for one hub at one target."""

    format: Literal["vsmhub/plan/v1"] = "vsmhub/plan/v1"
    hub: str = Field(description="Slug.")
    target: str = Field(description="Base URL of the API, or `local`.")
    changes: tuple[Change, ...] = ()
    events: tuple[Change, ...] = Field(default=(), description="What the hub tells of itself with them.")
    known: Known = Field(default_factory=Known)
    unchanged: dict[Kind, int] = Field(default_factory=dict, description="Objects already as declared, by kind.")
    unmanaged: tuple[Unmanaged, ...] = ()
    unseen: tuple[Kind, ...] = Field(default=(), description="Kinds that the target does not show, so not proven.")
    notes: tuple[str, ...] = Field(default=(), description="What a person should know before saying yes.")

    @property
    def is_empty(self) -> bool:
        """Whether the target is as declared, and told to be."""
        return not self.steps

    @property
    def steps(self) -> tuple[Change, ...]:
        """All that is to be done: the changes, and then what is told of them."""
        return (*self.changes, *self.events)

    def digest(self) -> str:
        """SHA-256 over what the plan would do, as 64 hexadecimal digits; equal plans have equal digests."""
        facts = self.model_dump(mode="json", include={"hub", "target", "changes", "events"})
        return hashlib.sha256(json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
