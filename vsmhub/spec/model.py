"""What a VSM hub is: the frozen model of `hub.yaml`. Nothing here is about one particular hub.

The structure is here; what one part says about another (a widget's type must be declared) is in `references`.
"""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue

from vsmhub.spec.names import Domain, KeyScope, Line, Name, Prefix, Text, Version, ViewContext

SPEC_FORMAT = "vsmhub/hub/v1"


class SpecModel(BaseModel):
    """A part of a spec: frozen, unknown keys refused, values taken as they are written (`1` is not a text).

    Strictness is that of JSON: validate with `model_validate_json`, or load files through `vsmhub.spec.load`.
    """

    # What validates is made when the first file is read, and only for the kinds of file that there are.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class VsmFunction(StrEnum):
    """The function of a viable system that a hub serves."""

    OPS = "OPS"
    SYN = "SYN"
    CTL = "CTL"
    AUD = "AUD"
    INT = "INT"
    POL = "POL"
    ENV = "ENV"


class VsmSystem(StrEnum):
    """The system of Beer's model that a function belongs to; the environment lies outside all of them."""

    S1 = "S1"
    S2 = "S2"
    S3 = "S3"
    S3_STAR = "S3*"
    S4 = "S4"
    S5 = "S5"
    ENV = "ENV"


SYSTEM_OF = {
    VsmFunction.OPS: VsmSystem.S1,
    VsmFunction.SYN: VsmSystem.S2,
    VsmFunction.CTL: VsmSystem.S3,
    VsmFunction.AUD: VsmSystem.S3_STAR,
    VsmFunction.INT: VsmSystem.S4,
    VsmFunction.POL: VsmSystem.S5,
    VsmFunction.ENV: VsmSystem.ENV,
}
"""The workplan's table of hubs and systems."""

TITLE_OF = {
    VsmFunction.OPS: "Operations and Activities",
    VsmFunction.SYN: "Synchronization and Coordination",
    VsmFunction.CTL: "Internal Control and Regulation",
    VsmFunction.AUD: "Audit and Monitoring",
    VsmFunction.INT: "Intelligence and Adaptation",
    VsmFunction.POL: "Policy and Identity",
    VsmFunction.ENV: "Boundary and Environment",
}
"""What the workplan calls each function."""


class Identity(SpecModel):
    """Who the hub is. The slug never changes once the hub exists."""

    slug: Name = Field(description="Unique name of the hub in its Inter-Hub, such as `ops-hub`. Never changes.")
    name: Line = Field(description="Name for people, such as `Ops Hub`.")
    prefix: Prefix = Field(description="Short name that begins each name of the vocabulary, such as `ops`.")
    domain: Domain = Field(description="DNS domain the hub speaks for, such as `ops.coulomb.social`.")
    kind: Literal["domain"] = Field(default="domain", description="Inter-Hub's kind of hub.")
    description: Text = Field(default="", description="What the hub is for, in a few sentences.")


class Classification(SpecModel):
    """Where the hub stands in a viable system."""

    hub_family: Literal["vsm"] = Field(default="vsm", description="Family of hubs; `vsm` for every hub of this kind.")
    vsm_function: VsmFunction = Field(description="Function the hub serves.")
    vsm_system: VsmSystem = Field(description="System that the function belongs to.")


class Exclusion(SpecModel):
    """Something that the hub leaves to another."""

    matter: Line = Field(description="What is left to another, such as `coordination`.")
    owner: Name | None = Field(default=None, description="Slug of the hub that owns it.")


class Scope(SpecModel):
    """What the hub answers for, and what it does not."""

    purpose: Line = Field(description="What the hub answers for, in one line.")
    includes: tuple[Line, ...] = Field(default=(), max_length=50, description="What belongs to it.")
    excludes: tuple[Exclusion, ...] = Field(
        default=(), max_length=50, description="What does not, and who owns that instead."
    )


class Deprecation(SpecModel):
    """Why a name should no longer be used."""

    since: Version = Field(description="Manifest version in which the name was deprecated.")
    replaced_by: Name | None = Field(default=None, description="Name to use instead.")
    reason: Line | None = Field(default=None, description="Why, in one line.")


class Term(SpecModel):
    """One name of a vocabulary."""

    description: Line = Field(description="What the name means, in one line.")
    deprecated: Deprecation | None = Field(default=None, description="Present once the name should not be used.")


