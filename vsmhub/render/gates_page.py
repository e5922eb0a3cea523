"""The gates as a page: who owns each, what it asks for, and who has set one aside; no status is written on it."""

from collections.abc import Iterator
from typing import NamedTuple

from vsmhub.render.notice import notice
from vsmhub.render.pages import code, page, prose
from vsmhub.spec.file_names import GATES_FILE
from vsmhub.spec.gates.conditions import AllOf, AnyOf, AtLeast, Condition, EvidenceCondition
from vsmhub.spec.gates.document import Gate, Gates
from vsmhub.spec.gates.widgets import gate_slugs
from vsmhub.spec.indented import indented
from vsmhub.spec.inventory.document import Inventory
from vsmhub.spec.model import HubSpec


class Item(NamedTuple):
    """One line of a nested list: how deep it lies, and what it says in Markdown."""

    depth: int
    text: str


class Shown(NamedTuple):
    """A gate with its widget and its conditions."""

    key: str
    gate: Gate
    widget: str
    items: tuple[Item, ...]


def gates_page(spec: HubSpec, gates: Gates, inventory: Inventory) -> str:
    """`GATES.md`."""
    slugs = gate_slugs(gates, spec)
    shown = [Shown(key, gate, slugs[key], tuple(_items(gate.condition, gate))) for key, gate in gates.gates.items()]
    waves = dict.fromkeys(wave for gate in gates.gates.values() for wave in gate.waves)
    values = {
        "spec": spec,
        "notice": notice(GATES_FILE),
        "gates": gates,
        "shown": shown,
        "sources": inventory.sources,
        "waves": {wave: inventory.migration_waves[wave].name for wave in waves},
    }
    return page("GATES.md.jinja", values)


def _items(condition: Condition, gate: Gate, depth: int = 0) -> Iterator[Item]:
    match condition:
        case EvidenceCondition():
            yield Item(depth, _evidence(condition, gate))
            return
        case AllOf():
            said, parts = "all of:", condition.all_of
        case AnyOf():
            said, parts = "any of:", condition.any_of
        case AtLeast():
            said, parts = f"{condition.at_least} of:", condition.of
    yield Item(depth, said)
    for part in parts:
        yield from _items(part, gate, depth + 1)


def _evidence(condition: EvidenceCondition, gate: Gate) -> str:
    said = f"{prose(condition.shows)}: {code(condition.event)} about {code(condition.widget)}"
    if condition.signal:
        said += f" from the signal {code(condition.signal)}"
    if condition.attested:
        said += ", stated by a named person"
    for key, value in condition.where.items():
        said += f", where {code(key)} is {code(indented(value))}"
    return f"{said}, at most {condition.max_age or gate.max_age} old"
