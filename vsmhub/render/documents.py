"""What programs read: the capability manifest, the widget seeds and the first event, as Inter-Hub takes them."""

from pydantic import JsonValue

from vsmhub.render.notice import NOTICE
from vsmhub.spec.capability import manifest_content
from vsmhub.spec.indented import indented
from vsmhub.spec.model import HubSpec, Widget


def manifest(spec: HubSpec) -> str:
    """`manifest.json`, as text."""
    return _text(manifest_document(spec))


def manifest_document(spec: HubSpec) -> dict[str, JsonValue]:
    """The body of `POST /hub-capability-manifests` but for `hubId`, which differs between targets.

    Whoever sends it adds that and takes `$comment` out; the API refuses members that it does not know.
    """
    return {"$comment": NOTICE, **manifest_content(spec)}


def seeds(spec: HubSpec) -> str:
    """`widgets.seed.json`, as text."""
    return _text(seeds_document(spec))


def seeds_document(spec: HubSpec) -> dict[str, JsonValue]:
    """The hub's slug, and for each seed the body of `POST /widgets` but for `hubId`."""
    return {"$comment": NOTICE, "hub": spec.hub.slug, "items": [seed(widget) for widget in spec.widgets]}


def registration_event(spec: HubSpec) -> dict[str, JsonValue]:
    """The first evidence: the body of `POST /interaction-events` but for `widgetId`, which differs between targets."""
    return {
        "eventType": spec.registration.event_type,
        "metadata": {
            "hub": spec.hub.slug,
            "manifestVersion": spec.manifest.version,
            "vsmFunction": spec.vsm.vsm_function,
            "vsmSystem": spec.vsm.vsm_system,
            "widgets": len(spec.widgets),
        },
    }


def seed(widget: Widget) -> dict[str, JsonValue]:
    """A seed widget with the API's names."""
    return {
        "slug": widget.slug,
        "name": widget.name,
        "widgetType": widget.type,
        "policyScope": widget.policy_scope,
        "viewContext": widget.view_context,
        "metadata": widget.metadata,
    }


def _text(document: JsonValue) -> str:
    return indented(document) + "\n"
