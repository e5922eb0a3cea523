"""What a spec wants to exist, as the fields that Inter-Hub takes."""

from dataclasses import dataclass

from pydantic import JsonValue

from vsmhub.spec.capability import capability
from vsmhub.spec.model import HubSpec

Fields = dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Desired:
    """The declared objects of one hub; field names are those of the API, in snake_case."""

    hub: str
    hub_fields: Fields
    manifest_version: str
    manifest_fields: Fields
    consumer: str
    key: str
    key_scopes: tuple[str, ...]
    widgets: dict[str, Fields]
    registration_event: str
    registration_widget: str
    applied_event: str

    @property
    def names(self) -> dict[str, list[str]]:
        """The declared names by vocabulary."""
        return {kind: list(map(str, names)) for kind, names in self.manifest_fields.items() if isinstance(names, list)}


def desired(spec: HubSpec) -> Desired:
    """The objects that `spec` declares. Widgets are keyed by slug, in the order of the spec."""
    identity, vsm, vocabulary = spec.hub, spec.vsm, spec.vocabulary
    return Desired(
        hub=identity.slug,
        hub_fields={
            "name": identity.name,
            "domain": identity.domain,
            "hub_family": vsm.hub_family,
            "vsm_function": str(vsm.vsm_function),
            "vsm_system": str(vsm.vsm_system),
            "description": identity.description,
        },
        manifest_version=spec.manifest.version,
        manifest_fields={
            "widget_types": list(vocabulary.widget_types),
            "event_types": list(vocabulary.event_types),
            "annotation_categories": list(vocabulary.annotation_categories),
            "policy_scopes": list(vocabulary.policy_scopes),
            "capability": capability(spec),
        },
        consumer=spec.consumer.name,
        key=spec.consumer.key.name,
        key_scopes=spec.consumer.key.scopes,
        widgets={
            widget.slug: {
                "name": widget.name,
                "widget_type": widget.type,
                "policy_scope": widget.policy_scope,
                "view_context": widget.view_context,
                "metadata": widget.metadata,
                "status": "active",
            }
            for widget in spec.widgets
        },
        registration_event=spec.registration.event_type,
        registration_widget=spec.registration.widget,
        applied_event=spec.registration.applied_event_type or spec.registration.event_type,
    )
