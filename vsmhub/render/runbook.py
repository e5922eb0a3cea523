"""The runbook: how a person registers a hub in Inter-Hub's web pages, field by field, with the values to type."""

import json
from dataclasses import dataclass

from vsmhub.render.documents import registration_event
from vsmhub.render.pages import page
from vsmhub.spec.capability import capability, vocabularies
from vsmhub.spec.model import HubSpec

REGISTRIES = {
    "widget_types": ("Widget types", "widget-types"),
    "event_types": ("Event types", "event-types"),
    "annotation_categories": ("Annotation categories", "annotation-categories"),
    "policy_scopes": ("Policy scopes", "policy-scopes"),
}
"""The vocabularies: what the form of a manifest calls them, and the API's registry that lists their names."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form, and what to put into it."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Registry:
    """One vocabulary, with the registry of the API in which its names show once the manifest is active."""

    label: str
    path: str
    names: tuple[str, ...]

    @property
    def array(self) -> str:
        """The names as the JSON array that the form takes."""
        return json.dumps(self.names, indent=2)


def runbook(spec: HubSpec) -> str:
    """`RUNBOOK.md`."""
    values = {
        "spec": spec,
        "hub_fields": hub_fields(spec),
        "vsm_fields": vsm_fields(spec),
        "registries": registries(spec),
        "capability": capability(spec),
        "event": registration_event(spec),
    }
    return page("RUNBOOK.md.jinja", values)


def hub_fields(spec: HubSpec) -> tuple[Field, ...]:
    """The fields of one line that a hub has in every Inter-Hub."""
    hub = spec.hub
    return (Field("Slug", hub.slug), Field("Name", hub.name), Field("Domain", hub.domain), Field("Hub kind", hub.kind))


def vsm_fields(spec: HubSpec) -> tuple[Field, ...]:
    """The fields of the classification, which an older Inter-Hub lacks."""
    vsm = spec.vsm
    return (
        Field("Hub family", vsm.hub_family),
        Field("VSM function", vsm.vsm_function),
        Field("VSM system", vsm.vsm_system),
    )


def registries(spec: HubSpec) -> tuple[Registry, ...]:
    """The four vocabularies, in the spec's order."""
    return tuple(Registry(*REGISTRIES[kind], names=tuple(terms)) for kind, terms in vocabularies(spec).items())
