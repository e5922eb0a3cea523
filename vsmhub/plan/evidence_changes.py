"""Which events a plan has a hub tell of itself. Pure."""

from collections.abc import Iterator

from pydantic import JsonValue

from vsmhub.plan.desired import Desired, Fields
from vsmhub.plan.live import Live
from vsmhub.plan.model import Action, Change, Kind
from vsmhub.plan.objects import created


def registration(declared: Desired, live: Live, before: tuple[Change, ...]) -> Iterator[Change]:
    """That the hub exists, where no event tells it yet; told after the changes `before` it."""
    if live.registered is not None:
        return
    widget = f"{Action.CREATE} {Kind.WIDGET}/{declared.registration_widget}"
    needed = [one.id for one in before if one.kind is not Kind.WIDGET and one.action is not Action.REVOKE]
    needed += [one.id for one in before if one.id == widget]
    metadata: dict[str, JsonValue] = {
        "hub": declared.hub,
        "manifestVersion": declared.manifest_version,
        "vsmFunction": declared.hub_fields["vsm_function"],
        "vsmSystem": declared.hub_fields["vsm_system"],
        "widgets": len(declared.widgets),
    }
    reason = "no event tells yet that the hub exists"
    yield told(declared, declared.registration_event, metadata, reason, tuple(needed))


def told(
    declared: Desired, event_type: str, metadata: dict[str, JsonValue], reason: str, after: tuple[str, ...] = ()
) -> Change:
    """An event on the widget that a hub tells of itself on."""
    fields: Fields = {"event_type": event_type, "widget": declared.registration_widget, "metadata": metadata}
    return created(Kind.EVIDENCE, event_type, fields, reason, after)
