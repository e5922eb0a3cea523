"""Evidence as it stands at a time, read from a target in a few requests, however much there ever was."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from vsmhub.evidence.record import Record, from_events
from vsmhub.interhub.client import InterHub
from vsmhub.interhub.errors import NotFound, NotOffered
from vsmhub.interhub.messages.framework import Hub
from vsmhub.spec.gates.conditions import AllOf, AnyOf, AtLeast, Condition, EvidenceCondition
from vsmhub.spec.gates.document import Gates


def standing(target: InterHub, hub: Hub, as_of: datetime, gates: Gates | None = None) -> tuple[Record, ...]:
    """All records about the hub that gates and the catalog may come to at that time.

    They are the newest of each series, and for each condition of `gates` on metadata the newest that meet it. A target
    that keeps no series is asked for every event: what follows from them is the same.
    """
    widgets = {one.slug: one.id for one in target.widgets(hub=hub.id)}
    slugs = {widget: slug for slug, widget in widgets.items()}
    try:
        events = {one.id: one for one in target.current_events(hub=hub.id, as_of=as_of)}
        for condition in _on_metadata(gates):
            widget = widgets.get(condition.widget)
            if widget is not None:
                asked = target.current_events(
                    hub=hub.id, widget=widget, event_type=condition.event, as_of=as_of, metadata=condition.where
                )
                events |= {one.id: one for one in asked}
    except (NotFound, NotOffered):
        return tuple(from_events(target.events(hub=hub.id), slugs))
    return tuple(from_events(events.values(), slugs))


def _on_metadata(gates: Gates | None) -> list[EvidenceCondition]:
    """The conditions that ask for certain metadata, those that ask for the same once."""
    found = [one for gate in (gates.gates.values() if gates else ()) for one in _evidence(gate.condition) if one.where]
    return list({(one.widget, one.event, repr(one.where)): one for one in found}.values())


def _evidence(condition: Condition) -> Iterator[EvidenceCondition]:
    match condition:
        case EvidenceCondition():
            yield condition
        case AllOf():
            yield from _several(condition.all_of)
        case AnyOf():
            yield from _several(condition.any_of)
        case AtLeast():
            yield from _several(condition.of)


def _several(conditions: Iterable[Condition]) -> Iterator[EvidenceCondition]:
    for one in conditions:
        yield from _evidence(one)
