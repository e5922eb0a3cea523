"""The `runbook` route: what a person does in Inter-Hub's pages, with every value to type. Pure."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from vsmhub.plan.desired import Desired
from vsmhub.plan.errors import ByHand
from vsmhub.plan.model import Action, Change, Kind

PAGES = {
    Kind.HUB: "/Hubs",
    Kind.MANIFEST: "/HubCapabilityManifests",
    Kind.CONSUMER: "/ApiConsumers",
    Kind.KEY: "/ApiKeys",
    Kind.WIDGET: "/Hubs",
    Kind.EVIDENCE: "/Hubs",
}
_NEW = {Kind.HUB: "/Hubs/new"}
_LABELS = {"vsm_function": "VSM function", "vsm_system": "VSM system"}
# Asked of the API alone.
_NOT_IN_FORMS = frozenset({"claim_within", "replaced_by"})


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form, and what to put into it: text, or JSON where the form takes a list or an object."""

    label: str
    value: JsonValue


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing for a person to do: on which page, with which values, and what comes right after it."""

    title: str
    page: str
    fields: tuple[Field, ...]
    then: str = ""


def todo(change: Change, declared: Desired, called: str) -> Todo:
    """What a person does for this change; `called` is how commands name the hub."""
    what = f"{change.action} {change.kind} {change.name}"
    page = PAGES[change.kind]
    fields = [Field(_label(one.field), one.after) for one in change.fields if one.field not in _NOT_IN_FORMS]
    then = ""
    is_new = change.action is Action.CREATE
    match change.kind, change.action:
        case Kind.HUB, Action.CREATE:
            page = _NEW[Kind.HUB]
        case Kind.MANIFEST, Action.ACTIVATE:
            fields = []
            then = "If the page says that a name belongs to another hub, stop: nothing has been activated."
        case Kind.MANIFEST, _:
            fields.insert(0, Field("Hub", declared.hub))
            then = "Save it as a draft."
        case Kind.CONSUMER, _:
            fields.insert(0, Field("Hub", declared.hub))
            # Where consumers are not shown, one may be there, made through the database or an earlier time.
            then = "Where the page lists one of this name already, leave it as it is." if is_new else ""
        case Kind.KEY, Action.CREATE:
            fields.insert(0, Field("Consumer", declared.consumer))
            then = f"The page shows the key once. Before you leave it: vsmhub key store {called}"
        case Kind.WIDGET, _:
            page = f"{page}, the page of {declared.hub}"
        case _:
            pass
    return Todo(what, page, tuple(fields), then)


def todo_json(one: Todo) -> dict[str, JsonValue]:
    """The same for programs."""
    fields: list[JsonValue] = [{"label": field.label, "value": field.value} for field in one.fields]
    return {"title": one.title, "page": one.page, "fields": fields, "then": one.then}


def todo_lines(one: Todo, number: int) -> Iterator[str]:
    """The same for a person: values stand alone on their lines, to be copied to the letter."""
    yield f"{number}. {one.title[:1].upper()}{one.title[1:]}: open {one.page}"
    width = max((len(field.label) for field in one.fields), default=0)
    for field in one.fields:
        text = _typed(field.value)
        if "\n" not in text:
            yield f"     {field.label.ljust(width)}  {text}"
            continue
        yield f"     {field.label}:"
        yield from (f"       {line}" for line in text.splitlines())
    if one.then:
        yield f"   {one.then}"


def _typed(value: JsonValue) -> str:
    match value:
        case str():
            return value
        case list() | dict():
            return json.dumps(value, indent=2, ensure_ascii=False) if value else json.dumps(value)
        case _:
            return json.dumps(value)


def _label(field: str) -> str:
    return _LABELS.get(field, field.replace("_", " ").capitalize())


class HandOver:
    """Ends an apply where a person has to go on: as the `runbook` route, and as `sql` where only a file is written."""

    def __init__(self, waiting: Sequence[Change], script: Path | None = None) -> None:
        self._waiting = waiting
        self._script = script

    def carry_out(self, changes: Sequence[Change]) -> Iterator[Change]:
        """Raises ByHand, with all that waits for a person and not only `changes`."""
        yield from ()
        raise ByHand(self._waiting or changes, self._script)
