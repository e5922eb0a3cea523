"""The governed chain from what was observed to what changed and whether it helped; each link names its cause."""

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from vsmhub.interhub.messages.wire import Line, Metadata, Moment, Record, Request, Text, Timestamp


class RequirementCreate(Request):
    """Caused by an event, by an annotation, or by both."""

    hub_id: UUID
    title: Line
    description: Text = ""
    interaction_event_id: UUID | None = None
    annotation_id: UUID | None = None
    metadata: Metadata = Field(default_factory=dict)


class Requirement(Record):
    hub_id: UUID
    title: str
    description: str
    interaction_event_id: UUID | None = None
    annotation_id: UUID | None = None
    metadata: Metadata
    actor: str


class Verdict(StrEnum):
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DEFERRED = "deferred"


class DecisionCreate(Request):
    requirement_candidate_id: UUID
    verdict: Verdict
    rationale: Text = ""
    metadata: Metadata = Field(default_factory=dict)


class Decision(Record):
    hub_id: UUID
    requirement_candidate_id: UUID
    verdict: Verdict
    rationale: str
    metadata: Metadata
    actor: str


class DeploymentCreate(Request):
    decision_record_id: UUID
    version: Line
    environment: Line
    deployed_at: Moment | None = Field(default=None, description="Now where it is not given.")
    metadata: Metadata = Field(default_factory=dict)


class Deployment(Record):
    hub_id: UUID
    decision_record_id: UUID
    version: str
    environment: str
    deployed_at: Timestamp
    metadata: Metadata
    actor: str


class Effect(StrEnum):
    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    WORSENED = "worsened"


class OutcomeCreate(Request):
    deployment_record_id: UUID
    effect: Effect
    description: Text = ""
    observed_at: Moment | None = Field(default=None, description="Now where it is not given.")
    metadata: Metadata = Field(default_factory=dict)


class Outcome(Record):
    hub_id: UUID
    deployment_record_id: UUID
    effect: Effect
    description: str
    observed_at: Timestamp
    metadata: Metadata
    actor: str
