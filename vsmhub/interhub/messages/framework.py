"""Hubs, their capability manifests, the registry of both, and the names they declare."""

from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import Field

from vsmhub.interhub.messages.wire import Answer, Line, Metadata, Name, Request, Resource, Text, Timestamp, Version

HubFamily = Literal["vsm"]
VsmFunction = Literal["OPS", "SYN", "CTL", "AUD", "INT", "POL", "ENV"]
VsmSystem = Literal["S1", "S2", "S3", "S3*", "S4", "S5", "ENV"]


class HubCreate(Request):
    slug: Name
    name: Line
    domain: Line
    hub_kind: Literal["domain"] = "domain"
    hub_family: HubFamily | None = None
    vsm_function: VsmFunction | None = None
    vsm_system: VsmSystem | None = None
    description: Text = ""


class HubUpdate(Request):
    """What is not named stays as it is. The slug never changes."""

    name: Line | None = None
    domain: Line | None = None
    hub_family: HubFamily | None = None
    vsm_function: VsmFunction | None = None
    vsm_system: VsmSystem | None = None
    description: Text | None = None


class Hub(Resource):
    slug: str
    name: str
    domain: str
    hub_kind: str
    hub_family: str | None = None
    vsm_function: str | None = None
    vsm_system: str | None = None
    description: str = ""


class ManifestStatus(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    SUPERSEDED = "superseded"


class ManifestCreate(Request):
    """A draft. The four lists hold each name once."""

    hub_id: UUID
    version: Version
    widget_types: list[Name] = Field(default_factory=list, max_length=1000)
    event_types: list[Name] = Field(default_factory=list, max_length=1000)
    annotation_categories: list[Name] = Field(default_factory=list, max_length=1000)
    policy_scopes: list[Name] = Field(default_factory=list, max_length=1000)
    capability: Metadata = Field(default_factory=dict, description="VSM classification, scope, and what else is told.")


class ManifestUpdate(Request):
    """Only a draft can be changed. What is not named stays as it is."""

    version: Version | None = None
    widget_types: list[Name] | None = Field(default=None, max_length=1000)
    event_types: list[Name] | None = Field(default=None, max_length=1000)
    annotation_categories: list[Name] | None = Field(default=None, max_length=1000)
    policy_scopes: list[Name] | None = Field(default=None, max_length=1000)
    capability: Metadata | None = None


class Manifest(Resource):
    hub_id: UUID
    version: str
    status: ManifestStatus
    widget_types: list[str]
    event_types: list[str]
    annotation_categories: list[str]
    policy_scopes: list[str]
    capability: Metadata
    activated_at: Timestamp | None = None


class RegistryEntry(Answer):
    """A hub and the manifest it is under now, if it has one."""

    hub: Hub
    manifest: Manifest | None = None


class Vocabulary(StrEnum):
    """The four kinds of names that a manifest declares, as the API's paths have them."""

    WIDGET_TYPES = "widget-types"
    EVENT_TYPES = "event-types"
    ANNOTATION_CATEGORIES = "annotation-categories"
    POLICY_SCOPES = "policy-scopes"


class DeclaredName(Answer):
    """A name of one of the four vocabularies. It keeps its owner when the owner no longer declares it."""

    name: str
    hub_id: UUID
    hub_slug: str
    manifest_id: UUID
    manifest_version: str
    status: Literal["active", "retired"]
