"""A vocabulary as others see it: what a manifest declares, be it of a spec, of Git or of a live Inter-Hub."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue, ValidationError

from vsmhub.spec.model import Deprecation, HubSpec, Term
from vsmhub.vocabulary.kinds import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What is known of one name: a live Inter-Hub may tell neither what it means nor whether it is deprecated."""

    description: str | None = None
    deprecated: Deprecation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One version of a hub's vocabulary. `classification` holds what the hub says of itself, such as its function."""

    version: str
    names: Mapping[Kind, Mapping[str, Meaning]]
    classification: Mapping[str, str] = field(default_factory=dict)
    scope: object = None
    """What the hub answers for, in any form that can be compared; None when it is not known."""


def published(spec: HubSpec) -> Published:
    """What the manifest of this spec says."""
    return Published(
        version=spec.manifest.version,
        names={kind: _meanings(getattr(spec.vocabulary, kind.key)) for kind in Kind},
        classification={
            "slug": spec.hub.slug,
            "hub_family": spec.vsm.hub_family,
            "vsm_function": spec.vsm.vsm_function.value,
            "vsm_system": spec.vsm.vsm_system.value,
        },
        scope=spec.scope.model_dump(mode="json", exclude_none=True),
    )


def published_live(version: str, names: Mapping[Kind, Sequence[str]], capability: Mapping[str, JsonValue]) -> Published:
    """What a live manifest says; its capability description tells more, if it was written by a vsmhub.

    A capability of another shape tells nothing, which is no error.
    """
    descriptions, deprecated = capability.get("descriptions"), capability.get("deprecated")
    return Published(
        version=version,
        names={
            kind: {name: _meaning(name, _inner(descriptions, kind), _inner(deprecated, kind)) for name in found}
            for kind, found in names.items()
        },
        classification={
            key: value
            for key in ("hub_family", "vsm_function", "vsm_system")
            if isinstance(value := capability.get(key), str)
        },
        scope=capability.get("scope"),
    )


def _inner(told: JsonValue, kind: Kind) -> Mapping[str, JsonValue]:
    found = told.get(kind.key) if isinstance(told, dict) else None
    return found if isinstance(found, dict) else {}


def _meaning(name: str, descriptions: Mapping[str, JsonValue], deprecated: Mapping[str, JsonValue]) -> Meaning:
    description = descriptions.get(name)
    try:
        note = Deprecation.model_validate(deprecated[name]) if deprecated.get(name) else None
    except ValidationError:
        note = None
    return Meaning(description=description if isinstance(description, str) else None, deprecated=note)


def _meanings(terms: Mapping[str, Term]) -> dict[str, Meaning]:
    return {name: Meaning(description=term.description, deprecated=term.deprecated) for name, term in terms.items()}
