"""The capability description of a VSM hub, which Inter-Hub itself takes as free JSON.

Members are in snake_case, as the columns are that they stand in for where an Inter-Hub lacks those.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from vsmhub.interhub.messages.framework import HubFamily, VsmFunction, VsmSystem
from vsmhub.interhub.messages.wire import Line, Name, Text, Version


class CapabilityPart(BaseModel):
    """A part of the description; members that are not known are allowed, so that a hub can say more."""

    model_config = ConfigDict(frozen=True, extra="allow", defer_build=True)


class Exclusion(CapabilityPart):
    """Something that the hub leaves to another."""

    matter: Line = Field(description="What is left to another.")
    owner: Name | None = Field(default=None, description="Slug of the hub that owns it.")


class Scope(CapabilityPart):
    """What the hub answers for, and what it does not."""

    purpose: Line = Field(description="What the hub answers for, in one line.")
    includes: list[Line] = Field(default_factory=list, description="What belongs to it.")
    excludes: list[Exclusion] = Field(default_factory=list, description="What does not, and who owns it instead.")


class Deprecation(CapabilityPart):
    """Why a name should no longer be used. It is still declared, so evidence of it is still taken."""

    since: Version = Field(description="Manifest version in which the name was deprecated.")
    replaced_by: Name | None = Field(default=None, description="Name to use instead.")
    reason: Line | None = Field(default=None, description="Why, in one line.")


class Descriptions(CapabilityPart):
    """What each name means."""

    widget_types: dict[Name, Text] = Field(default_factory=dict)
    event_types: dict[Name, Text] = Field(default_factory=dict)
    annotation_categories: dict[Name, Text] = Field(default_factory=dict)
    policy_scopes: dict[Name, Text] = Field(default_factory=dict)


class Deprecations(CapabilityPart):
    """The names that should no longer be used."""

    widget_types: dict[Name, Deprecation] = Field(default_factory=dict)
    event_types: dict[Name, Deprecation] = Field(default_factory=dict)
    annotation_categories: dict[Name, Deprecation] = Field(default_factory=dict)
    policy_scopes: dict[Name, Deprecation] = Field(default_factory=dict)


class Capability(CapabilityPart):
    """VSM classification and scope of a hub, and what the names of its vocabulary mean."""

    hub_family: HubFamily = Field(description="Family of hubs.")
    vsm_function: VsmFunction = Field(description="Function that the hub serves in the viable system.")
    vsm_system: VsmSystem = Field(description="System that the function belongs to.")
    scope: Scope
    descriptions: Descriptions | None = Field(default=None, description="Left out where they would not fit.")
    retention_days: dict[Name, Annotated[int, Field(ge=1, le=36_500)]] | None = Field(
        default=None, description="Days for which events about widgets of a policy scope are kept; others for ever."
    )
    deprecated: Deprecations | None = Field(default=None, description="Left out where nothing is deprecated.")
