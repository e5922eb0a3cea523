"""Finding the contract's members in the messages of a target, where there is no doubt which is which."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from pydantic import BaseModel, JsonValue
from pydantic.fields import FieldInfo

from vsmhub.interhub.surface.document import Document, squashed
from vsmhub.interhub.surface.model import PLAIN, Renamed, Shape

ALSO = {
    "id": ("uuid", "identifier", "guid"),
    "key": ("secret", "apikey"),
    "apiKey": ("key",),
    "accessToken": ("token",),
}
"""Other names, squashed, that a member may go by."""

COUNTER = "revision"


@dataclass(frozen=True, slots=True)
class Match:
    """What was found: fields by their names in Python, the differences, and what stays in doubt, for people."""

    found: frozenset[str]
    missing: frozenset[str]
    shape: Shape = PLAIN
    doubts: Mapping[str, str] | None = None
    unknown: tuple[str, ...] = ()

    def why_not(self, field: str) -> str:
        """Why a field is among the missing."""
        return (self.doubts or {}).get(field, f"has no {field.replace('_', ' ')}")


def match(document: Document, node: JsonValue, message: type[BaseModel], called: tuple[str, ...]) -> Match:
    """The members of `message` in the schema `node`, which describes an object.

    `called` are the resource's names, by which its id may go; `unknown` in the result are members that the schema
    requires and the contract does not know.
    """
    members = document.members(node)
    aliases = {name: field.alias or name for name, field in message.model_fields.items()}
    theirs: dict[str, str] = {}
    doubts: dict[str, str] = {}
    for name, alias in aliases.items():
        candidates = _candidates(alias, list(members.schemas), called if name == "id" else (), set(aliases.values()))
        if len(candidates) == 1:
            theirs[name] = candidates[0]
        elif candidates:
            doubts[name] = f"may mean {' or '.join(sorted(candidates))} by {alias}"
    renamed = []
    for name, there in theirs.items():
        inside = _inside(document, members.schemas[there], message.model_fields[name], name)
        if there != aliases[name] or not inside.is_plain:
            renamed.append(Renamed(aliases[name], there, None if inside.is_plain else inside))
    counted = COUNTER not in aliases or COUNTER in theirs
    return Match(
        found=frozenset(theirs),
        missing=frozenset(aliases) - frozenset(theirs),
        shape=Shape(tuple(sorted(renamed, key=lambda one: one.ours)), counted=counted),
        doubts=doubts,
        unknown=tuple(sorted(members.required - set(theirs.values()))),
    )


def _candidates(alias: str, there: list[str], called: tuple[str, ...], ours: set[str]) -> list[str]:
    if alias in there:
        return [alias]
    same = [name for name in there if squashed(name) == squashed(alias)]
    if same:
        return same
    # Another name of this member is not one that the contract has for a different member.
    taken = {squashed(name) for name in ours}
    also = {*ALSO.get(alias, ()), *(f"{word}id" for word in called)} - taken
    return [name for name in there if squashed(name) in also]


def _inside(document: Document, node: JsonValue, field: FieldInfo, name: str) -> Shape:
    """How a message inside a message differs; free JSON and plain values do not."""
    kinds = [field.annotation, *get_args(field.annotation)]
    for kind in kinds:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return match(document, node, kind, (squashed(name),)).shape
    return PLAIN
