"""Everything an inventory states, one statement each, with its source and the day as of which it holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from vsmhub.spec.inventory.document import Inventory, Ref
from vsmhub.spec.inventory.entry import Entry
from vsmhub.spec.inventory.facts import Fact
from vsmhub.spec.inventory.stores import Trial
from vsmhub.spec.model import SpecModel

_ABOUT_THE_ENTRY = frozenset({"name", "source", "policy_scope", "widget", "view_context"})
"""Fields that tell how an entry is shown, not what is so."""

_LAST = ("unproven", "notes")


@dataclass(frozen=True, slots=True)
class Statement:
    """One fact about one entry; `text` is what is so, or why that is not known."""

    ref: Ref
    field: str
    text: str
    known: bool
    source: str
    dated: date
    note: str = ""


def statements(inventory: Inventory) -> tuple[Statement, ...]:
    """All statements, in the order of the file."""
    return tuple(one for ref, entry in inventory.entries() for one in statements_of(inventory, ref, entry))


def value_text(value: object) -> str:
    """A value as a person reads it; a list with commas."""
    match value:
        case tuple():
            return ", ".join(map(value_text, value)) or "none"
        case Trial():
            return f"{value.outcome} on {value.at} ({value.evidence})"
        case _:
            return str(value)


def statements_of(inventory: Inventory, ref: Ref, entry: Entry) -> Iterator[Statement]:
    """The statements about one entry, in the order of its kind's fields."""
    for field, fact in _facts(entry):
        key = fact.source or entry.source
        dated = inventory.sources[key].dated
        text = value_text(fact.value) if fact.is_known else fact.unknown
        yield Statement(ref, field, text, fact.is_known, key, dated, fact.note or "")


def _facts(model: SpecModel, at: str = "") -> Iterator[tuple[str, Fact[object]]]:
    """The facts of a model by field, those of its parts included; what is no fact counts as one that is known."""
    for name in sorted(type(model).model_fields, key=_LAST.__contains__):
        value = getattr(model, name)
        field = f"{at}{name}"
        if value is None or (not at and name in _ABOUT_THE_ENTRY):
            continue
        if isinstance(value, Fact):
            yield field, value
        elif isinstance(value, SpecModel):
            yield from _facts(value, f"{field}.")
        elif isinstance(value, tuple) and all(isinstance(item, Fact) for item in value):
            yield from ((field, item) for item in value)
        else:
            yield field, Fact(value)
