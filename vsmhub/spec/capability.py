"""What a hub's capability manifest holds: its vocabulary, and the description of its capability, as plain data."""

import json
from collections.abc import Mapping

from pydantic import JsonValue

from vsmhub.spec.model import HubSpec, Term

LATER = ("registration", "channels")
"""Members that older versions of vsmhub did not publish: a manifest without them is still as declared."""

CAPABILITY_LIMIT = 64 * 1024
"""Bytes of JSON that Inter-Hub takes as a capability."""


def capability(spec: HubSpec) -> dict[str, JsonValue]:
    """The capability description: VSM classification, scope, registration, channels, and what each name means.

    Its members are in snake_case.

    It says again what the hub's own columns say, for an Inter-Hub that lacks them. `descriptions` and `deprecated` are
    keyed by vocabulary, then by name; a vocabulary without any is left out, and so is `deprecated` as a whole.
    `retention_days` is keyed by policy scope, and left out where everything is kept. Where the descriptions would not
    fit into `CAPABILITY_LIMIT`, they are left out, for the names are in the manifest anyway.
    """
    found: dict[str, JsonValue] = {
        "hub_family": spec.vsm.hub_family,
        "vsm_function": spec.vsm.vsm_function.value,
        "vsm_system": spec.vsm.vsm_system.value,
        "scope": _scope(spec),
        "registration": spec.registration.model_dump(mode="json", exclude_none=True),
    }
    if spec.channels:
        found["channels"] = [one.model_dump(mode="json", exclude_none=True) for one in spec.channels]
    deprecated = _deprecated(spec)
    if deprecated:
        found["deprecated"] = deprecated
    retention: dict[str, JsonValue] = {
        name: scope.retention_days for name, scope in spec.vocabulary.policy_scopes.items() if scope.retention_days
    }
    if retention:
        found["retention_days"] = retention
    described = {**found, "descriptions": _descriptions(spec)}
    return described if _size(described) <= CAPABILITY_LIMIT else found


def as_published(wanted: JsonValue, live: JsonValue) -> JsonValue:
    """The capability `wanted` without what the manifest with the capability `live` is too old to hold."""
    if not isinstance(wanted, dict) or not isinstance(live, dict):
        return wanted
    return {name: value for name, value in wanted.items() if name not in LATER or name in live}


def manifest_content(spec: HubSpec) -> dict[str, JsonValue]:
    """The body of `POST /hub-capability-manifests` but for `hubId`, with the API's names and in the spec's order."""
    vocabulary = spec.vocabulary
    return {
        "version": spec.manifest.version,
        "widgetTypes": list(vocabulary.widget_types),
        "eventTypes": list(vocabulary.event_types),
        "annotationCategories": list(vocabulary.annotation_categories),
        "policyScopes": list(vocabulary.policy_scopes),
        "capability": capability(spec),
    }


def vocabularies(spec: HubSpec) -> dict[str, Mapping[str, Term]]:
    """The four vocabularies by the names that the spec gives them, in the spec's order."""
    vocabulary = spec.vocabulary
    return {
        "widget_types": vocabulary.widget_types,
        "event_types": vocabulary.event_types,
        "annotation_categories": vocabulary.annotation_categories,
        "policy_scopes": vocabulary.policy_scopes,
    }


def _scope(spec: HubSpec) -> dict[str, JsonValue]:
    return {
        "purpose": spec.scope.purpose,
        "includes": list(spec.scope.includes),
        "excludes": [one.model_dump(mode="json", exclude_none=True) for one in spec.scope.excludes],
    }


def _descriptions(spec: HubSpec) -> dict[str, JsonValue]:
    return {
        vocabulary: {name: term.description for name, term in terms.items()}
        for vocabulary, terms in vocabularies(spec).items()
        if terms
    }


def _deprecated(spec: HubSpec) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = {}
    for vocabulary, terms in vocabularies(spec).items():
        marks: dict[str, JsonValue] = {
            name: term.deprecated.model_dump(mode="json", exclude_none=True)
            for name, term in terms.items()
            if term.deprecated
        }
        if marks:
            found[vocabulary] = marks
    return found


def _size(value: JsonValue) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
