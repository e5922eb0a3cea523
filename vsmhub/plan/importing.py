"""A spec from a live hub; its plan is empty where the target holds all that a spec says."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import JsonValue, ValidationError

from vsmhub.interhub.messages.access import Consumer, ConsumerStatus, Key
from vsmhub.interhub.messages.evidence import Event
from vsmhub.interhub.messages.framework import Hub, Manifest, ManifestStatus
from vsmhub.interhub.messages.widgets import Widget, WidgetStatus
from vsmhub.interhub.surface.operations import Operation
from vsmhub.plan.errors import NotImportable
from vsmhub.plan.live import usable
from vsmhub.spec.model import HubSpec, VsmFunction

if TYPE_CHECKING:
    from vsmhub.interhub.client import InterHub
    from vsmhub.interhub.surface.model import Surface

VOCABULARIES = ("widget_types", "event_types", "annotation_categories", "policy_scopes")
UNTOLD = "Nothing is told about it"
"""Stands for the description of a name that a manifest does not tell."""


@dataclass(frozen=True, slots=True)
class Found:
    """The live objects that a spec is made from."""

    hub: Hub
    manifest: Manifest
    consumers: tuple[Consumer, ...]
    keys: tuple[Key, ...]
    widgets: tuple[Widget, ...]
    first: Event | None


@dataclass(frozen=True, slots=True)
class Imported:
    """A spec, and what the target did not tell of it."""

    spec: HubSpec
    gaps: tuple[str, ...]


def find(target: "InterHub", slug: str) -> Found:
    """Read a hub with list calls, as far as the target shows it.

    Raises NotImportable when it is not there or under no manifest, and InterHubError.
    """
    surface = target.surface()
    hub, manifest = registered(target, slug, surface)
    if hub is None:
        raise NotImportable(f"there is no hub {slug} in Inter-Hub at {target.label}")
    if manifest is None:
        raise NotImportable(f"{slug} has no active manifest, so that it has no vocabulary")
    consumers: tuple[Consumer, ...] = ()
    keys: tuple[Key, ...] = ()
    widgets: tuple[Widget, ...] = ()
    first: Event | None = None
    if surface.offers(Operation.CONSUMERS_LIST) and surface.offers(Operation.KEYS_LIST):
        active = (one for one in target.consumers(hub=hub.id) if one.status is ConsumerStatus.ACTIVE)
        # The one under the active manifest first, then the one that is called like the hub.
        consumers = tuple(sorted(active, key=lambda one: (one.manifest_id != manifest.id, one.name != slug)))
        keys = tuple(one for one in target.keys(consumers[0].id) if usable(one)) if consumers else ()
    if surface.offers(Operation.WIDGETS_LIST):
        widgets = tuple(one for one in target.widgets(hub=hub.id) if one.status is WidgetStatus.ACTIVE)
    if surface.offers(Operation.EVENTS_LIST):
        first = next(iter(target.events(hub=hub.id, limit=1)), None)
    return Found(hub, manifest, consumers, keys, widgets, first)


def registered(target: "InterHub", slug: str, surface: "Surface") -> tuple[Hub | None, Manifest | None]:
    """The hub and its active manifest: from their own lists, or from the registry where there are none."""
    if surface.offers(Operation.HUBS_LIST) and surface.offers(Operation.MANIFESTS_LIST):
        hub = next(iter(target.hubs(slug=slug)), None)
        manifests = target.manifests(hub=hub.id) if hub is not None else iter(())
        return hub, next((one for one in manifests if one.status is ManifestStatus.ACTIVE), None)
    entry = next((one for one in target.registry(slug=slug) if one.hub.slug == slug), None)
    return (entry.hub, entry.manifest) if entry is not None else (None, None)


def imported(found: Found) -> Imported:
    """The spec of what was found; NotImportable where no spec can say it."""
    gaps: list[str] = []
    hub, manifest = found.hub, found.manifest
    told = manifest.capability
    document = {
        "spec": "vsmhub/hub/v1",
        "hub": {
            "slug": hub.slug,
            "name": hub.name,
            "prefix": _prefix(hub.slug, manifest),
            "domain": hub.domain,
            "description": hub.description,
        },
        "vsm": _classification(hub, told),
        "scope": _scope(hub, told, gaps),
        "manifest": {"version": manifest.version},
        "vocabulary": {vocabulary: _terms(manifest, vocabulary, gaps) for vocabulary in VOCABULARIES},
        "consumer": _consumer(found, gaps),
        "widgets": [_widget(widget) for widget in found.widgets],
        "registration": _registration(found, gaps),
        "channels": told.get("channels", []),
    }
    try:
        return Imported(HubSpec.model_validate_json(json.dumps(document)), tuple(gaps))
    except ValidationError as error:
        said = [f"{'.'.join(map(str, one['loc']))}: {one['msg'].lower()}" for one in error.errors()[:5]]
        raise NotImportable(
            f"{hub.slug} is not as a spec can say it: {'; '.join(said)}",
            hint="change it at the target, or write the spec by hand (vsmhub new) and adopt the hub with it",
        ) from error


def _prefix(slug: str, manifest: Manifest) -> str:
    names = [name for vocabulary in VOCABULARIES for name in getattr(manifest, vocabulary)]
    usual = slug.removesuffix("-hub")
    if all(name.startswith(f"{usual}-") for name in names):
        return usual
    first = {name.partition("-")[0] for name in names}
    return first.pop() if len(first) == 1 else usual


def _classification(hub: Hub, told: dict[str, JsonValue]) -> dict[str, JsonValue]:
    function = hub.vsm_function or told.get("vsm_function")
    if function is None and hub.slug.removesuffix("-hub").upper() in set(VsmFunction):
        function = hub.slug.removesuffix("-hub").upper()
    if function is None:
        raise NotImportable(
            f"neither {hub.slug} nor its manifest tells its VSM function",
            hint="only hubs of a viable system have a spec",
        )
    system = hub.vsm_system or told.get("vsm_system")
    return {"hub_family": "vsm", "vsm_function": function, "vsm_system": system}


def _scope(hub: Hub, told: dict[str, JsonValue], gaps: list[str]) -> JsonValue:
    if isinstance(scope := told.get("scope"), dict):
        return scope
    gaps.append("scope: the manifest does not tell it")
    return {"purpose": hub.description.partition("\n")[0][:200] or hub.name}


def _terms(manifest: Manifest, vocabulary: str, gaps: list[str]) -> dict[str, JsonValue]:
    told, marked = (_of(manifest.capability.get(part), vocabulary) for part in ("descriptions", "deprecated"))
    names = dict.fromkeys(getattr(manifest, vocabulary))
    untold = [name for name in names if name not in told]
    if untold:
        gaps.append(f"vocabulary.{vocabulary}: {len(untold)} names without a description")
    # In the order of the lists, which a target keeps; of the members of an object it need not.
    return {
        name: {"description": told.get(name, UNTOLD), **({"deprecated": marked[name]} if name in marked else {})}
        for name in names
    }


def _of(part: JsonValue, vocabulary: str) -> dict[str, Any]:
    found = part.get(vocabulary) if isinstance(part, dict) else None
    return found if isinstance(found, dict) else {}


def _consumer(found: Found, gaps: list[str]) -> dict[str, JsonValue]:
    slug = found.hub.slug
    key = max(found.keys, key=lambda one: one.created_at, default=None)
    if key is None:
        gaps.append("consumer: there is no usable key, so its name and scopes are the usual ones")
    scopes: list[JsonValue] = list(key.scopes) if key else ["framework:read", f"hub:{slug}:read", f"hub:{slug}:write"]
    return {
        "name": found.consumers[0].name if found.consumers else slug,
        "key": {"name": key.name if key else f"{slug} operator", "scopes": scopes},
    }


def _widget(widget: Widget) -> dict[str, JsonValue]:
    return {
        "slug": widget.slug,
        "name": widget.name,
        "type": widget.widget_type,
        "policy_scope": widget.policy_scope,
        "view_context": widget.view_context,
        "metadata": widget.metadata,
    }


def _registration(found: Found, gaps: list[str]) -> JsonValue:
    told = found.manifest.capability.get("registration")
    if isinstance(told, dict):
        return told
    slugs = {widget.id: widget.slug for widget in found.widgets}
    if found.first is not None and found.first.widget_id in slugs:
        gaps.append("registration: taken from the hub's first event, since the manifest does not tell it")
        return {"event_type": found.first.event_type, "widget": slugs[found.first.widget_id]}
    if not found.widgets or not found.manifest.event_types:
        raise NotImportable(
            f"{found.hub.slug} has no widgets or no event types, and a spec begins with an event about a widget"
        )
    gaps.append("registration: no event tells yet that the hub exists")
    return {"event_type": found.manifest.event_types[0], "widget": found.widgets[0].slug}
