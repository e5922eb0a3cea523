"""Whether gates fit the hub, its inventory and its signals: what they name is there, and evidence can ever come."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from vsmhub.spec.complaint import Finding, Pointer, quoted
from vsmhub.spec.gates.references import evidence_conditions
from vsmhub.spec.inventory.document import Inventory
from vsmhub.spec.model import HubSpec
from vsmhub.spec.near import did_you_mean
from vsmhub.spec.parts import EACH, Path, texts, value_at
from vsmhub.spec.signals import Signal, Signals
from vsmhub.spec.spans import seconds

COMPUTED = ("readiness-gate-updated", "migration-gate-passed", "migration-gate-failed")
"""Event types, without prefix, that tell what gates came to; a gate that rested on them would rest on itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What stands beside gates; `widgets` are the slugs of all that are declared. None is a file that is not there."""

    hub: HubSpec
    inventory: Inventory | None
    signals: Signals | None
    widgets: frozenset[str]


def surrounding_findings(data: JsonValue, around: Surroundings) -> Iterator[Finding]:
    """All that does not fit; `data` is that of a file that is right in itself."""
    if around.inventory is None:
        message = "gates need an inventory beside them: for their owners, sources, waves and risks"
        yield Finding(rule="reference", message=message, pointer=("gates",), at_key=True)
    else:
        yield from _in_inventory(data, around.inventory)
    for pointer in evidence_conditions(data):
        yield from _vocabulary(data, pointer, around)
        if isinstance(signal := value_at(data, (*pointer, "signal")), str):
            yield from _signal(data, pointer, signal, around.signals)


def _in_inventory(data: JsonValue, inventory: Inventory) -> Iterator[Finding]:
    places: tuple[tuple[Path, str, Iterable[str]], ...] = (
        (("gates", EACH, "owner"), "one of the inventory's repositories", inventory.repositories),
        (("gates", EACH, "source"), "one of the inventory's sources", inventory.sources),
        (("gates", EACH, "waves", EACH), "one of the inventory's migration waves", inventory.migration_waves),
        (("waivers", EACH, "risk"), "one of the inventory's risks", inventory.risks),
    )
    for path, what, known in places:
        for pointer, name in texts(data, path):
            yield from _unless_known("reference", pointer, name, known, what)


def _vocabulary(data: JsonValue, at: Pointer, around: Surroundings) -> Iterator[Finding]:
    hub = around.hub
    for pointer, name in texts(data, (*at, "event")):
        what = f"one of the event types of {hub.hub.slug}"
        yield from _unless_known("event-type", pointer, name, hub.vocabulary.event_types, what)
        if name in {f"{hub.hub.prefix}-{one}" for one in COMPUTED}:
            message = f"{quoted(name)} tells what gates came to; no gate can rest on it"
            yield Finding(rule="reference", message=message, pointer=pointer)
    for pointer, name in texts(data, (*at, "widget")):
        yield from _unless_known("widget", pointer, name, around.widgets, f"one of the widgets of {hub.hub.slug}")


def _signal(data: JsonValue, at: Pointer, name: str, signals: Signals | None) -> Iterator[Finding]:
    known = {signal.name: signal for signal in (signals.signals if signals else ())}
    yield from _unless_known("signal", (*at, "signal"), name, known, "one of the hub's signals")
    if name not in known:
        return
    event, widget = value_at(data, (*at, "event")), value_at(data, (*at, "widget"))
    if not any((one.event, one.widget) == (event, widget) for one in known[name].emits):
        message = f"the signal {name} emits no {event} about {widget}"
        emits = ", ".join(f"{one.event} about {one.widget}" for one in known[name].emits)
        yield Finding(rule="signal", message=message, pointer=(*at, "signal"), hint=f"it emits {emits}")
    yield from _too_strict(data, at, known[name])


def _too_strict(data: JsonValue, at: Pointer, signal: Signal) -> Iterator[Finding]:
    own = value_at(data, (*at, "max_age"))
    pointer = (*at, "max_age") if own is not None else (*at[:2], "max_age")
    age = value_at(data, pointer)
    if isinstance(age, str) and seconds(age) <= seconds(signal.every):
        message = (
            f"evidence would be too old before the next comes: the signal {signal.name} looks every {signal.every}"
        )
        yield Finding(rule="max-age", message=message, pointer=pointer)


def _unless_known(rule: str, pointer: Pointer, name: str, known: Iterable[str], what: str) -> Iterator[Finding]:
    choices = list(known)
    if name not in choices:
        hint = did_you_mean(name, choices)
        yield Finding(rule=rule, message=f"{quoted(name)} is not {what}", pointer=pointer, hint=hint)