class PolicyScope(Term):
    """A kind of rule that widgets can be under, and how long what is observed about them is kept."""

    retention_days: Annotated[int, Field(ge=1, le=36_500)] | None = Field(
        default=None,
        description="Days for which events about its widgets are kept; for ever if left out.",
    )


def _term(value: Any) -> Any:  # noqa: ANN401 - it is whatever the file held
    return {"description": value} if isinstance(value, str) else value


TermOrDescription = Annotated[Term, BeforeValidator(_term, json_schema_input_type=Line | Term)]
# A manifest takes at most so many names of a kind.
Terms = Annotated[dict[Name, TermOrDescription], Field(max_length=1000)]


PolicyScopeOrDescription = Annotated[PolicyScope, BeforeValidator(_term, json_schema_input_type=Line | PolicyScope)]
PolicyScopes = Annotated[dict[Name, PolicyScopeOrDescription], Field(max_length=1000)]


class Vocabulary(SpecModel):
    """The names a hub owns, each with what it means: a text, or a mapping when there is more to say."""

    widget_types: Terms = Field(default_factory=dict, description="Kinds of thing that evidence can be about.")
    event_types: Terms = Field(default_factory=dict, description="Kinds of evidence.")
    annotation_categories: Terms = Field(default_factory=dict, description="Kinds of remark by people.")
    policy_scopes: PolicyScopes = Field(default_factory=dict, description="Kinds of rule a widget can be under.")


class Manifest(SpecModel):
    """The capability manifest the vocabulary is published in."""

    version: Version = Field(description="Semantic version; it moves when the vocabulary does.")


class Key(SpecModel):
    """The static key of the hub's consumer."""

    name: Line = Field(description="Name of the key among the consumer's keys.")
    scopes: tuple[KeyScope, ...] = Field(min_length=1, description="What the key may do, such as `framework:read`.")


class Consumer(SpecModel):
    """The API consumer the hub acts as."""

    name: Line = Field(description="Name of the consumer in Inter-Hub.")
    key: Key = Field(description="The key it authenticates with.")


class Widget(SpecModel):
    """A governed widget: a thing that events and annotations can be about."""

    slug: Name = Field(description="Name of the widget, unique in the hub.")
    name: Line = Field(description="Name for people.")
    type: Name = Field(description="One of the vocabulary's widget types.")
    policy_scope: Name = Field(description="One of the vocabulary's policy scopes.")
    view_context: ViewContext = Field(description="Where the widget is seen from.")
    metadata: dict[str, JsonValue] = Field(default_factory=dict, description="Anything else, as JSON.")


class Registration(SpecModel):
    """The first evidence: one event that says the hub exists."""

    event_type: Name = Field(description="One of the vocabulary's event types.")
    widget: Name = Field(description="Slug of the seed widget that the event is about.")
    applied_event_type: Name | None = Field(
        default=None,
        description="Event type by which each apply records itself on that widget; the same one where left out.",
    )


class ChannelKind(StrEnum):
    """The channels of the model, by what they carry."""

    COMMAND = "command"
    RESOURCE_BARGAIN = "resource-bargain"
    COORDINATION = "coordination"
    AUDIT = "audit"
    OPERATIONAL = "operational"
    ENVIRONMENTAL = "environmental"
    HOMEOSTAT = "homeostat"
    ALGEDONIC = "algedonic"


class Channel(SpecModel):
    """A channel on which this hub sends: its events, to another hub."""

    kind: ChannelKind = Field(description="Which of the model's channels it is.")
    to: Name = Field(description="Slug of the hub that receives.")
    carries: tuple[Name, ...] = Field(default=(), description="Event types of this hub that travel on it.")
    description: Line | None = Field(default=None, description="What the channel is for, in one line.")


class HubSpec(SpecModel):
    """Everything hand-written about one hub; `hub.yaml` as a value."""

    spec: Literal["vsmhub/hub/v1"] = Field(description="Format of this file.")
    hub: Identity = Field(description="Who the hub is.")
    vsm: Classification = Field(description="Where the hub stands in a viable system.")
    scope: Scope = Field(description="What the hub answers for, and what it does not.")
    manifest: Manifest = Field(description="The capability manifest the vocabulary is published in.")
    vocabulary: Vocabulary = Field(description="The names the hub owns, by kind, each with what it means.")
    consumer: Consumer = Field(description="The API consumer the hub acts as.")
    widgets: tuple[Widget, ...] = Field(default=(), description="Widgets that exist from the start.")
    registration: Registration = Field(description="The first evidence: one event that says the hub exists.")
    channels: tuple[Channel, ...] = Field(default=(), description="Channels to other hubs.")
